import { describe, expect, it } from '@jest/globals';

import { minutesAfter } from '../../src/clock.ts';
import { newEndpointRecord } from '../../src/lease/endpoint-record.ts';
import type { EndpointRecord, PassRecord, StartIntent } from '../../src/lease/endpoint-record.ts';
import { portalItself } from '../../src/lease/hold.ts';
import type { Acted } from '../../src/reconcile/act.ts';
import { usageContext } from '../../src/reconcile/usage-context.ts';
import {
  aLease,
  alice,
  bob,
  carol,
  sampleIds,
  sampleNow,
} from '../builders/endpoint-for-person.ts';

const at = (minutes: number): Date => minutesAfter(sampleNow, minutes);

const start: StartIntent = {
  kind: 'start',
  id: 'a start',
  since: at(-10),
  origin: 'lease',
  routes: [],
  round: 1,
  roundAt: sampleNow,
  failedAssociations: [],
  trouble: null,
};
const seenAt = (minutes: number) => ({
  at: at(minutes),
  associations: [],
  routes: [],
  connected: 0,
  connections: [],
});
const aPass = (overrides: Partial<PassRecord>): PassRecord => ({
  at: at(-1),
  state: 'starting',
  reason: { code: 'lease-held', until: at(60) },
  seen: null,
  ...overrides,
});
const idle: Acted = {
  decision: {
    action: { kind: 'nothing' },
    state: 'on',
    reason: { code: 'associating' },
    intent: { kind: 'none' },
    lookAgainAt: sampleNow,
  },
  intent: { kind: 'none' },
  outcome: 'nothing-to-do',
};

function contextOf(
  record: Partial<EndpointRecord>,
  leases: readonly ReturnType<typeof aLease>[] = [],
  acted: Acted = idle,
) {
  const whole = { ...newEndpointRecord(sampleIds.endpoint), ...record };
  return usageContext({ leases: [...leases], record: whole }, acted, sampleNow);
}

describe('when associations were asked for', () => {
  it.each([
    ['no start is under way', {}, null],
    ['no pass has read since the start began', { intent: start, lastPass: null }, at(-10)],
    ['only passes could not read since', { intent: start, lastPass: aPass({}) }, at(-10)],
    [
      'the last complete reading is from before the start',
      { intent: start, lastPass: aPass({ seen: seenAt(-20) }) },
      at(-10),
    ],
    [
      'the last complete reading is newer, whatever could not be read since',
      { intent: start, lastPass: aPass({ seen: seenAt(-5) }) },
      at(-5),
    ],
    [
      'it was switched on elsewhere',
      {
        intent: { ...start, origin: 'outside' as const },
        lastPass: aPass({ reason: { code: 'associating' }, seen: seenAt(-5) }),
      },
      null,
    ],
    [
      'it was switched on elsewhere, and the portal has asked for the rest',
      { intent: { ...start, origin: 'outside' as const }, lastPass: aPass({ seen: seenAt(-5) }) },
      at(-5),
    ],
  ])('is known where %s', (_what, record, expected) => {
    expect(contextOf(record).askedAt).toEqual(expected);
  });
});

describe('who wanted it', () => {
  const early = { ...aLease(bob, 60), requestedAt: at(-40) };

  it('is whoever asked first of those who want it now', () => {
    const over = { ...aLease(carol, -1), requestedAt: at(-90) };
    expect(contextOf({}, [aLease(alice, 60), early, over]).startedBy).toEqual({
      kind: 'person',
      id: bob.id,
      name: bob.name,
    });
  });

  it('is the administrator who keeps it on', () => {
    const by = { id: carol.id, name: carol.name };
    const hold = { kind: 'on', until: at(60), reason: '', by, at: at(-1) } as const;
    expect(contextOf({ hold }, [early]).startedBy).toEqual({ kind: 'administrator', ...by });
    expect(contextOf({ hold: { ...hold, until: at(0) } }, [early]).startedBy.kind).toBe('person');
  });

  it('is the portal where everybody has given it back', () => {
    expect(contextOf({ intent: start }).startedBy).toEqual({ kind: 'portal' });
  });
});

describe('what a pass has asked to end', () => {
  const associations = [sampleIds.associationA];
  const stop = (outcome: 'done' | 'abandoned'): Acted => ({
    ...idle,
    decision: { ...idle.decision, action: { kind: 'disassociate', associations, because: 'idle' } },
    outcome,
  });

  it('is told with its cause, unless the stop was abandoned', () => {
    expect(contextOf({}, [], stop('done')).stopping).toEqual({ cause: 'idle', associations });
    expect(contextOf({}, [], stop('abandoned')).stopping).toBeNull();
    expect(contextOf({}).stopping).toBeNull();
  });

  it('names the connections that administrators want ended', () => {
    const connectionId = sampleIds.connectionA;
    const by = { id: carol.id, name: carol.name };
    const terminations = [{ connectionId, by, at: at(-1) }];
    expect(contextOf({ terminations })).toMatchObject({ terminated: [connectionId], replaced: [] });
  });

  it('names those that make room for a newer one apart from them', () => {
    const connectionId = sampleIds.connectionA;
    const terminations = [{ connectionId, by: portalItself, at: at(-1) }];
    expect(contextOf({ terminations })).toMatchObject({ terminated: [], replaced: [connectionId] });
  });
});

describe('why leases are over', () => {
  const ofTime = (latestHour: Parameters<typeof usageContext>[3]) =>
    usageContext(
      { leases: [], record: newEndpointRecord(sampleIds.endpoint) },
      idle,
      sampleNow,
      latestHour,
    ).isLatestHour;

  it('is the latest hour at just that time, and at no other', () => {
    const isLatestHour = ofTime({ hour: 22, minute: 0, timeZone: 'Asia/Tokyo' });
    const tenInTokyo = new Date('2026-03-04T13:00:00Z');
    expect(isLatestHour(tenInTokyo)).toBe(true);
    expect(isLatestHour(minutesAfter(tenInTokyo, 1))).toBe(false);
  });

  it('is never the latest hour where the endpoint has none', () => {
    expect(ofTime(null)(new Date('2026-03-04T13:00:00Z'))).toBe(false);
    expect(contextOf({}).isLatestHour(sampleNow)).toBe(false);
  });

  it('is a stop where an administrator has ordered one', () => {
    expect(contextOf({}).stoppedAt).toBeNull();
    expect(contextOf({ stopRequest: { by: carol, at: at(-3) } }).stoppedAt).toEqual(at(-3));
  });
});
