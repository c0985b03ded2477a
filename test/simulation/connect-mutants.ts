import type { EndpointRecord } from '../../src/lease/endpoint-record.ts';
import { noIntent } from '../../src/lease/endpoint-record.ts';
import type { EndpointStore } from '../../src/lease/endpoint-store.ts';
import { secondsAfter } from '../../src/clock.ts';
import type { Variant } from './variant.ts';

/*
 * Client connect handlers with a safeguard taken out, and passes that make too little or too much of
 * what the handler has noted.
 */

/** What stands before the table of the handler alone, or of the passes alone. */
function before(
  whose: 'handler' | 'passes',
  change: (endpoints: EndpointStore) => Partial<EndpointStore>,
): Variant {
  return ({ clientVpn, endpoints }, { kind }) => {
    const isMeant = (kind === 'connect') === (whose === 'handler');
    return { clientVpn, endpoints: isMeant ? { ...endpoints, ...change(endpoints) } : endpoints };
  };
}

/** Reads the record instead of writing it. */
export const letsInWithoutNoting = before('handler', (endpoints) => ({
  noteAttempt: async (endpointId) => (await endpoints.load(endpointId)).record,
}));

/** What the table has made of it comes when the client is in. */
export const notesAfterLettingIn = before('handler', (endpoints) => {
  let loaded: EndpointRecord | null = null;
  return {
    async load(endpointId) {
      const found = await endpoints.load(endpointId);
      loaded = found.record;
      return found;
    },
    noteAttempt(endpointId, at) {
      void endpoints.noteAttempt(endpointId, at).catch(() => undefined);
      return Promise.resolve(loaded);
    },
  };
});

/** A stop under way is seen neither when the record is read nor when it is written. */
export const ignoresAStopUnderWay = before('handler', (endpoints) => {
  const unstopped = (record: EndpointRecord): EndpointRecord =>
    record.intent.kind === 'stop' ? { ...record, intent: noIntent } : record;
  return {
    async load(endpointId) {
      const { leases, record } = await endpoints.load(endpointId);
      return { leases, record: unstopped(record) };
    },
    async noteAttempt(endpointId, at) {
      const noted = await endpoints.noteAttempt(endpointId, at);
      return unstopped(noted ?? (await endpoints.load(endpointId)).record);
    },
  };
});

/** A pass reads of the last attempt what `change` makes of it. */
function takesAttemptsFor(change: (lastAttemptAt: Date) => Date | null): Variant {
  return before('passes', (endpoints) => ({
    async claimPass(claim) {
      const record = await endpoints.claimPass(claim);
      if (record === null || record.lastAttemptAt === null) return record;
      return { ...record, lastAttemptAt: change(record.lastAttemptAt) };
    },
  }));
}

/** Whoever was let in counts once AWS lists the connection, and not before. */
export const overlooksAttempts = takesAttemptsFor(() => null);

/** An attempt counts for a grace of a minute, and no longer: AWS may list it later. */
export const forgetsAttemptsTooSoon = takesAttemptsFor((at) => secondsAfter(at, -60));

/** Whoever was let in once counts as being there from then on. */
export const neverForgetsAttempts = takesAttemptsFor(() => new Date('2100-01-01T00:00:00Z'));
