import { describe, expect, it } from '@jest/globals';

import { minutesAfter } from '../../src/clock.ts';
import { endOfLease, leaseGivenBack, leasesSince } from '../../src/usage/lease-record.ts';
import { createRecordedLeases } from '../../src/usage/recorded-leases.ts';
import { aLease, alice, bob, sampleIds, sampleNow } from '../builders/endpoint-for-person.ts';
import { createRecordingLog } from '../builders/recording-log.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import { aLeaseRecord } from '../builders/usage.ts';
import { createMemoryStores } from '../fakes/memory-stores.ts';
import { createMemoryUsage, createMemoryUsageStore } from '../fakes/memory-usage-store.ts';

const at = (minutes: number): Date => minutesAfter(sampleNow, minutes);
const seen = { at: sampleNow, stoppedAt: null, isLatestHour: () => false };
const asked = (minutes: number) => ({
  ...aLease(alice, 60),
  requestedAt: at(minutes),
  askedAt: at(minutes),
});

describe('what a pass writes of leases', () => {
  it('is what was asked for since the last reading, and a little before it', () => {
    const leases = [asked(-30), asked(-6), asked(-1)];
    expect(leasesSince(at(-5), leases, seen).map(({ from }) => from)).toEqual([at(-6), at(-1)]);
    expect(leasesSince(null, leases, seen)).toHaveLength(3);
    expect(leasesSince(at(-1), [asked(-30)], seen)).toEqual([]);
  });

  it('is one lease from its first request, however often it was extended', () => {
    const extended = { ...asked(-300), askedAt: at(-1), until: at(90) };
    expect(leasesSince(at(-2), [extended], seen)).toEqual([
      aLeaseRecord({ from: at(-300), until: at(90), seenAt: sampleNow }),
    ]);
  });

  it('is that an administrator has stopped it, and no more of what was over by then', () => {
    const leases = [asked(-30), { ...aLease(bob, -10), requestedAt: at(-60), askedAt: at(-60) }];
    const written = leasesSince(at(-2), leases, { ...seen, stoppedAt: at(-1) });
    expect(written.map(({ ending, to }) => [to, ending])).toEqual([
      [at(-1), 'stopped'],
      [null, null],
    ]);
    expect(leasesSince(at(-2), leases, { ...seen, stoppedAt: at(-10) })).toEqual([]);
    const later = [asked(-1)];
    const [again] = leasesSince(at(-2), later, { ...seen, stoppedAt: at(-1.5) });
    expect(again?.ending).toBeNull();
  });

  it('says whether it ends at the latest hour', () => {
    const isLatestHour = (time: Date) => time.getTime() === at(60).getTime();
    const [written] = leasesSince(null, [asked(-1)], { ...seen, isLatestHour });
    expect(written?.untilLatestHour).toBe(true);
  });
});

describe('how a lease has ended', () => {
  it.each([
    ['held', {}, null],
    ['over', { until: at(-1) }, { at: at(-1), how: 'over' }],
    [
      'over at the latest hour',
      { until: at(-1), untilLatestHour: true },
      { at: at(-1), how: 'latest-hour' },
    ],
    ['given back', { to: at(-2), ending: 'given-back' }, { at: at(-2), how: 'given-back' }],
    ['stopped', { to: at(-2), ending: 'stopped' }, { at: at(-2), how: 'stopped' }],
  ] as const)('is told: %s', (_what, overrides, end) => {
    expect(endOfLease(aLeaseRecord(overrides), sampleNow)).toEqual(end);
  });

  it('is by itself where it is removed after its end', () => {
    const over = { ...asked(-90), until: at(-30) };
    expect(leaseGivenBack(over, sampleNow)).toMatchObject({ to: null, ending: null });
  });
});

describe('the leases that are recorded', () => {
  const clock = createStoppedClock();
  const { endpoint } = sampleIds;
  const asOfNow = { now: sampleNow, stoppedAt: null };

  it('are in the history when they are given back, once, and gone as before', async () => {
    const { endpoints, leases } = createMemoryStores();
    const usage = createMemoryUsage();
    const retention = { recordDays: 10, totalDays: 10 };
    const store = createMemoryUsageStore({ clock, retention, usage });
    const log = createRecordingLog();
    const recorded = createRecordedLeases(leases, { usage: store, clock, log });
    const { lease } = await recorded.extend(asked(-10), null);
    expect(await recorded.remove(endpoint, alice.id, asOfNow)).toEqual(lease);
    expect(await recorded.remove(endpoint, alice.id, asOfNow)).toBeNull();
    expect((await endpoints.load(endpoint)).leases).toEqual([]);
    const given = aLeaseRecord({
      from: at(-10),
      until: lease.until,
      to: sampleNow,
      seenAt: sampleNow,
      ending: 'given-back',
    });
    expect([...usage.leases.values()]).toEqual([given]);
    // A pass that had read it before comes later.
    await store.writeLeases(leasesSince(null, [lease], { ...seen, at: at(1) }));
    expect([...usage.leases.values()]).toEqual([given]);
  });

  it('are given back although the history cannot be written', async () => {
    const { leases } = createMemoryStores();
    const log = createRecordingLog();
    const usage = { writeLeases: () => Promise.reject(new Error('no table')) };
    const recorded = createRecordedLeases(leases, { usage, clock, log });
    const { lease } = await recorded.extend(asked(-10), null);
    expect(await recorded.remove(endpoint, alice.id, asOfNow)).toEqual(lease);
    expect(JSON.stringify(log)).toContain('usage not recorded');
  });
});
