import type { EndpointId } from '../vpn/ids.ts';
import type { Day, Month } from './calendar.ts';
import { hoursOfDay, rangeOfDay, weekdayOf } from './calendar.ts';
import type { ConnectionRecord } from './connection-record.ts';
import { personKey } from './connection-record.ts';
import type { Billing } from './cost.ts';
import { billedHours } from './cost.ts';
import type { ObservationGap, OnPeriod } from './on-period.ts';
import { secondsWithin } from './on-period.ts';

/**
 * One endpoint's day in figures. Made from the day's records and from nothing else, so that it may
 * be made again at any time.
 */
export interface DayTotal extends Figures {
  readonly day: Day;
  readonly endpointId: EndpointId;
  /** Seconds on, of all networks together, in each hour of the day by the clock on the wall. */
  readonly onSecondsByHour: readonly number[];
  /** Seconds that people were connected, in the same hours; `null` in figures of before it was counted. */
  readonly connectionSecondsByHour: readonly number[] | null;
  /** The one with the most hours first, and no more of them than an item holds. */
  readonly people: readonly PersonTotal[];
  /** How many more there were. */
  readonly peopleBeyond: number;
  /** The portal's first reading, where it was made on this day or after it. */
  readonly readSince: Date | null;
}

export interface Figures {
  /** Seconds that target networks were associated, of all of them together. */
  readonly onSeconds: number;
  /** The hours of that which AWS charges. */
  readonly billedHours: number;
  /** The hours of connections that AWS charges. */
  readonly billedConnectionHours: number;
  /** How many networks belong to it, on or off: what always-on would pay for. */
  readonly networks: number;
  readonly connectionSeconds: number;
  readonly connections: number;
  /** Seconds in which nobody looked. */
  readonly gapSeconds: number;
  /** Seconds of the time that these figures are about: what always-on would have been on. */
  readonly elapsedSeconds: number;
}

export interface PersonTotal {
  /** As AWS names them. */
  readonly person: string;
  readonly connectionSeconds: number;
  readonly connections: number;
  readonly bytes: number;
}

/** One endpoint's month, made from its days. */
export interface MonthTotal {
  readonly month: Month;
  readonly endpointId: EndpointId;
  readonly computedAt: Date;
  /**
   * How far the endpoint had been read by then: figures are made whether it can be or not. `null`
   * where that is not known.
   */
  readonly readUpTo: Date | null;
  readonly days: readonly (Figures & { readonly day: Day; readonly people: number })[];
  /** Seconds on by weekday (Monday first) and hour: 7 times 24. */
  readonly onSecondsByWeekHour: readonly (readonly number[])[];
  /** The same of people's connections; `null` where a day was made before that was counted. */
  readonly connectionSecondsByWeekHour: readonly (readonly number[])[] | null;
  /** As of a day. */
  readonly people: readonly PersonTotal[];
  /** How many more there were at least: those beyond a day's people have no names. */
  readonly peopleBeyond: number;
}

export interface DayRecords {
  readonly periods: readonly OnPeriod[];
  /** Those that overlap the day. */
  readonly connections: readonly ConnectionRecord[];
  readonly gaps: readonly ObservationGap[];
}

export function dayTotal(
  endpointId: EndpointId,
  day: Day,
  records: DayRecords,
  accounts: {
    readonly billing: Billing;
    readonly timeZone: string;
    readonly now: Date;
    /** Those that the endpoint's policy names, which may not have been on all day. */
    readonly networks: number;
    /** The portal's first reading of it, where nothing of before it counts; none unless given. */
    readonly readSince?: Date | null;
  },
): DayTotal {
  const { billing, networks, now, readSince = null, timeZone } = accounts;
  const range = rangeOfDay(day, timeZone);
  const elapsed = { from: readSince ?? range.from, to: now, seenAt: now };
  const onSecondsByHour = Array.from({ length: 24 }, () => 0);
  const connectionSecondsByHour = Array.from({ length: 24 }, () => 0);
  for (const { hour, range: within } of hoursOfDay(day, timeZone)) {
    const secondsOf = (spans: readonly Parameters<typeof secondsWithin>[0][]): number =>
      sum(spans.map((span) => secondsWithin(span, within)));
    onSecondsByHour[hour] = sum([onSecondsByHour[hour] ?? 0, secondsOf(records.periods)]);
    const before = connectionSecondsByHour[hour] ?? 0;
    connectionSecondsByHour[hour] = sum([before, secondsOf(records.connections)]);
  }
  const present = records.connections
    .map((connection) => ({ connection, seconds: secondsWithin(connection, range) }))
    .filter(({ connection, seconds }) => seconds > 0 || begins(connection, range));
  const onHere = records.periods.filter((period) => secondsWithin(period, range) > 0);
  return {
    day,
    endpointId,
    onSeconds: sum(onHere.map((period) => secondsWithin(period, range))),
    billedHours: sum(records.periods.map((period) => billedHours(period, range, billing))),
    billedConnectionHours: sum(
      records.connections.map((connection) => billedHours(connection, range, billing)),
    ),
    networks: Math.max(
      networks,
      new Set(onHere.map(({ associationId, subnetId }) => subnetId ?? associationId)).size,
    ),
    connectionSeconds: sum(present.map(({ seconds }) => seconds)),
    // One that lasts over midnight is one connection of the day on which it began.
    connections: present.filter(({ connection }) => begins(connection, range)).length,
    gapSeconds: sum(
      records.gaps.map(({ from, to }) => secondsWithin({ from, to, seenAt: to }, range)),
    ),
    elapsedSeconds: secondsWithin(elapsed, range),
    onSecondsByHour,
    connectionSecondsByHour,
    readSince,
    ...bounded(
      peopleOf(
        present.map(({ connection, seconds }) => ({
          person: connection.person,
          connectionSeconds: seconds,
          connections: begins(connection, range) ? 1 : 0,
          // Where it began, since AWS gives one count for the whole of it.
          bytes: begins(connection, range) ? connection.ingressBytes + connection.egressBytes : 0,
        })),
      ),
    ),
  };
}

export function monthTotal(
  endpointId: EndpointId,
  month: Month,
  days: readonly DayTotal[],
  computedAt: Date,
  readUpTo: Date | null = null,
): MonthTotal {
  const named = bounded(peopleOf(days.flatMap(({ people }) => people)));
  return {
    month,
    endpointId,
    computedAt,
    readUpTo,
    days: days.map((total) => ({
      ...figuresOf(total),
      day: total.day,
      people: total.people.length + total.peopleBeyond,
    })),
    onSecondsByWeekHour: byWeekHour(days, ({ onSecondsByHour }) => onSecondsByHour),
    connectionSecondsByWeekHour: days.every(isCountedByHour)
      ? byWeekHour(days, (day) => day.connectionSecondsByHour ?? [])
      : null,
    people: named.people,
    peopleBeyond: named.peopleBeyond + Math.max(0, ...days.map((day) => day.peopleBeyond)),
  };
}

/** A day on which nobody was connected needs no counting. */
function isCountedByHour({ connectionSeconds, connectionSecondsByHour }: DayTotal): boolean {
  return connectionSecondsByHour !== null || connectionSeconds === 0;
}

function byWeekHour(
  days: readonly DayTotal[],
  hoursOf: (day: DayTotal) => readonly number[],
): readonly (readonly number[])[] {
  const week = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => 0));
  for (const day of days) {
    const hours = week[weekdayOf(day.day)];
    if (hours === undefined) throw new Error(`${day.day} is of no weekday`);
    hoursOf(day).forEach((seconds, hour) => {
      hours[hour] = sum([hours[hour] ?? 0, seconds]);
    });
  }
  return week;
}

/** An item of the table takes 400 kB, and has figures beside people. */
const mostPeopleBytes = 300_000;
/** At most, of one person without the name; of a name, for each character. */
const bytesOfAPerson = 120;
const bytesOfACharacter = 3;

/** As many people as an item holds, and how many more there were. */
function bounded(people: readonly PersonTotal[]): {
  readonly people: readonly PersonTotal[];
  readonly peopleBeyond: number;
} {
  let bytes = 0;
  const end = people.findIndex(({ person }) => {
    bytes += bytesOfAPerson + bytesOfACharacter * person.length;
    return bytes > mostPeopleBytes;
  });
  if (end < 0) return { people, peopleBeyond: 0 };
  return { people: people.slice(0, end), peopleBeyond: people.length - end };
}

export function figuresOf(total: Figures): Figures {
  return {
    onSeconds: total.onSeconds,
    billedHours: total.billedHours,
    billedConnectionHours: total.billedConnectionHours,
    networks: total.networks,
    connectionSeconds: total.connectionSeconds,
    connections: total.connections,
    gapSeconds: total.gapSeconds,
    elapsedSeconds: total.elapsedSeconds,
  };
}

/** The same person's figures together, the one with the most hours first. */
export function peopleOf(totals: readonly PersonTotal[]): readonly PersonTotal[] {
  const byKey = new Map<string, PersonTotal>();
  for (const total of totals) {
    const key = personKey(total.person);
    const before = byKey.get(key);
    byKey.set(
      key,
      before === undefined
        ? total
        : {
            person: before.person,
            connectionSeconds: sum([before.connectionSeconds, total.connectionSeconds]),
            connections: before.connections + total.connections,
            bytes: before.bytes + total.bytes,
          },
    );
  }
  return [...byKey.values()].sort(
    (a, b) => b.connectionSeconds - a.connectionSeconds || (a.person < b.person ? -1 : 1),
  );
}

function begins({ from }: ConnectionRecord, range: { from: Date; to: Date }): boolean {
  return from >= range.from && from < range.to;
}

/** To the millionth: so many additions leave no crumbs, and totals equal what they are made of. */
function sum(values: readonly number[]): number {
  return Math.round(values.reduce((total, value) => total + value, 0) * 1e6) / 1e6;
}
