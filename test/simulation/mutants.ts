import type { Variant } from './variant.ts';

/*
 * Products with one safeguard taken out, to show that the simulation would find it missing. Each is
 * the real code with something put in front of one of its ports.
 */

/** The second look at the connections is answered without asking AWS. */
const dropsTheSecondLook: Variant = ({ clientVpn, endpoints }) => {
  let stopping = false;
  return {
    clientVpn: {
      ...clientVpn,
      listConnections: (endpointId) =>
        stopping ? Promise.resolve([]) : clientVpn.listConnections(endpointId),
    },
    endpoints: {
      ...endpoints,
      async writeIntent(pass, intent, condition) {
        await endpoints.writeIntent(pass, intent, condition);
        stopping = intent.kind === 'stop';
      },
    },
  };
};

/** The intent to stop is written whether or not somebody has asked since. */
const skipsTheCondition: Variant = ({ clientVpn, endpoints }) => ({
  clientVpn,
  endpoints: {
    ...endpoints,
    writeIntent: (pass, intent) => endpoints.writeIntent(pass, intent),
  },
});

/** Whatever routes a pass sees are remembered, from a half-restored table, too. */
const learnsTooEarly: Variant = ({ clientVpn, endpoints }) => ({
  clientVpn,
  endpoints: {
    ...endpoints,
    recordPass: (pass, found) => {
      const { reason, seen = null } = found.lastPass ?? {};
      if (
        seen === null ||
        seen.associations.length === 0 ||
        reason?.code === 'reading-incomplete'
      ) {
        return endpoints.recordPass(pass, found);
      }
      const rememberedRoutes = seen.routes
        .filter(({ origin }) => origin === 'add-route')
        .map(({ description, destinationCidr, subnetId }) => ({
          description,
          destinationCidr,
          subnetId,
        }));
      return endpoints.recordPass(pass, { ...found, rememberedRoutes });
    },
  },
});

/** A page of connections that could not be read counts as nobody. */
const takesFailuresForNobody: Variant = ({ clientVpn, endpoints }) => ({
  clientVpn: {
    ...clientVpn,
    listConnections: async (endpointId) => {
      try {
        return await clientVpn.listConnections(endpointId);
      } catch {
        return [];
      }
    },
  },
  endpoints,
});

/** Every try of the same request carries a token of its own. */
const usesFreshTokens: Variant = ({ clientVpn, endpoints }, newId) => ({
  clientVpn: {
    ...clientVpn,
    associate: (request) => clientVpn.associate({ ...request, clientToken: newId() }),
    createRoute: (request) => clientVpn.createRoute({ ...request, clientToken: newId() }),
  },
  endpoints,
});

/** What is taken out, by name, and the property that has to notice. */
export const mutants: readonly {
  readonly name: string;
  readonly variant: Variant;
  readonly property: string;
}[] = [
  {
    name: 'drops the second look',
    variant: dropsTheSecondLook,
    property: '1: nobody is cut off',
  },
  {
    name: 'skips the condition on the revision',
    variant: skipsTheCondition,
    property: '1: nobody is cut off',
  },
  {
    name: 'learns routes from a half-restored table',
    variant: learnsTooEarly,
    property: '5: routes come back',
  },
  {
    name: 'counts a failed page as nobody',
    variant: takesFailuresForNobody,
    property: '2: an incomplete reading means wait',
  },
  {
    name: 'uses a fresh client token at each retry',
    variant: usesFreshTokens,
    property: '6: never two associations',
  },
];
