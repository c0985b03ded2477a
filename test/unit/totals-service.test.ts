import { beforeEach, describe, expect, it } from '@jest/globals';

import { minutesAfter } from '../../src/clock.ts';
import { daysAfter } from '../../src/clock.ts';
import { createTotals } from '../../src/usage/totals-service.ts';
import type { Readings, Totals } from '../../src/usage/totals-service.ts';
import { sampleIds } from '../builders/endpoint-for-person.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import type { StoppedClock } from '../builders/stopped-clock.ts';
import { aConnectionRecord, aDayTotal, aGap, anOnPeriod } from '../builders/usage.ts';
import { createMemoryUsage, createMemoryUsageStore } from '../fakes/memory-usage-store.ts';
import type { MemoryUsageStore } from '../fakes/memory-usage-store.ts';

const { endpoint, otherEndpoint } = sampleIds;
const managed = [{ endpointId: endpoint, networks: 2 }];
const nothing = { connections: [], gaps: [], periods: [] };

describe('the totals', () => {
  let clock: StoppedClock;
  let store: MemoryUsageStore;
  let totals: Totals;
  const usage = createMemoryUsage();

  beforeEach(() => {
    // Noon in Tokyo.
    clock = createStoppedClock(new Date('2026-03-04T03:00:00Z'));
    Object.values(usage).forEach((all: Map<string, unknown>) => {
      all.clear();
    });
    const retention = { recordDays: 60, totalDays: 1_000 };
    store = createMemoryUsageStore({ clock, retention, usage });
    totals = createTotals({ store, clock, timeZone: 'Asia/Tokyo', billing: 'pro-rated' });
  });
  const computed = async (month: string) =>
    (await store.days(endpoint, month)).map(({ day }) => day);
  const days = (count: number) => {
    clock.advance(count * 86_400);
  };
  const from = new Date('2026-03-03T14:00:00Z');
  const to = new Date('2026-03-03T16:30:00Z');

  it('are made of today and yesterday, and of their months', async () => {
    await store.write({
      connections: [aConnectionRecord({ from, to })],
      periods: [anOnPeriod({ from, to })],
      gaps: [],
    });
    await totals.refresh(managed);
    expect(await computed('2026-03')).toEqual(['2026-03-03', '2026-03-04']);
    const [month] = await store.months('2026-03');
    expect(month?.computedAt).toEqual(clock.now());
    expect(month?.days.map(({ onSeconds }) => onSeconds)).toEqual([3_600, 5_400]);
    expect(month?.people).toEqual([
      { person: 'alice@example.com', connectionSeconds: 9_000, connections: 1, bytes: 2_100 },
    ]);
    // Made again, they are the same.
    await totals.refresh(managed);
    expect(await store.months('2026-03')).toEqual([month]);
  });

  it('claim nothing of a day before the first, on which nothing happened', async () => {
    await totals.refresh(managed);
    expect(await computed('2026-03')).toEqual(['2026-03-04']);
    days(1);
    await totals.refresh(managed);
    expect(await computed('2026-03')).toEqual(['2026-03-04', '2026-03-05']);
  });

  it('are made up for, over months, after the schedule has stood still', async () => {
    await totals.refresh(managed);
    days(30);
    await totals.refresh(managed);
    expect(await computed('2026-03')).toHaveLength(28);
    expect(await computed('2026-04')).toEqual(['2026-04-01', '2026-04-02', '2026-04-03']);
    expect((await store.months('2026-03'))[0]?.days).toHaveLength(28);
  });

  it('are made up for although a month was computed by hand meanwhile', async () => {
    await totals.refresh(managed);
    days(32);
    await totals.recompute(endpoint, '2026-03');
    await totals.refresh(managed);
    expect(await computed('2026-04')).toHaveLength(5);
  });

  it('hold what a connection of the day before yesterday has moved until its end', async () => {
    clock = createStoppedClock(new Date('2026-03-04T14:45:00Z'));
    totals = createTotals({ store, clock, timeZone: 'Asia/Tokyo', billing: 'pro-rated' });
    const begun = aConnectionRecord({
      from: new Date('2026-03-03T14:55:00Z'),
      seenAt: clock.now(),
    });
    await store.write({ ...nothing, connections: [begun] });
    await totals.refresh(managed);
    clock.advance(15 * 60);
    const ended = { ...begun, to: minutesAfter(clock.now(), -6), seenAt: clock.now() };
    await store.write({ ...nothing, connections: [{ ...ended, egressBytes: 9_000 }] });
    await totals.refresh(managed);
    expect((await store.day(endpoint, '2026-03-03'))?.people[0]?.bytes).toBe(9_100);
  });

  it('hold what is written of days on which they were made and nothing could be read', async () => {
    let recordedAt = clock.now();
    const readingsOf = () => Promise.resolve({ recordedAt, since: null });
    const billing = 'pro-rated';
    totals = createTotals({ store, clock, timeZone: 'Asia/Tokyo', billing, readingsOf });
    const going = anOnPeriod({ from, seenAt: clock.now() });
    await store.write({ ...nothing, periods: [going] });
    const lastRead = clock.now();
    for (let day = 0; day < 4; day += 1) {
      await totals.refresh(managed);
      days(1);
    }
    recordedAt = clock.now();
    await store.write({
      connections: [],
      periods: [{ ...going, seenAt: recordedAt }],
      gaps: [aGap({ from: lastRead, to: recordedAt })],
    });
    await totals.refresh(managed);
    const stored = await store.days(endpoint, '2026-03');
    expect(stored.map(({ onSeconds }) => onSeconds / 3_600)).toEqual([1, 24, 24, 24, 24, 12]);
    expect(stored.map(({ gapSeconds }) => gapSeconds / 3_600)).toEqual([0, 12, 24, 24, 24, 12]);
    expect((await totals.recompute(endpoint, '2026-03')).changes).toEqual([]);
  });

  it('begin with the portal’s first reading, and stay so', async () => {
    let readings: Readings = { recordedAt: null, since: null };
    const readingsOf = () => Promise.resolve(readings);
    const billing = 'pro-rated';
    totals = createTotals({ store, clock, timeZone: 'Asia/Tokyo', billing, readingsOf });
    const elapsed = async () =>
      (await store.days(endpoint, '2026-03')).map((day) => day.elapsedSeconds / 3_600);
    await totals.refresh(managed);
    expect(await elapsed()).toEqual([0]);
    clock.advance(3_600);
    readings = { recordedAt: clock.now(), since: clock.now() };
    clock.advance(3_600);
    await totals.refresh(managed);
    days(1);
    readings = { ...readings, recordedAt: clock.now() };
    await totals.refresh(managed);
    // From one in the afternoon, then two hours into the next one's.
    expect(await elapsed()).toEqual([11, 14]);
    expect((await totals.recompute(endpoint, '2026-03')).changes).toEqual([]);
  });

  it('keep how many networks there were when tags do not parse any more', async () => {
    const networks = async () => (await store.days(endpoint, '2026-03')).map((day) => day.networks);
    await totals.refresh(managed);
    clock.advance(900);
    const broken = [{ endpointId: endpoint, networks: 0 }];
    await totals.refresh(broken);
    expect(await networks()).toEqual([2]);
    days(1);
    await totals.refresh(broken);
    days(1);
    await totals.refresh(broken);
    expect(await networks()).toEqual([2, 2, 2]);
  });

  it('keep how many networks there were on an earlier day', async () => {
    await totals.refresh(managed);
    days(1);
    await totals.refresh([{ endpointId: endpoint, networks: 1 }]);
    const networks = (await store.days(endpoint, '2026-03')).map((day) => day.networks);
    expect(networks).toEqual([2, 1]);
  });

  it('bring to its end what is no longer managed, and begin no day for it', async () => {
    await totals.refresh(managed);
    await store.write({ ...nothing, gaps: [aGap({ from, to })] });
    clock.advance(900);
    await totals.refresh([]);
    expect((await store.day(endpoint, '2026-03-04'))?.gapSeconds).toBe(5_400);
    days(1);
    await totals.refresh([]);
    expect(await computed('2026-03')).toEqual(['2026-03-04']);
  });

  it('of one endpoint that fail do not keep those of another from being made', async () => {
    const failing = {
      ...store,
      gaps: (...of: Parameters<typeof store.gaps>) =>
        of[0] === endpoint ? Promise.reject(new Error('no gaps')) : store.gaps(...of),
    };
    totals = createTotals({
      store: failing,
      clock,
      timeZone: 'Asia/Tokyo',
      billing: 'pro-rated',
    });
    const both = [...managed, { endpointId: otherEndpoint, networks: 1 }];
    await expect(totals.refresh(both)).rejects.toThrow('totals are not up to date');
    expect((await store.months('2026-03')).map((each) => each.endpointId)).toEqual([otherEndpoint]);
  });

  it('say, recomputed, which days have changed, and are then right', async () => {
    await totals.refresh(managed);
    days(1);
    await totals.refresh(managed);
    expect(await totals.recompute(endpoint, '2026-03')).toEqual({ changes: [], expired: [] });
    const aDayLater = (time: Date): Date => daysAfter(time, 1);
    const periods = [anOnPeriod({ from: aDayLater(from), to: aDayLater(to) })];
    await store.write({ ...nothing, periods });
    const before = await store.day(endpoint, '2026-03-04');
    clock.advance(60);
    const { changes } = await totals.recompute(endpoint, '2026-03');
    expect(changes.map(({ day }) => day)).toEqual(['2026-03-04', '2026-03-05']);
    expect(changes[0]?.before).toEqual(before);
    expect(changes[0]?.after).toMatchObject({ onSeconds: 3_600, networks: 2 });
    expect((await store.months('2026-03'))[0]?.days[0]?.onSeconds).toBe(3_600);
    expect((await totals.recompute(endpoint, '2026-03')).changes).toEqual([]);
  });

  it('are, recomputed, made of days that never had any, if something happened', async () => {
    await store.write({ ...nothing, connections: [aConnectionRecord({ from, to })] });
    const { changes } = await totals.recompute(endpoint, '2026-03');
    expect(changes.map(({ before, day }) => [day, before])).toEqual([
      ['2026-03-03', null],
      ['2026-03-04', null],
    ]);
  });

  it('leave months alone that are still to come', async () => {
    expect(await totals.recompute(endpoint, '2026-05')).toEqual({ changes: [], expired: [] });
    expect(await store.months('2026-05')).toEqual([]);
  });

  it('stay as they are where the records have outlived their retention', async () => {
    const old = aDayTotal({ day: '2025-12-31' });
    const kept = aDayTotal({ day: '2026-01-31' });
    await store.putDay(old);
    await store.putDay(kept);
    expect(await totals.recompute(endpoint, '2025-12')).toEqual({
      changes: [],
      expired: ['2025-12-31'],
    });
    expect(await store.day(endpoint, '2025-12-31')).toEqual(old);
    const { changes } = await totals.recompute(endpoint, '2026-01');
    expect(changes.map(({ after }) => after.onSeconds)).toEqual([0]);
  });
});
