import { describe, expect, it } from '@jest/globals';

import { StoreError } from '../../src/errors.ts';
import type { PendingEvent } from '../../src/notify/domain-event.ts';
import { nightEvent, nightOver } from '../../src/notify/night.ts';
import type { MorningEndpoint, NightStore } from '../../src/notify/night.ts';
import { createNightWatch } from '../../src/notify/night-watch.ts';
import type { EndpointRecord } from '../../src/lease/endpoint-record.ts';
import { parseEndpointId } from '../../src/vpn/ids.ts';
import type { EndpointId } from '../../src/vpn/ids.ts';
import { anEndpoint, sampleIds } from '../builders/endpoint-for-person.ts';
import { aPass, aRecord, ago, seenFrom } from '../builders/endpoint-record.ts';
import { detailOf } from '../builders/events.ts';
import { aConnection, anOnObservation, connectionId } from '../builders/observation.ts';
import { createRecordingLog } from '../builders/recording-log.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';

// Midnight in Tokyo, and six in the morning.
const midnight = new Date('2026-03-03T15:00:00Z');
const six = new Date('2026-03-03T21:00:00Z');
const yesterday = new Date(midnight.getTime() - 1);
const timeZone = 'Asia/Tokyo';
const day = '2026-03-04';

const on = (overrides: Partial<EndpointRecord> = {}): EndpointRecord =>
  aRecord({
    onSince: yesterday,
    reported: { phase: 'on', startId: null, trouble: null },
    lastPass: aPass({ state: 'on', reason: { code: 'connected', connected: 1 } }),
    ...overrides,
  });

const tell = (...records: readonly EndpointRecord[]): Readonly<Record<string, unknown>> | null => {
  const endpoints = records.map((record, index): MorningEndpoint => ({
    name: `Office ${index + 1}`,
    record,
  }));
  const event = nightEvent(day, endpoints, { now: six, timeZone });
  return event === null ? null : detailOf(event);
};

describe('a night', () => {
  it('is over six hours after midnight, in the zone of the accounts', () => {
    expect(nightOver(new Date(six.getTime() - 1), timeZone)).toBeNull();
    expect(nightOver(six, timeZone)).toBe(day);
    expect(nightOver(new Date(midnight.getTime() - 1), timeZone)).toBe('2026-03-03');
    expect(nightOver(six, 'UTC')).toBe('2026-03-03');
  });
});

describe('what stayed on overnight', () => {
  it('is told in one event, each endpoint with what keeps it on', () => {
    const connections = [
      aConnection(),
      aConnection({ id: connectionId(2), status: 'terminated', endedAt: ago(9) }),
    ];
    const seen = seenFrom(anOnObservation({ connections }));
    const used = on({
      endpointId: sampleIds.otherEndpoint,
      lastPass: aPass({ state: 'on', reason: { code: 'connected', connected: 1 }, seen }),
    });
    const one = { since: yesterday.toISOString(), reason: 'connected' };
    expect(tell(on(), used)).toMatchObject({
      id: 'endpoints-stayed-on-2026-03-04',
      day,
      count: 2,
      names: 'Office 1, Office 2',
      endpoints: [
        { ...one, endpointId: sampleIds.endpoint, endpointName: 'Office 1', connected: 0 },
        { ...one, endpointId: sampleIds.otherEndpoint, endpointName: 'Office 2', connected: 1 },
      ],
    });
  });

  it.each<[string, Partial<EndpointRecord>]>([
    ['that was turned on after midnight', { onSince: midnight }],
    ['of which nobody knows since when', { onSince: null }],
    ['that is being stopped', { reported: { phase: 'stopping', startId: null, trouble: null } }],
    ['of which nothing was told yet', { reported: null }],
    ['that no pass has looked at', { lastPass: null }],
  ])('has no endpoint %s', (_, overrides) => {
    expect(tell(on(overrides))).toBeNull();
    expect(tell(on(), on(overrides))).toMatchObject({ count: 1, names: 'Office 1' });
  });

  it('counts the connections as none where they were not read', () => {
    const lastPass = aPass({ state: 'on', seen: null });
    expect(tell(on({ lastPass }))).toMatchObject({ endpoints: [{ connected: 0 }] });
  });

  it('names as many as fit in a line, lists two hundred, and counts all', () => {
    const told = tell(...Array.from({ length: 250 }, () => on()));
    expect(told).toMatchObject({
      count: 250,
      names: expect.stringMatching(/^Office 1, .*, \+\d+$/),
    });
    expect(told?.['endpoints']).toHaveLength(200);
    const long = 'x'.repeat(400);
    const event = nightEvent(day, [{ name: long, record: on() }], { now: six, timeZone });
    expect(JSON.parse(event?.detail ?? '')).toMatchObject({ names: long });
  });
});

/** Runs of the schedule at a table where so many endpoints stayed on. */
function watching(stayed: number, before: string | null = null) {
  const clock = createStoppedClock(six);
  const log = createRecordingLog();
  const published: PendingEvent[] = [];
  let last = before;
  let reads = 0;
  const store: NightStore = {
    lastDay: () => {
      reads += 1;
      return Promise.resolve(last);
    },
    tell: (wanted) => {
      const isFirst = last === null || last < wanted;
      if (isFirst) last = wanted;
      return Promise.resolve(isFirst);
    },
    settleEvents: () => Promise.resolve(),
  };
  const ids = Array.from(
    { length: stayed },
    (_, index) => parseEndpointId(`cvpn-endpoint-${String(index).padStart(17, '0')}`) as EndpointId,
  );
  let fails = false;
  const start = () =>
    createNightWatch({
      store,
      catalogue: {
        get: () =>
          Promise.resolve({
            readAt: six,
            schedule: null,
            endpoints: ids.map((id) => anEndpoint({ id })),
          }),
      },
      endpoints: {
        load: (endpointId) =>
          fails
            ? Promise.reject(new StoreError('calling the table'))
            : Promise.resolve({ record: on({ endpointId }), leases: [] }),
      },
      outbox: {
        deliver: (events) => {
          published.push(...events);
          return Promise.resolve();
        },
      },
      clock,
      log,
      timeZone,
    });
  return {
    start,
    clock,
    log,
    published,
    reads: () => reads,
    failing: (now: boolean) => {
      fails = now;
    },
  };
}

describe('the schedule’s runs', () => {
  it('tell of twelve endpoints once, however many processes run', async () => {
    const world = watching(12);
    const [one, other] = [world.start(), world.start()];
    world.clock.advance(-60);
    await one.runEnded();
    expect(world.published).toEqual([]);
    world.clock.advance(60);
    for (const each of [one, other, one]) await each.runEnded();
    expect(
      world.published.map(({ detail }) => (JSON.parse(detail) as { count: number }).count),
    ).toEqual([12]);
    world.clock.advance(24 * 60 * 60);
    await other.runEnded();
    expect(world.published).toHaveLength(2);
  });

  it('ask once a day whether it was told', async () => {
    const world = watching(1, day);
    const watch = world.start();
    for (let run = 0; run < 3; run += 1) await watch.runEnded();
    expect(world.reads()).toBe(1);
    expect(world.published).toEqual([]);
  });

  it('send nothing where nothing stayed on', async () => {
    const world = watching(0);
    await world.start().runEnded();
    expect(world.published).toEqual([]);
  });

  it('try again in the next run where the table fails', async () => {
    const world = watching(1);
    const watch = world.start();
    world.failing(true);
    await watch.runEnded();
    expect(world.log.messages()).toEqual(['what stayed on overnight not told']);
    world.failing(false);
    await watch.runEnded();
    expect(world.published).toHaveLength(1);
  });
});
