import { describe, expect, it } from '@jest/globals';

import type { EndpointRecord, Intent } from '../../src/lease/endpoint-record.ts';
import type { Decision } from '../../src/reconcile/decision.ts';
import type { Observation } from '../../src/vpn/observation.ts';
import type { Route } from '../../src/vpn/route.ts';
import { anAwsProblem, sampleNow } from '../builders/endpoint-for-person.ts';
import { aPass, aStartIntent, ago, seenFrom, found } from '../builders/endpoint-record.ts';
import {
  aRoute,
  anAssociation,
  anIncompleteObservation,
  anObservation,
  anOnObservation,
  anotherAssociation,
} from '../builders/observation.ts';

const none: Intent = { kind: 'none' };

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

  describe('while some could not be put back', () => {
    const unrestored = { ...route, destinationCidr: '10.7.0.0/16' };
    const kept = { destinationCidr: unrestored.destinationCidr, subnetId, description };
    const reason = { code: 'routes-not-restored', failed: 1, message: 'quota' } as const;
    const state = 'needs-attention';
    const start = aStartIntent({ routes: [kept] });
    const before = (routes: readonly Route[], rememberedRoutes = [...remembered, kept]) => {
      const seen = seenFrom(anOnObservation({ at: ago(1), routes }));
      return { rememberedRoutes, intent: start, lastPass: aPass({ state, reason, seen }) };
    };
    const next = (
      record: Partial<EndpointRecord>,
      routes: readonly Route[],
      decision: Partial<Decision> = { state, reason },
      intent: Intent = start,
    ) => found(record, anOnObservation({ routes }), decision, intent).rememberedRoutes;

    it('are learned all the same, and those are not forgotten', () => {
      const fresh = aRoute({ destinationCidr: '10.6.0.0/16' });
      const added = { destinationCidr: fresh.destinationCidr, subnetId, description };
      expect(next(before([route]), [route, fresh])).toEqual([...remembered, added, kept]);
    });

    it('are forgotten where somebody has deleted one that was back', () => {
      expect(next(before([route]), [])).toEqual([...remembered, kept]);
      expect(next(before([]), [])).toEqual([kept]);
    });

    it('are learned too by the pass in which the last of them has come back', () => {
      const on = { state: 'on', reason: { code: 'connected', connected: 1 } } as const;
      const fresh = aRoute({ destinationCidr: '10.6.0.0/16' });
      const both = [{ ...remembered[0], destinationCidr: fresh.destinationCidr }, kept];
      expect(next(before([]), [fresh, unrestored], on, none)).toEqual(both);
    });

    it('are neither learned nor forgotten by the first pass that finds it so', () => {
      const record = { ...before([]), lastPass: aPass({ state: 'starting' }) };
      expect(next(record, [])).toEqual([...remembered, kept]);
    });

    it('are not learned from a start begun anew, which has put nothing back yet', () => {
      const starting = { state: 'starting', reason: { code: 'restoring-routes' } } as const;
      expect(next(before([]), [], starting)).toEqual([...remembered, kept]);
      const stopped = { ...before([]), intent: none };
      expect(next(stopped, [])).toEqual([...remembered, kept]);
    });
  });

  describe('in the pass that stops it', () => {
    const stopping = {
      state: 'stopping',
      action: { kind: 'disassociate', associations: [], because: 'idle' },
    } as const;
    const intent = { kind: 'stop', since: sampleNow } as const;
    const fresh = aRoute({ destinationCidr: '10.6.0.0/16' });
    const atTheStop = (record: Partial<EndpointRecord>, routes: readonly Route[]) =>
      found(record, anOnObservation({ routes }), stopping, intent).rememberedRoutes;

    it('are learned, so that what was added in the last minute comes back', () => {
      const record = steadyWith([route], { rememberedRoutes: remembered });
      expect(atTheStop(record, [route, fresh])).toEqual([
        ...remembered,
        { ...remembered[0], destinationCidr: fresh.destinationCidr },
      ]);
    });

    it('are not forgotten, whatever is missing from the table', () => {
      const record = steadyWith([], { rememberedRoutes: remembered });
      expect(atTheStop(record, [])).toEqual(remembered);
    });

    it('are not learned in a later pass of the same stop', () => {
      const record = steadyWith([], {
        rememberedRoutes: remembered,
        intent,
        lastPass: aPass({ state: 'stopping', reason: { code: 'disassociating' } }),
      });
      expect(atTheStop(record, [fresh])).toEqual(remembered);
    });
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
