import { describe, expect, it } from '@jest/globals';

import type { Prices } from '../../src/usage/cost.ts';
import type { ObservationGap } from '../../src/usage/on-period.ts';
import type { DayTotal } from '../../src/usage/totals.ts';
import { createUsageReports } from '../../src/usage/usage-reports.ts';
import { minutesAfter } from '../../src/clock.ts';
import { sampleIds, sampleNow } from '../builders/endpoint-for-person.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import { aDayTotal, aGap, aMonthTotal } from '../builders/usage.ts';
import { createMemoryUsageStore } from '../fakes/memory-usage-store.ts';

const { endpoint, otherEndpoint } = sampleIds;
const prices: Prices = {
  currency: 'USD',
  perAssociationHour: 0.15,
  perConnectionHour: 0.05,
  portalPerMonth: 31,
  billing: 'pro-rated',
};

async function reportsOf(
  months: readonly (readonly DayTotal[])[],
  given: Prices | null = prices,
  gaps: readonly ObservationGap[] = [],
) {
  const clock = createStoppedClock();
  const store = createMemoryUsageStore({ clock, retention: { recordDays: 400, totalDays: 400 } });
  for (const [index, days] of months.entries()) {
    await store.putMonth(aMonthTotal(days, minutesAfter(sampleNow, index)));
  }
  await store.write({ connections: [], periods: [], gaps });
  return createUsageReports({ store, timeZone: 'Asia/Tokyo', prices: given });
}

// Two networks on for an hour each, one connection of an hour, a whole day of the 31.
const office = aDayTotal();
const lab = aDayTotal({
  endpointId: otherEndpoint,
  day: '2026-03-05',
  networks: 1,
  onSeconds: 3_600,
  billedHours: 1,
  gapSeconds: 60,
  people: [{ person: 'ALICE@example.com', connectionSeconds: 3_600, connections: 1, bytes: 1 }],
});

describe('the report of a month', () => {
  it('adds up hours, people and money of all endpoints', async () => {
    const reports = await reportsOf([[office], [lab]]);
    const report = await reports.month('2026-03', null);
    expect(report.computedAt).toEqual(minutesAfter(sampleNow, 1));
    expect(report.total).toMatchObject({
      onSeconds: 10_800,
      alwaysOnSeconds: 3 * 86_400,
      connectionSeconds: 7_200,
      connections: 2,
      people: 1,
      gapSeconds: 60,
    });
    const cost = report.total.cost;
    expect(cost?.associations).toBeCloseTo(3 * 0.15, 9);
    expect(cost?.connections).toBeCloseTo(2 * 0.05, 9);
    expect(cost?.alwaysOn).toBeCloseTo(72 * 0.15, 9);
    // Two days of the 31.
    expect(cost?.portal).toBeCloseTo(2, 9);
    expect(cost?.saved).toBeCloseTo(72 * 0.15 - 3 * 0.15 - 2, 9);
    expect(report.people).toMatchObject([
      { person: 'alice@example.com', connectionSeconds: 7_200 },
    ]);
  });

  it('is of one endpoint, which pays nothing of the portal', async () => {
    const reports = await reportsOf([[office], [lab]]);
    const report = await reports.month('2026-03', endpoint);
    expect(report.endpoints.map(({ endpointId }) => endpointId)).toEqual([endpoint]);
    expect(report.total).toMatchObject({ onSeconds: 7_200, cost: { portal: 0 } });
    expect(report.total.cost?.saved).toBeCloseTo(48 * 0.15 - 2 * 0.15, 9);
  });

  it('has every day of the month, and every hour of the week', async () => {
    const report = await (await reportsOf([[office], [lab]])).month('2026-03', null);
    expect(report.days).toHaveLength(31);
    expect(report.days[3]).toEqual({
      day: '2026-03-04',
      onSeconds: 7_200,
      alwaysOnSeconds: 2 * 86_400,
      gapSeconds: 0,
      cost: expect.closeTo(2 * 0.15 + 0.05, 9),
    });
    expect(report.days[5]).toMatchObject({ onSeconds: 0, alwaysOnSeconds: 0 });
    // A Wednesday and a Thursday at eleven.
    expect(report.onSecondsByWeekHour[2]?.[11]).toBe(7_200);
    expect(report.onSecondsByWeekHour[3]?.[11]).toBe(7_200);
    expect(report.onSecondsByWeekHour.flat()).toHaveLength(168);
    // Of use, an hour earlier: what is on is not used for that.
    expect(report.connectionSecondsByWeekHour?.[2]?.[11]).toBe(0);
    expect(report.connectionSecondsByWeekHour?.[2]?.[10]).toBe(3_600);
  });

  it('knows nothing of when it was used where a day has not counted it', async () => {
    const older = { ...lab, connectionSecondsByHour: null };
    const report = await (await reportsOf([[office], [older]])).month('2026-03', null);
    expect(report.connectionSecondsByWeekHour).toBeNull();
    const idle = { ...older, connectionSeconds: 0 };
    const other = await (await reportsOf([[office], [idle]])).month('2026-03', null);
    expect(other.connectionSecondsByWeekHour).not.toBeNull();
  });

  it('costs by day what it costs by month', async () => {
    const report = await (await reportsOf([[office], [lab]])).month('2026-03', null);
    const days = report.days.reduce((sum, { cost }) => sum + (cost ?? NaN), 0);
    const { associations = NaN, connections = NaN } = report.total.cost ?? {};
    expect(days).toBeCloseTo(associations + connections, 9);
  });

  it('counts a time in which no endpoint could be read once, and is right of each', async () => {
    const at = (minutes: number) => minutesAfter(sampleNow, minutes);
    const gaps = [
      aGap({ from: at(0), to: at(60) }),
      aGap({ from: at(300), to: at(310) }),
      aGap({ endpointId: otherEndpoint, from: at(30), to: at(90) }),
      aGap({ endpointId: otherEndpoint, from: at(40), to: at(50) }),
    ];
    const months = [
      [{ ...office, gapSeconds: 70 * 60 }],
      [{ ...lab, day: office.day, gapSeconds: 60 * 60 }],
    ];
    const reports = await reportsOf(months, prices, gaps);
    const report = await reports.month('2026-03', null);
    expect(report.total.gapSeconds).toBe(100 * 60);
    expect(report.days[3]?.gapSeconds).toBe(100 * 60);
    expect(report.endpoints.map(({ gapSeconds }) => gapSeconds)).toEqual([70 * 60, 60 * 60]);
    expect((await reports.month('2026-03', otherEndpoint)).total.gapSeconds).toBe(60 * 60);
    // Whose records are gone: as long as of the one that could be read least.
    const bare = await (await reportsOf(months)).month('2026-03', null);
    expect(bare.total.gapSeconds).toBe(70 * 60);
  });

  it('charges the hours of connections that are billed, not those that they lasted', async () => {
    const reports = await reportsOf([[aDayTotal({ billedConnectionHours: 3 })]]);
    const { cost } = (await reports.month('2026-03', null)).total;
    expect(cost?.connections).toBeCloseTo(0.15, 9);
  });

  it('names no money where no prices are configured', async () => {
    const report = await (await reportsOf([[office]], null)).month('2026-03', null);
    expect(report.total.cost).toBeNull();
    expect(report.endpoints[0]?.cost).toBeNull();
    expect(report.total.onSeconds).toBe(7_200);
  });

  it('says that there are no figures', async () => {
    const report = await (await reportsOf([])).month('2026-03', null);
    expect(report.computedAt).toBeNull();
    expect(report.total).toMatchObject({ onSeconds: 0, people: 0, cost: { portal: 0, saved: 0 } });
  });

  it('says of a portal that costs more than it saves that it does', async () => {
    const always = aDayTotal({ onSeconds: 2 * 86_400, billedHours: 48 });
    const { cost } = (await (await reportsOf([[always]])).month('2026-03', null)).total;
    expect(cost?.saved).toBeCloseTo(-1, 9);
  });
});
