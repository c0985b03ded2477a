import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { minutesAfter, secondsAfter } from '../../src/clock.ts';
import { daysOf, rangeOfDay, rangeOfMonth } from '../../src/usage/calendar.ts';
import { billedHours, billings } from '../../src/usage/cost.ts';
import { secondsWithin } from '../../src/usage/on-period.ts';
import { sampleNow } from '../builders/endpoint-for-person.ts';
import { anOnPeriod } from '../builders/usage.ts';

const at = (minutes: number): Date => minutesAfter(sampleNow, minutes);
const range = { from: at(-600), to: at(600) };

describe('the hours that are charged', () => {
  it.each([
    ['nothing for nothing', 0, 0, 0],
    ['a minute', 1, 1 / 60, 1],
    ['an hour to the minute', 60, 1, 1],
    ['an hour and a minute', 61, 61 / 60, 2],
  ])('are, for %s, parts of hours or whole ones', (_what, minutes, prorated, whole) => {
    const period = anOnPeriod({ from: at(0), to: at(minutes) });
    expect(billedHours(period, range, 'pro-rated')).toBeCloseTo(prorated, 9);
    expect(billedHours(period, range, 'full-hours')).toBe(whole);
  });

  it('count from the association’s own beginning, and where each hour begins', () => {
    const period = anOnPeriod({ from: at(-30), to: at(40) });
    const before = { from: at(-600), to: at(0) };
    const after = { from: at(0), to: at(600) };
    expect(billedHours(period, before, 'full-hours')).toBe(1);
    expect(billedHours(period, after, 'full-hours')).toBe(1);
    const short = anOnPeriod({ from: at(-30), to: at(20) });
    expect(billedHours(short, after, 'full-hours')).toBe(0);
    expect(billedHours(short, after, 'pro-rated')).toBeCloseTo(1 / 3, 9);
  });

  it('are as far as it was seen, while it lasts', () => {
    const period = anOnPeriod({ from: at(0), to: null, seenAt: at(90) });
    expect(billedHours(period, range, 'pro-rated')).toBe(1.5);
    expect(billedHours(period, range, 'full-hours')).toBe(2);
  });

  it('are, over the days of a month, the hours of the whole month', () => {
    const zones = fc.constantFrom(
      'Asia/Tokyo',
      'Asia/Kolkata',
      'America/New_York',
      'Australia/Lord_Howe',
    );
    const months = fc.constantFrom('2026-03', '2026-04', '2026-10', '2026-11', '2028-02');
    const begins = fc.integer({ min: -86_400, max: 31 * 86_400 });
    fc.assert(
      fc.property(
        zones,
        months,
        begins,
        fc.integer({ min: 0, max: 40 * 86_400 }),
        fc.constantFrom(...billings),
        (zone, month, begin, lasts, billing) => {
          const whole = rangeOfMonth(month, zone);
          const from = secondsAfter(whole.from, begin);
          const period = anOnPeriod({ from, to: secondsAfter(from, lasts) });
          const days = daysOf(month).map((day) =>
            billedHours(period, rangeOfDay(day, zone), billing),
          );
          const sum = days.reduce((all, hours) => all + hours, 0);
          expect(sum).toBeCloseTo(billedHours(period, whole, billing), 6);
          expect(days.every((hours) => hours >= 0)).toBe(true);
          const seconds = secondsWithin(period, whole);
          expect(Math.abs(sum - seconds / 3600)).toBeLessThanOrEqual(
            billing === 'pro-rated' ? 1e-6 : 1,
          );
        },
      ),
    );
  });
});
