import { describe, expect, it } from '@jest/globals';

import { decide } from '../../src/reconcile/decide.ts';
import type { Decision, Situation } from '../../src/reconcile/decision.ts';
import { findingsOf } from '../../src/reconcile/findings.ts';
import { aHold, sampleIds, sampleNow } from '../builders/endpoint-for-person.ts';
import {
  aDecision,
  aLeaseAsked,
  aPass,
  aRecord,
  aSituation,
  aStartIntent,
  aStopIntent,
  aStopRequest,
  ago,
  ahead,
  anIdleSituation,
  anOutcome,
} from '../builders/endpoint-record.ts';
import {
  aConnection,
  aRoute,
  anAssociation,
  anObservation,
  anOnObservation,
  anotherAssociation,
} from '../builders/observation.ts';

/** What is decided, and what the next pass decides, which reads in the record what this one found. */
function twice(
  situation: Situation,
  next: Partial<Situation>,
): { readonly first: Decision; readonly second: Decision } {
  const { observation, record } = situation;
  const first = decide(situation);
  const { nextPassAt, ...findings } = findingsOf(
    anOutcome({ record, observation, decision: first, intent: first.intent }),
  );
  expect(nextPassAt).toEqual(first.lookAgainAt);
  return { first, second: decide({ ...situation, record: { ...record, ...findings }, ...next }) };
}

describe('over two passes, a stop that an administrator has ordered', () => {
  const startCutShort = aRecord({
    intent: aStartIntent(),
    stopRequest: aStopRequest(1),
    lastPass: aPass({ state: 'starting', reason: { code: 'associating' } }),
  });

  it('of a start takes away the network that was on its way, too, when it has come', () => {
    const halfway = anObservation({
      associations: [anAssociation(), anotherAssociation({ status: 'associating' })],
    });
    const { first, second } = twice(aSituation({ record: startCutShort, observation: halfway }), {
      observation: anObservation({ associations: [anotherAssociation()] }),
    });
    expect(first.action).toMatchObject({ associations: [sampleIds.associationA] });
    expect(second).toMatchObject({
      action: { associations: [sampleIds.associationB], because: 'requested' },
      state: 'stopping',
      intent: first.intent,
    });
  });

  it('of a start that has nothing to take away yet stands until it has', () => {
    const associations = [anAssociation({ status: 'associating' })];
    const { first, second } = twice(
      aSituation({ record: startCutShort, observation: anObservation({ associations }) }),
      { observation: anOnObservation() },
    );
    expect(first).toMatchObject({ action: { kind: 'nothing' }, state: 'stopping' });
    expect(second.action).toMatchObject({ kind: 'disassociate', because: 'requested' });
  });

  it('does not come back when the lease that was asked for after it has ended', () => {
    const stopRequest = aStopRequest(2);
    const leases = [aLeaseAsked(1)];
    const connections = [aConnection()];
    const situation = anIdleSituation(
      { leases, observation: anOnObservation({ connections }) },
      { stopRequest },
    );
    const { first, second } = twice(situation, { now: ahead(31) });
    expect(first.reason).toEqual({ code: 'kept-on-by-lease', until: ahead(30) });
    expect(second).toMatchObject({
      action: { kind: 'nothing' },
      state: 'on',
      reason: { code: 'connected' },
    });
  });

  it('does not come back when the hold that was set after it has ended', () => {
    const observation = anOnObservation({ connections: [aConnection()] });
    const record = { stopRequest: aStopRequest(2), hold: aHold('on', { at: ago(1) }) };
    const { first, second } = twice(anIdleSituation({ observation }, record), { now: ahead(111) });
    expect(first.reason.code).toBe('held-on');
    expect(second).toMatchObject({ action: { kind: 'nothing' }, reason: { code: 'connected' } });
  });

  it('is not forgotten because a pass could not follow it', () => {
    const record = aRecord({ stopRequest: aStopRequest(1), onSince: ago(120) });
    const decision = aDecision({ reason: { code: 'idle-grace', stopAt: sampleNow } });
    expect(findingsOf(anOutcome({ record, decision })).onSince).toEqual(ago(120));
  });
});

describe('over two passes, a hold-off that has cut a start short, and ends', () => {
  it('before anything is taken away leaves it its routes', () => {
    const { description, destinationCidr, subnetId } = aRoute();
    const rememberedRoutes = [{ description, destinationCidr, subnetId }];
    const hold = aHold('off', { until: ahead(1) });
    const lastReleaseAt = ago(1);
    const record = aRecord({ intent: aStopIntent(), rememberedRoutes, hold, lastReleaseAt });
    // The network that was on its way has come by the time that the portal looks.
    const observation = anOnObservation();
    const { first, second } = twice(aSituation({ record, observation, mayDisassociate: false }), {
      now: hold.until,
      mayDisassociate: true,
    });
    expect(first).toMatchObject({ state: 'stopping', intent: { kind: 'stop' } });
    expect(second).toMatchObject({
      action: { kind: 'restore-routes', routes: rememberedRoutes },
      state: 'starting',
      intent: { kind: 'start', routes: rememberedRoutes },
    });
  });
});
