import type { EndpointRecord } from '../../src/lease/endpoint-record.ts';
import type { LeaseStore } from '../../src/lease/lease-store.ts';
import type { Lease } from '../../src/lease/lease.ts';
import type { Connection } from '../../src/vpn/connection.ts';
import type { Endpoint } from '../../src/vpn/endpoint.ts';
import { policyTags } from '../../src/vpn/policy.ts';
import { routeKey } from '../../src/vpn/route.ts';
import type { ManualRoute } from '../../src/vpn/route.ts';
import {
  forgetsAttemptsTooSoon,
  ignoresAStopUnderWay,
  letsInWithoutNoting,
  neverForgetsAttempts,
  notesAfterLettingIn,
  overlooksAttempts,
} from './connect-mutants.ts';
import { forgetsWhatWasTold, settlesTooEarly, storesNoEvents } from './event-mutants.ts';
import type { PassPorts, Variant } from './variant.ts';

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

/** The first look after the intent to stop is answered again before every other network. */
const letsALookLast: Variant = ({ clientVpn, endpoints }) => {
  let look: Promise<readonly Connection[]> | null = null;
  let stopping = false;
  return {
    clientVpn: {
      ...clientVpn,
      listConnections(endpointId) {
        if (!stopping) return clientVpn.listConnections(endpointId);
        return (look ??= clientVpn.listConnections(endpointId));
      },
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
const usesFreshTokens: Variant = ({ clientVpn, endpoints }, { newId }) => ({
  clientVpn: {
    ...clientVpn,
    associate: (request) => clientVpn.associate({ ...request, clientToken: newId() }),
    createRoute: (request) => clientVpn.createRoute({ ...request, clientToken: newId() }),
  },
  endpoints,
});

/** What a pass is told of the record, when it claims it and when it looks again, is changed. */
function misreads(change: (record: EndpointRecord, now: Date) => EndpointRecord): Variant {
  return ({ clientVpn, endpoints }) => ({
    clientVpn,
    endpoints: {
      ...endpoints,
      async claimPass(claim) {
        const record = await endpoints.claimPass(claim);
        return record === null ? null : change(record, claim.at);
      },
      async load(endpointId) {
        const { leases, record } = await endpoints.load(endpointId);
        return { leases, record: change(record, record.schedule.lastPassAt ?? new Date(0)) };
      },
    },
  });
}

/** The endpoint's tags are read as if they said something else. */
function mistakesTags(change: (tags: Map<string, string>) => void): Variant {
  const changed = (endpoint: Endpoint): Endpoint => {
    const tags = new Map(endpoint.tags);
    change(tags);
    return { ...endpoint, tags };
  };
  return ({ clientVpn, endpoints }) => ({
    clientVpn: {
      ...clientVpn,
      listEndpoints: async () => (await clientVpn.listEndpoints()).map(changed),
      findEndpoint: async (endpointId) => {
        const found = await clientVpn.findEndpoint(endpointId);
        return found === null ? null : changed(found);
      },
    },
    endpoints,
  });
}

/** A process counts the idle time from when it first saw the endpoint; another one begins again. */
const keepsTheIdleClockInMemory: Variant = (ports, about) => {
  let firstSeen: Date | null = null;
  return misreads((record, now) => ({ ...record, onSince: (firstSeen ??= now) }))(ports, about);
};

const voidsNothing = misreads((record) => ({ ...record, stopRequest: null }));

/** Whatever is asked for after a stop is void as well. */
const voidsLaterLeases = misreads((record) => {
  const { stopRequest } = record;
  if (stopRequest === null) return record;
  return { ...record, stopRequest: { ...stopRequest, at: new Date('2100-01-01T00:00:00Z') } };
});

const overlooksAHoldOn = misreads((record) =>
  record.hold?.kind === 'on' ? { ...record, hold: null } : record,
);

const overlooksAHoldOff = misreads((record) =>
  record.hold?.kind === 'off' ? { ...record, hold: null } : record,
);

/** Where silence counts, everybody counts as silent from the first moment on. */
const takesEverybodyForSilent = misreads((record) => ({
  ...record,
  traffic: record.traffic.map((each) => ({ ...each, movedAt: new Date(0) })),
}));

/** In the second look the counters of the silent ones have moved. */
const forgetsSilenceInTheSecondLook: Variant = ({ clientVpn, endpoints }) => {
  let stopping = false;
  return {
    clientVpn: {
      ...clientVpn,
      async listConnections(endpointId) {
        const connections = await clientVpn.listConnections(endpointId);
        return stopping
          ? connections.map((each) => ({ ...each, egressBytes: each.egressBytes + 1 }))
          : connections;
      },
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

const cutsOffUnasked = mistakesTags((tags) => tags.set(policyTags.offAtCutsOff, 'true'));

/** The latest hour is taken for one in UTC. */
const ignoresTheZone = mistakesTags((tags) => {
  const [hour = '', zone] = tags.get(policyTags.offAt)?.split(' ') ?? [];
  if (zone !== undefined) tags.set(policyTags.offAt, `${hour} UTC`);
});

const neverCutsOff = mistakesTags((tags) => tags.delete(policyTags.offAtCutsOff));

/** A route that somebody has deleted stays remembered. */
const neverForgetsARoute: Variant = ({ clientVpn, endpoints }) => {
  let before: readonly ManualRoute[] = [];
  return {
    clientVpn,
    endpoints: {
      ...endpoints,
      async claimPass(claim) {
        const record = await endpoints.claimPass(claim);
        before = record?.rememberedRoutes ?? [];
        return record;
      },
      recordPass(pass, found) {
        const now = found.rememberedRoutes ?? [];
        const known = new Set(now.map(routeKey));
        const forgotten = before.filter((route) => !known.has(routeKey(route)));
        return endpoints.recordPass(pass, { ...found, rememberedRoutes: [...now, ...forgotten] });
      },
    },
  };
};

/** Routes that AWS is still making leave as much room as if they were there. */
const overlooksRoutesInCreation: Variant = ({ clientVpn, endpoints }) => ({
  clientVpn: {
    ...clientVpn,
    listRoutes: async (endpointId) =>
      (await clientVpn.listRoutes(endpointId)).map((route) => ({ ...route, status: 'active' })),
  },
  endpoints,
});

/** Where one connection is to be ended, all of them are. */
const endsAllConnections: Variant = ({ clientVpn, endpoints }) => ({
  clientVpn: {
    ...clientVpn,
    async terminateConnection(request) {
      const { endpointId } = request;
      for (const { id, status } of await clientVpn.listConnections(endpointId)) {
        if (status === 'active') {
          await clientVpn.terminateConnection({ endpointId, connectionId: id });
        }
      }
      return clientVpn.terminateConnection(request);
    },
  },
  endpoints,
});

/** AWS is never asked to end a connection. */
const endsNoConnection: Variant = ({ clientVpn, endpoints }) => ({
  clientVpn: {
    ...clientVpn,
    terminateConnection: () => Promise.resolve({ outcome: 'accepted', requestId: 'none' }),
  },
  endpoints,
});

/** A run that is to say what it would do takes the pass that others were to have. */
const claimsInADryRun: Variant = (ports, { kind, newId }) => {
  const { clientVpn, endpoints } = ports;
  if (kind !== 'dry-run') return ports;
  return {
    clientVpn,
    endpoints: {
      ...endpoints,
      async load(endpointId) {
        const loaded = await endpoints.load(endpointId);
        const at = loaded.record.schedule.nextPassAt ?? new Date(0);
        const claim = { at, claimedUntil: at, notIfPassedSince: at };
        await endpoints.claimPass({ endpointId, passId: newId(), ...claim });
        return loaded;
      },
    },
  };
};

/** A number of authorization rules that could not be read counts as none. */
const countsNoRulesForNone: Variant = ({ clientVpn, endpoints }) => ({
  clientVpn: {
    ...clientVpn,
    countAuthorizationRules: (endpointId) =>
      clientVpn.countAuthorizationRules(endpointId).catch(() => 0),
  },
  endpoints,
});

/** Which periods are going on is not kept from one pass to the next. */
const forgetsPeriods: Variant = ({ clientVpn, endpoints }) => ({
  clientVpn,
  endpoints: {
    ...endpoints,
    recordPass: (pass, found) =>
      endpoints.recordPass(pass, { ...found, usage: { ...found.usage, periods: [] } }),
  },
});

/** A reading after a time in which nobody looked counts as if somebody had. */
const guessesOverGaps: Variant = ({ clientVpn, endpoints }) => ({
  clientVpn,
  endpoints: {
    ...endpoints,
    async claimPass(claim) {
      const record = await endpoints.claimPass(claim);
      const readAt = record?.usage.recordedAt ?? null;
      if (record === null || readAt === null) return record;
      return { ...record, usage: { ...record.usage, recordedAt: claim.at } };
    },
  },
});

/** A request that is refused gives back whatever lease its owner has. */
const refusalsRemoveLeases: Variant = (ports) => ({
  ...ports,
  ...refusing(ports, async (leases, { endpointId, personId, requestedAt }) => {
    await leases.remove(endpointId, personId, { now: requestedAt, stoppedAt: null });
  }),
});

/** What a refused request has made of its owner's lease stays. */
const refusalsLeaveLeases: Variant = (ports) => ({
  ...ports,
  ...refusing(ports, () => Promise.resolve()),
});

function refusing(
  { leases }: PassPorts,
  takeBack: (leases: LeaseStore, lease: Lease) => Promise<void>,
): Pick<PassPorts, 'leases'> {
  if (leases === undefined) return {};
  const extend: LeaseStore['extend'] = async (asked, stoppedAt) => {
    const { lease } = await leases.extend(asked, stoppedAt);
    return { lease, takeBack: () => takeBack(leases, lease) };
  };
  return { leases: { ...leases, extend } };
}

/** Nobody has paused anything. */
const overlooksAPause: Variant = (ports) => ({
  ...ports,
  pauses: { get: () => Promise.resolve(null) },
});

const one = '1: nobody is cut off';
const two = '2: an incomplete reading means wait';
const three = '3: leases are honoured';
const four = '4: idle is off';
const five = '5: routes come back';
const six = '6: never two associations';
const seven = '7: records equal the bill';
const eight = '8: administrators are heard';
const nine = '9: a dry run changes nothing';
const ten = '10: those who listen are told';
const eleven = '11: a pause is honoured';

interface Mutant {
  readonly name: string;
  readonly variant: Variant;
  readonly property: string;
  /**
   * The seed of the first week that shows it. Where the product has changed so that this one does not
   * any more, others are played until one does.
   */
  readonly shownBy: number;
}

/** What is taken out, by name, and the property that has to notice. */
export const mutants: readonly Mutant[] = (
  [
    ['drops the second look', dropsTheSecondLook, one, 1],
    ['looks but once for several networks', letsALookLast, one, 36],
    ['skips the condition on the revision', skipsTheCondition, one, 1],
    ['overlooks a hold-on', overlooksAHoldOn, one, 9],
    ['takes everybody for silent', takesEverybodyForSilent, one, 15],
    ['cuts people off at the latest hour, though nothing says so', cutsOffUnasked, one, 3],
    ['ends all connections where one is to be ended', endsAllConnections, one, 19],
    ['lets a client in without noting it', letsInWithoutNoting, one, 9],
    ['lets a client in and notes it after that', notesAfterLettingIn, one, 120],
    ['lets a client in though a stop is under way', ignoresAStopUnderWay, one, 3],
    ['overlooks that a client was let in', overlooksAttempts, one, 9],
    ['forgets a client that was let in before AWS lists it', forgetsAttemptsTooSoon, one, 197],
    ['counts a failed page as nobody', takesFailuresForNobody, two, 9],
    ['counts authorization rules that were not read as none', countsNoRulesForNone, two, 1],
    ['lets a stop void later leases too', voidsLaterLeases, three, 24],
    ['takes the latest hour for one in UTC', ignoresTheZone, three, 3],
    ['removes the lease of whoever is refused', refusalsRemoveLeases, three, 6],
    ['leaves what a refused request has asked for', refusalsLeaveLeases, three, 6],
    ['lets a stop void nothing', voidsNothing, four, 3],
    ['never forgets that a client was let in', neverForgetsAttempts, four, 2],
    ['overlooks a hold-off', overlooksAHoldOff, four, 42],
    ['keeps the idle clock in memory', keepsTheIdleClockInMemory, four, 1],
    ['forgets silence in the second look', forgetsSilenceInTheSecondLook, four, 7],
    ['never cuts off at the latest hour', neverCutsOff, four, 4],
    ['learns routes from a half-restored table', learnsTooEarly, five, 1],
    ['restores routes that were deleted', neverForgetsARoute, five, 5],
    ['uses a fresh client token at each retry', usesFreshTokens, six, 2],
    ['overlooks routes that are in creation', overlooksRoutesInCreation, six, 10],
    ['forgets which periods are going on', forgetsPeriods, seven, 1],
    ['guesses over the time in which nobody looked', guessesOverGaps, seven, 69],
    ['ends no connection', endsNoConnection, eight, 19],
    ['takes passes in a dry run', claimsInADryRun, nine, 1],
    ['forgets what those who listen were told', forgetsWhatWasTold, ten, 1],
    ['publishes what it has not stored', storesNoEvents, ten, 1],
    ['takes events out before they are published', settlesTooEarly, ten, 1],
    ['overlooks a pause', overlooksAPause, eleven, 3],
  ] as const
).map(([name, variant, property, shownBy]) => ({ name, variant, property, shownBy }));
