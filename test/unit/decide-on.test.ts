import { describe, expect, it } from '@jest/globals';

import { secondsAfter } from '../../src/clock.ts';
import type { EndpointRecord, StartIntent } from '../../src/lease/endpoint-record.ts';
import { decide } from '../../src/reconcile/decide.ts';
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
  aStopIntent,
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
  anotherAssociation,
} from '../builders/observation.ts';

const held = [aLease(alice, 30)];

describe('on', () => {
  it('is kept on by a lease', () => {
    expect(decide(anIdleSituation({ leases: held }))).toEqual({
      action: { kind: 'nothing' },
      state: 'on',
      reason: { code: 'kept-on-by-lease', until: ahead(30) },
      intent: { kind: 'none' },
      lookAgainAt: secondsAfter(sampleNow, 55),
    });
  });

  it.each(['active', 'terminating', 'failed-to-terminate', 'unknown'] as const)(
    'is kept on by a connection that is %s',
    (status) => {
      const observation = anOnObservation({ connections: [aConnection({ status })] });
      expect(decide(anIdleSituation({ observation }, { intent: aStopIntent() }))).toMatchObject({
        action: { kind: 'nothing' },
        state: 'on',
        reason: { code: 'connected', connected: 1 },
        intent: { kind: 'none' },
      });
    },
  );

  it('is not kept on by a connection that has ended', () => {
    const connections = [aConnection({ status: 'terminated', endedAt: ago(40) })];
    const observation = anOnObservation({ connections });
    expect(decide(anIdleSituation({ observation })).state).toBe('stopping');
  });

  it('is stopped when nobody has needed it for the idle grace', () => {
    const associations = [sampleIds.associationA, sampleIds.associationB];
    expect(decide(anIdleSituation())).toEqual({
      action: { kind: 'disassociate', associations, because: 'idle' },
      state: 'stopping',
      reason: { code: 'idle', since: ago(120) },
      intent: { kind: 'stop', since: sampleNow },
      lookAgainAt: secondsAfter(sampleNow, 5),
    });
  });

  it('is not stopped by the portal, which leaves it as it is', () => {
    expect(decide(anIdleSituation({ mayDisassociate: false }))).toMatchObject({
      action: { kind: 'nothing' },
      state: 'on',
      reason: { code: 'idle-grace', stopAt: ago(90) },
      intent: { kind: 'none' },
    });
  });

  it.each<[string, Partial<EndpointRecord>]>([
    ['it became on', { onSince: ago(29) }],
    ['a connection was seen', { lastConnectedAt: ago(29) }],
    ['a lease was given back', { lastReleaseAt: ago(29) }],
  ])('has its whole grace since %s', (_, record) => {
    expect(decide(anIdleSituation({}, record))).toMatchObject({
      action: { kind: 'nothing' },
      state: 'on',
      reason: { code: 'idle-grace', stopAt: ahead(1) },
    });
  });

  it('has its whole grace since the last lease ended', () => {
    const leases = [aLease(alice, -29)];
    const decision = decide(anIdleSituation({ leases }));
    expect(decision.reason).toEqual({ code: 'idle-grace', stopAt: ahead(1) });
  });

  it('has its whole grace since the last connection ended', () => {
    const connections = [aConnection({ status: 'terminated', endedAt: ago(29) })];
    const decision = decide(anIdleSituation({ observation: anOnObservation({ connections }) }));
    expect(decision.reason).toEqual({ code: 'idle-grace', stopAt: ahead(1) });
  });

  it('begins its grace now where it was never seen on', () => {
    const decision = decide(anIdleSituation({}, { onSince: null }));
    expect(decision.reason).toEqual({ code: 'idle-grace', stopAt: ahead(30) });
  });

  it('is looked at when the grace ends, if that is before the next look', () => {
    const soon = decide(anIdleSituation({}, { onSince: ago(29.5) }));
    expect(soon.lookAgainAt).toEqual(ahead(0.5));
    const later = decide(anIdleSituation({}, { onSince: ago(1) }));
    expect(later.lookAgainAt).toEqual(secondsAfter(sampleNow, 55));
  });
});

describe('a stop that was begun and did not come to its end', () => {
  const begun = { intent: aStopIntent(ago(1)), onSince: null, lastConnectedAt: ago(60) };

  it('goes on at once, with what is left of it', () => {
    const observation = anOnObservation({ associations: [anotherAssociation()] });
    expect(decide(anIdleSituation({ observation }, begun))).toMatchObject({
      action: { kind: 'disassociate', associations: [sampleIds.associationB], because: 'idle' },
      state: 'stopping',
      reason: { code: 'idle', since: ago(31) },
      intent: aStopIntent(ago(1)),
    });
  });

  it('is neither continued nor called off by the portal', () => {
    expect(decide(anIdleSituation({ mayDisassociate: false }, begun))).toMatchObject({
      action: { kind: 'nothing' },
      state: 'stopping',
      reason: { code: 'idle' },
      intent: aStopIntent(ago(1)),
    });
  });

  it('is called off where somebody was there after it had begun', () => {
    const connections = [aConnection({ status: 'terminated', endedAt: ago(0.5) })];
    const observation = anOnObservation({ connections });
    expect(decide(anIdleSituation({ observation }, begun))).toMatchObject({
      action: { kind: 'nothing' },
      state: 'on',
      reason: { code: 'idle-grace', stopAt: ahead(29.5) },
      intent: { kind: 'none' },
    });
  });

  it('is called off too late where routes are gone already, which are put back', () => {
    const route = { destinationCidr: '10.9.0.0/16', subnetId: sampleIds.subnetA, description: '' };
    const gone = { ...begun, rememberedRoutes: [route] };
    const start = {
      action: { kind: 'restore-routes', routes: [route] },
      state: 'starting',
      intent: { kind: 'start', id: 'new-start' },
    };
    expect(decide(anIdleSituation({ leases: held }, gone))).toMatchObject(start);
    const connected = anOnObservation({ connections: [aConnection()] });
    expect(decide(anIdleSituation({ observation: connected }, gone))).toMatchObject(start);
    expect(decide(anIdleSituation({}, gone)).state).toBe('stopping');
    const there = anOnObservation({ routes: [aRoute(route)] });
    expect(decide(anIdleSituation({ observation: there, leases: held }, gone)).state).toBe('on');
  });

  it('is called off by a lease', () => {
    expect(decide(anIdleSituation({ leases: held }, begun))).toMatchObject({
      action: { kind: 'nothing' },
      state: 'on',
      intent: { kind: 'none' },
    });
  });
});

describe('the routes of a start', () => {
  const route = { destinationCidr: '10.9.0.0/16', subnetId: sampleIds.subnetA, description: 'x' };
  const row = (overrides: Partial<Route>) => aRoute({ ...route, ...overrides });
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
    const trouble = aTrouble({ retryAt: ahead(1) });
    expect(restoring({ trouble })).toMatchObject({
      action: { kind: 'nothing' },
      state: 'starting',
      reason: { code: 'trying-again', problem: trouble.problem, retryAt: ahead(1) },
    });
    expect(restoring({ trouble: aTrouble() })).toMatchObject({
      action: { kind: 'restore-routes' },
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
    const problem = anAwsProblem({ message: 'no permission' });
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
    const trouble = aTrouble({ gaveUp: true, at: ago(2), retryAt: ahead(9) });
    const record = { lastRequestAt: ago(1), rememberedRoutes: [route] };
    expect(restoring({ trouble, origin: 'outside' }, [], record)).toMatchObject({
      action: { kind: 'restore-routes', routes: [route] },
      state: 'starting',
      intent: { id: 'new-start', origin: 'outside', trouble: null },
    });
  });

  it('that were given up do not keep it on when nobody needs it', () => {
    const trouble = aTrouble({ gaveUp: true, retryAt: ago(1) });
    const record = { intent: aStartIntent({ routes: [route], trouble }) };
    expect(decide(anIdleSituation({}, record))).toMatchObject({
      action: { kind: 'disassociate', because: 'idle' },
      state: 'stopping',
      intent: { kind: 'stop' },
    });
  });
});

describe('networks that somebody else has associated', () => {
  const route = { destinationCidr: '10.9.0.0/16', subnetId: sampleIds.subnetA, description: '' };
  const rememberedRoutes = [route];
  const off = aPass();
  const adopted = {
    action: { kind: 'restore-routes', routes: [route] },
    state: 'starting',
    intent: { kind: 'start', id: 'new-start', origin: 'outside', routes: [route] },
  };

  it('have their routes put back where it was off', () => {
    const record = { rememberedRoutes, lastPass: off, onSince: null };
    expect(decide(anIdleSituation({}, record))).toMatchObject(adopted);
  });

  it('have their routes put back where it was seen stopping, whoever stopped it', () => {
    const associations = [anAssociation({ status: 'disassociating' })];
    const seen = seenFrom(anObservation({ at: ago(1), associations }));
    const lastPass = aPass({ state: 'stopping', reason: { code: 'disassociating' }, seen });
    for (const intent of [{ kind: 'none' as const }, aStopIntent()]) {
      const record = { rememberedRoutes, lastPass, intent, onSince: null };
      expect(decide(anIdleSituation({}, record))).toMatchObject(adopted);
    }
  });

  it('have their routes put back where they took the place of others between two looks', () => {
    const associations = [
      anAssociation({ id: sampleIds.associationB }),
      anotherAssociation({ id: sampleIds.associationA }),
    ];
    const seen = seenFrom(anOnObservation({ associations: associations.slice(0, 1) }));
    const lastPass = aPass({ state: 'on', seen });
    const record = { rememberedRoutes, lastPass };
    expect(decide(anIdleSituation({}, record))).toMatchObject(adopted);
  });

  it('are on at once where there is nothing to put back', () => {
    const decision = decide(anIdleSituation({}, { lastPass: off, onSince: null }));
    expect(decision).toMatchObject({ state: 'on', intent: { kind: 'none' } });
  });

  it('are taken as they are where nothing was read before', () => {
    for (const lastPass of [null, aPass({ seen: null })]) {
      const record = { rememberedRoutes, lastPass, onSince: null };
      expect(decide(anIdleSituation({}, record))).toMatchObject({
        action: { kind: 'nothing' },
        state: 'on',
      });
    }
  });
});
