import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { isHeld } from '../../src/lease/lease.ts';
import { decide } from '../../src/reconcile/decide.ts';
import type { Decision, Situation } from '../../src/reconcile/decision.ts';
import { isConnected } from '../../src/vpn/connection.ts';
import {
  aSubnetProblem,
  anyLeases,
  anyObservation,
  anyRecord,
  subnetIds,
} from '../builders/arbitraries.ts';
import { aPolicy, sampleNow } from '../builders/endpoint-for-person.ts';

const anyPolicy: fc.Arbitrary<Situation['policy']> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .tuple(fc.subarray(subnetIds, { minLength: 1 }), fc.constantFrom(1, 30))
      .map(([subnets, idleGraceMinutes]) => ({
        ok: true as const,
        policy: aPolicy({ subnets, idleGraceMinutes }),
      })),
  },
  {
    weight: 1,
    arbitrary: fc.constant({ ok: false as const, name: 'x', groups: null, problems: [] }),
  },
);

const anySituation: fc.Arbitrary<Situation> = fc.record({
  now: fc.constant(sampleNow),
  policy: anyPolicy,
  record: anyRecord,
  leases: anyLeases,
  observation: anyObservation,
  subnetProblems: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(aSubnetProblem, { minLength: 1, maxLength: 2 }) },
  ),
  mayDisassociate: fc.boolean(),
  newStartId: fc.constant('new-start'),
});

/** Of everything that could be, not one case in which this is decided. */
function expectNever(decided: (situation: Situation, decision: Decision) => boolean): void {
  fc.assert(
    fc.property(anySituation, (situation) => !decided(situation, decide(situation))),
    { numRuns: 1000 },
  );
}

/** So that a property about a decision does not hold for want of such decisions. */
function atTimes(decided: (situation: Situation, decision: Decision) => boolean): boolean {
  return fc
    .sample(anySituation, { numRuns: 3000, seed: 20260304 })
    .some((situation) => decided(situation, decide(situation)));
}

function someAssociation(situation: Situation, statuses: readonly string[]): boolean {
  const { observation } = situation;
  return (
    observation.complete && observation.associations.some(({ status }) => statuses.includes(status))
  );
}

const isHeldAtAll = ({ leases, now }: Situation): boolean =>
  leases.some((lease) => isHeld(lease, now));
const stopsIdle = ({ action }: Decision): boolean =>
  action.kind === 'disassociate' && action.because === 'idle';
const acts = ({ action }: Decision): boolean => action.kind !== 'nothing';

describe('whatever the situation, what is idle is never disassociated', () => {
  it('(and otherwise it sometimes is)', () => {
    expect(atTimes((_, decision) => stopsIdle(decision))).toBe(true);
  });

  it('while a lease is held', () => {
    expectNever((situation, decision) => stopsIdle(decision) && isHeldAtAll(situation));
  });

  it('while somebody is connected, or may be', () => {
    expectNever(
      ({ observation }, decision) =>
        stopsIdle(decision) && observation.complete && observation.connections.some(isConnected),
    );
  });

  it('on a reading that is not complete', () => {
    expectNever(({ observation }, decision) => stopsIdle(decision) && !observation.complete);
  });

  it('under tags that do not parse', () => {
    expectNever(({ policy }, decision) => stopsIdle(decision) && !policy.ok);
  });

  it('while a network is on its way, in whichever direction', () => {
    const onTheirWay = ['associating', 'disassociating', 'unknown'];
    expectNever(
      (situation, decision) => stopsIdle(decision) && someAssociation(situation, onTheirWay),
    );
  });

  it('before the idle grace has passed since it became on, was used, or was given back', () => {
    expectNever(({ leases, observation, policy, record }, decision) => {
      if (!stopsIdle(decision) || !policy.ok || !observation.complete) return false;
      const since = sampleNow.getTime() - policy.policy.idleGraceMinutes * 60_000;
      const used = [
        record.onSince,
        record.lastConnectedAt,
        record.lastReleaseAt,
        ...leases.map(({ until }) => until),
        ...observation.connections.map(({ endedAt }) => endedAt),
      ];
      return used.some((moment) => moment !== null && moment.getTime() > since);
    });
  });

  it('without the intent to stop', () => {
    expectNever((_, decision) => stopsIdle(decision) && decision.intent.kind !== 'stop');
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

  it('nothing is associated without a held lease', () => {
    expectNever((situation, { action }) => action.kind === 'associate' && !isHeldAtAll(situation));
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

  it('nothing is done on a reading that is not complete, or under tags that do not parse', () => {
    expectNever(
      ({ observation, policy }, decision) =>
        acts(decision) && (!observation.complete || !policy.ok),
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
