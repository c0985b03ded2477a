import { describe, expect, it } from '@jest/globals';

import { secondsAfter } from '../../src/clock.ts';
import { decide } from '../../src/reconcile/decide.ts';
import {
  aHold,
  aLease,
  aPolicy,
  alice,
  carol,
  sampleIds,
  sampleNow,
} from '../builders/endpoint-for-person.ts';
import {
  aRecord,
  aSituation,
  aStopRequest,
  ago,
  ahead,
  anIdleSituation,
} from '../builders/endpoint-record.ts';
import {
  aConnection,
  anAssociation,
  anObservation,
  anOnObservation,
  connectionId,
} from '../builders/observation.ts';

const on = aHold('on');
const off = aHold('off');
const told = { by: carol.name, why: 'Maintenance of the file server' };
const used = anOnObservation({ connections: [aConnection()] });
const held = [aLease(alice, 30)];

describe('an endpoint that an administrator holds on', () => {
  const heldOn = { code: 'held-on', until: on.until, ...told };

  it('stays on though nobody needs it, and says until when, why, and for whom', () => {
    expect(decide(anIdleSituation({}, { hold: on }))).toEqual({
      action: { kind: 'nothing' },
      state: 'on',
      reason: heldOn,
      intent: { kind: 'none' },
      lookAgainAt: secondsAfter(sampleNow, 55),
    });
  });

  it('is started for the hold alone', () => {
    expect(decide(aSituation({ record: aRecord({ hold: on }) }))).toMatchObject({
      action: { kind: 'associate', subnets: [sampleIds.subnetA, sampleIds.subnetB] },
      state: 'starting',
      reason: { code: 'lease-held', until: on.until },
    });
  });

  it('names the hold, or the lease, whichever lasts longer', () => {
    const reasonWith = (minutes: number) =>
      decide(anIdleSituation({ leases: [aLease(alice, minutes)] }, { hold: on })).reason;
    expect(reasonWith(109)).toEqual(heldOn);
    expect(reasonWith(110)).toEqual(heldOn);
    expect(reasonWith(111)).toEqual({ code: 'kept-on-by-lease', until: ahead(111) });
  });

  it('has its whole grace when the hold ends', () => {
    const hold = aHold('on', { until: ago(29) });
    expect(decide(anIdleSituation({}, { hold }))).toMatchObject({
      action: { kind: 'nothing' },
      state: 'on',
      reason: { code: 'idle-grace', stopAt: ahead(1) },
    });
    const over = aHold('on', { until: ago(30) });
    expect(decide(anIdleSituation({}, { hold: over })).reason).toMatchObject({ since: ago(30) });
  });

  it('has its whole grace when the hold is taken back', () => {
    expect(decide(anIdleSituation({}, { hold: null, lastReleaseAt: ago(29) })).reason).toEqual({
      code: 'idle-grace',
      stopAt: ahead(1),
    });
  });

  it('is not held on by what a later stop has voided', () => {
    const record = { hold: aHold('on', { at: ago(1) }), stopRequest: aStopRequest(1) };
    expect(decide(anIdleSituation({}, record)).action).toMatchObject({ because: 'requested' });
  });
});

describe('an endpoint that an administrator holds off', () => {
  const heldOff = { code: 'held-off', until: off.until, ...told };

  it('is not started for a lease, and says why', () => {
    expect(decide(aSituation({ leases: held, record: aRecord({ hold: off }) }))).toEqual({
      action: { kind: 'nothing' },
      state: 'off',
      reason: heldOff,
      intent: { kind: 'none' },
      lookAgainAt: secondsAfter(sampleNow, 55),
    });
  });

  it('is stopped without a grace, whatever leases there are', () => {
    const situation = anIdleSituation({ leases: held }, { hold: off, lastConnectedAt: ago(1) });
    expect(decide(situation)).toMatchObject({
      action: {
        kind: 'disassociate',
        associations: [sampleIds.associationA, sampleIds.associationB],
        because: 'held-off',
      },
      state: 'stopping',
      reason: heldOff,
      intent: { kind: 'stop', since: sampleNow },
    });
  });

  it('waits for those who are connected', () => {
    expect(
      decide(anIdleSituation({ observation: used, leases: held }, { hold: off })),
    ).toMatchObject({
      action: { kind: 'nothing' },
      state: 'on',
      reason: { code: 'connected', connected: 1 },
    });
  });

  it('does not wait for a connection that has been silent for too long', () => {
    const policy = { ok: true, policy: aPolicy({ silentMinutes: 30 }) } as const;
    const traffic = [{ connectionId: connectionId(1), bytes: 0, movedAt: ago(30) }];
    const situation = anIdleSituation({ observation: used, policy }, { hold: off, traffic });
    expect(decide(situation).action).toMatchObject({ because: 'held-off' });
  });

  it('waits while its networks are on their way', () => {
    const associations = [anAssociation({ status: 'associating' })];
    const observation = anObservation({ associations });
    expect(decide(aSituation({ observation, record: aRecord({ hold: off }) }))).toMatchObject({
      action: { kind: 'nothing' },
      state: 'stopping',
      reason: heldOff,
    });
  });

  it('goes on as if there were no hold when it has ended', () => {
    const hold = aHold('off', { until: sampleNow });
    expect(decide(anIdleSituation({ leases: held }, { hold }))).toMatchObject({
      action: { kind: 'nothing' },
      state: 'on',
      reason: { code: 'kept-on-by-lease' },
    });
    expect(decide(aSituation({ record: aRecord({ hold }) })).reason.code).toBe('nobody-needs-it');
  });

  it('does not stop sooner, nor later, because a hold-off has ended', () => {
    const hold = aHold('off', { until: ago(1) });
    expect(decide(anIdleSituation({}, { hold })).reason).toMatchObject({ since: ago(120) });
  });

  describe('in the eyes of the portal', () => {
    const seenByPortal = (now: Date, lastConnectedAt: Date | null = null) =>
      decide(anIdleSituation({ now, mayDisassociate: false }, { hold: off, lastConnectedAt }));

    it('is told as stopping at once, and left to the schedule', () => {
      const hold = aHold('off', { at: ago(1) });
      expect(decide(anIdleSituation({ mayDisassociate: false }, { hold }))).toMatchObject({
        action: { kind: 'nothing' },
        state: 'stopping',
        reason: heldOff,
        intent: { kind: 'none' },
      });
    });

    it('is overdue five minutes after the hold', () => {
      expect(seenByPortal(ago(5.1)).state).toBe('stopping');
      expect(seenByPortal(ago(5))).toMatchObject({
        state: 'needs-attention',
        reason: { code: 'stop-overdue', since: off.at },
      });
    });

    it('is overdue five minutes after the last one has left, where it had to wait for them', () => {
      expect(seenByPortal(sampleNow, ago(4)).state).toBe('stopping');
      expect(seenByPortal(sampleNow, ago(5))).toMatchObject({
        state: 'needs-attention',
        reason: { code: 'stop-overdue', since: ago(5) },
      });
    });
  });
});
