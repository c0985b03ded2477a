import { describe, expect, it } from '@jest/globals';

import { secondsAfter } from '../../src/clock.ts';
import type { EndpointRecord } from '../../src/lease/endpoint-record.ts';
import { decide } from '../../src/reconcile/decide.ts';
import type { Situation } from '../../src/reconcile/decision.ts';
import type { Policy } from '../../src/vpn/policy.ts';
import {
  aHold,
  aLease,
  aPolicy,
  alice,
  anAwsProblem,
  carol,
  sampleIds,
  sampleNow,
} from '../builders/endpoint-for-person.ts';
import {
  aLeaseAsked,
  aPass,
  aStartIntent,
  aStopIntent,
  aStopRequest,
  ago,
  ahead,
  anIdleSituation,
} from '../builders/endpoint-record.ts';
import {
  aConnection,
  aRoute,
  anAssociation,
  anObservation,
  anOnObservation,
  anotherAssociation,
} from '../builders/observation.ts';

const both = [sampleIds.associationA, sampleIds.associationB];
const used = anOnObservation({ connections: [aConnection()] });
const portal = { mayDisassociate: false };
const reason = { code: 'stopped-by-an-administrator', by: carol.name } as const;
const asked = { action: { kind: 'disassociate', because: 'requested' }, state: 'stopping', reason };
const keptOn = { action: { kind: 'nothing' }, state: 'on' };

/** On for two hours, used a minute ago, and somebody has asked for it to stop. */
function requested(
  situation: Partial<Situation> = {},
  record: Partial<EndpointRecord> = {},
  minutesAgo = 1,
) {
  const stopRequest = aStopRequest(minutesAgo);
  return decide(anIdleSituation(situation, { stopRequest, lastConnectedAt: ago(1), ...record }));
}

describe('a stop that an administrator asks for', () => {
  it('takes everything away at once, whoever is connected, and says who wanted it', () => {
    expect(requested({ observation: used })).toEqual({
      action: { kind: 'disassociate', associations: both, because: 'requested' },
      state: 'stopping',
      reason,
      intent: { kind: 'stop', since: sampleNow },
      lookAgainAt: secondsAfter(sampleNow, 5),
    });
  });

  it('voids the leases that were asked for before, and a hold-on', () => {
    expect(requested({ leases: [aLeaseAsked(2)] })).toMatchObject(asked);
    expect(requested({}, { hold: aHold('on', { at: ago(2) }) })).toMatchObject(asked);
  });

  it('does not stop what somebody asks for after it', () => {
    const reason = { code: 'kept-on-by-lease', until: ahead(30) };
    expect(requested({ leases: [aLeaseAsked(0.5)] })).toMatchObject({ ...keptOn, reason });
  });

  it('does not stop what another administrator holds on after it', () => {
    const hold = aHold('on', { at: ago(0.5) });
    expect(requested({}, { hold })).toMatchObject({ ...keptOn, reason: { code: 'held-on' } });
  });

  it('does not come back when what was asked for after it has ended', () => {
    const overruled = (record: Partial<EndpointRecord>) =>
      requested({ observation: used }, record, 60);
    expect(overruled({ lastRequestAt: ago(59) })).toMatchObject(keptOn);
    const hold = aHold('on', { at: ago(59), until: ago(10) });
    expect(overruled({ hold })).toMatchObject(keptOn);
    const intent = aStartIntent({ since: ago(90) });
    expect(overruled({ intent, lastRequestAt: ago(59) })).toMatchObject({
      action: { kind: 'nothing' },
    });
    expect(overruled({ lastRequestAt: ago(61) })).toMatchObject(asked);
  });

  it('stops what came on at that very moment, and nothing that came on since', () => {
    expect(requested({ observation: used }, { onSince: ago(1) })).toMatchObject(asked);
    expect(requested({ observation: used }, { onSince: ago(0.9) })).toMatchObject(keptOn);
  });

  it('does not stop a start from after it, and does stop one from before', () => {
    const associations = [anAssociation(), anotherAssociation({ status: 'associating' })];
    const observation = anObservation({ associations });
    const startedAgo = (minutes: number) =>
      requested({ observation }, { intent: aStartIntent({ since: ago(minutes) }), onSince: null });
    expect(startedAgo(0.5)).toMatchObject({ action: { kind: 'nothing' }, state: 'starting' });
    expect(startedAgo(2)).toMatchObject(asked);
  });

  it('does not stop what was never seen to begin, which may be newer', () => {
    expect(requested({ observation: used }, { onSince: null })).toMatchObject(keptOn);
  });

  it('has nothing to do where it is off', () => {
    expect(requested({ observation: anObservation() })).toMatchObject({
      action: { kind: 'nothing' },
      state: 'off',
      reason: { code: 'nobody-needs-it' },
      intent: { kind: 'none' },
    });
  });

  it('goes on under its first intent, with what is left', () => {
    const observation = anOnObservation({ associations: [anotherAssociation()] });
    const decision = requested({ observation }, { intent: aStopIntent(ago(0.5)) });
    expect(decision).toMatchObject({
      action: { associations: [sampleIds.associationB], because: 'requested' },
      intent: aStopIntent(ago(0.5)),
    });
  });

  it('takes a failed association away first, where nothing else can be taken away', () => {
    const failed = anAssociation({ status: 'association-failed' });
    const associations = [failed, anotherAssociation({ status: 'associating' })];
    expect(requested({ observation: anObservation({ associations }) })).toMatchObject({
      action: { kind: 'disassociate', associations: [failed.id], because: 'failed' },
      state: 'stopping',
      reason,
    });
  });

  describe('in the eyes of the portal', () => {
    it('is told at once, and left to the schedule', () => {
      expect(requested(portal)).toEqual({
        action: { kind: 'nothing' },
        state: 'stopping',
        reason,
        intent: { kind: 'none' },
        lookAgainAt: secondsAfter(sampleNow, 5),
      });
    });

    it('is overdue after five minutes, to the second', () => {
      expect(requested(portal, {}, 4.99)).toMatchObject({ state: 'stopping', reason });
      expect(requested(portal, {}, 5)).toMatchObject({
        action: { kind: 'nothing' },
        state: 'needs-attention',
        reason: { code: 'stop-overdue', since: ago(5) },
        intent: { kind: 'none' },
      });
    });

    it('is not overdue once the schedule has begun it', () => {
      const begun = requested(portal, { intent: aStopIntent(ago(5)) }, 9);
      expect(begun).toMatchObject({ state: 'stopping', reason, intent: aStopIntent(ago(5)) });
    });

    it('is told as refused where AWS has refused it', () => {
      const refused = { code: 'stop-failed', problem: anAwsProblem() } as const;
      const lastPass = aPass({ state: 'needs-attention', reason: refused });
      const told = requested(portal, { intent: aStopIntent(ago(5)), lastPass }, 9);
      expect(told).toMatchObject({ state: 'needs-attention', reason: refused });
    });
  });
});

describe('an ordered stop while networks are on their way', () => {
  const halfway = anObservation({
    associations: [anAssociation(), anotherAssociation({ status: 'associating' })],
  });
  const associations = halfway.associations.map((each) => ({
    ...each,
    status: 'associating' as const,
  }));
  const underWay = { intent: aStartIntent(), onSince: null };

  it('takes away those that have come, which AWS lets it', () => {
    expect(requested({ observation: halfway }, underWay)).toMatchObject({
      action: { associations: [sampleIds.associationA], because: 'requested' },
      intent: { kind: 'stop', since: sampleNow },
    });
  });

  describe('with as many routes in creation as AWS does operations', () => {
    const creating = (count: number) =>
      Array.from({ length: count }, (_, nth) =>
        aRoute({ destinationCidr: `10.${nth}.0.0/16`, status: 'creating' }),
      );
    const begun = (minutes: number, routes: number) =>
      requested(
        { observation: anOnObservation({ routes: creating(routes) }) },
        { intent: aStopIntent(ago(minutes)), onSince: ago(120) },
      );

    it('takes away as many as there is room for, and waits for the rest', () => {
      expect(begun(1, 9)).toMatchObject({ action: { associations: [sampleIds.associationA] } });
      expect(begun(59.9, 10)).toMatchObject({ action: { kind: 'nothing' }, state: 'stopping' });
      expect(begun(59.9, 11)).toMatchObject({ action: { kind: 'nothing' }, state: 'stopping' });
    });

    it('tries one at a time after an hour: they may never come to their end', () => {
      for (const routes of [10, 11]) {
        expect(begun(60, routes)).toMatchObject({
          action: { kind: 'disassociate', associations: [sampleIds.associationA] },
          intent: aStopIntent(ago(60)),
        });
      }
      expect(begun(60, 0)).toMatchObject({ action: { associations: both } });
    });

    it('waits where it is not begun, however old the start is', () => {
      const intent = aStartIntent({ since: ago(90) });
      const observation = anOnObservation({ routes: creating(10) });
      expect(requested({ observation }, { intent })).toMatchObject({ action: { kind: 'nothing' } });
    });
  });

  it('asks AWS for nothing while none has come, and is stopping meanwhile', () => {
    expect(requested({ observation: anObservation({ associations }) }, underWay)).toEqual({
      action: { kind: 'nothing' },
      state: 'stopping',
      reason,
      intent: { kind: 'stop', since: sampleNow },
      lookAgainAt: secondsAfter(sampleNow, 5),
    });
  });

  it('is not overdue, since nobody could have carried it out', () => {
    const observation = anObservation({ associations });
    const record = { ...underWay, intent: aStartIntent({ since: ago(20) }) };
    expect(requested({ observation, ...portal }, record, 10)).toMatchObject({
      action: { kind: 'nothing' },
      state: 'stopping',
      reason,
      intent: record.intent,
    });
  });

  it('goes on as a start of the lease when somebody asks again', () => {
    const seen = { at: ago(0.5), associations, routes: [], connected: 0, connections: [] };
    const lastPass = aPass({ state: 'stopping', reason, seen });
    const record = { intent: aStopIntent(ago(0.5)), onSince: ago(5), lastPass };
    const leases = [aLeaseAsked(0.1)];
    const observation = anObservation({ associations });
    expect(requested({ observation, leases }, record)).toMatchObject({
      action: { kind: 'nothing' },
      state: 'starting',
      reason: { code: 'associating' },
      intent: { kind: 'start', id: 'new-start', origin: 'lease' },
    });
  });
});

describe('under tags that do not parse', () => {
  const policy = { ok: false, name: 'x', groups: null, problems: [] } as const;

  it('an administrator’s stop is followed all the same', () => {
    expect(requested({ policy, observation: used })).toMatchObject({
      ...asked,
      action: { associations: both },
    });
    expect(requested({ policy, ...portal })).toMatchObject({ state: 'stopping', reason });
  });

  it('an administrator’s stop takes away what can be taken away, and waits for the rest', () => {
    const associations = [
      anAssociation({ status: 'association-failed' }),
      anotherAssociation({ status: 'disassociating' }),
    ];
    const observation = anObservation({ associations });
    expect(requested({ policy, observation })).toMatchObject({
      ...asked,
      action: { associations: [sampleIds.associationA] },
    });
  });

  it.each<[string, Partial<Situation>, Partial<EndpointRecord>]>([
    ['that nobody has asked for', {}, { stopRequest: null }],
    ['of what is off', { observation: anObservation() }, {}],
    ['that somebody has asked against', { leases: [aLeaseAsked(0.5)] }, {}],
    ['of what came on since', {}, { onSince: ago(0.5) }],
    ['that a hold-off would mean', {}, { stopRequest: null, hold: aHold('off') }],
  ])('nothing is done for a stop %s', (_, situation, record) => {
    expect(requested({ policy, ...situation }, record)).toMatchObject({
      action: { kind: 'nothing' },
      state: 'needs-attention',
      reason: { code: 'policy-invalid' },
    });
  });
});

describe('the latest hour', () => {
  // Eleven in Tokyo, two minutes before the sample's now.
  const at = ago(2);
  const latestHour = { hour: 11, minute: 0, timeZone: 'Asia/Tokyo' };
  const eleven = (overrides: Partial<Policy> = {}) =>
    ({ ok: true, policy: aPolicy({ latestHour, latestHourCutsOff: true, ...overrides }) }) as const;
  const passed = (situation: Partial<Situation> = {}, record: Partial<EndpointRecord> = {}) =>
    decide(
      anIdleSituation({ policy: eleven(), ...situation }, { lastConnectedAt: ago(1), ...record }),
    );
  const cutOff = {
    action: { kind: 'disassociate', associations: both, because: 'latest-hour' },
    state: 'stopping',
    reason: { code: 'latest-hour', at },
  };

  it('cuts off whoever is connected where its tag says so', () => {
    expect(passed({ observation: used })).toMatchObject({
      ...cutOff,
      intent: { kind: 'stop', since: sampleNow },
    });
  });

  it('cuts nobody off whom somebody has asked for since', () => {
    expect(passed({ observation: used }, { lastRequestAt: ago(1.5) })).toMatchObject(keptOn);
  });

  it('cuts nobody off where its tag does not say so', () => {
    const policy = eleven({ latestHourCutsOff: false });
    expect(passed({ observation: used, policy })).toMatchObject({
      ...keptOn,
      reason: { code: 'connected' },
    });
    expect(passed({ policy })).toMatchObject({ ...keptOn, reason: { code: 'idle-grace' } });
  });

  it('has not come where the tag names none, whatever the other tag says', () => {
    const policy = eleven({ latestHour: null });
    expect(passed({ observation: used, policy })).toMatchObject(keptOn);
  });

  it('cuts off at that very moment, and nobody a moment before', () => {
    expect(passed({ now: at, observation: used })).toMatchObject(cutOff);
    const now = secondsAfter(at, -0.001);
    expect(passed({ now, observation: used })).toMatchObject(keptOn);
  });

  it('cuts nobody off from a quarter of an hour after it, whatever kept it on until then', () => {
    const late = secondsAfter(at, 15 * 60);
    expect(passed({ now: secondsAfter(late, -0.001), observation: used })).toMatchObject(cutOff);
    expect(passed({ now: late, observation: used })).toMatchObject({
      ...keptOn,
      reason: { code: 'connected' },
    });
    const heldUntilMorning = aHold('on', { at: ago(60), until: late });
    expect(passed({ now: late, observation: used }, { hold: heldUntilMorning })).toMatchObject(
      keptOn,
    );
  });

  it('does not stop what came on after it', () => {
    expect(passed({ observation: used }, { onSince: at })).toMatchObject(cutOff);
    expect(passed({ observation: used }, { onSince: ago(1.9) })).toMatchObject(keptOn);
    expect(passed({ observation: used }, { onSince: null })).toMatchObject(keptOn);
  });

  it('does not stop what an administrator holds on, nor what a lease of after it keeps on', () => {
    const held = passed({ observation: used }, { hold: aHold('on') });
    expect(held).toMatchObject({ ...keptOn, reason: { code: 'held-on' } });
    const leased = passed({ observation: used, leases: [aLease(alice, 30)] });
    expect(leased).toMatchObject({ ...keptOn, reason: { code: 'kept-on-by-lease' } });
  });

  it('is not the reason where an administrator has asked for the stop', () => {
    expect(passed({}, { stopRequest: aStopRequest(1) })).toMatchObject(asked);
  });

  it('that the schedule has missed is overdue after five minutes', () => {
    const onTime = passed({ ...portal, observation: used });
    expect(onTime).toMatchObject({ state: 'stopping', reason: { code: 'latest-hour', at } });
    const late = passed({ ...portal, now: ahead(4), observation: used });
    expect(late).toMatchObject({ reason: { code: 'stop-overdue', since: ago(1) } });
  });

  it('is not overdue where a hold has only just ended', () => {
    const hold = aHold('on', { until: ahead(9) });
    const late = passed({ ...portal, now: ahead(10) }, { hold });
    expect(late).toMatchObject({ state: 'stopping', reason: { code: 'latest-hour', at } });
  });
});
