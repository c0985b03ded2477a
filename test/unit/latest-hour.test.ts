import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { lastLatestHour, nextLatestHour, parseLatestHour } from '../../src/vpn/latest-hour.ts';
import type { LatestHour } from '../../src/vpn/latest-hour.ts';

function latestHour(text: string): LatestHour {
  const parsed = parseLatestHour(text);
  if (parsed === null) throw new Error(`${text} does not parse`);
  return parsed;
}

const after = (text: string, time: string): string =>
  nextLatestHour(latestHour(text), new Date(time)).toISOString();
const until = (text: string, time: string): string =>
  lastLatestHour(latestHour(text), new Date(time)).toISOString();

describe('a latest hour', () => {
  it.each<[string, LatestHour]>([
    ['22:00 Asia/Tokyo', { hour: 22, minute: 0, timeZone: 'Asia/Tokyo' }],
    [' 00:00   UTC ', { hour: 0, minute: 0, timeZone: 'UTC' }],
    ['23:59 Etc/GMT+9', { hour: 23, minute: 59, timeZone: 'Etc/GMT+9' }],
    [
      '18:30 America/Argentina/Buenos_Aires',
      { hour: 18, minute: 30, timeZone: 'America/Argentina/Buenos_Aires' },
    ],
    ['07:05 America/Port-au-Prince', { hour: 7, minute: 5, timeZone: 'America/Port-au-Prince' }],
  ])('is read from "%s"', (text, expected) => {
    expect(parseLatestHour(text)).toEqual(expected);
  });

  it.each([
    '',
    '22:00',
    '22:00 ',
    'Asia/Tokyo',
    'Asia/Tokyo 22:00',
    '9:00 Asia/Tokyo',
    '24:00 Asia/Tokyo',
    '22:60 Asia/Tokyo',
    '-1:00 Asia/Tokyo',
    '22.00 Asia/Tokyo',
    '22:00:00 Asia/Tokyo',
    '10:00 pm Asia/Tokyo',
    '22:00Asia/Tokyo',
    '22:00 Asia/Edo',
    '22:00 Tokyo',
    '22:00 +09:00',
    '22:00 Asia/Tokyo now',
    '22:00 Asia/Tokyo\n23:00 Asia/Tokyo',
    '２２:００ Asia/Tokyo',
  ])('is not read from %j', (text) => {
    expect(parseLatestHour(text)).toBeNull();
  });
});

describe('the latest hour of a day', () => {
  it('comes next today, or tomorrow from the very moment on', () => {
    const ten = '22:00 Asia/Tokyo';
    expect(after(ten, '2026-03-04T12:59:59.999Z')).toBe('2026-03-04T13:00:00.000Z');
    expect(after(ten, '2026-03-04T13:00:00Z')).toBe('2026-03-05T13:00:00.000Z');
    expect(until(ten, '2026-03-04T13:00:00Z')).toBe('2026-03-04T13:00:00.000Z');
    expect(until(ten, '2026-03-04T12:59:59.999Z')).toBe('2026-03-03T13:00:00.000Z');
  });

  it('is of the day of its own zone, not of the day in London', () => {
    // Already the fifth in Tokyo.
    expect(after('00:30 Asia/Tokyo', '2026-03-04T15:10:00Z')).toBe('2026-03-04T15:30:00.000Z');
    expect(until('00:30 Asia/Tokyo', '2026-03-04T15:40:00Z')).toBe('2026-03-04T15:30:00.000Z');
  });

  it.each<[string, string, string, string]>([
    ['Asia/Kolkata', '22:00 Asia/Kolkata', '2026-03-04T12:00:00Z', '2026-03-04T16:30:00.000Z'],
    ['Asia/Kathmandu', '22:00 Asia/Kathmandu', '2026-03-04T12:00:00Z', '2026-03-04T16:15:00.000Z'],
    [
      'Pacific/Chatham',
      '22:00 Pacific/Chatham',
      '2026-07-04T01:00:00Z',
      '2026-07-04T09:15:00.000Z',
    ],
    ['Pacific/Apia', '22:00 Pacific/Apia', '2026-03-04T01:00:00Z', '2026-03-04T09:00:00.000Z'],
  ])('is right in %s', (_, text, time, expected) => {
    expect(after(text, time)).toBe(expected);
  });
});

describe('the latest hour where the clocks change', () => {
  it('stays that hour of the wall in Berlin, an hour apart in London before and after', () => {
    const ten = '22:00 Europe/Berlin';
    expect(after(ten, '2026-03-28T12:00:00Z')).toBe('2026-03-28T21:00:00.000Z');
    expect(after(ten, '2026-03-28T21:00:00Z')).toBe('2026-03-29T20:00:00.000Z');
    expect(until(ten, '2026-03-29T20:00:00Z')).toBe('2026-03-29T20:00:00.000Z');
    expect(after(ten, '2026-10-24T20:00:00Z')).toBe('2026-10-25T21:00:00.000Z');
  });

  it('is an hour later on the one day that does not have it', () => {
    const skipped = '02:30 Europe/Berlin';
    expect(after(skipped, '2026-03-29T00:00:00Z')).toBe('2026-03-29T01:30:00.000Z');
    expect(until(skipped, '2026-03-29T01:29:00Z')).toBe('2026-03-28T01:30:00.000Z');
    expect(after(skipped, '2026-03-29T01:30:00Z')).toBe('2026-03-30T00:30:00.000Z');
    const newYork = '02:30 America/New_York';
    expect(after(newYork, '2026-03-08T06:00:00Z')).toBe('2026-03-08T07:30:00.000Z');
  });

  it('is the first of the two on a day that has it twice', () => {
    const twice = '02:30 Europe/Berlin';
    expect(after(twice, '2026-10-24T12:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
    expect(after(twice, '2026-10-25T00:30:00Z')).toBe('2026-10-26T01:30:00.000Z');
    // The second half past two.
    expect(until(twice, '2026-10-25T01:30:00Z')).toBe('2026-10-25T00:30:00.000Z');
    const newYork = '01:30 America/New_York';
    expect(after(newYork, '2026-11-01T00:00:00Z')).toBe('2026-11-01T05:30:00.000Z');
    expect(until(newYork, '2026-11-01T06:30:00Z')).toBe('2026-11-01T05:30:00.000Z');
  });

  it('is half an hour later on Lord Howe, whose clocks change by that much', () => {
    const skipped = '02:15 Australia/Lord_Howe';
    expect(after(skipped, '2026-10-03T12:00:00Z')).toBe('2026-10-03T15:45:00.000Z');
    const twice = '01:45 Australia/Lord_Howe';
    expect(after(twice, '2026-04-04T12:00:00Z')).toBe('2026-04-04T14:45:00.000Z');
    expect(until(twice, '2026-04-04T15:15:00Z')).toBe('2026-04-04T14:45:00.000Z');
  });

  it('is found where the calendar has skipped a whole day, as Samoa’s did', () => {
    const ten = '22:00 Pacific/Apia';
    // The 29th, ten hours behind; there was no 30th; the 31st, fourteen ahead.
    expect(after(ten, '2011-12-30T08:00:00Z')).toBe('2011-12-31T08:00:00.000Z');
    expect(until(ten, '2011-12-30T11:00:00Z')).toBe('2011-12-30T08:00:00.000Z');
    expect(until(ten, '2011-12-31T07:59:00Z')).toBe('2011-12-30T08:00:00.000Z');
    expect(until(ten, '2011-12-31T08:00:00Z')).toBe('2011-12-31T08:00:00.000Z');
  });
});

describe('whatever the hour, the zone and the time', () => {
  const zones = [
    'Africa/Casablanca',
    'America/Havana',
    'America/New_York',
    'America/Nuuk',
    'America/St_Johns',
    'Asia/Beirut',
    'Asia/Kathmandu',
    'Asia/Tokyo',
    'Australia/Lord_Howe',
    'Europe/Berlin',
    'Pacific/Apia',
    'Pacific/Chatham',
    'UTC',
  ];
  const hourMillis = 3_600_000;
  const anHour: fc.Arbitrary<LatestHour> = fc.record({
    hour: fc.nat({ max: 23 }),
    minute: fc.nat({ max: 59 }),
    timeZone: fc.constantFrom(...zones),
  });
  /** Near the changes of several zones, and anywhere else. */
  const aTime = fc.oneof(
    fc
      .tuple(
        fc.constantFrom('2011-12-30', '2026-03-08', '2026-03-29', '2026-10-25', '2026-11-01'),
        fc.integer({ min: -36 * 60, max: 36 * 60 }),
      )
      .map(([day, minutes]) => new Date(new Date(`${day}T00:00:00Z`).getTime() + minutes * 60_000)),
    fc.date({
      min: new Date('2008-01-01T00:00:00Z'),
      max: new Date('2037-12-31T00:00:00Z'),
      noInvalidDate: true,
    }),
  );
  /** As the clock on the wall has it, by another implementation than the one that is tested. */
  const minuteOfDay = (time: Date, timeZone: string): number => {
    const wall = time.toLocaleTimeString('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
    return Number(wall.slice(0, 2)) * 60 + Number(wall.slice(3, 5));
  };
  const expectOfAll = (holds: (wanted: LatestHour, time: Date) => boolean): void => {
    fc.assert(fc.property(anHour, aTime, holds), { numRuns: 500 });
  };

  it('the last one is not after it, and the next one is', () => {
    expectOfAll((wanted, time) => {
      const last = lastLatestHour(wanted, time);
      return last <= time && time < nextLatestHour(wanted, time);
    });
  });

  it('the next one after the last one is the next one: there is none in between', () => {
    expectOfAll((wanted, time) => {
      const next = nextLatestHour(wanted, time);
      return (
        nextLatestHour(wanted, lastLatestHour(wanted, time)).getTime() === next.getTime() &&
        lastLatestHour(wanted, next).getTime() === next.getTime()
      );
    });
  });

  it('they are a day apart, but for what the clocks change', () => {
    expectOfAll((wanted, time) => {
      const gap = nextLatestHour(wanted, time).getTime() - lastLatestHour(wanted, time).getTime();
      return 22 * hourMillis <= gap && gap <= 26 * hourMillis;
    });
  });

  it('both are that hour on the wall, or as much later as the clocks skip', () => {
    expectOfAll((wanted, time) => {
      const minute = wanted.hour * 60 + wanted.minute;
      return [lastLatestHour(wanted, time), nextLatestHour(wanted, time)].every((found) => {
        const later = (minuteOfDay(found, wanted.timeZone) - minute + 1440) % 1440;
        return later === 0 || later === 30 || later === 60;
      });
    });
  });
});

describe('what was found before', () => {
  it.each([
    '22:00 Asia/Tokyo',
    '02:30 Europe/Berlin',
    '02:15 Australia/Lord_Howe',
    '12:00 Pacific/Apia',
  ])('does not change what is found in another order (%s)', (text) => {
    const hours = Array.from(
      { length: 24 * 400 },
      (_, hour) => new Date(Date.parse('2011-01-01T00:00:00Z') + hour * 3_600_000),
    );
    const around = (time: Date): readonly Date[] => [
      lastLatestHour(latestHour(text), time),
      nextLatestHour(latestHour(text), time),
    ];
    const forwards = hours.map(around);
    const backwards = hours.toReversed().map(around).toReversed();
    expect(backwards).toEqual(forwards);
    const wrong = hours.filter((time, index) => {
      const [last = time, next = time] = forwards[index] ?? [];
      return last > time || next <= time;
    });
    expect(wrong).toEqual([]);
  });
});
