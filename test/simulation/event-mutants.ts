import type { Variant } from './variant.ts';

/* Products that tell those who listen too much, or too little. */

/** What was told is not kept: each pass begins anew. */
export const forgetsWhatWasTold: Variant = ({ clientVpn, endpoints }) => ({
  clientVpn,
  endpoints: {
    ...endpoints,
    recordPass: (pass, found) => endpoints.recordPass(pass, { ...found, reported: null }),
  },
});

/** The news of a pass is published without being stored. */
export const storesNoEvents: Variant = ({ clientVpn, endpoints }) => ({
  clientVpn,
  endpoints: {
    ...endpoints,
    recordPass: (pass, found) => endpoints.recordPass(pass, { ...found, events: [] }),
  },
});

/** Events are taken out before anybody has heard of them. */
export const settlesTooEarly: Variant = ({ clientVpn, endpoints }) => ({
  clientVpn,
  endpoints: {
    ...endpoints,
    async recordPass(pass, found) {
      await endpoints.recordPass(pass, found);
      const ids = found.events.map(({ id }) => id);
      if (ids.length > 0) await endpoints.settleEvents(pass.endpointId, ids);
    },
  },
});
