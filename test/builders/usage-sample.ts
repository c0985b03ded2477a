import { minutesAfter } from '../../src/clock.ts';
import { dayOf, daysOf, rangeOfDay, weekdayOf } from '../../src/usage/calendar.ts';
import type { Month } from '../../src/usage/calendar.ts';
import type { ConnectionRecord } from '../../src/usage/connection-record.ts';
import type { ObservationGap, OnPeriod } from '../../src/usage/on-period.ts';
import type { Prices } from '../../src/usage/cost.ts';
import { dayTotal, monthTotal } from '../../src/usage/totals.ts';
import type { DayTotal, MonthTotal } from '../../src/usage/totals.ts';
import { createUsageReports } from '../../src/usage/usage-reports.ts';
import type { MonthReport } from '../../src/usage/usage-reports.ts';
import type { UsageStore } from '../../src/usage/usage-store.ts';
import { parseAssociationId, parseConnectionId } from '../../src/vpn/ids.ts';
import type { AssociationId, ConnectionId, EndpointId } from '../../src/vpn/ids.ts';
import { createMemoryUsageStore } from '../fakes/memory-usage-store.ts';
import { sampleIds } from './endpoint-for-person.ts';

export const accountsZone = 'Asia/Tokyo';

/** Names that mean something to a spreadsheet, or to a browser. */
export const hostileNames = ['=HYPERLINK("x")', '<script>alert("1")</script>'] as const;

export interface UsageSample {
  readonly connections: readonly ConnectionRecord[];
  readonly periods: readonly OnPeriod[];
  readonly gaps: readonly ObservationGap[];
}

function connectionIdOf(index: number): ConnectionId {
  const id = parseConnectionId(`cvpn-connection-${index.toString(16).padStart(17, '0')}`);
  if (id === null) throw new Error('a made-up id does not parse');
  return id;
}

function associationIdOf(index: number): AssociationId {
  const id = parseAssociationId(`cvpn-assoc-${index.toString(16).padStart(17, '0')}`);
  if (id === null) throw new Error('a made-up id does not parse');
  return id;
}

/** The same every time: a month of office hours, up to a moment in it. */
export function usageSample(
  endpointId: EndpointId,
  month: Month,
  now: Date,
  options: { readonly seed?: number; readonly people?: readonly string[] } = {},
): UsageSample {
  const { people = samplePeople, seed = 1 } = options;
  let state = seed;
  const random = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  const connections: ConnectionRecord[] = [];
  const periods: OnPeriod[] = [];
  const gaps: ObservationGap[] = [];
  daysOf(month).forEach((day, index) => {
    const { from: midnight } = rangeOfDay(day, accountsZone);
    if (weekdayOf(day) > 4 || midnight > now) return;
    const begin = minutesAfter(midnight, 8 * 60 + random(90));
    if (begin >= now) return;
    const planned = minutesAfter(begin, 300 + random(360));
    const ended = planned < now;
    const hasGap = index === 9;
    [sampleIds.subnetA, sampleIds.subnetB].forEach((subnetId, network) => {
      periods.push({
        endpointId,
        associationId: associationIdOf(seed * 1000 + index * 2 + network),
        subnetId,
        from: begin,
        to: ended ? planned : null,
        seenAt: ended ? planned : now,
        startedBy:
          index % 7 === 3
            ? { kind: 'outside' }
            : { kind: 'person', id: `sub-${index}`, name: people[index % people.length] ?? '' },
        endedBecause: ended ? (index % 6 === 5 ? 'outside' : 'idle') : null,
        unobservedSince: null,
        unobservedUntil: hasGap && ended ? minutesAfter(planned, 130) : null,
      });
    });
    if (hasGap) gaps.push({ endpointId, from: planned, to: minutesAfter(planned, 130) });
    const count = 2 + random(5);
    for (let nth = 0; nth < count; nth += 1) {
      const from = minutesAfter(begin, 5 + random(200));
      const to = minutesAfter(from, 20 + random(240));
      const isOpen = to > now;
      if (from >= now) continue;
      connections.push({
        endpointId,
        connectionId: connectionIdOf(seed * 100_000 + index * 100 + nth),
        person: people[random(people.length)] ?? '',
        from,
        to: isOpen ? null : to,
        seenAt: isOpen ? now : to,
        ingressBytes: random(90_000_000),
        egressBytes: random(900_000_000),
        clientAddress: `10.100.0.${(2 + random(200)).toString()}`,
        status: isOpen ? 'active' : 'terminated',
        ending: isOpen ? null : nth === 0 ? 'with-the-stop' : 'by-client',
      });
    }
  });
  return { connections, periods, gaps };
}

export const samplePeople: readonly string[] = [
  'alice@example.com',
  'bob@example.com',
  'carol@example.com',
  ...hostileNames,
  'yuki.tanaka@example.com',
  'a.person.with.quite.a.long.name@a.long.subdomain.example.com',
  ...Array.from({ length: 18 }, (_, index) => `person${(index + 1).toString()}@example.com`),
];

/** The totals that the schedule makes of it, with two networks a day. */
function totalsOf(
  endpointId: EndpointId,
  month: Month,
  now: Date,
  sample: UsageSample,
): { readonly days: readonly DayTotal[]; readonly month: MonthTotal } {
  const days = daysOf(month)
    .filter((day) => day <= dayOf(now, accountsZone))
    .map((day) =>
      dayTotal(endpointId, day, sample, {
        billing: 'pro-rated',
        timeZone: accountsZone,
        now,
        networks: 2,
      }),
    );
  return { days, month: monthTotal(endpointId, month, days, now) };
}

/** Writes it, and the totals that are made from it, as the schedule would. */
export async function storeSample(
  store: UsageStore,
  endpointId: EndpointId,
  month: Month,
  now: Date,
  sample: UsageSample,
): Promise<void> {
  await store.write(sample);
  const totals = totalsOf(endpointId, month, now, sample);
  for (const day of totals.days) await store.putDay(day);
  await store.putMonth(totals.month);
}

/** The report of such a month, of the endpoints given. */
export async function sampleReport(
  month: Month,
  now: Date,
  options: {
    readonly endpointIds?: readonly EndpointId[];
    readonly prices?: Prices | null;
    readonly only?: EndpointId | null;
    readonly people?: readonly string[];
  } = {},
): Promise<MonthReport> {
  const { endpointIds = [sampleIds.endpoint], only = null, people, prices = null } = options;
  const store = createMemoryUsageStore({
    clock: { now: () => now },
    retention: { recordDays: 400, totalDays: 1100 },
  });
  for (const [index, endpointId] of endpointIds.entries()) {
    const seeded = { seed: index + 1, ...(people === undefined ? {} : { people }) };
    const sample = usageSample(endpointId, month, now, seeded);
    await storeSample(store, endpointId, month, now, sample);
  }
  return createUsageReports({ store, timeZone: accountsZone, prices }).month(month, only);
}

export const samplePrices: Prices = {
  currency: 'USD',
  perAssociationHour: 0.15,
  perConnectionHour: 0.05,
  portalPerMonth: 22,
  billing: 'pro-rated',
};
