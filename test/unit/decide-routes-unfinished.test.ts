import { describe, expect, it } from '@jest/globals';

import { secondsAfter } from '../../src/clock.ts';
import { decide } from '../../src/reconcile/decide.ts';
import type { Situation } from '../../src/reconcile/decision.ts';
import { findingsOf } from '../../src/reconcile/findings.ts';
import type { Route } from '../../src/vpn/route.ts';
import { aLease, alice, sampleIds, sampleNow } from '../builders/endpoint-for-person.ts';
import {
  aRecord,
  aSituation,
  aStartIntent,
  ago,
  ahead,
  anOutcome,
} from '../builders/endpoint-record.ts';
import { aConnection, aRoute, anOnObservation } from '../builders/observation.ts';

const held = [aLease(alice, 30)];
const route = { destinationCidr: '10.9.0.0/16', subnetId: sampleIds.subnetA, description: 'x' };
const row = (overrides: Partial<Route>) => aRoute({ ...route, ...overrides });

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
      reason: { code: 'idle', since: ago(30), silent: 0 },
      intent: { kind: 'stop', since: sampleNow },
    });
  });

  it('lets the grace run from the pass that first finds the hour over, and the stop follows', () => {
    const atTheHour = startedAgo(60, { leases: [] });
    const decision = decide(atTheHour);
    const { observation, record } = atTheHour;
    const { intent } = decision;
    const { nextPassAt, ...found } = findingsOf(
      anOutcome({ record, observation, decision, intent }),
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
