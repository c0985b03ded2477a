import { describe, expect, it } from '@jest/globals';

import { secondsAfter } from '../../src/clock.ts';
import type { EndpointRecord, StartIntent } from '../../src/lease/endpoint-record.ts';
import { decide } from '../../src/reconcile/decide.ts';
import type { Situation } from '../../src/reconcile/decision.ts';
import { findingsOf } from '../../src/reconcile/findings.ts';
import type { Route } from '../../src/vpn/route.ts';
import {
  aLease,
  alice,
  anAwsProblem,
  sampleIds,
  sampleNow,
} from '../builders/endpoint-for-person.ts';
import {
  aPass,
  aRecord,
  aSituation,
  aStartIntent,
  aTrouble,
  ago,
  ahead,
  anIdleSituation,
  seenFrom,
} from '../builders/endpoint-record.ts';
import {
  aConnection,
  aRoute,
  anAssociation,
  anObservation,
  anOnObservation,
} from '../builders/observation.ts';

const held = [aLease(alice, 30)];
const route = { destinationCidr: '10.9.0.0/16', subnetId: sampleIds.subnetA, description: 'x' };
const routeProblem = (message = 'not now') =>
  anAwsProblem({ operation: 'CreateClientVpnRoute', message });
const row = (overrides: Partial<Route>) => aRoute({ ...route, ...overrides });

describe('the routes of a start', () => {
  const restoring = (
    start: Partial<StartIntent>,
    routes: readonly Route[] = [],
    record: Partial<EndpointRecord> = {},
  ) =>
    decide(
      aSituation({
        leases: held,
        observation: anOnObservation({ routes }),
        record: aRecord({ intent: aStartIntent({ routes: [route], ...start }), ...record }),
      }),
    );

  it('are put back when the networks are there, and it is not on before', () => {
    expect(restoring({})).toEqual({
      action: { kind: 'restore-routes', routes: [route] },
      state: 'starting',
      reason: { code: 'restoring-routes' },
      intent: aStartIntent({ routes: [route] }),
      lookAgainAt: secondsAfter(sampleNow, 5),
    });
  });

  it.each(['creating', 'deleting', 'unknown'] as const)('are waited for while %s', (status) => {
    expect(restoring({}, [row({ status })])).toMatchObject({
      action: { kind: 'nothing' },
      state: 'starting',
      reason: { code: 'restoring-routes' },
    });
  });

  it('are asked for again, by the same start, when somebody deletes one on its way', () => {
    const intent = aStartIntent({ routes: [route] });
    const seen = seenFrom(anOnObservation({ at: ago(1), routes: [row({ status: 'creating' })] }));
    const reason = { code: 'restoring-routes' } as const;
    const lastPass = aPass({ state: 'starting', reason, seen });
    expect(restoring({}, [], { intent, lastPass })).toMatchObject({
      action: { kind: 'restore-routes', routes: [route] },
      intent,
    });
  });

  it('end the start when they are active', () => {
    expect(restoring({}, [row({})])).toMatchObject({
      action: { kind: 'nothing' },
      state: 'on',
      reason: { code: 'kept-on-by-lease' },
      intent: { kind: 'none' },
    });
  });

  it('are not waited for where their network is not there', () => {
    const elsewhere = { ...route, subnetId: sampleIds.subnetB };
    const decision = decide(
      anIdleSituation(
        { observation: anObservation({ associations: [anAssociation()] }) },
        { intent: aStartIntent({ routes: [elsewhere] }) },
      ),
    );
    expect(decision.state).not.toBe('starting');
  });

  it('are asked for in portions that AWS takes at a time', () => {
    const routes = Array.from({ length: 12 }, (_, index) => ({
      ...route,
      destinationCidr: `10.${index}.0.0/16`,
    }));
    expect(restoring({ routes }).action).toEqual({
      kind: 'restore-routes',
      routes: routes.slice(0, 8),
    });
    const rows = routes.slice(0, 7).map((each) => aRoute({ ...each, status: 'creating' }));
    expect(restoring({ routes }, rows).action).toEqual({
      kind: 'restore-routes',
      routes: [routes[7]],
    });
    const full = routes.slice(0, 9).map((each) => aRoute({ ...each, status: 'creating' }));
    expect(restoring({ routes }, full).action).toEqual({ kind: 'nothing' });
  });

  it('are tried again when they are due, and not before', () => {
    const trouble = aTrouble({ problem: routeProblem(), retryAt: ahead(1) });
    expect(restoring({ trouble })).toMatchObject({
      action: { kind: 'nothing' },
      state: 'starting',
      reason: { code: 'trying-again', problem: trouble.problem, retryAt: ahead(1) },
    });
    expect(restoring({ trouble: aTrouble({ problem: routeProblem() }) })).toMatchObject({
      action: { kind: 'restore-routes' },
      reason: { code: 'restoring-routes' },
    });
  });

  it('do not wait for what went wrong with an association', () => {
    const trouble = aTrouble({ gaveUp: true, retryAt: ahead(9) });
    expect(restoring({ trouble })).toMatchObject({
      action: { kind: 'restore-routes', routes: [route] },
      state: 'starting',
      reason: { code: 'restoring-routes' },
    });
  });

  it('that fail leave it usable, and say what is missing in the words of AWS', () => {
    expect(restoring({}, [row({ status: 'failed', message: 'quota' })])).toMatchObject({
      action: { kind: 'nothing' },
      state: 'needs-attention',
      reason: { code: 'routes-not-restored', failed: 1, message: 'quota' },
      intent: { kind: 'start' },
    });
    expect(restoring({}, [row({ status: 'failed' })]).reason).toMatchObject({ message: '' });
  });

  it('that were given up leave it usable, and are tried now and then', () => {
    const problem = routeProblem('no permission');
    const later = aTrouble({ gaveUp: true, problem, retryAt: ahead(9) });
    expect(restoring({ trouble: later })).toMatchObject({
      action: { kind: 'nothing' },
      state: 'needs-attention',
      reason: { code: 'routes-not-restored', failed: 1, message: 'no permission' },
    });
    expect(restoring({ trouble: { ...later, retryAt: ago(1) } })).toMatchObject({
      action: { kind: 'restore-routes', routes: [route] },
      state: 'needs-attention',
    });
  });

  it('that were given up begin anew when somebody asks', () => {
    const problem = routeProblem();
    const trouble = aTrouble({ problem, gaveUp: true, at: ago(2), retryAt: ahead(9) });
    const record = { lastRequestAt: ago(1), rememberedRoutes: [route] };
    expect(restoring({ trouble, origin: 'outside' }, [], record)).toMatchObject({
      action: { kind: 'restore-routes', routes: [route] },
      state: 'starting',
      intent: { id: 'new-start', origin: 'outside', trouble: null },
    });
  });

  it('that were given up do not keep it on when nobody needs it', () => {
    const trouble = aTrouble({ problem: routeProblem(), gaveUp: true, retryAt: ago(1) });
    const record = { intent: aStartIntent({ routes: [route], trouble }) };
    expect(decide(anIdleSituation({}, record))).toMatchObject({
      action: { kind: 'disassociate', because: 'idle' },
      state: 'stopping',
      intent: { kind: 'stop' },
    });
  });
});

describe('a route that is not in the table any more', () => {
  const otherRoute = { ...route, destinationCidr: '10.8.0.0/16' };
  const after = (before: readonly Route[], now: readonly Route[] = []) => {
    const routes = [route, otherRoute];
    const seen = seenFrom(anOnObservation({ at: ago(1), routes: before }));
    const reason = { code: 'restoring-routes' } as const;
    const lastPass = aPass({ state: 'starting', reason, seen });
    const record = aRecord({ intent: aStartIntent({ routes }), lastPass });
    return decide(
      aSituation({ leases: held, observation: anOnObservation({ routes: now }), record }),
    );
  };
  const other = aRoute(otherRoute);

  it('and that had failed was deleted by somebody: it is not put back, and the start ends', () => {
    expect(after([row({ status: 'failed' }), other], [other])).toMatchObject({
      action: { kind: 'nothing' },
      state: 'on',
      reason: { code: 'kept-on-by-lease' },
      intent: { kind: 'none' },
    });
  });

  it('and that had failed does not keep the other routes of the start from being put back', () => {
    expect(after([row({ status: 'failed' })])).toMatchObject({
      action: { kind: 'restore-routes', routes: [otherRoute] },
      state: 'starting',
      intent: { kind: 'start', id: 'start-1', routes: [otherRoute] },
    });
  });

  it.each(['creating', 'active', 'deleting', 'unknown'] as const)(
    'and that had not failed, but was %s, is put back',
    (status) => {
      expect(after([row({ status }), other], [other])).toMatchObject({
        action: { kind: 'restore-routes', routes: [route] },
        state: 'starting',
        intent: { routes: [route, otherRoute] },
      });
    },
  );

  it('is not taken for deleted while it is there, and has failed', () => {
    const failed = row({ status: 'failed', message: 'quota' });
    expect(after([failed, other], [failed, other])).toMatchObject({
      action: { kind: 'nothing' },
      state: 'needs-attention',
      reason: { code: 'routes-not-restored', failed: 1, message: 'quota' },
      intent: { routes: [route, otherRoute] },
    });
  });

  it('is put back where the last pass could read nothing', () => {
    const lastPass = aPass({ state: 'starting', seen: null });
    const record = aRecord({ intent: aStartIntent({ routes: [route] }), lastPass });
    const situation = aSituation({ leases: held, observation: anOnObservation(), record });
    expect(decide(situation).action).toEqual({ kind: 'restore-routes', routes: [route] });
  });
});

describe('a route that AWS does not finish', () => {
  const startedAgo = (
    minutes: number,
    situation: Partial<Situation> = {},
    { onSince = null, routes = [row({ status: 'creating' })] }: StartedAgo = {},
  ) =>
    aSituation({
      leases: held,
      record: aRecord({ intent: aStartIntent({ since: ago(minutes), routes: [route] }), onSince }),
      observation: anOnObservation({ routes }),
      ...situation,
    });
  interface StartedAgo {
    readonly onSince?: Date | null;
    readonly routes?: readonly Route[];
  }
  const overdue = {
    state: 'needs-attention',
    reason: { code: 'routes-not-restored', failed: 1, message: '' },
    intent: aStartIntent({ since: ago(60), routes: [route] }),
  };

  it('is waited for until an hour after the start', () => {
    const justBefore = startedAgo(60, { now: secondsAfter(sampleNow, -0.001) });
    expect(decide(justBefore)).toMatchObject({
      action: { kind: 'nothing' },
      state: 'starting',
      reason: { code: 'restoring-routes' },
    });
  });

  it('is waited for until then though nobody needs it, and stops nothing', () => {
    const justBefore = startedAgo(60, { now: secondsAfter(sampleNow, -0.001), leases: [] });
    expect(decide(justBefore)).toMatchObject({
      action: { kind: 'nothing' },
      state: 'starting',
      reason: { code: 'restoring-routes' },
    });
  });

  it.each(['creating', 'deleting', 'unknown'] as const)(
    'needs attention after the hour when it is %s, kept on by a lease',
    (status) => {
      const routes = [row({ status })];
      const kept = decide(startedAgo(60, {}, { routes, onSince: ago(600) }));
      expect(kept).toMatchObject({ ...overdue, action: { kind: 'nothing' } });
      expect(kept.lookAgainAt).toEqual(secondsAfter(sampleNow, 55));
    },
  );

  it('is asked for all the same after the hour when it is not even in the table', () => {
    expect(decide(startedAgo(60, {}, { routes: [] }))).toMatchObject({
      ...overdue,
      action: { kind: 'restore-routes', routes: [route] },
    });
  });

  it('is not what people read after the hour when it is active: then it is on', () => {
    expect(decide(startedAgo(61, {}, { routes: [row({})] }))).toMatchObject({
      action: { kind: 'nothing' },
      state: 'on',
      reason: { code: 'kept-on-by-lease' },
      intent: { kind: 'none' },
    });
  });

  it('does not stop an endpoint that somebody is connected to', () => {
    const routes = [row({ status: 'creating' })];
    const observation = anOnObservation({ routes, connections: [aConnection()] });
    const decision = decide(startedAgo(60, { leases: [], observation }, { onSince: ago(600) }));
    expect(decision).toMatchObject({ ...overdue, action: { kind: 'nothing' } });
  });

  it('does not cost the endpoint that nobody needs its idle grace', () => {
    const first = decide(startedAgo(60, { leases: [] }));
    expect(first).toMatchObject({ ...overdue, action: { kind: 'nothing' } });
    const last = decide(startedAgo(60, { leases: [] }, { onSince: ago(29) }));
    expect(last).toMatchObject({ ...overdue, action: { kind: 'nothing' } });
  });

  it('does not keep the endpoint that nobody needs on after its idle grace', () => {
    expect(decide(startedAgo(60, { leases: [] }, { onSince: ago(30) }))).toMatchObject({
      action: {
        kind: 'disassociate',
        associations: [sampleIds.associationA, sampleIds.associationB],
        because: 'idle',
      },
      state: 'stopping',
      reason: { code: 'idle', since: ago(30) },
      intent: { kind: 'stop', since: sampleNow },
    });
  });

  it('lets the grace run from the pass that first finds the hour over, and the stop follows', () => {
    const atTheHour = startedAgo(60, { leases: [] });
    const decision = decide(atTheHour);
    const { observation, record } = atTheHour;
    const { nextPassAt, ...found } = findingsOf(
      record,
      observation,
      decision,
      decision.intent,
      null,
      sampleNow,
    );
    expect(nextPassAt).toEqual(decision.lookAgainAt);
    const later = (minutes: number) =>
      decide({ ...atTheHour, record: { ...record, ...found }, now: ahead(minutes) });
    expect(later(29.9)).toMatchObject({ action: { kind: 'nothing' }, state: 'needs-attention' });
    expect(later(30)).toMatchObject({
      action: { kind: 'disassociate', because: 'idle' },
      state: 'stopping',
    });
  });
});
