import type { Language } from './languages.ts';

/** A point in time as a page shows it, with the machine's form for `<time datetime>`. */
export interface Moment {
  readonly text: string;
  readonly iso: string;
}

/** Figures and times as one viewer reads them. Sentences are built from its answers. */
export interface Format {
  /** `11:30`, with the day when that is not today: `11:30 tomorrow`. Fits after a preposition. */
  time(at: Date): string;
  moment(at: Date): Moment;
  /** Rounded to what a person would say: whole minutes, never less than one. */
  roughly(seconds: number): string;
  /** Exact: `1 hour 30 minutes`. */
  minutes(minutes: number): string;
  count(value: number): string;
  /** The zone's short name at this time, such as `JST`; its offset where it has none. */
  readonly zone: string;
}

interface ZoneFormats {
  /** The clock time and the calendar day, in the viewer's zone, of a minute since the epoch. */
  readonly minuteOf: (minuteSinceEpoch: number) => { clock: string; day: number };
  /** A number of minutes in hours and minutes. */
  readonly span: (minutes: number) => string;
  readonly day: Intl.DateTimeFormat;
  /** The zone's short name at a minute since the epoch: it changes with daylight saving time. */
  readonly zoneName: (minuteSinceEpoch: number) => string;
  readonly relativeDay: Intl.RelativeTimeFormat;
  readonly number: Intl.NumberFormat;
}

/**
 * Making an Intl object costs more than rendering a page, so they are kept. The zone comes from the
 * viewer's cookie: the bound keeps a visitor who sends every zone there is from filling the memory.
 */
const mostKept = 200;
const kept = new Map<string, ZoneFormats>();

function zoneFormats(language: Language, timeZone: string): ZoneFormats {
  const key = `${language} ${timeZone}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const unit = (name: string): Intl.NumberFormat =>
    new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'long' });
  const hour = unit('hour');
  const minute = unit('minute');
  const clock = new Intl.DateTimeFormat(language, {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const calendar = new Intl.DateTimeFormat('en', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  });
  const zoneName = new Intl.DateTimeFormat(language, { timeZone, timeZoneName: 'short' });
  const made: ZoneFormats = {
    minuteOf: remembering((minuteSinceEpoch) => {
      const at = new Date(minuteSinceEpoch * 60_000);
      return { clock: clock.format(at), day: calendarDay(calendar, at) };
    }),
    span: remembering((minutes) => {
      const hours = Math.floor(minutes / 60);
      const rest = minutes % 60;
      const parts = [
        hours > 0 ? hour.format(hours) : null,
        rest > 0 || hours === 0 ? minute.format(rest) : null,
      ];
      return parts.filter((part) => part !== null).join(' ');
    }),
    day: new Intl.DateTimeFormat(language, { timeZone, month: 'long', day: 'numeric' }),
    zoneName: remembering((minuteSinceEpoch) => {
      const parts = zoneName.formatToParts(new Date(minuteSinceEpoch * 60_000));
      return parts.find((part) => part.type === 'timeZoneName')?.value ?? timeZone;
    }),
    relativeDay: new Intl.RelativeTimeFormat(language, { numeric: 'auto' }),
    number: new Intl.NumberFormat(language),
  };
  if (kept.size >= mostKept) kept.clear();
  kept.set(key, made);
  return made;
}

/**
 * The same few times and durations are asked for by every page and every refresh of it, and Intl
 * takes microseconds for each. What is forgotten is merely worked out again.
 */
function remembering<Value>(work: (input: number) => Value): (input: number) => Value {
  const results = new Map<number, Value>();
  return (input) => {
    const known = results.get(input);
    if (known !== undefined) return known;
    if (results.size >= mostKept) results.clear();
    const result = work(input);
    results.set(input, result);
    return result;
  };
}

/** Days since the epoch of the calendar day that this time falls on in the viewer's zone. */
function calendarDay(calendar: Intl.DateTimeFormat, at: Date): number {
  const parts = calendar.formatToParts(at);
  const read = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(read('year'), read('month') - 1, read('day')) / 86_400_000;
}

function minutesSinceEpoch(at: Date): number {
  return Math.floor(at.getTime() / 60_000);
}

/**
 * @param timeZone an IANA zone that `parseTimeZone` has accepted
 * @param joinDay puts a clock time and the name of a day together, in the language's order
 */
export function createFormat(options: {
  language: Language;
  timeZone: string;
  now: Date;
  joinDay: (clock: string, day: string, isNamed: boolean) => string;
}): Format {
  const { language, timeZone, now, joinDay } = options;
  const formats = zoneFormats(language, timeZone);
  const today = formats.minuteOf(minutesSinceEpoch(now)).day;

  const time = (at: Date): string => {
    const { clock, day } = formats.minuteOf(minutesSinceEpoch(at));
    const days = day - today;
    if (days === 0) return clock;
    const isNamed = Math.abs(days) === 1;
    const name = isNamed ? formats.relativeDay.format(days, 'day') : formats.day.format(at);
    return joinDay(clock, name, isNamed);
  };
  return {
    time,
    moment: (at) => ({ text: time(at), iso: at.toISOString() }),
    roughly: (seconds) => formats.span(Math.max(1, Math.round(seconds / 60))),
    minutes: formats.span,
    count: (value) => formats.number.format(value),
    zone: formats.zoneName(minutesSinceEpoch(now)),
  };
}

/** The zone under its proper name; `null` for text that names no zone. */
export function parseTimeZone(text: string): string | null {
  // Longer than any zone there is: not worth asking Intl for.
  if (text === '' || text.length > 64) return null;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
