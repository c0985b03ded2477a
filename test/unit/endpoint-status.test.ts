import { describe, expect, it } from '@jest/globals';

import type { EndpointRecord, PassRecord } from '../../src/lease/endpoint-record.ts';
import { endpointStatus, median } from '../../src/lease/endpoint-status.ts';
import type { EndpointStatus } from '../../src/lease/endpoint-status.ts';
import type { Lease } from '../../src/lease/lease.ts';
import {
  aLease,
  aPolicy,
  alice,
  anAwsProblem,
  bob,
  sampleIds,
  sampleNow,
} from '../builders/endpoint-for-person.ts';
import {
  aPass,
  aRecord,
  aStartIntent,
  aStopIntent,
  ago,
  ahead,
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

function status(record: Partial<EndpointRecord>, leases: readonly Lease[] = []): EndpointStatus {
  return endpointStatus(aRecord(record), leases, aPolicy(), sampleNow);
}

describe('an endpoint that no pass has looked at', () => {
  it('is off, and nothing was seen', () => {
    expect(status({})).toEqual({
      state: 'off',
      reason: { code: 'nobody-needs-it' },
      since: null,
      progress: null,
      heldUntil: null,
      leases: [],
      connected: 0,
      seen: null,
      hold: null,
      stoppedAt: null,
      lacksRules: false,
      offAt: null,
      endsSoonAt: null,
      startedOutside: false,
      usualSeconds: null,
    });
  });

  it('is starting as soon as somebody asks', () => {
    expect(status({}, held)).toMatchObject({
      state: 'starting',
      reason: { code: 'lease-held', until: ahead(30) },
      since: null,
      heldUntil: ahead(30),
      leases: held,
      progress: { step: 'asked-for', startedAt: ago(30), elapsedSeconds: 1800 },
    });
  });
});

describe('what the last pass found', () => {
  it('is told as it is while nobody asks, and since when', () => {
    const lastPass = aPass({
      state: 'on',
      reason: { code: 'connected', connected: 1 },
      seen: seenFrom(anOnObservation({ connections: [aConnection()] })),
    });
    expect(status({ lastPass, stateSince: ago(50) })).toMatchObject({
      state: 'on',
      reason: lastPass.reason,
      since: ago(50),
      connected: 1,
      seen: lastPass.seen,
      progress: null,
    });
  });

  it('is a start of somebody else where it is one', () => {
    const lastPass = aPass({ state: 'starting', reason: { code: 'associating' } });
    const outside = status({ lastPass, intent: aStartIntent({ origin: 'outside' }) });
    expect(outside.startedOutside).toBe(true);
    expect(status({ lastPass, intent: aStartIntent() }).startedOutside).toBe(false);
  });

  it('is stopping as soon as the stop is resolved upon', () => {
    const lastPass = aPass({ state: 'on', reason: { code: 'idle-grace', stopAt: ago(1) } });
    const stopping = { state: 'stopping', reason: { code: 'disassociating' }, since: null };
    expect(status({ lastPass, intent: aStopIntent() })).toMatchObject(stopping);
    expect(status({ lastPass }).state).toBe('on');
    expect(status({ lastPass: aPass(), intent: aStopIntent() }).state).toBe('off');
  });

  type Told = Pick<EndpointStatus, 'state' | 'reason'>;
  const gaveUp = { code: 'gave-up', problem: anAwsProblem(), retryAt: ahead(9) } as const;
  const overdue = { code: 'stop-overdue', since: ago(6) } as const;
  const refused = { code: 'stop-failed', problem: anAwsProblem() } as const;
  const unread = { code: 'reading-incomplete', problem: anAwsProblem() } as const;

  it.each<[string, Partial<PassRecord>, Told]>([
    [
      'off is starting',
      { state: 'off' },
      { state: 'starting', reason: { code: 'lease-held', until: ahead(30) } },
    ],
    [
      'off and unreadable is starting, and says why nothing happens',
      { state: 'off', reason: unread },
      { state: 'starting', reason: unread },
    ],
    [
      'stopping is starting, once it has stopped',
      { state: 'stopping', reason: { code: 'disassociating' } },
      { state: 'starting', reason: { code: 'waiting-for-the-stop' } },
    ],
    [
      'on is kept on',
      { state: 'on', reason: { code: 'idle-grace', stopAt: ahead(1) } },
      { state: 'on', reason: { code: 'kept-on-by-lease', until: ahead(30) } },
    ],
    [
      'on and unreadable is on, and does not hide that',
      { state: 'on', reason: unread },
      { state: 'on', reason: unread },
    ],
    [
      'overdue to be stopped is kept on',
      { state: 'needs-attention', reason: { code: 'stop-overdue', since: ago(9) } },
      { state: 'on', reason: { code: 'kept-on-by-lease', until: ahead(30) } },
    ],
    [
      'starting is starting',
      { state: 'starting', reason: { code: 'restoring-routes' } },
      { state: 'starting', reason: { code: 'restoring-routes' } },
    ],
    [
      'in need of attention stays so',
      { state: 'needs-attention', reason: gaveUp },
      { state: 'needs-attention', reason: gaveUp },
    ],
  ])('with a lease asked for since: %s', (_, pass, told) => {
    expect(status({ lastPass: aPass(pass) }, held)).toMatchObject(told);
  });

  it.each([overdue, refused])('is told as it is while nobody asks: $code', (reason) => {
    const lastPass = aPass({ state: 'needs-attention', reason });
    expect(status({ lastPass })).toMatchObject({ state: 'needs-attention', reason });
  });

  it('is not on for a new lease where an overdue stop has been resolved upon', () => {
    const lastPass = aPass({ state: 'needs-attention', reason: overdue });
    const record = { lastPass, intent: aStopIntent() };
    expect(status(record).reason).toEqual({ code: 'disassociating' });
    expect(status(record, held)).toMatchObject({
      state: 'starting',
      reason: { code: 'waiting-for-the-stop' },
    });
  });

  it('is starting again where somebody has asked since it was given up, and only then', () => {
    const lastPass = aPass({ state: 'needs-attention', reason: gaveUp, at: ago(1) });
    expect(status({ lastPass, lastRequestAt: ago(0.5) }, held)).toMatchObject({
      state: 'starting',
      reason: { code: 'lease-held', until: ahead(30) },
      since: null,
    });
    expect(status({ lastPass, lastRequestAt: ago(1) }, held).state).toBe('needs-attention');
    const reason = { code: 'policy-invalid', problems: [] } as const;
    const invalid = aPass({ state: 'needs-attention', reason, at: ago(1) });
    expect(status({ lastPass: invalid, lastRequestAt: ago(0.5) }, held).reason).toEqual(reason);
  });
});

describe('the progress of a start', () => {
  const route = { destinationCidr: '10.9.0.0/16', subnetId: sampleIds.subnetA, description: '' };
  const starting = (record: Partial<EndpointRecord>, seen: PassRecord['seen'], leases = held) =>
    status(
      { lastPass: aPass({ state: 'starting', reason: { code: 'associating' }, seen }), ...record },
      leases,
    ).progress;
  const seen = seenFrom(
    anObservation({
      associations: [anAssociation(), anotherAssociation({ status: 'associating' })],
      routes: [
        aRoute({ ...route, status: 'creating' }),
        aRoute({ ...route, destinationCidr: '10.8.0.0/16' }),
      ],
    }),
  );
  const routes = [route, { ...route, destinationCidr: '10.8.0.0/16' }];

  it('counts networks and routes as they become usable', () => {
    const intent = aStartIntent({ routes, since: ago(5) });
    expect(starting({ intent, startSeconds: [100, 300, 200] }, seen)).toEqual({
      startedAt: ago(5),
      step: 'associating',
      networks: { done: 1, of: 2 },
      routes: { done: 1, of: 2 },
      elapsedSeconds: 300,
      usualSeconds: 200,
      pace: 'usual',
    });
  });

  it('comes to the routes when every network is there', () => {
    const all = seenFrom(anOnObservation());
    expect(starting({ intent: aStartIntent() }, all)).toMatchObject({
      step: 'restoring-routes',
      networks: { done: 2, of: 2 },
    });
  });

  it('is only asked for until a pass has taken it up, whatever was seen before', () => {
    const all = seenFrom(anOnObservation());
    const untouched = {
      step: 'asked-for',
      networks: { done: 0, of: 2 },
      routes: { done: 0, of: 0 },
    };
    expect(starting({ intent: aStopIntent() }, all)).toMatchObject(untouched);
    expect(starting({ intent: aStartIntent() }, null)).toMatchObject({
      ...untouched,
      startedAt: ago(5),
    });
  });

  it('counts from the first request where no pass has come by, or from now where there is none', () => {
    const leases = [
      { ...aLease(alice, 30), requestedAt: ago(2) },
      { ...aLease(bob, 20), requestedAt: ago(3) },
      { ...aLease(bob, 10), requestedAt: ago(1) },
    ];
    expect(starting({}, null, leases)?.startedAt).toEqual(ago(3));
    expect(starting({}, null, [])).toMatchObject({ startedAt: sampleNow, elapsedSeconds: 0 });
  });

  it('never takes less than no time', () => {
    const intent = aStartIntent({ since: ahead(1) });
    expect(starting({ intent }, seen)?.elapsedSeconds).toBe(0);
  });

  it.each([
    [14.9, 'usual'],
    [15, 'slow'],
    [29.9, 'slow'],
    [30, 'very-slow'],
  ])('after %d minutes has the pace %s', (minutes, pace) => {
    expect(starting({ intent: aStartIntent({ since: ago(minutes) }) }, seen)?.pace).toBe(pace);
  });
});

describe('the median', () => {
  it('is the one in the middle, or between the two there', () => {
    expect(median([])).toBeNull();
    expect(median([7])).toBe(7);
    expect(median([9, 1, 100])).toBe(9);
    expect(median([4, 1, 2, 100])).toBe(3);
  });
});
