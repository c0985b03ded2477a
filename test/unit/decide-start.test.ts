import { describe, expect, it } from '@jest/globals';

import { secondsAfter } from '../../src/clock.ts';
import type { EndpointRecord } from '../../src/lease/endpoint-record.ts';
import type { Reason } from '../../src/lease/reason.ts';
import { decide } from '../../src/reconcile/decide.ts';
import {
  aLease,
  aPolicy,
  alice,
  bob,
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
  anAssociation,
  anObservation,
  anOnObservation,
  anotherAssociation,
} from '../builders/observation.ts';

const held = [aLease(alice, 30)];
const bothSubnets = [sampleIds.subnetA, sampleIds.subnetB];
const newStart = aStartIntent({ id: 'new-start', since: sampleNow, roundAt: sampleNow });

describe('a start', () => {
  it('associates every wanted network under a fresh intent that carries the remembered routes', () => {
    const route = { destinationCidr: '10.9.0.0/16', subnetId: sampleIds.subnetA, description: '' };
    const record = aRecord({ rememberedRoutes: [route] });
    expect(decide(aSituation({ record, leases: held }))).toEqual({
      action: { kind: 'associate', subnets: bothSubnets },
      state: 'starting',
      reason: { code: 'lease-held', until: ahead(30) },
      intent: { ...newStart, routes: [route] },
      lookAgainAt: secondsAfter(sampleNow, 5),
    });
  });

  it('goes by the lease that ends last', () => {
    const leases = [aLease(alice, 30), aLease(bob, 60)];
    expect(decide(aSituation({ leases })).reason).toEqual({ code: 'lease-held', until: ahead(60) });
  });

  it('associates only what is missing, and does not wait for the other network first', () => {
    const observation = anObservation({ associations: [anAssociation({ status: 'associating' })] });
    const record = aRecord({ intent: aStartIntent() });
    const decision = decide(aSituation({ record, observation, leases: held }));
    expect(decision.action).toEqual({ kind: 'associate', subnets: [sampleIds.subnetB] });
    expect(decision.intent).toEqual(record.intent);
  });

  it('associates one that AWS lists as disassociated', () => {
    const observation = anOnObservation({
      associations: [anAssociation(), anotherAssociation({ status: 'disassociated' })],
    });
    const decision = decide(aSituation({ observation, leases: held }));
    expect(decision.action).toEqual({ kind: 'associate', subnets: [sampleIds.subnetB] });
  });

  it('does nothing where AWS would not take the subnets, and keeps what was begun', () => {
    const subnetProblems = [
      { code: 'subnets-in-one-zone', subnetId: sampleIds.subnetB, detail: 'subnet-1' },
    ] as const;
    const record = aRecord({ intent: aStartIntent() });
    expect(decide(aSituation({ record, subnetProblems, leases: held }))).toMatchObject({
      action: { kind: 'nothing' },
      state: 'needs-attention',
      reason: { code: 'subnets-invalid' },
      intent: record.intent,
    });
  });

  it('does not mind what is wrong with the subnets once they are all associated', () => {
    const subnetProblems = [
      { code: 'too-few-addresses', subnetId: sampleIds.subnetB, detail: '3' },
    ] as const;
    const decision = decide(anIdleSituation({ subnetProblems, leases: held }));
    expect(decision).toMatchObject({ state: 'on', reason: { code: 'kept-on-by-lease' } });
  });

  it('waits while its networks are associating', () => {
    const observation = anObservation({
      associations: [anAssociation(), anotherAssociation({ status: 'associating' })],
    });
    const record = aRecord({ intent: aStartIntent() });
    expect(decide(aSituation({ record, observation, leases: held }))).toMatchObject({
      action: { kind: 'nothing' },
      state: 'starting',
      reason: { code: 'associating' },
      intent: record.intent,
      lookAgainAt: secondsAfter(sampleNow, 5),
    });
  });

  it('adopts one that somebody else has begun', () => {
    const observation = anOnObservation({
      associations: [anAssociation(), anotherAssociation({ status: 'associating' })],
    });
    const decision = decide(aSituation({ observation, leases: held }));
    expect(decision.intent).toEqual({ ...newStart, origin: 'outside' });
  });

  it('is on at once where everything is associated and nothing is under way', () => {
    const observation = anOnObservation();
    const record = aRecord({ intent: aStopIntent() });
    expect(decide(aSituation({ record, observation, leases: held }))).toMatchObject({
      action: { kind: 'nothing' },
      state: 'on',
      reason: { code: 'kept-on-by-lease', until: ahead(30) },
      intent: { kind: 'none' },
      lookAgainAt: secondsAfter(sampleNow, 55),
    });
  });

  it('goes on to its end when its lease has ended meanwhile', () => {
    const observation = anObservation({ associations: [anAssociation({ status: 'associating' })] });
    const record = aRecord({ intent: aStartIntent() });
    expect(decide(aSituation({ record, observation }))).toMatchObject({
      action: { kind: 'nothing' },
      state: 'starting',
      reason: { code: 'associating' },
      intent: record.intent,
    });
  });

  it('of somebody else, for nobody, is watched', () => {
    const observation = anObservation({ associations: [anAssociation({ status: 'associating' })] });
    expect(decide(aSituation({ observation }))).toMatchObject({
      action: { kind: 'nothing' },
      state: 'starting',
      reason: { code: 'associating' },
      intent: { kind: 'none' },
    });
  });

  it('asks for no further network when its lease has ended meanwhile', () => {
    const observation = anObservation({ associations: [anAssociation()] });
    const record = aRecord({ intent: aStartIntent() });
    expect(decide(aSituation({ record, observation }))).toMatchObject({
      action: { kind: 'nothing' },
      state: 'on',
      reason: { code: 'idle-grace' },
    });
  });
});

describe('the round of a start, which is part of its client tokens', () => {
  const seen = (status: 'associating' | 'disassociated' | 'disassociating', at: Date) =>
    aPass({
      state: 'starting',
      seen: seenFrom(anObservation({ at, associations: [anAssociation({ status })] })),
    });
  const roundWith = (lastPass: EndpointRecord['lastPass']): unknown =>
    decide(
      aSituation({
        record: aRecord({ intent: aStartIntent({ since: ago(5) }), lastPass }),
        leases: held,
      }),
    ).intent;

  it('is raised when an association of this start has gone', () => {
    expect(roundWith(seen('associating', ago(1)))).toMatchObject({ round: 2 });
  });

  describe('when AWS has accepted and lists nothing', () => {
    const until = ahead(30);
    const askedAgo = (seconds: number, reason: Reason = { code: 'lease-held', until }) => {
      const lastPass = aPass({ at: secondsAfter(sampleNow, -seconds), state: 'starting', reason });
      const record = aRecord({ intent: aStartIntent({ since: ago(5) }), lastPass });
      return decide(aSituation({ record, leases: held }));
    };

    it('is raised after 95 seconds, and the networks are asked for anew', () => {
      expect(askedAgo(95)).toMatchObject({
        action: { kind: 'associate', subnets: bothSubnets },
        state: 'starting',
        intent: { id: 'start-1', round: 2 },
        lookAgainAt: secondsAfter(sampleNow, 5),
      });
    });

    it.each([5, 94, 94.999])(
      'stays after %d seconds, and is looked at when it is time',
      (seconds) => {
        expect(askedAgo(seconds)).toMatchObject({
          action: { kind: 'associate', subnets: bothSubnets },
          intent: { id: 'start-1', round: 1 },
          lookAgainAt: secondsAfter(sampleNow, 95),
        });
      },
    );

    it('stays when it was another start that AWS accepted', () => {
      expect(askedAgo(301)).toMatchObject({ intent: { round: 1 } });
    });

    it('stays when AWS did not accept but refuse', () => {
      const { problem, retryAt } = aTrouble();
      const refused = { code: 'trying-again', problem, retryAt } as const;
      expect(askedAgo(200, refused)).toMatchObject({ intent: { id: 'start-1', round: 1 } });
    });
  });

  it('stays when the association that has gone was there before this start', () => {
    expect(roundWith(seen('disassociating', ago(6)))).toMatchObject({ round: 1 });
  });

  it('stays when the last pass saw it so lately that this listing may be older', () => {
    expect(roundWith(seen('associating', ago(0.9)))).toMatchObject({ round: 1 });
    expect(roundWith(seen('associating', ago(1)))).toMatchObject({ round: 2 });
  });

  it('stays when a pass that is not recorded has raised it already', () => {
    const lastPass = { ...seen('associating', ago(3)), at: ago(3) };
    const intent = aStartIntent({ round: 2, roundAt: ago(2.9) });
    const decided = decide(aSituation({ record: aRecord({ intent, lastPass }), leases: held }));
    expect(decided.intent).toMatchObject({ round: 2 });
  });

  it('stays while AWS goes on listing one that is gone', () => {
    expect(roundWith(seen('disassociated', ago(1)))).toMatchObject({ round: 1 });
  });

  it('stays when nothing was seen, and when no pass was recorded', () => {
    expect(roundWith(aPass({ seen: null }))).toMatchObject({ round: 1 });
    expect(roundWith(null)).toMatchObject({ round: 1 });
  });

  it('stays when what has gone had no subnet or another one', () => {
    const others = [
      anAssociation({ subnetId: null }),
      anotherAssociation({ status: 'associating' }),
    ];
    const policy = { ok: true, policy: aPolicy({ subnets: [sampleIds.subnetA] }) } as const;
    const lastPass = aPass({ seen: seenFrom(anObservation({ at: ago(1), associations: others })) });
    const record = aRecord({ intent: aStartIntent(), lastPass });
    const { intent } = decide(aSituation({ record, leases: held, policy }));
    expect(intent).toMatchObject({ round: 1 });
  });
});

describe('a start that failed', () => {
  const failing = (trouble: ReturnType<typeof aTrouble>, record: Partial<EndpointRecord> = {}) =>
    decide(
      aSituation({
        record: aRecord({ intent: aStartIntent({ trouble }), ...record }),
        leases: held,
      }),
    );

  it('waits until it is due again, and says so', () => {
    const trouble = aTrouble({ retryAt: ahead(1) });
    expect(failing(trouble)).toMatchObject({
      action: { kind: 'nothing' },
      state: 'starting',
      reason: { code: 'trying-again', problem: trouble.problem, retryAt: ahead(1) },
    });
  });

  it('is tried again when it is due, to the second', () => {
    const trouble = aTrouble({ retryAt: sampleNow });
    expect(failing(trouble)).toMatchObject({
      action: { kind: 'associate', subnets: bothSubnets },
      state: 'starting',
      reason: { code: 'lease-held' },
      intent: { id: 'start-1', round: 1, trouble },
    });
  });

  it('needs attention when it was given up, and is not tried before its time', () => {
    const trouble = aTrouble({ gaveUp: true, retryAt: ahead(10) });
    expect(failing(trouble)).toMatchObject({
      action: { kind: 'nothing' },
      state: 'needs-attention',
      reason: { code: 'gave-up', problem: trouble.problem, retryAt: ahead(10) },
      intent: { id: 'start-1' },
      lookAgainAt: secondsAfter(sampleNow, 55),
    });
  });

  it('is tried now and then after it was given up', () => {
    const trouble = aTrouble({ gaveUp: true });
    expect(failing(trouble)).toMatchObject({
      action: { kind: 'associate' },
      state: 'needs-attention',
      reason: { code: 'gave-up' },
      intent: { id: 'start-1' },
    });
  });

  it('begins anew when somebody asks after it was given up', () => {
    const trouble = aTrouble({ gaveUp: true, at: ago(2), retryAt: ahead(10) });
    expect(failing(trouble, { lastRequestAt: ago(1) })).toMatchObject({
      action: { kind: 'associate' },
      state: 'starting',
      intent: newStart,
    });
  });

  it('does not begin anew for a request from before, nor while it is still being tried', () => {
    const gaveUp = aTrouble({ gaveUp: true, at: ago(2), retryAt: ahead(10) });
    expect(failing(gaveUp, { lastRequestAt: ago(2) }).intent).toMatchObject({ id: 'start-1' });
    const trying = aTrouble({ at: ago(2), retryAt: ahead(1) });
    expect(failing(trying, { lastRequestAt: ago(1) }).intent).toMatchObject({ id: 'start-1' });
  });
});
