import { describe, expect, it } from '@jest/globals';

import { offices } from '../../scripts/local/history/colleagues.ts';
import { historyTimeZone, seedHistory } from '../../scripts/local/history/seed-history.ts';
import type { AuditEntry } from '../../src/audit/audit-log.ts';
import { daysAfter } from '../../src/clock.ts';
import { endOfLease } from '../../src/usage/lease-record.ts';
import { createTotals } from '../../src/usage/totals-service.ts';
import { createUsageReports } from '../../src/usage/usage-reports.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import { createMemoryUsageStore } from '../fakes/memory-usage-store.ts';

const now = new Date('2026-11-21T02:00:00Z');
const months = ['2026-09', '2026-10', '2026-11'] as const;

async function seeded(seed: number, at = now) {
  const clock = createStoppedClock(at);
  const usage = createMemoryUsageStore({ clock, retention: { recordDays: 400, totalDays: 1_100 } });
  const entries: AuditEntry[] = [];
  const audit = {
    append: (entry: AuditEntry) => {
      entries.push(entry);
      return Promise.resolve();
    },
    page: () => Promise.resolve({ entries: [], next: null }),
  };
  await seedHistory({ usage, audit, now: at, seed });
  return { clock, usage, entries };
}

describe('the history of the local stack', () => {
  it('is the same for the same seed, and another for another', async () => {
    const [one, same, other] = await Promise.all([seeded(1), seeded(1), seeded(2)]);
    expect(same.usage.peek()).toEqual(one.usage.peek());
    expect(same.entries).toEqual(one.entries);
    expect(other.usage.peek()).not.toEqual(one.usage.peek());
  });

  it('has totals that a recomputation does not change', async () => {
    const { clock, usage } = await seeded(3);
    const deps = { store: usage, clock, timeZone: historyTimeZone } as const;
    const totals = createTotals({ ...deps, billing: 'pro-rated' });
    for (const month of months) {
      const before = await usage.months(month);
      expect(before).toHaveLength(2);
      for (const { endpointId } of before) {
        expect((await totals.recompute(endpointId, month)).changes).toEqual([]);
      }
      expect(await usage.months(month)).toEqual(before);
    }
  });

  it('has leases that are over, of somebody who can sign in', async () => {
    const { clock, usage } = await seeded(4);
    const range = { from: daysAfter(clock.now(), -100), to: clock.now() };
    const query = { person: 'alice@example.com', range, limit: 100, after: null };
    const { leases } = await usage.leasesPage(query);
    expect(leases.length).toBeGreaterThan(3);
    expect(leases.every((lease) => endOfLease(lease, clock.now()) !== null)).toBe(true);
  });

  it('is quick to write, and enough for full pages', async () => {
    const { entries, usage } = await seeded(4);
    const { connections, periods } = usage.peek();
    expect(connections.length).toBeGreaterThan(400);
    expect(new Set(connections.map(({ person }) => person)).size).toBeGreaterThan(15);
    expect(entries.length).toBeGreaterThan(200);
    // Each is a request to the table, and newcomers wait for them.
    expect(connections.length + periods.length + entries.length).toBeLessThan(1_500);
  });

  it('has nothing that cannot be, and nothing of the last hour', async () => {
    const { entries, usage } = await seeded(5);
    const { connections, periods } = usage.peek();
    for (const { endpointId, from, person, to } of connections) {
      const end = to ?? now;
      expect(end > from && end < now).toBe(true);
      const on = periods.filter((each) => each.endpointId === endpointId);
      // AWS tells the end of a connection also where nobody saw the network go.
      const goneBy = (each: (typeof on)[number]) => each.unobservedUntil ?? each.to ?? now;
      expect(on.some((each) => each.from <= from && end <= goneBy(each))).toBe(true);
      const office = offices.find((each) => each.endpointId === endpointId);
      expect(office?.colleagues.map(({ name }) => name)).toContain(person);
    }
    expect(entries.every(({ at }) => at < now)).toBe(true);
    for (const { endpointId } of offices) {
      const on = periods.filter((each) => each.endpointId === endpointId);
      const subnets = new Set(on.map(({ subnetId }) => subnetId));
      for (const subnetId of subnets) {
        const spans = on
          .filter((each) => each.subnetId === subnetId)
          .toSorted((a, b) => a.from.getTime() - b.from.getTime());
        expect(
          spans.every(({ from }, index) => index === 0 || from >= (spans[index - 1]?.to ?? now)),
        ).toBe(true);
      }
    }
  });

  it('tells of a week that was always on, a gap, a start in the console and a stop', async () => {
    const { usage } = await seeded(6);
    const { connections, gaps, periods } = usage.peek();
    expect(gaps).toHaveLength(2);
    expect(new Set(periods.map(({ startedBy }) => startedBy.kind))).toEqual(
      new Set(['person', 'administrator', 'outside']),
    );
    expect(periods.some(({ endedBecause }) => endedBecause === 'requested')).toBe(true);
    expect(connections.some(({ ending }) => ending === 'with-the-stop')).toBe(true);
    const longest = Math.max(
      ...periods.map(({ from, to }) => (to ?? now).getTime() - from.getTime()),
    );
    expect(longest / 86_400_000).toBeCloseTo(7, 1);
  });

  it('shows a saving in every month, less in the one with the week', async () => {
    const { usage } = await seeded(7);
    const reports = createUsageReports({
      store: usage,
      timeZone: historyTimeZone,
      prices: {
        currency: 'USD',
        perAssociationHour: 0.15,
        perConnectionHour: 0.05,
        portalPerMonth: 25,
        billing: 'pro-rated',
      },
    });
    const saved = await Promise.all(
      months.map(async (month) => {
        const { cost } = (await reports.month(month, null)).total;
        return cost === null ? 0 : cost.saved / cost.alwaysOn;
      }),
    );
    expect(Math.min(...saved)).toBe(saved[1]);
    expect(saved.every((share) => share > 0.2 && share < 0.9)).toBe(true);
  });

  it.each(['2026-01-01T00:00:00Z', '2026-03-31T15:30:00Z', '2028-02-29T14:59:00Z'])(
    'can be made at any time (%s)',
    async (time) => {
      const { usage } = await seeded(8, new Date(time));
      expect(usage.peek().connections.length).toBeGreaterThan(300);
    },
  );
});
