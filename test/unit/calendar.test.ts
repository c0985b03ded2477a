import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import {
  dayAfter,
  dayOf,
  daysOf,
  hoursOfDay,
  monthAfter,
  monthOf,
  parseMonth,
  rangeOfDay,
  rangeOfMonth,
  storedMonths,
  weekdayOf,
} from '../../src/usage/calendar.ts';

const zones = [
  'UTC',
  'Asia/Tokyo',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'America/New_York',
  'America/St_Johns',
  'Africa/Cairo',
  'Pacific/Apia',
  'Pacific/Chatham',
] as const;
const aMoment = fc.date({
  min: new Date('2020-01-01T00:00:00Z'),
  max: new Date('2035-12-31T00:00:00Z'),
  noInvalidDate: true,
});
const aZone = fc.constantFrom(...zones);
const hoursBetween = ({ from, to }: { from: Date; to: Date }): number =>
  (to.getTime() - from.getTime()) / 3_600_000;

describe('the accounts’ calendar', () => {
  it.each([
    ['2026-10', '2026-10'],
    ['2026-12', '2026-12'],
    ['2026-13', null],
    ['2026-00', null],
    ['2026-1', null],
    ['1999-12', null],
    ['2026-10-01', null],
    ['', null],
  ])('reads %j as %j', (text, month) => {
    expect(parseMonth(text)).toBe(month);
  });

  it.each([
    ['a moment after midnight in Tokyo', '2026-10-31T15:00:00Z', 'Asia/Tokyo', '2026-11-01'],
    ['a moment before midnight in Tokyo', '2026-10-31T14:59:59.999Z', 'Asia/Tokyo', '2026-10-31'],
    ['a leap day', '2028-02-29T23:59:59Z', 'UTC', '2028-02-29'],
    ['half an hour off', '2026-12-31T18:30:00Z', 'Asia/Kolkata', '2027-01-01'],
  ])('knows the day of %s', (_what, time, zone, day) => {
    expect(dayOf(new Date(time), zone)).toBe(day);
    expect(monthOf(new Date(time), zone)).toBe(day.slice(0, 7));
  });

  it.each([
    ['2026-11-21', 'Asia/Tokyo', 24],
    // Clocks go forward, and back.
    ['2026-03-08', 'America/New_York', 23],
    ['2026-11-01', 'America/New_York', 25],
    ['2026-10-04', 'Australia/Lord_Howe', 23.5],
    ['2026-04-05', 'Australia/Lord_Howe', 24.5],
    // At midnight, which does not exist on that day.
    ['2026-04-24', 'Africa/Cairo', 23],
    ['2028-02-29', 'UTC', 24],
  ])('gives %s in %s %d hours', (day, zone, hours) => {
    expect(hoursBetween(rangeOfDay(day, zone))).toBe(hours);
  });

  it('counts an hour twice that comes twice, and none that is missing', () => {
    const hours = (day: string, zone: string) => hoursOfDay(day, zone).map(({ hour }) => hour);
    expect(hours('2026-11-01', 'America/New_York').slice(0, 4)).toEqual([0, 1, 1, 2]);
    expect(hours('2026-03-08', 'America/New_York').slice(0, 4)).toEqual([0, 1, 3, 4]);
    const lengths = hoursOfDay('2026-10-04', 'Australia/Lord_Howe').map(({ range }) =>
      hoursBetween(range),
    );
    expect(lengths.slice(1, 4)).toEqual([1, 0.5, 1]);
  });

  it.each([
    ['2026-02', 28],
    ['2028-02', 29],
    ['2026-12', 31],
  ])('gives %s %d days', (month, days) => {
    expect(daysOf(month)).toHaveLength(days);
    expect(daysOf(month)[0]).toBe(`${month}-01`);
    expect(daysOf(month).at(-1)).toBe(`${month}-${String(days)}`);
  });

  it('goes over ends of months and years', () => {
    expect(dayAfter('2026-12-31', 1)).toBe('2027-01-01');
    expect(dayAfter('2028-03-01', -1)).toBe('2028-02-29');
    expect(monthAfter('2026-12', 1)).toBe('2027-01');
    expect(monthAfter('2026-01', -13)).toBe('2024-12');
  });

  it('knows Monday from Sunday', () => {
    expect(['2026-03-02', '2026-03-08'].map(weekdayOf)).toEqual([0, 6]);
  });

  it('has every moment in one day, in one hour of it, and in one month', () => {
    fc.assert(
      fc.property(aMoment, aZone, (time, zone) => {
        const holds = ({ from, to }: { from: Date; to: Date }) => from <= time && time < to;
        const day = dayOf(time, zone);
        expect(holds(rangeOfDay(day, zone))).toBe(true);
        expect(holds(rangeOfMonth(monthOf(time, zone), zone))).toBe(true);
        expect(hoursOfDay(day, zone).filter(({ range }) => holds(range))).toHaveLength(1);
        expect(storedMonths({ from: time, to: time })).toEqual([time.toISOString().slice(0, 7)]);
      }),
    );
  });

  it('leaves nothing out between days, and between the hours of a day', () => {
    fc.assert(
      fc.property(aMoment, aZone, (time, zone) => {
        const month = monthOf(time, zone);
        const days = daysOf(month).map((day) => ({ day, ...rangeOfDay(day, zone) }));
        let at = rangeOfMonth(month, zone).from;
        for (const { day, from, to } of days) {
          expect(from).toEqual(at);
          for (const { range } of hoursOfDay(day, zone)) {
            expect(range.from).toEqual(at);
            expect(hoursBetween(range)).toBeLessThanOrEqual(1);
            at = range.to;
          }
          expect(at).toEqual(to);
        }
        expect(at).toEqual(rangeOfMonth(month, zone).to);
      }),
      { numRuns: 30 },
    );
  });

  it('names the months of universal time that a range touches', () => {
    const months = (from: string, to: string) =>
      storedMonths({ from: new Date(from), to: new Date(to) });
    expect(months('2026-10-31T23:59:59Z', '2026-11-01T00:00:00Z')).toEqual(['2026-10']);
    expect(months('2026-10-31T23:59:59Z', '2026-11-01T00:00:00.001Z')).toEqual([
      '2026-10',
      '2026-11',
    ]);
    expect(months('2025-12-15T00:00:00Z', '2026-02-01T00:00:00Z')).toEqual(['2025-12', '2026-01']);
  });
});
