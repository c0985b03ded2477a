import type { Clock } from '../clock.ts';
import { minutesAfter } from '../clock.ts';
import type { EndpointId } from '../vpn/ids.ts';
import type { Day, Month } from './calendar.ts';
import {
  dayAfter,
  dayOf,
  daysOf,
  monthAfter,
  monthOf,
  monthOfDay,
  rangeOfDay,
  rangeOfMonth,
} from './calendar.ts';
import type { ConnectionRecord } from './connection-record.ts';
import { longestConnectionMinutes } from './connection-record.ts';
import type { Billing } from './cost.ts';
import type { UsageCursor } from './on-period.ts';
import type { DayTotal, MonthTotal } from './totals.ts';
import { dayTotal, figuresOf, monthTotal } from './totals.ts';
import type { UsageStore } from './usage-store.ts';

/** Keeps the day and month totals in step with the records that they are made from. */
export interface Totals {
  /**
   * Computes again every day whose records may have changed since the last time: today and
   * yesterday, all days since then where that was longer ago, and, once an endpoint can be read
   * again, all days since it could not be. Endpoints that are not named, and have figures of this
   * month, have their last days brought to an end.
   *
   * @throws {AggregateError} at the end, with what failed: one endpoint does not stop the others
   */
  refresh(endpoints: readonly Accountable[]): Promise<void>;
  /** Computes a whole month again from its records, as far as they are still kept. */
  recompute(endpointId: EndpointId, month: Month): Promise<Recomputed>;
}

/** An endpoint, and how many networks its policy names. */
export interface Accountable {
  readonly endpointId: EndpointId;
  readonly networks: number;
}

export interface Recomputed {
  /** The days whose figures have changed. */
  readonly changes: readonly DayChange[];
  /** The days whose figures were left alone, because their records have outlived their retention. */
  readonly expired: readonly Day[];
}

export interface DayChange {
  readonly day: Day;
  readonly before: DayTotal | null;
  readonly after: DayTotal;
}

/** How far an endpoint has been read: what is written from now on is about the time since then. */
export type Readings = Pick<UsageCursor, 'recordedAt' | 'since'>;

/** How far back the last figures are looked for, after the schedule has stood still. */
const mostMonthsBack = 13;

export function createTotals(deps: {
  readonly store: UsageStore;
  readonly clock: Clock;
  /** The accounts' zone: in which a day begins at midnight. */
  readonly timeZone: string;
  readonly billing: Billing;
  /** Of one endpoint; nothing is known of any, unless given: of records that no pass has written. */
  readonly readingsOf?: (endpointId: EndpointId) => Promise<Readings>;
}): Totals {
  const { clock, store, timeZone } = deps;

  async function computeDay(
    { endpointId, networks }: Accountable,
    day: Day,
    readSince: Date | null,
  ): Promise<DayTotal> {
    const range = rangeOfDay(day, timeZone);
    const [periods, gaps] = await Promise.all([
      store.periods(endpointId, range),
      store.gaps(endpointId, range),
    ]);
    const connections: ConnectionRecord[] = [];
    const mayOverlap = { from: minutesAfter(range.from, -longestConnectionMinutes), to: range.to };
    for await (const page of store.connections(endpointId, mayOverlap)) {
      for (const record of page) {
        if ((record.to ?? record.seenAt) >= range.from) connections.push(record);
      }
    }
    return dayTotal(
      endpointId,
      day,
      { periods, gaps, connections },
      { billing: deps.billing, timeZone, now: clock.now(), networks, readSince },
    );
  }

  async function writeMonth(
    endpointId: EndpointId,
    month: Month,
    readUpTo: Date | null,
  ): Promise<void> {
    const days = await store.days(endpointId, month);
    if (days.length === 0) return;
    await store.putMonth(monthTotal(endpointId, month, days, clock.now(), readUpTo));
  }

  /** Whether all records of a day, and of connections that reach into it, are still there. */
  function isKept(day: Day): boolean {
    const { from } = rangeOfDay(day, timeZone);
    return minutesAfter(from, -longestConnectionMinutes) >= store.recordsKeptSince();
  }

  /** The totals of a month by endpoint, each month read once. */
  function monthReader(): (month: Month) => Promise<readonly MonthTotal[]> {
    const read = new Map<Month, Promise<readonly MonthTotal[]>>();
    return (month) => {
      const found = read.get(month) ?? store.months(month);
      read.set(month, found);
      return found;
    };
  }

  /** The last figures that there are of an endpoint; `null` where there are none. */
  async function lastFigures(
    endpointId: EndpointId,
    monthsOf: (month: Month) => Promise<readonly MonthTotal[]>,
  ): Promise<LastFigures | null> {
    const thisMonth = monthOf(clock.now(), timeZone);
    for (let back = 0; back < mostMonthsBack; back += 1) {
      const month = monthAfter(thisMonth, -back);
      const total = (await monthsOf(month)).find((each) => each.endpointId === endpointId);
      if (total === undefined) continue;
      // A month that was computed later than its end says nothing of the month after it.
      const madeAt = earlier(total.computedAt, rangeOfMonth(month, timeZone).to);
      const networks = total.days.at(-1)?.networks ?? 0;
      return { madeAt, readUpTo: total.readUpTo ?? madeAt, networks };
    }
    return null;
  }

  /** The first day whose records may have changed since its figures were made. */
  function firstDayOf(last: LastFigures | null, recordedAt: Date | null): Day {
    const yesterday = dayAfter(dayOf(clock.now(), timeZone), -1);
    if (last === null) return yesterday;
    // Figures are made whether an endpoint can be read or not. While it cannot be, no record
    // changes; what is written after that is about all the time since it was read last.
    const isReadOn = recordedAt !== null && recordedAt > last.readUpTo;
    const since = isReadOn ? earlier(last.readUpTo, last.madeAt) : last.madeAt;
    // A record of before then may have changed since as long as its connection may have lasted.
    const first = dayOf(minutesAfter(since, -longestConnectionMinutes), timeZone);
    return first < yesterday ? first : yesterday;
  }

  async function refreshEndpoint(
    { endpointId, networks }: Accountable,
    isManaged: boolean,
    monthsOf: (month: Month) => Promise<readonly MonthTotal[]>,
  ): Promise<void> {
    const now = clock.now();
    const today = dayOf(now, timeZone);
    // Before the records: what is written meanwhile counts as not yet in the figures.
    const readings = (await deps.readingsOf?.(endpointId)) ?? null;
    const last = await lastFigures(endpointId, monthsOf);
    const recordedAt = readings?.recordedAt ?? null;
    // Of before its first reading the portal knows nothing: not that it was off, either.
    const isUnread = readings !== null && recordedAt === null;
    const firstReadAt = isUnread ? now : (readings?.since ?? null);
    // Tags that do not parse name no networks; there are as many as there were.
    const known = networks > 0 ? networks : (last?.networks ?? 0);
    const madeOn = dayOf(last?.madeAt ?? now, timeZone);
    const months = new Set<Month>();
    for (let day = firstDayOf(last, recordedAt); day <= today; day = dayAfter(day, 1)) {
      if (!isKept(day)) continue;
      const before = await store.day(endpointId, day);
      if (before === null && !isManaged) continue;
      // How many networks there were on an earlier day is in its figures, not in today's policy.
      const isOver = before !== null && before.networks > 0 && (day < today || !isManaged);
      const then = isOver ? before.networks : known;
      const isEarly = before === null ? last === null || isUnread : before.readSince !== null;
      const readSince = isEarly ? firstReadAt : null;
      const after = await computeDay({ endpointId, networks: then }, day, readSince);
      // A day of before the portal, with nothing in it, stays without figures: nothing was saved on it.
      if (before === null && day < madeOn && isEmpty(after)) continue;
      await store.putDay(after);
      months.add(monthOfDay(day));
    }
    // All days before any month: what fails on the way is begun again from where it was.
    const readUpTo = recordedAt ?? last?.readUpTo ?? now;
    for (const month of months) await writeMonth(endpointId, month, readUpTo);
  }

  return {
    async refresh(endpoints) {
      const monthsOf = monthReader();
      const managed = new Set(endpoints.map(({ endpointId }) => endpointId));
      const others = (await monthsOf(monthOf(clock.now(), timeZone)))
        .filter(({ endpointId }) => !managed.has(endpointId))
        .map(({ endpointId }) => ({ endpointId, networks: 0 }));
      const failures: unknown[] = [];
      for (const endpoint of [...endpoints, ...others]) {
        try {
          await refreshEndpoint(endpoint, managed.has(endpoint.endpointId), monthsOf);
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw new AggregateError(failures, 'totals are not up to date');
    },

    async recompute(endpointId, month) {
      const changes: DayChange[] = [];
      const expired: Day[] = [];
      const today = dayOf(clock.now(), timeZone);
      for (const day of daysOf(month)) {
        if (day > today) break;
        const before = await store.day(endpointId, day);
        if (!isKept(day)) {
          if (before !== null) expired.push(day);
          continue;
        }
        // How many networks there were is not in the records.
        const networks = before?.networks ?? 0;
        const readSince = before?.readSince ?? null;
        const after = await computeDay({ endpointId, networks }, day, readSince);
        if (before === null && isEmpty(after)) continue;
        await store.putDay(after);
        const isToday = day === today;
        if (before === null || !isSame(before, after, isToday))
          changes.push({ day, before, after });
      }
      // It makes other months no newer: those go on from where they were.
      const last = await lastFigures(endpointId, monthReader());
      await writeMonth(endpointId, month, last?.readUpTo ?? null);
      return { changes, expired };
    },
  };
}

interface LastFigures {
  /** Up to when they are figures at all. */
  readonly madeAt: Date;
  /** How far the endpoint had been read then. */
  readonly readUpTo: Date;
  /** How many networks there were on their last day. */
  readonly networks: number;
}

function earlier(one: Date, other: Date): Date {
  return one < other ? one : other;
}

function isEmpty({ connectionSeconds, connections, gapSeconds, onSeconds }: DayTotal): boolean {
  return onSeconds === 0 && connectionSeconds === 0 && connections === 0 && gapSeconds === 0;
}

/** @param isToday how far the day has come is then no change of its records */
function isSame(before: DayTotal, after: DayTotal, isToday: boolean): boolean {
  const comparable = (total: DayTotal): string => {
    const { elapsedSeconds, ...figures } = figuresOf(total);
    const people = total.people.map(({ bytes, connectionSeconds, connections, person }) => [
      person,
      connectionSeconds,
      connections,
      bytes,
    ]);
    const elapsed = isToday ? 0 : elapsedSeconds;
    const { connectionSecondsByHour, onSecondsByHour, peopleBeyond } = total;
    const hours = [onSecondsByHour, connectionSecondsByHour];
    return JSON.stringify([figures, elapsed, hours, people, peopleBeyond]);
  };
  return comparable(before) === comparable(after);
}
