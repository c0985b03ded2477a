import { describe, expect, it } from '@jest/globals';

import type { EndpointRecord, Intent } from '../../src/lease/endpoint-record.ts';
import type { PassFindings } from '../../src/lease/endpoint-store.ts';
import type { Decision } from '../../src/reconcile/decision.ts';
import { findingsOf } from '../../src/reconcile/findings.ts';
import type { Observation } from '../../src/vpn/observation.ts';
import type { Route } from '../../src/vpn/route.ts';
import { anAwsProblem, sampleIds, sampleNow } from '../builders/endpoint-for-person.ts';
import { aPass, aRecord, aStartIntent, ago, ahead, seenFrom } from '../builders/endpoint-record.ts';
import {
  aConnection,
  aRoute,
  anAssociation,
  anIncompleteObservation,
  anObservation,
  anOnObservation,
  anotherAssociation,
} from '../builders/observation.ts';

const none: Intent = { kind: 'none' };

function aDecision(overrides: Partial<Decision> = {}): Decision {
  return {
    action: { kind: 'nothing' },
    state: 'on',
    reason: { code: 'idle-grace', stopAt: ahead(10) },
    intent: none,
    lookAgainAt: ahead(1),
    ...overrides,
  };
}

function found(
  record: Partial<EndpointRecord>,
  observation: Observation,
  decision: Partial<Decision> = {},
  intent: Intent = none,
): PassFindings {
  return findingsOf(aRecord(record), observation, aDecision(decision), intent, null, sampleNow);
}

/** On at the last pass, with these routes in the table. */
function steadyWith(routes: readonly Route[], record: Partial<EndpointRecord> = {}) {
  const seen = seenFrom(anOnObservation({ at: ago(1), routes }));
  const reason = { code: 'connected', connected: 1 } as const;
  return { lastPass: aPass({ state: 'on', reason, seen }), ...record };
}

const route = aRoute();
const { destinationCidr, subnetId, description } = route;
const remembered = [{ destinationCidr, subnetId, description }];

describe('the routes to put back at the next start', () => {
  const learned = (
    record: Partial<EndpointRecord>,
    observation: Observation,
    decision: Partial<Decision> = {},
  ) => found(record, observation, decision).rememberedRoutes;

  it('are learned when two passes in a row find it on', () => {
    const routes = [route, aRoute({ destinationCidr: '10.2.0.0/16', status: 'creating' })];
    expect(learned(steadyWith([]), anOnObservation({ routes }))).toEqual([
      ...remembered,
      { ...remembered[0], destinationCidr: '10.2.0.0/16' },
    ]);
  });

  it('are known to be none when there are none', () => {
    expect(learned(steadyWith([]), anOnObservation())).toEqual([]);
  });

  it('do not hold what AWS makes by itself, nor what is failing or going', () => {
    const routes = [
      aRoute({ origin: 'associate' }),
      aRoute({ destinationCidr: '10.2.0.0/16', status: 'failed' }),
      aRoute({ destinationCidr: '10.3.0.0/16', status: 'deleting' }),
      aRoute({ destinationCidr: '10.4.0.0/16', status: 'unknown' }),
    ];
    expect(learned(steadyWith([]), anOnObservation({ routes }))).toEqual([]);
  });

  it.each<[string, Partial<EndpointRecord>, Observation, Partial<Decision>]>([
    ['the first pass that finds it on', {}, anOnObservation(), {}],
    ['the pass after it was starting', { lastPass: aPass() }, anOnObservation(), {}],
    ['a start under way', steadyWith([], { intent: aStartIntent() }), anOnObservation(), {}],
    ['a stop under way', steadyWith([]), anOnObservation(), { state: 'stopping' }],
    ['a half-restored table', steadyWith([]), anOnObservation(), { state: 'needs-attention' }],
    ['an incomplete reading', steadyWith([]), anIncompleteObservation(), {}],
    [
      'the pass after an incomplete reading',
      {
        lastPass: aPass({
          state: 'on',
          reason: { code: 'reading-incomplete', problem: anAwsProblem() },
        }),
      },
      anOnObservation(),
      {},
    ],
    [
      'a network that is on its way',
      steadyWith([]),
      anOnObservation({
        associations: [anAssociation(), anotherAssociation({ status: 'disassociating' })],
      }),
      {},
    ],
  ])('are neither learned nor forgotten in %s', (_, record, observation, decision) => {
    const seen = observation.complete ? { ...observation, routes: [aRoute()] } : observation;
    expect(learned({ ...record, rememberedRoutes: null }, seen, decision)).toBeNull();
    const empty = observation.complete ? { ...observation, routes: [] } : observation;
    expect(learned({ ...record, rememberedRoutes: remembered }, empty, decision)).toEqual(
      remembered,
    );
  });

  it('are forgotten by the second pass in a row that does not see them, not by the first', () => {
    const first = steadyWith([route], { rememberedRoutes: remembered });
    expect(learned(first, anOnObservation())).toEqual(remembered);
    const second = steadyWith([], { rememberedRoutes: remembered });
    expect(learned(second, anOnObservation())).toEqual([]);
    const reason = { code: 'connected', connected: 1 } as const;
    const noReading = {
      rememberedRoutes: remembered,
      lastPass: aPass({ state: 'on', reason, seen: null }),
    };
    expect(learned(noReading, anOnObservation())).toEqual([]);
  });

  it('are never forgotten because their network is gone', () => {
    const observation = anObservation({ associations: [anotherAssociation()] });
    const record = steadyWith([], { rememberedRoutes: remembered });
    expect(learned(record, observation)).toEqual(remembered);
  });

  it('are not forgotten while they are in the table and failing', () => {
    const observation = anOnObservation({ routes: [{ ...route, status: 'failed' }] });
    const record = steadyWith([], { rememberedRoutes: remembered });
    expect(learned(record, observation)).toEqual(remembered);
    const other = anOnObservation({
      routes: [{ ...route, destinationCidr: '10.2.0.0/16', status: 'failed' }],
    });
    expect(learned(record, other)).toEqual([]);
  });

  it('are held once each, as they stand now', () => {
    const changed = { ...route, description: 'another word' };
    const record = steadyWith([route], { rememberedRoutes: remembered });
    expect(learned(record, anOnObservation({ routes: [changed] }))).toEqual([
      { destinationCidr, subnetId, description: 'another word' },
    ]);
  });
});

describe('when somebody was last seen connected', () => {
  const last = (record: Partial<EndpointRecord>, observation: Observation) =>
    found(record, observation).lastConnectedAt;

  it('is the time of the reading while somebody is', () => {
    const observation = anOnObservation({ at: ago(0.1), connections: [aConnection()] });
    expect(last({ lastConnectedAt: ago(9) }, observation)).toEqual(ago(0.1));
  });

  it('is the latest end of a connection, or what was known', () => {
    const ended = [8, 5].map((minutes) =>
      aConnection({ status: 'terminated', endedAt: ago(minutes) }),
    );
    const observation = anOnObservation({ connections: ended });
    expect(last({}, observation)).toEqual(ago(5));
    expect(last({ lastConnectedAt: ago(2) }, observation)).toEqual(ago(2));
  });

  it('is not known where nobody ever was', () => {
    const endless = anOnObservation({ connections: [aConnection({ status: 'terminated' })] });
    expect(last({}, endless)).toBeNull();
  });

  it('is kept over an incomplete reading', () => {
    expect(last({ lastConnectedAt: ago(2) }, anIncompleteObservation())).toEqual(ago(2));
  });
});

describe('since when it has been on', () => {
  const since = (
    onSince: Date | null,
    decision: Partial<Decision>,
    observation: Observation = anOnObservation(),
  ) => found({ onSince }, observation, decision).onSince;

  it('is the first pass that found it so', () => {
    expect(since(null, {})).toEqual(sampleNow);
    expect(since(ago(9), {})).toEqual(ago(9));
  });

  it('counts while it can be used, although routes are missing', () => {
    const reason = { code: 'routes-not-restored', failed: 1, message: '' } as const;
    expect(since(ago(9), { state: 'needs-attention', reason })).toEqual(ago(9));
  });

  it('counts while it can be used, although it should have been stopped', () => {
    const reason = { code: 'stop-overdue', since: ago(6) } as const;
    expect(since(ago(41), { state: 'needs-attention', reason })).toEqual(ago(41));
  });

  it('ends with a stop that was begun, although AWS refuses it', () => {
    const reason = { code: 'stop-failed', problem: anAwsProblem() } as const;
    expect(since(ago(41), { state: 'needs-attention', reason })).toBeNull();
  });

  it('ends when it is not on any more, and not because it could not be read', () => {
    const problem = anAwsProblem();
    const incomplete = {
      state: 'stopping',
      reason: { code: 'reading-incomplete', problem },
    } as const;
    expect(since(ago(9), { state: 'stopping' })).toBeNull();
    expect(since(ago(9), incomplete, anIncompleteObservation())).toEqual(ago(9));
  });
});

describe('how long starts take', () => {
  const record = { intent: aStartIntent({ since: ago(7) }), startSeconds: [60] };

  it('is remembered when one ends in on', () => {
    expect(found(record, anOnObservation()).startSeconds).toEqual([60, 420]);
  });

  it('is remembered of the last ten', () => {
    const many = { ...record, startSeconds: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] };
    expect(found(many, anOnObservation()).startSeconds).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 420]);
  });

  it('is not remembered of one that somebody else has begun, or that is not over', () => {
    const outside = { ...record, intent: aStartIntent({ origin: 'outside' }) };
    expect(found(outside, anOnObservation()).startSeconds).toEqual([60]);
    expect(found(record, anOnObservation(), {}, record.intent).startSeconds).toEqual([60]);
    expect(found(record, anObservation(), { state: 'off' }).startSeconds).toEqual([60]);
    expect(found({ startSeconds: [60] }, anOnObservation()).startSeconds).toEqual([60]);
  });
});

describe('what the pages are told', () => {
  it('is what was decided, why, and what was seen', () => {
    const observation = anOnObservation({ routes: [route], connections: [aConnection()] });
    const decision = aDecision();
    const { lastPass, nextPassAt, stateSince } = found({}, observation);
    expect(lastPass).toEqual({
      at: sampleNow,
      state: 'on',
      reason: decision.reason,
      seen: { ...seenFrom(observation), connected: 1 },
    });
    expect(nextPassAt).toEqual(decision.lookAgainAt);
    expect(stateSince).toEqual(sampleNow);
  });

  it('is the last complete reading where this one is not', () => {
    const before = aPass({ state: 'on' });
    const { lastPass, stateSince } = found(
      { lastPass: before, stateSince: ago(50) },
      anIncompleteObservation(),
    );
    expect(lastPass?.seen).toEqual(before.seen);
    expect(stateSince).toEqual(ago(50));
    expect(found({}, anIncompleteObservation()).lastPass?.seen).toBeNull();
  });

  it('is kept with the look at the subnets and with the revision that it rests on', () => {
    const check = { at: ago(1), subnets: [sampleIds.subnetA], problems: [] };
    const record = aRecord({ revision: 7 });
    const findings = findingsOf(record, anObservation(), aDecision(), none, check, sampleNow);
    expect(findings).toMatchObject({ revision: 7, subnetCheck: check, intent: none });
  });
});
