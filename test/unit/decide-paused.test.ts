import { describe, expect, it } from '@jest/globals';

import { secondsAfter } from '../../src/clock.ts';
import { decide } from '../../src/reconcile/decide.ts';
import type { Situation } from '../../src/reconcile/decision.ts';
import type { Pausing } from '../../src/reconcile/pausing.ts';
import {
  aHold,
  aLease,
  alice,
  anAwsProblem,
  aPause,
  aPolicy,
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
  anotherAssociation,
} from '../builders/observation.ts';

const pause = aPause();
const paused: Pausing = { kind: 'paused', pause };
const told = {
  code: 'stopping-paused',
  until: pause.until,
  by: carol.name,
  why: 'Moving the office',
};
const nothing = { kind: 'nothing' };

/** Eleven in Tokyo was two minutes ago, and cuts people off. */
const atTheHour: Situation['policy'] = {
  ok: true,
  policy: aPolicy({
    latestHour: { hour: 11, minute: 0, timeZone: 'Asia/Tokyo' },
    latestHourCutsOff: true,
  }),
};
const used = anOnObservation({ connections: [aConnection()] });
const off = aHold('off');

/** What stops by itself, and the cause that it has without a pause. */
const byThemselves: readonly (readonly [string, Situation])[] = [
  ['idle', anIdleSituation()],
  ['held-off', anIdleSituation({}, { hold: off })],
  ['latest-hour', anIdleSituation({ policy: atTheHour, observation: used })],
];

describe.each(byThemselves)('what would stop because it is %s', (because, situation) => {
  it('stops without a pause', () => {
    expect(decide(situation)).toMatchObject({ action: { because }, state: 'stopping' });
  });

  it('waits for the end of one, and says until when, why, and for whom', () => {
    expect(decide({ ...situation, pausing: paused })).toEqual({
      action: nothing,
      state: 'on',
      reason: told,
      intent: { kind: 'none' },
      lookAgainAt: secondsAfter(sampleNow, 55),
    });
  });

  it('waits as well while nobody can tell whether there is one', () => {
    const problem = anAwsProblem({ kind: 'unreachable' });
    expect(decide({ ...situation, pausing: { kind: 'unread', problem } })).toMatchObject({
      action: nothing,
      state: 'on',
      reason: { code: 'reading-incomplete', problem },
      intent: { kind: 'none' },
    });
  });

  it('is not told as overdue by a portal', () => {
    const seen = { ...situation, mayDisassociate: false, pausing: paused };
    expect(decide(seen)).toMatchObject({ state: 'on', reason: told });
  });

  it('is called off where its stop was begun before', () => {
    const record = { ...situation.record, intent: { kind: 'stop' as const, since: ago(1) } };
    for (const mayDisassociate of [true, false]) {
      expect(decide({ ...situation, record, mayDisassociate, pausing: paused })).toMatchObject({
        action: nothing,
        state: 'on',
        intent: { kind: 'none' },
      });
    }
  });
});

describe('a pause', () => {
  it('keeps no administrator from stopping', () => {
    const situation = anIdleSituation({ pausing: paused }, { stopRequest: aStopRequest(1) });
    expect(decide(situation)).toMatchObject({
      action: { kind: 'disassociate', because: 'requested' },
      reason: { code: 'stopped-by-an-administrator', by: carol.name },
    });
  });

  it('keeps no failed association', () => {
    const failed = anotherAssociation({ status: 'association-failed' });
    const observation = anOnObservation({ associations: [anAssociation(), failed] });
    expect(decide(anIdleSituation({ observation, pausing: paused }))).toMatchObject({
      action: {
        kind: 'disassociate',
        associations: [sampleIds.associationB],
        because: 'failed',
      },
      state: 'on',
      reason: told,
    });
  });

  it('keeps nobody from starting', () => {
    const leases = [aLease(alice, 30)];
    expect(decide(aSituation({ leases, pausing: paused }))).toMatchObject({
      action: { kind: 'associate' },
      state: 'starting',
    });
  });

  it('is not told of what a lease, a connection, or the grace keeps on anyway', () => {
    const reasonOf = (situation: Situation) => decide({ ...situation, pausing: paused }).reason;
    expect(reasonOf(anIdleSituation({ leases: [aLease(alice, 30)] }))).toEqual({
      code: 'kept-on-by-lease',
      until: ahead(30),
    });
    expect(reasonOf(anIdleSituation({ observation: used }))).toMatchObject({ code: 'connected' });
    expect(reasonOf(anIdleSituation({}, { lastConnectedAt: ago(29) }))).toEqual({
      code: 'idle-grace',
      stopAt: ahead(1),
    });
  });

  it('is not told of what is off', () => {
    expect(decide(aSituation({ pausing: paused })).reason).toEqual({ code: 'nobody-needs-it' });
  });

  it('leaves a start that is under way to go on, though it is held off', () => {
    const observation = anObservation({
      associations: [anAssociation({ status: 'associating' })],
    });
    const situation = aSituation({
      observation,
      record: aRecord({ hold: off }),
      pausing: paused,
    });
    expect(decide(situation)).toMatchObject({
      action: nothing,
      state: 'starting',
      reason: { code: 'associating' },
    });
    const unpaused = decide({ ...situation, pausing: { kind: 'none' } });
    expect(unpaused).toMatchObject({ state: 'stopping', reason: { code: 'held-off' } });
  });

  it('leaves what AWS is taking away to it', () => {
    const associations = [
      anAssociation({ status: 'disassociating' }),
      anotherAssociation({ status: 'disassociating' }),
    ];
    const situation = anIdleSituation({
      observation: anOnObservation({ associations }),
      pausing: paused,
    });
    expect(decide(situation)).toMatchObject({
      state: 'stopping',
      reason: { code: 'disassociating' },
    });
  });
});
