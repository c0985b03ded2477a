import { describe, expect, it } from '@jest/globals';

import type { EndpointRecord, PassRecord } from '../../src/lease/endpoint-record.ts';
import { endpointStatus } from '../../src/lease/endpoint-status.ts';
import type { EndpointStatus } from '../../src/lease/endpoint-status.ts';
import type { Lease } from '../../src/lease/lease.ts';
import type { Policy } from '../../src/vpn/policy.ts';
import {
  aHold,
  aLease,
  aPolicy,
  alice,
  anAwsProblem,
  bob,
  carol,
  sampleNow,
  seenOn,
} from '../builders/endpoint-for-person.ts';
import { aPass, aRecord, aStopIntent, ago, ahead } from '../builders/endpoint-record.ts';

/** What administrators, and the tags, make of what the last pass has seen. */

const by = { id: carol.id, name: carol.name };
const held = [aLease(alice, 30)];
const onBy = (reason: PassRecord['reason'], connected = 0): Partial<EndpointRecord> => ({
  onSince: ago(60),
  lastPass: aPass({ state: 'on', reason, seen: seenOn(connected) }),
});
const idle = { code: 'idle-grace', stopAt: ahead(9) } as const;

function status(
  record: Partial<EndpointRecord>,
  leases: readonly Lease[] = [],
  policy: Policy | null = aPolicy(),
): EndpointStatus {
  return endpointStatus(aRecord(record), leases, policy, sampleNow);
}

describe('an endpoint that is held on', () => {
  const hold = aHold('on');
  const heldOn = { code: 'held-on', until: hold.until, by: carol.name, why: hold.reason };

  it('is starting at once, and says until when', () => {
    expect(status({ hold })).toMatchObject({
      state: 'starting',
      reason: { code: 'lease-held', until: hold.until },
      heldUntil: hold.until,
      hold,
      leases: [],
    });
  });

  it('says who keeps it on, and why, unless a lease keeps it on for longer', () => {
    expect(status({ hold, ...onBy(idle) })).toMatchObject({ state: 'on', reason: heldOn });
    expect(status({ hold, ...onBy(idle) }, held).reason).toEqual(heldOn);
    expect(status({ hold, ...onBy(idle) }, [aLease(alice, 300)]).reason).toEqual({
      code: 'kept-on-by-lease',
      until: ahead(300),
    });
  });

  it('is as it was once the hold has run out', () => {
    const over = aHold('on', { until: sampleNow });
    expect(status({ hold: over, ...onBy(idle) })).toMatchObject({ reason: idle, hold: null });
  });
});

describe('an endpoint whose wish is over before a pass has come by', () => {
  const leased = { code: 'kept-on-by-lease', until: ahead(60) } as const;
  const heldOn = { code: 'held-on', until: ahead(60), by: carol.name, why: 'Maintenance' } as const;
  const grace = aPolicy().idleGraceMinutes;

  it.each([leased, heldOn])('goes off after its grace from the taking back: $code', (reason) => {
    const taken = status({ ...onBy(reason), lastReleaseAt: ago(0.5) });
    expect(taken.reason).toEqual({ code: 'idle-grace', stopAt: ahead(grace - 0.5) });
  });

  it('goes off after its grace from the end that it had', () => {
    const ended = { ...leased, until: ago(0.5) };
    const reason = { code: 'idle-grace', stopAt: ahead(grace - 0.5) };
    expect(status(onBy(ended)).reason).toEqual(reason);
    expect(status({ ...onBy(ended), lastReleaseAt: ago(30) }).reason).toEqual(reason);
    expect(status({ ...onBy(ended), lastReleaseAt: sampleNow }).reason).toEqual(reason);
  });

  it('stays on for those who are connected', () => {
    const taken = status({ ...onBy(leased, 2), lastReleaseAt: ago(0.5) });
    expect(taken.reason).toEqual({ code: 'connected', connected: 2 });
  });

  it('goes off after its grace where nothing has been seen yet', () => {
    const unseen = aPass({ state: 'on', reason: leased, seen: null });
    const reason = { code: 'idle-grace', stopAt: ahead(grace - 0.5) };
    expect(status({ lastPass: unseen, lastReleaseAt: ago(0.5) }).reason).toEqual(reason);
  });

  it('is told as it was where its tags do not say for how long it waits', () => {
    const taken = status({ ...onBy(leased), lastReleaseAt: ago(0.5) }, [], null);
    expect(taken.reason).toEqual(leased);
  });
});

describe('an endpoint that is held off', () => {
  const hold = aHold('off');

  it('says who keeps it off, until when, and why, whatever the leases say', () => {
    const expected = {
      state: 'off',
      reason: { code: 'held-off', until: hold.until, by: carol.name, why: hold.reason },
      heldUntil: null,
      hold,
    };
    expect(status({ hold })).toMatchObject(expected);
    expect(status({ hold }, held)).toMatchObject({ ...expected, leases: held });
  });

  it('is as the last pass has found it while it is not off', () => {
    const reason = { code: 'connected', connected: 1 } as const;
    expect(status({ hold, ...onBy(reason, 1) }, held)).toMatchObject({ state: 'on', reason, hold });
  });

  it('is wanted again once the hold has run out', () => {
    const over = aHold('off', { until: sampleNow });
    expect(status({ hold: over }, held).state).toBe('starting');
    expect(status({ hold: over }).reason).toEqual({ code: 'nobody-needs-it' });
  });
});

describe('an endpoint that an administrator stops', () => {
  const stopRequest = { by, at: ago(1) };
  const stopping = {
    state: 'stopping',
    reason: { code: 'stopped-by-an-administrator', by: carol.name },
    since: null,
  };

  it('is stopping at once, although people are connected and leases are not over', () => {
    const reason = { code: 'connected', connected: 2 } as const;
    expect(status({ stopRequest, ...onBy(reason, 2) }, held)).toMatchObject({
      ...stopping,
      heldUntil: null,
      leases: [],
      stoppedAt: ago(1),
      connected: 2,
    });
  });

  it('is on, and not stopping, for whoever has asked since', () => {
    const since = { ...aLease(alice, 30), askedAt: ago(0.5) };
    expect(status({ stopRequest, ...onBy(idle) }, [since])).toMatchObject({
      state: 'on',
      reason: { code: 'kept-on-by-lease', until: ahead(30) },
      leases: [since],
    });
  });

  it('is not stopping where it was turned on only after that', () => {
    expect(status({ stopRequest, ...onBy(idle), onSince: ago(0.5) })).toMatchObject({
      state: 'on',
      reason: idle,
    });
  });

  it('is off where it was off', () => {
    expect(status({ stopRequest, onSince: ago(60) }).state).toBe('off');
  });

  it('voids a hold-on from before it, and not one from after', () => {
    const before = status({ stopRequest, hold: aHold('on'), ...onBy(idle) });
    expect(before).toMatchObject({ ...stopping, hold: null });
    const hold = aHold('on', { at: ago(0.5) });
    const after = status({ stopRequest, hold, ...onBy(idle) });
    expect(after).toMatchObject({ state: 'on', reason: { code: 'held-on' }, hold });
  });
});

describe('when it goes off', () => {
  const offAt = (
    record: Partial<EndpointRecord>,
    leases: readonly Lease[] = [],
    policy: Policy | null = aPolicy({ idleGraceMinutes: 10 }),
  ) => status(record, leases, policy).offAt;

  it('is the end of the idle grace that runs', () => {
    expect(offAt(onBy(idle))).toEqual(ahead(9));
    expect(offAt(onBy(idle), [], null)).toEqual(ahead(9));
  });

  it('is a grace after the last lease, or the hold, that keeps it on', () => {
    expect(offAt(onBy(idle), held)).toEqual(ahead(40));
    expect(offAt({ ...onBy(idle), hold: aHold('on') }, held)).toEqual(ahead(120));
  });

  it('is not known while somebody is connected, or the tags do not say how long the grace is', () => {
    expect(offAt(onBy({ code: 'connected', connected: 1 }, 1))).toBeNull();
    expect(offAt(onBy(idle, 1), held)).toBeNull();
    expect(offAt(onBy(idle), held, null)).toBeNull();
  });

  it('is not known where nothing has been seen yet, nor of what is not on', () => {
    const unseen = aPass({ state: 'on', reason: idle, seen: null });
    expect(offAt({ lastPass: unseen }, held)).toBeNull();
    expect(offAt({}, held)).toBeNull();
    expect(offAt({})).toBeNull();
  });
});

describe('the latest hour', () => {
  // It is 11:02 in Tokyo.
  it.each([
    [11, 33, null],
    [11, 32, ahead(30)],
    [11, 3, ahead(1)],
    // Over for today.
    [11, 2, null],
  ])('at %i:%i is told from half an hour before', (hour, minute, expected) => {
    const policy = aPolicy({ latestHour: { hour, minute, timeZone: 'Asia/Tokyo' } });
    expect(status(onBy(idle), [], policy).endsSoonAt).toEqual(expected);
  });

  it.each([
    ['to it', 20, ahead(20)],
    ['less than to it', 19, ahead(20)],
    ['beyond it', 20.001, null],
  ])('is told where a lease, or a hold, goes %s: %d minutes', (_, minutes, expected) => {
    const policy = aPolicy({ latestHour: { hour: 11, minute: 22, timeZone: 'Asia/Tokyo' } });
    const leased = status(onBy(idle), [aLease(alice, minutes), aLease(bob, 5)], policy);
    expect(leased.endsSoonAt).toEqual(expected);
    const hold = aHold('on', { until: ahead(minutes) });
    expect(status({ ...onBy(idle), hold }, [], policy).endsSoonAt).toEqual(expected);
  });

  it('is told where what goes beyond it is void, or held off', () => {
    const policy = aPolicy({ latestHour: { hour: 11, minute: 22, timeZone: 'Asia/Tokyo' } });
    const stopRequest = { by, at: ago(1) };
    expect(status({ ...onBy(idle), stopRequest }, held, policy).endsSoonAt).toEqual(ahead(20));
    const off = { ...onBy(idle), hold: aHold('off') };
    expect(status(off, held, policy).endsSoonAt).toEqual(ahead(20));
  });

  it('is none where the tags do not parse', () => {
    expect(status(onBy(idle), held, null).endsSoonAt).toBeNull();
  });
});

describe('the authorization rules', () => {
  it.each([
    [null, false],
    [{ at: ago(1), count: 0 }, true],
    [{ at: ago(1), count: 1 }, false],
  ])('as last counted, %j: are lacking: %p', (rulesCheck, lacksRules) => {
    expect(status({ rulesCheck }).lacksRules).toBe(lacksRules);
  });
});

describe('a dry run', () => {
  const overdue = { code: 'stop-overdue', since: ago(9) } as const;
  const rehearsed = (record: Partial<EndpointRecord>, leases: readonly Lease[] = []) =>
    endpointStatus(aRecord(record), leases, aPolicy(), sampleNow, true);
  const late = { lastPass: aPass({ state: 'needs-attention', reason: overdue }) };

  it('is why an endpoint is on that should be off, and nobody needs to look', () => {
    const told = { state: 'on', reason: { code: 'dry-run', since: ago(9) } };
    expect(rehearsed(late)).toMatchObject(told);
    expect(status(late)).toMatchObject({ state: 'needs-attention', reason: overdue });
  });

  it('hides nothing else', () => {
    const problem = anAwsProblem();
    const refused = aPass({ state: 'needs-attention', reason: { code: 'stop-failed', problem } });
    expect(rehearsed({ lastPass: refused })).toMatchObject({ reason: { code: 'stop-failed' } });
    expect(rehearsed(onBy(idle))).toMatchObject({ state: 'on', reason: idle });
    expect(rehearsed(late, held).reason).toEqual({ code: 'kept-on-by-lease', until: ahead(30) });
    expect(rehearsed({ ...onBy(idle), intent: aStopIntent() }).state).toBe('stopping');
  });
});
