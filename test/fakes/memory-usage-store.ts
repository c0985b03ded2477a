import type { Clock } from '../../src/clock.ts';
import { daysAfter } from '../../src/clock.ts';
import type { Day, Month } from '../../src/usage/calendar.ts';
import { monthAfter, monthOfDay } from '../../src/usage/calendar.ts';
import type { ConnectionRecord } from '../../src/usage/connection-record.ts';
import { personKey } from '../../src/usage/connection-record.ts';
import type { LeaseRecord } from '../../src/usage/lease-record.ts';
import type { ObservationGap, OnPeriod, TimeRange } from '../../src/usage/on-period.ts';
import type { UsageWrites } from '../../src/usage/record-usage.ts';
import type { DayTotal, MonthTotal } from '../../src/usage/totals.ts';
import type {
  ConnectionsCursor,
  ConnectionsQuery,
  LeasesCursor,
  UsageStore,
} from '../../src/usage/usage-store.ts';
import type { EndpointId } from '../../src/vpn/ids.ts';

/** A usage store in memory: the same conditions, and nothing to wait for. */
export interface MemoryUsageStore extends UsageStore {
  /** Everything that stands in it, whether it has outlived its retention or not; in no order. */
  peek(): UsageWrites;
}

/** What stands in it; several stores over one of these are several processes' clients. */
export interface MemoryUsage {
  readonly connections: Map<string, ConnectionRecord>;
  readonly periods: Map<string, OnPeriod>;
  readonly gaps: Map<string, ObservationGap>;
  readonly leases: Map<string, LeaseRecord>;
  readonly days: Map<string, DayTotal>;
  readonly months: Map<string, MonthTotal>;
}

export function createMemoryUsage(): MemoryUsage {
  return {
    connections: new Map(),
    periods: new Map(),
    gaps: new Map(),
    leases: new Map(),
    days: new Map(),
    months: new Map(),
  };
}

export function createMemoryUsageStore(deps: {
  readonly clock: Clock;
  readonly retention: { readonly recordDays: number; readonly totalDays: number };
  readonly usage?: MemoryUsage;
}): MemoryUsageStore {
  const { clock, retention, usage = createMemoryUsage() } = deps;

  const recordsKeptSince = (): Date => daysAfter(clock.now(), -retention.recordDays);

  function overlapping<Span extends { from: Date; to: Date | null; seenAt?: Date }>(
    spans: Iterable<Span & { endpointId: EndpointId }>,
    endpointId: EndpointId,
    wanted: TimeRange,
  ): Span[] {
    const oldest = recordsKeptSince();
    const from = wanted.from < oldest ? oldest : wanted.from;
    if (from >= wanted.to) return [];
    return [...spans]
      .filter((span) => {
        const end = span.to ?? span.seenAt ?? span.from;
        return span.endpointId === endpointId && span.from < wanted.to && end >= from;
      })
      .sort((a, b) => a.from.getTime() - b.from.getTime());
  }

  function selected(query: Omit<ConnectionsQuery, 'limit'>): ConnectionRecord[] {
    const { after, of, order, range } = query;
    const oldest = recordsKeptSince();
    const sign = order === 'oldest-first' ? 1 : -1;
    return [...usage.connections.values()]
      .filter(
        (record) =>
          record.from >= range.from &&
          record.from < range.to &&
          record.from >= oldest &&
          (after === null || sign * compare(record, after) > 0) &&
          (of.kind === 'endpoints'
            ? of.endpointIds.includes(record.endpointId)
            : of.person.trim() !== '' &&
              personKey(record.person) === personKey(of.person) &&
              (of.endpointId === undefined || of.endpointId === record.endpointId)),
      )
      .sort((a, b) => sign * compare(a, b));
  }

  function isExpired(month: Month): boolean {
    const over = new Date(`${monthAfter(month, 1)}-02T00:00:00Z`);
    return daysAfter(over, retention.totalDays) <= clock.now();
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- a fault in it is a rejection
  const answer = async <Answer>(make: () => Answer): Promise<Answer> => make();

  return {
    recordsKeptSince,
    peek: () => ({
      connections: [...usage.connections.values()],
      periods: [...usage.periods.values()],
      gaps: [...usage.gaps.values()],
    }),

    write: ({ connections, gaps, periods }) =>
      answer(() => {
        for (const each of connections) putIfNews(usage.connections, each.connectionId, each);
        for (const each of periods) {
          const key = `${each.endpointId} ${each.from.toISOString()} ${each.associationId}`;
          putIfNews(usage.periods, key, each);
        }
        for (const gap of gaps) {
          const key = `${gap.endpointId} ${gap.from.toISOString()}`;
          const before = usage.gaps.get(key);
          if (before === undefined || before.to <= gap.to) usage.gaps.set(key, gap);
        }
      }),

    periods: (endpointId, range) =>
      answer(() => overlapping(usage.periods.values(), endpointId, range)),
    gaps: (endpointId, range) => answer(() => overlapping(usage.gaps.values(), endpointId, range)),

    async *connections(endpointId, range) {
      const of = { kind: 'endpoints', endpointIds: [endpointId] } as const;
      yield await answer(() => selected({ of, range, order: 'oldest-first', after: null }));
    },

    connectionsPage: (query) =>
      answer(() => {
        const all = selected(query);
        const connections = all.slice(0, query.limit);
        const last = connections.at(-1);
        const isMore = all.length > query.limit && last !== undefined;
        return {
          connections,
          next: isMore ? { from: last.from, connectionId: last.connectionId } : null,
        };
      }),

    writeLeases: (leases) =>
      answer(() => {
        for (const each of leases) {
          const key = `${each.endpointId} ${each.from.toISOString()} ${each.personId}`;
          putIfNews(usage.leases, key, each);
        }
      }),
    leasesPage: ({ after, limit, person, range }) =>
      answer(() => {
        const oldest = recordsKeptSince();
        const placeOf = ({ endpointId, from }: LeasesCursor): string =>
          `${from.toISOString()} ${endpointId}`;
        const found = [...usage.leases.values()]
          .filter(
            (lease) =>
              lease.from >= range.from &&
              lease.from < range.to &&
              lease.from >= oldest &&
              person.trim() !== '' &&
              personKey(lease.person) === personKey(person) &&
              (after === null || placeOf(lease) < placeOf(after)),
          )
          .sort((a, b) => (placeOf(a) < placeOf(b) ? 1 : -1));
        const leases = found.slice(0, limit);
        const last = leases.at(-1) ?? null;
        const next = last === null ? null : { from: last.from, endpointId: last.endpointId };
        return { leases, next: found.length > limit ? next : null };
      }),

    putDay: (total) =>
      answer(() => {
        usage.days.set(`${total.endpointId} ${total.day}`, total);
      }),
    days: (endpointId, month) =>
      answer(() =>
        isExpired(month)
          ? []
          : [...usage.days.values()]
              .filter((total) => total.endpointId === endpointId && monthOfDay(total.day) === month)
              .sort((a, b) => (a.day < b.day ? -1 : 1)),
      ),
    day: (endpointId: EndpointId, day: Day) =>
      answer(() =>
        isExpired(monthOfDay(day)) ? null : (usage.days.get(`${endpointId} ${day}`) ?? null),
      ),
    putMonth: (total) =>
      answer(() => {
        usage.months.set(`${total.endpointId} ${total.month}`, total);
      }),
    months: (month) =>
      answer(() =>
        isExpired(month)
          ? []
          : [...usage.months.values()]
              .filter((total) => total.month === month)
              .sort((a, b) => (a.endpointId < b.endpointId ? -1 : 1)),
      ),
  };
}

/** Only a later reading replaces a record, and nothing replaces one that has ended. */
function putIfNews<Stored extends { seenAt: Date; to: Date | null }>(
  all: Map<string, Stored>,
  key: string,
  reading: Stored,
): void {
  const before = all.get(key);
  if (before !== undefined && (before.to !== null || before.seenAt > reading.seenAt)) return;
  all.set(key, reading);
}

function compare(a: ConnectionsCursor, b: ConnectionsCursor): number {
  const difference = a.from.getTime() - b.from.getTime();
  if (difference !== 0) return difference;
  return a.connectionId < b.connectionId ? -1 : a.connectionId > b.connectionId ? 1 : 0;
}
