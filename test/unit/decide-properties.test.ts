import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { minutesAfter } from '../../src/clock.ts';
import { decide } from '../../src/reconcile/decide.ts';
import type { Decision, Situation, StopCause } from '../../src/reconcile/decision.ts';
import { isConnected } from '../../src/vpn/connection.ts';
import type { Connection } from '../../src/vpn/connection.ts';
import {
  aMoment,
  aSubnetProblem,
  anyLeases,
  anyObservation,
  anyRecord,
  subnetIds,
} from '../builders/arbitraries.ts';
import { anAwsProblem, aPause, aPolicy, sampleNow } from '../builders/endpoint-for-person.ts';

/** Eleven in Tokyo was two minutes ago. */
const latestHour = { hour: 11, minute: 0, timeZone: 'Asia/Tokyo' };
const latestHourAt = new Date('2026-03-04T02:00:00Z');

const anyPolicy: fc.Arbitrary<Situation['policy']> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .record({
        subnets: fc.subarray(subnetIds, { minLength: 1 }),
        idleGraceMinutes: fc.constantFrom(1, 30),
        silentMinutes: fc.constantFrom(null, 1, 30),
        latestHour: fc.constantFrom(null, latestHour),
        latestHourCutsOff: fc.boolean(),
      })
      .map((overrides) => ({ ok: true as const, policy: aPolicy(overrides) })),
  },
  {
    weight: 1,
    arbitrary: fc.constant({ ok: false as const, name: 'x', groups: null, problems: [] }),
  },
);

const anyWishes = fc
  .tuple(anyLeases, fc.array(aMoment, { minLength: 3, maxLength: 3 }))
  .map(([leases, moments]) =>
    leases.map((lease, index) => ({ ...lease, askedAt: moments[index] ?? lease.askedAt })),
  );

const anyTraffic = fc.array(fc.record({ hasMoved: fc.boolean(), movedAt: aMoment }), {
  minLength: 3,
  maxLength: 3,
});

const anyPausing: fc.Arbitrary<Situation['pausing']> = fc.oneof(
  { weight: 8, arbitrary: fc.constant({ kind: 'none' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'paused' as const, pause: aPause() }) },
  {
    weight: 1,
    arbitrary: fc.constant({ kind: 'unread' as const, problem: anAwsProblem() }),
  },
);

const longAgo = minutesAfter(sampleNow, -24 * 60);
const longUnneeded = { lastAttemptAt: null, lastConnectedAt: null, lastReleaseAt: null };

const anySituation: fc.Arbitrary<Situation> = fc
  .record({
    now: fc.constant(sampleNow),
    policy: anyPolicy,
    record: anyRecord,
    leases: anyWishes,
    observation: anyObservation,
    subnetProblems: fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(aSubnetProblem, { minLength: 1, maxLength: 2 }) },
    ),
    mayDisassociate: fc.boolean(),
    pausing: anyPausing,
    newStartId: fc.constant('new-start'),
    traffic: anyTraffic,
    isLongUnneeded: fc.boolean(),
    areLongSilent: fc.boolean(),
  })
  .map(({ areLongSilent, isLongUnneeded, traffic: drawn, ...situation }) => {
    const { observation } = situation;
    // Of so many moments one is nearly always too recent for a stop, and stops are what matters here;
    // the same goes for connections of which every one has to be silent.
    const record = isLongUnneeded ? { ...situation.record, ...longUnneeded } : situation.record;
    const connections = observation.complete ? observation.connections : [];
    // Of the connections that there are: what is drawn by itself never meets their counters.
    const traffic = drawn.flatMap(({ hasMoved, movedAt }, index) =>
      connections.slice(index, index + 1).map(({ egressBytes, id, ingressBytes }) => ({
        connectionId: id,
        bytes: ingressBytes + egressBytes + (hasMoved && !areLongSilent ? 1 : 0),
        movedAt: areLongSilent ? longAgo : movedAt,
      })),
    );
    return { ...situation, record: { ...record, traffic } };
  });

/** Of everything that could be, not one case in which this is decided. */
function expectNever(decided: (situation: Situation, decision: Decision) => boolean): void {
  fc.assert(
    fc.property(anySituation, (situation) => !decided(situation, decide(situation))),
    { numRuns: fc.readConfigureGlobal().numRuns ?? 1000 },
  );
}

/** So that a property about a decision does not hold for want of such decisions. */
function atTimes(decided: (situation: Situation, decision: Decision) => boolean): boolean {
  return someSituations.some((situation) => decided(situation, decide(situation)));
}

const someSituations = fc.sample(anySituation, { numRuns: 5000, seed: 20260304 });

function someAssociation(situation: Situation, statuses: readonly string[]): boolean {
  const { observation } = situation;
  return (
    observation.complete && observation.associations.some(({ status }) => statuses.includes(status))
  );
}

/*
 * What somebody wants, and who is there, in other words than those of the code: whatever stops an
 * endpoint is held against these.
 */

const holds = ({ now, record: { hold } }: Situation, kind: 'on' | 'off'): boolean =>
  hold !== null && hold.kind === kind && hold.until.getTime() > now.getTime();

/** By a lease or a hold that no administrator's stop, and no hold-off, has voided. */
function isWanted(situation: Situation): boolean {
  const { leases, now, record } = situation;
  const stoppedAt = record.stopRequest?.at.getTime() ?? Number.NEGATIVE_INFINITY;
  if (holds(situation, 'off')) return false;
  if (holds(situation, 'on') && (record.hold?.at.getTime() ?? 0) > stoppedAt) return true;
  return leases.some(({ askedAt, until }) => until > now && askedAt.getTime() > stoppedAt);
}

/** Connected, and not known to have moved nothing for as long as the tag allows. */
function isInUse(situation: Situation, { egressBytes, id, ingressBytes, status }: Connection) {
  const { now, policy, record } = situation;
  if (status === 'terminated') return false;
  const silentMinutes = policy.ok ? policy.policy.silentMinutes : null;
  const known = record.traffic.find(({ connectionId }) => connectionId === id);
  if (silentMinutes === null || known?.bytes !== ingressBytes + egressBytes) return true;
  return now.getTime() - known.movedAt.getTime() < silentMinutes * 60_000;
}

const isUsed = (situation: Situation): boolean =>
  situation.observation.complete &&
  situation.observation.connections.some((connection) => isInUse(situation, connection));

/** When what is there was begun, as far as that is known; else never, so that nothing stops it. */
function begunBy({ record: { intent, onSince } }: Situation, moment: Date): boolean {
  const begun = intent.kind === 'start' ? intent.since : onSince;
  return begun !== null && begun.getTime() <= moment.getTime();
}

const stops = ({ action }: Decision, ...causes: readonly StopCause[]): boolean =>
  action.kind === 'disassociate' && causes.includes(action.because);
const stopsUnneeded = (decision: Decision): boolean => stops(decision, 'idle', 'held-off');
const stopsAsOrdered = (decision: Decision): boolean => stops(decision, 'requested', 'latest-hour');
const stopsAtAll = (decision: Decision): boolean =>
  stopsUnneeded(decision) || stopsAsOrdered(decision);
const acts = ({ action }: Decision): boolean => action.kind !== 'nothing';

describe('among all these situations', () => {
  it.each(['idle', 'held-off', 'requested', 'latest-hour', 'failed'] as const)(
    'there are some that end in a stop: %s',
    (cause) => {
      expect(atTimes((_, decision) => stops(decision, cause))).toBe(true);
    },
  );

  it('there are silent connections that are cut off, and wanted endpoints that are kept', () => {
    expect(
      atTimes(({ observation }, decision) => {
        const connected = observation.complete && observation.connections.some(isConnected);
        return stopsUnneeded(decision) && connected;
      }),
    ).toBe(true);
    expect(atTimes((situation, { state }) => state === 'on' && isWanted(situation))).toBe(true);
  });
});

describe('whatever the situation, what is idle or held off is never disassociated', () => {
  it('while a lease or a hold wants it on', () => {
    expectNever((situation, decision) => stopsUnneeded(decision) && isWanted(situation));
  });

  it('while somebody is connected, or may be, who has not been silent for too long', () => {
    expectNever((situation, decision) => stopsUnneeded(decision) && isUsed(situation));
  });

  it('within two minutes of letting a client in, whatever the grace', () => {
    expectNever(({ now, record: { lastAttemptAt } }, decision) => {
      const isRecent =
        lastAttemptAt !== null && now.getTime() - lastAttemptAt.getTime() < 2 * 60_000;
      return stopsUnneeded(decision) && isRecent;
    });
  });

  it('as held off without a hold-off in effect', () => {
    expectNever((situation, decision) => stops(decision, 'held-off') && !holds(situation, 'off'));
  });

  it('under tags that do not parse', () => {
    expectNever(({ policy }, decision) => stopsUnneeded(decision) && !policy.ok);
  });

  it('as idle while a network is on its way, in whichever direction', () => {
    const onTheirWay = ['associating', 'disassociating', 'unknown'];
    expectNever(
      (situation, decision) => stops(decision, 'idle') && someAssociation(situation, onTheirWay),
    );
  });

  it('as idle before the grace has passed since it became on, was used, or was given back', () => {
    expectNever(({ leases, now, observation, policy, record }, decision) => {
      if (!stops(decision, 'idle') || !policy.ok || !observation.complete) return false;
      const since = now.getTime() - policy.policy.idleGraceMinutes * 60_000;
      const { hold, stopRequest } = record;
      // What an administrator's stop has voided came to its end then, and not at its own.
      const stands = (saidAt: Date): boolean => stopRequest === null || saidAt > stopRequest.at;
      const needed = [
        record.onSince,
        record.lastConnectedAt,
        record.lastReleaseAt,
        record.lastAttemptAt,
        hold?.kind === 'on' && hold.until <= now && stands(hold.at) ? hold.until : null,
        ...leases
          .filter(({ askedAt, until }) => until <= now && stands(askedAt))
          .map(({ until }) => until),
        ...observation.connections.map(({ endedAt }) => endedAt),
      ];
      return needed.some((moment) => moment !== null && moment.getTime() > since);
    });
  });
});

describe('whatever the situation, nothing is disassociated as ordered', () => {
  it('by an administrator who has not asked for it, or before what is on was begun', () => {
    expectNever((situation, decision) => {
      const { stopRequest } = situation.record;
      const asked = stopRequest !== null && begunBy(situation, stopRequest.at);
      return stops(decision, 'requested') && !asked;
    });
  });

  it('by a latest hour that has no tag, does not cut off, or came before what is on', () => {
    expectNever((situation, decision) => {
      const { policy } = situation;
      const cutsOff =
        policy.ok && policy.policy.latestHour !== null && policy.policy.latestHourCutsOff;
      const passed = begunBy(situation, latestHourAt);
      return stops(decision, 'latest-hour') && !(cutsOff && passed);
    });
  });

  it('while a later lease or hold wants it on', () => {
    expectNever((situation, decision) => stopsAsOrdered(decision) && isWanted(situation));
  });
});

describe('while stopping is paused, or nobody can tell', () => {
  const waits = ({ pausing }: Situation): boolean => pausing.kind !== 'none';

  it('nothing stops by itself', () => {
    expectNever(
      (situation, decision) =>
        waits(situation) && stops(decision, 'idle', 'held-off', 'latest-hour'),
    );
  });

  it('an administrator still stops, and a failed association is still taken away', () => {
    for (const cause of ['requested', 'failed'] as const) {
      expect(atTimes((each, decision) => waits(each) && stops(decision, cause))).toBe(true);
    }
  });

  it('what waits has no intent to stop', () => {
    const codes = ['stopping-paused', 'reading-incomplete'];
    const isTold = ({ observation }: Situation, { reason }: Decision): boolean =>
      observation.complete && codes.includes(reason.code);
    expect(atTimes(isTold)).toBe(true);
    expectNever(
      (each, decision) =>
        isTold(each, decision) && (decision.intent.kind === 'stop' || decision.state !== 'on'),
    );
  });

  it('a pause that there is not, or that keeps nothing on, is not told of', () => {
    expectNever(
      (situation, { reason }) =>
        reason.code === 'stopping-paused' &&
        (situation.pausing.kind !== 'paused' || isWanted(situation)),
    );
  });
});

describe('whatever the situation, no stop', () => {
  it('rests on a reading that is not complete', () => {
    expectNever(({ observation }, decision) => stopsAtAll(decision) && !observation.complete);
  });

  it('goes without its intent, or without saying that it is stopping', () => {
    expectNever(
      (_, decision) =>
        stopsAtAll(decision) && (decision.intent.kind !== 'stop' || decision.state !== 'stopping'),
    );
  });

  it('asks for what AWS would refuse, or for nothing at all', () => {
    expectNever(({ observation }, { action }) => {
      if (action.kind !== 'disassociate') return false;
      if (!observation.complete || action.associations.length === 0) return true;
      const there = new Map(observation.associations.map(({ id, status }) => [id, status]));
      return action.associations.some((id) => {
        const status = there.get(id);
        return status !== 'associated' && status !== 'association-failed';
      });
    });
  });
});

describe('whatever the situation', () => {
  it('nothing is disassociated by whoever may not', () => {
    expectNever(
      ({ mayDisassociate }, { action }) => action.kind === 'disassociate' && !mayDisassociate,
    );
  });

  it('only a failed association is taken away as failed', () => {
    expectNever(
      ({ observation }, { action }) =>
        action.kind === 'disassociate' &&
        action.because === 'failed' &&
        !(
          observation.complete &&
          action.associations.every((id) =>
            observation.associations.some(
              (association) => association.id === id && association.status === 'association-failed',
            ),
          )
        ),
    );
  });

  it('nothing is associated that no lease and no hold wants on', () => {
    expectNever((situation, { action }) => action.kind === 'associate' && !isWanted(situation));
  });

  it('only wanted subnets that are missing are associated, and at least one', () => {
    expectNever(({ observation, policy }, { action }) => {
      if (action.kind !== 'associate') return false;
      if (!observation.complete || !policy.ok || action.subnets.length === 0) return true;
      return action.subnets.some(
        (subnet) =>
          !policy.policy.subnets.includes(subnet) ||
          observation.associations.some(
            ({ status, subnetId }) => subnetId === subnet && status !== 'disassociated',
          ),
      );
    });
  });

  it('nothing is associated into a disassociation, or beside a failed association', () => {
    const inTheWay = ['disassociating', 'unknown', 'association-failed'];
    expectNever(
      (situation, { action }) =>
        action.kind === 'associate' && someAssociation(situation, inTheWay),
    );
  });

  it('nothing is associated that AWS would not take', () => {
    expectNever(
      ({ subnetProblems }, { action }) => action.kind === 'associate' && subnetProblems.length > 0,
    );
  });

  it('nothing is done on a reading that is not complete', () => {
    expectNever(({ observation }, decision) => acts(decision) && !observation.complete);
  });

  it('nothing but an administrator’s stop is done under tags that do not parse', () => {
    expectNever(
      ({ policy }, decision) => acts(decision) && !policy.ok && !stops(decision, 'requested'),
    );
  });

  it('what a start does goes under the intent to start', () => {
    expectNever(
      (_, { action, intent }) =>
        (action.kind === 'associate' || action.kind === 'restore-routes') &&
        intent.kind !== 'start',
    );
  });

  it('only routes that are missing, and whose network is there, are put back', () => {
    expectNever(({ observation }, { action }) => {
      if (action.kind !== 'restore-routes') return false;
      if (!observation.complete) return true;
      return action.routes.some(
        ({ destinationCidr, subnetId }) =>
          observation.routes.some(
            (row) => row.destinationCidr === destinationCidr && row.subnetId === subnetId,
          ) ||
          !observation.associations.some(
            (association) =>
              association.subnetId === subnetId && association.status === 'associated',
          ),
      );
    });
  });

  it('the state is not on before every network that is there is associated', () => {
    const notThere = ['associating', 'disassociating', 'unknown'];
    expectNever(
      (situation, { state }) =>
        state === 'on' && situation.observation.complete && someAssociation(situation, notThere),
    );
  });

  it('the state is off only where nothing is associated', () => {
    const there = ['associating', 'associated', 'association-failed', 'disassociating', 'unknown'];
    expectNever((situation, { state }) => {
      const isRead = situation.observation.complete;
      return state === 'off' && isRead && someAssociation(situation, there);
    });
  });

  it('the next look is after now and within two minutes', () => {
    expectNever(({ now }, { lookAgainAt }) => {
      const seconds = (lookAgainAt.getTime() - now.getTime()) / 1000;
      return !(seconds > 0 && seconds < 120);
    });
  });

  it('the same situation gives the same decision', () => {
    expectNever(
      (situation, decision) =>
        JSON.stringify(decide(structuredClone(situation))) !== JSON.stringify(decision),
    );
  });
});
