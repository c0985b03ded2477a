import type { Day, Month } from '../../usage/calendar.ts';
import type { Language, Moment } from '../locales/index.ts';
import type { Viewer, Wording } from './viewer.ts';

/** Figures and times of the reports, as one viewer reads them. */
export interface Figures {
  /** `12.5 h`; never nothing for something. */
  hours(seconds: number): string;
  /** `$12.30`. */
  money(amount: number): string;
  /** With the digits that the price of an hour needs: `$0.0375`. */
  price(amount: number): string;
  bytes(count: number): string;
  percent(share: number): string;
  count(value: number): string;
  /** `March 2026`. */
  month(month: Month): string;
  /** `Wed, Mar 4`. */
  day(day: Day): string;
  /** 0 for Monday. */
  weekday(weekday: number, length: 'short' | 'long'): string;
  /** In the viewer's zone, with the year: records may be old. */
  moment(at: Date): Moment;
}

interface Formats {
  readonly hours: Intl.NumberFormat;
  readonly count: Intl.NumberFormat;
  readonly percent: Intl.NumberFormat;
  readonly month: Intl.DateTimeFormat;
  readonly day: Intl.DateTimeFormat;
  readonly weekday: Readonly<Record<'short' | 'long', Intl.DateTimeFormat>>;
  readonly moment: Intl.DateTimeFormat;
  readonly money: Intl.NumberFormat;
  readonly price: Intl.NumberFormat;
  /** Of bytes, by how many thousands they are divided. */
  readonly bytes: readonly Intl.NumberFormat[];
}

/** Making these takes longer than using them; the bound is for who sends every zone there is. */
const mostKept = 100;
const kept = new Map<string, Formats>();
const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

function formatsFor(language: Language, timeZone: string, currency: string): Formats {
  const key = `${language} ${timeZone} ${currency}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const utc = { timeZone: 'UTC' } as const;
  const weekday = (length: 'short' | 'long'): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(language, { ...utc, weekday: length });
  const made: Formats = {
    hours: new Intl.NumberFormat(language, { maximumFractionDigits: 1 }),
    count: new Intl.NumberFormat(language),
    percent: new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }),
    month: new Intl.DateTimeFormat(language, { ...utc, year: 'numeric', month: 'long' }),
    day: new Intl.DateTimeFormat(language, {
      ...utc,
      weekday: 'short',
      month: 'short',
      day: 'numeric',
    }),
    weekday: { short: weekday('short'), long: weekday('long') },
    moment: new Intl.DateTimeFormat(language, {
      timeZone,
      year: 'numeric',
      month: language === 'ja' ? 'numeric' : 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }),
    money: new Intl.NumberFormat(language, { style: 'currency', currency }),
    price: new Intl.NumberFormat(language, {
      style: 'currency',
      currency,
      maximumFractionDigits: 6,
    }),
    bytes: byteUnits.map(
      (unit) =>
        new Intl.NumberFormat(language, {
          style: 'unit',
          unit,
          unitDisplay: unit === 'byte' ? 'long' : 'short',
          maximumFractionDigits: unit === 'byte' ? 0 : 1,
        }),
    ),
  };
  if (kept.size >= mostKept) kept.clear();
  kept.set(key, made);
  return made;
}

/** @param currency ISO 4217; any where no prices are configured */
export function figuresFor(
  { language, timeZone }: Pick<Viewer, 'language' | 'timeZone'>,
  { text }: Pick<Wording, 'text'>,
  currency = 'USD',
): Figures {
  const formats = formatsFor(language, timeZone, currency);
  const { usage: words } = text;
  return {
    hours(seconds) {
      const hours = seconds / 3600;
      if (hours > 0 && hours < 0.1) return words.lessThan(words.hours(formats.hours.format(0.1)));
      return words.hours(formats.hours.format(hours));
    },
    // A saving that rounds to nothing is not a loss of nothing.
    money: (amount) => formats.money.format(Math.abs(amount) < 0.005 ? 0 : amount),
    price: (amount) => formats.price.format(amount),
    bytes(count) {
      const largest = formats.bytes.length - 1;
      const power = count < 1000 ? 0 : Math.min(largest, Math.floor(Math.log10(count) / 3));
      return formats.bytes[power]?.format(count / 1000 ** power) ?? count.toString();
    },
    percent: (share) => formats.percent.format(share),
    count: (value) => formats.count.format(value),
    month: (month) => formats.month.format(new Date(`${month}-01T00:00:00Z`)),
    day: (day) => formats.day.format(new Date(`${day}T00:00:00Z`)),
    // The first of January 2024 was a Monday.
    weekday: (weekday, length) =>
      formats.weekday[length].format(new Date(Date.UTC(2024, 0, 1 + weekday))),
    moment: (at) => ({ text: formats.moment.format(at), iso: at.toISOString() }),
  };
}
