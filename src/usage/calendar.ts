import { Temporal } from 'temporal-polyfill';

import type { TimeRange } from './on-period.ts';

/** A day of the accounts' time zone, as `2026-11-21`. */
export type Day = string;
/** A month of it, as `2026-11`. */
export type Month = string;

const monthForm = /^20[0-9]{2}-(0[1-9]|1[0-2])$/;

/** `null` for text that names no month. */
export function parseMonth(text: string): Month | null {
  return monthForm.test(text) ? text : null;
}

/** The day that a moment belongs to, in the accounts' zone. */
export function dayOf(time: Date, timeZone: string): Day {
  return zoned(time, timeZone).toPlainDate().toString();
}

export function monthOf(time: Date, timeZone: string): Month {
  return monthOfDay(dayOf(time, timeZone));
}

/** From midnight to midnight: mostly 24 hours. */
export function rangeOfDay(day: Day, timeZone: string): TimeRange {
  const date = Temporal.PlainDate.from(day);
  return { from: startOf(date, timeZone), to: startOf(date.add({ days: 1 }), timeZone) };
}

export function rangeOfMonth(month: Month, timeZone: string): TimeRange {
  const first = Temporal.PlainYearMonth.from(month).toPlainDate({ day: 1 });
  return { from: startOf(first, timeZone), to: startOf(first.add({ months: 1 }), timeZone) };
}

export function daysOf(month: Month): readonly Day[] {
  const yearMonth = Temporal.PlainYearMonth.from(month);
  return Array.from({ length: yearMonth.daysInMonth }, (_, index) =>
    yearMonth.toPlainDate({ day: index + 1 }).toString(),
  );
}

/** @param by how many months later; negative for earlier */
export function monthAfter(month: Month, by: number): Month {
  return Temporal.PlainYearMonth.from(month).add({ months: by }).toString();
}

/** @param by how many days later; negative for earlier */
export function dayAfter(day: Day, by: number): Day {
  return Temporal.PlainDate.from(day).add({ days: by }).toString();
}

export function monthOfDay(day: Day): Month {
  return day.slice(0, 7);
}

/** 0 for Monday to 6 for Sunday. */
export function weekdayOf(day: Day): number {
  return Temporal.PlainDate.from(day).dayOfWeek - 1;
}

/**
 * The hours of a day by the clock on the wall. Where the clocks go back one of them comes twice,
 * where they go forward one is missing.
 */
export function hoursOfDay(
  day: Day,
  timeZone: string,
): readonly { readonly hour: number; readonly range: TimeRange }[] {
  const { from, to } = rangeOfDay(day, timeZone);
  const hours: { hour: number; range: TimeRange }[] = [];
  for (let at = from; at < to;) {
    const { hour, minute } = zoned(at, timeZone);
    const next = new Date(Math.min(at.getTime() + (60 - minute) * 60_000, to.getTime()));
    hours.push({ hour, range: { from: at, to: next } });
    at = next;
  }
  return hours;
}

/** The months of universal time that a range touches: what the store is divided by. */
export function storedMonths({ from, to }: TimeRange): readonly Month[] {
  const last = new Date(Math.max(from.getTime(), to.getTime() - 1)).toISOString().slice(0, 7);
  const months: Month[] = [];
  for (let month = from.toISOString().slice(0, 7); month <= last; month = monthAfter(month, 1)) {
    months.push(month);
  }
  return months;
}

function zoned(time: Date, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(time.getTime()).toZonedDateTimeISO(timeZone);
}

function startOf(date: Temporal.PlainDate, timeZone: string): Date {
  return new Date(date.toZonedDateTime({ timeZone }).epochMilliseconds);
}
