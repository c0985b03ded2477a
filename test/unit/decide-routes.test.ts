import { describe, expect, it } from '@jest/globals';

import { secondsAfter } from '../../src/clock.ts';
import type { EndpointRecord, StartIntent } from '../../src/lease/endpoint-record.ts';
import { decide } from '../../src/reconcile/decide.ts';
import type { Route } from '../../src/vpn/route.ts';
import {
  aHold,
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

  it('that were given up are no trouble any more once they are back', () => {
    const trouble = aTrouble({ problem: routeProblem(), gaveUp: true, retryAt: ahead(9) });
    expect(restoring({ trouble }, [row({})])).toMatchObject({
      action: { kind: 'nothing' },
      state: 'on',
      reason: { code: 'kept-on-by-lease' },
      intent: { kind: 'none' },
    });
  });

  it.each(['creating', 'deleting', 'unknown'] as const)(
    'that were given up, and are %s after all, are waited for',
    (status) => {
      const trouble = aTrouble({ problem: routeProblem(), gaveUp: true, retryAt: ahead(9) });
      expect(restoring({ trouble }, [row({ status })])).toMatchObject({
        action: { kind: 'nothing' },
        state: 'starting',
      });
    },
  );

  it('that were given up begin anew when an administrator holds it on', () => {
    const problem = routeProblem();
    const trouble = aTrouble({ problem, gaveUp: true, at: ago(2), retryAt: ahead(9) });
    const heldSince = (minutes: number) =>
      restoring({ trouble }, [], {
        hold: aHold('on', { at: ago(minutes) }),
        rememberedRoutes: [route],
      });
    expect(heldSince(1)).toMatchObject({
      action: { kind: 'restore-routes', routes: [route] },
      state: 'starting',
      intent: { id: 'new-start', trouble: null },
    });
    expect(heldSince(3)).toMatchObject({ state: 'needs-attention', intent: { id: 'start-1' } });
  });

  it('that were given up do not begin anew when an administrator holds it off', () => {
    const trouble = aTrouble({ problem: routeProblem(), gaveUp: true, retryAt: ahead(9) });
    const intent = aStartIntent({ routes: [route], trouble: { ...trouble, at: ago(2) } });
    const hold = aHold('off', { at: ago(1) });
    const observation = anOnObservation({ connections: [aConnection()] });
    const record = aRecord({ intent, hold, rememberedRoutes: [route] });
    expect(decide(aSituation({ observation, record }))).toMatchObject({
      state: 'needs-attention',
      intent: { id: 'start-1' },
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
      intent: { routes: [route] },
    });
  });

  it('is put back where the last pass could read nothing', () => {
    const lastPass = aPass({ state: 'starting', seen: null });
    const record = aRecord({ intent: aStartIntent({ routes: [route] }), lastPass });
    const situation = aSituation({ leases: held, observation: anOnObservation(), record });
    expect(decide(situation).action).toEqual({ kind: 'restore-routes', routes: [route] });
  });
});

describe('the start of an endpoint of which some routes could not be put back', () => {
  const failing = { ...route, destinationCidr: '10.8.0.0/16' };
  const failedRow = aRoute({ ...failing, status: 'failed', message: 'quota' });
  const withBack = (routes: readonly Route[], intent: StartIntent, lastPass = aPass()) =>
    decide(
      aSituation({
        leases: held,
        observation: anOnObservation({ routes }),
        record: aRecord({ intent, lastPass, rememberedRoutes: [route, failing] }),
      }),
    );

  it('keeps these alone: what is back is left to whoever deletes it from here on', () => {
    const first = withBack([row({}), failedRow], aStartIntent({ routes: [route, failing] }));
    expect(first).toMatchObject({
      state: 'needs-attention',
      intent: { kind: 'start', routes: [failing] },
    });
    const { intent, reason, state } = first;
    if (intent.kind !== 'start') throw new Error('the start is over');
    const seen = seenFrom(anOnObservation({ at: ago(1), routes: [row({}), failedRow] }));
    const after = withBack([failedRow], intent, aPass({ reason, seen, state }));
    expect(after).toMatchObject({
      action: { kind: 'nothing' },
      state: 'needs-attention',
      reason: { code: 'routes-not-restored', failed: 1, message: 'quota' },
      intent: { routes: [failing] },
    });
  });

  it('stays as it stands in the record where none of its routes is back', () => {
    const intent = aStartIntent({ routes: [failing] });
    expect(withBack([failedRow], intent).intent).toBe(intent);
  });
});
