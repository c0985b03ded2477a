import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { minutesAfter } from '../../src/clock.ts';
import { daysOf, rangeOfDay, rangeOfMonth } from '../../src/usage/calendar.ts';
import { personKey } from '../../src/usage/connection-record.ts';
import { billedHours, billings } from '../../src/usage/cost.ts';
import { secondsWithin } from '../../src/usage/on-period.ts';
import { dayTotal, monthTotal } from '../../src/usage/totals.ts';
import { sampleIds } from '../builders/endpoint-for-person.ts';
import { connectionId } from '../builders/observation.ts';
import { aConnectionRecord, aGap, anOnPeriod, someRecords } from '../builders/usage.ts';

const { endpoint } = sampleIds;
const nothing = { connections: [], gaps: [], periods: [] };
const tokyo = {
  billing: 'pro-rated',
  timeZone: 'Asia/Tokyo',
  now: new Date('2026-03-20T00:00:00Z'),
  networks: 2,
} as const;

describe('a day’s total', () => {
  it('is nothing but time that has passed, where nothing happened', () => {
    expect(dayTotal(endpoint, '2026-03-04', nothing, tokyo)).toEqual({
      day: '2026-03-04',
      endpointId: endpoint,
      onSeconds: 0,
      billedHours: 0,
      billedConnectionHours: 0,
      networks: 2,
      connectionSeconds: 0,
      connections: 0,
      gapSeconds: 0,
      elapsedSeconds: 86_400,
      onSecondsByHour: Array.from({ length: 24 }, () => 0),
      connectionSecondsByHour: Array.from({ length: 24 }, () => 0),
      people: [],
      peopleBeyond: 0,
      readSince: null,
    });
  });

  it('begins with the portal’s first reading, not at the midnight before it', () => {
    const readSince = minutesAfter(rangeOfDay('2026-03-04', 'Asia/Tokyo').from, 600);
    const total = (day: string) => dayTotal(endpoint, day, nothing, { ...tokyo, readSince });
    expect(total('2026-03-04').elapsedSeconds).toBe(14 * 3_600);
    expect(total('2026-03-03').elapsedSeconds).toBe(0);
  });

  it('names as many people as an item of the table holds, and counts the others', () => {
    const from = rangeOfDay('2026-03-04', 'Asia/Tokyo').from;
    const connections = Array.from({ length: 6_000 }, (_, index) =>
      aConnectionRecord({
        connectionId: connectionId(index + 1),
        person: `somebody.with.a.name.${index.toString()}@example.com`,
        from,
        to: minutesAfter(from, 1 + (index % 900)),
      }),
    );
    const day = dayTotal(endpoint, '2026-03-04', { ...nothing, connections }, tokyo);
    expect(JSON.stringify(day).length).toBeLessThan(400_000);
    expect(day.people.length).toBeGreaterThan(1_000);
    expect(day.people.length + day.peopleBeyond).toBe(6_000);
    expect(day.people[0]?.connectionSeconds).toBe(900 * 60);
    const month = monthTotal(endpoint, '2026-03', [day], tokyo.now);
    expect(month.days.map(({ people }) => people)).toEqual([6_000]);
    expect(month.people.length + month.peopleBeyond).toBe(6_000);
    expect(JSON.stringify(month).length).toBeLessThan(400_000);
  });

  it('is of the day that has passed so far', () => {
    const now = minutesAfter(rangeOfDay('2026-03-04', 'Asia/Tokyo').from, 90);
    const total = (day: string) => dayTotal(endpoint, day, nothing, { ...tokyo, now });
    expect(total('2026-03-04').elapsedSeconds).toBe(5_400);
    expect(total('2026-03-05').elapsedSeconds).toBe(0);
  });

  it('divides what lasts over midnight; a connection is one of the day on which it began', () => {
    const midnight = rangeOfDay('2026-03-05', 'Asia/Tokyo').from;
    const span = { from: minutesAfter(midnight, -30), to: minutesAfter(midnight, 60) };
    const records = {
      periods: [anOnPeriod(span)],
      connections: [aConnectionRecord(span)],
      gaps: [aGap(span)],
    };
    const [before, after] = ['2026-03-04', '2026-03-05'].map((day) =>
      dayTotal(endpoint, day, records, tokyo),
    );
    expect(before).toMatchObject({
      onSeconds: 1_800,
      connectionSeconds: 1_800,
      connections: 1,
      gapSeconds: 1_800,
      people: [{ connectionSeconds: 1_800, connections: 1, bytes: 2_100 }],
    });
    expect(before?.onSecondsByHour[23]).toBe(1_800);
    expect(after).toMatchObject({
      onSeconds: 3_600,
      connectionSeconds: 3_600,
      connections: 0,
      gapSeconds: 3_600,
      people: [{ connectionSeconds: 3_600, connections: 0, bytes: 0 }],
    });
    expect(after?.onSecondsByHour[0]).toBe(3_600);
  });

  it('charges connections as it charges associations', () => {
    const { from } = rangeOfDay('2026-03-04', 'Asia/Tokyo');
    const records = {
      ...nothing,
      connections: [aConnectionRecord({ from, to: minutesAfter(from, 61) })],
    };
    const hours = (billing: 'pro-rated' | 'full-hours') =>
      dayTotal(endpoint, '2026-03-04', records, { ...tokyo, billing }).billedConnectionHours;
    expect(hours('pro-rated')).toBeCloseTo(61 / 60, 6);
    expect(hours('full-hours')).toBe(2);
  });

  it('has as many networks as were on, where the policy names fewer by now', () => {
    const { from } = rangeOfDay('2026-03-04', 'Asia/Tokyo');
    const to = minutesAfter(from, 60);
    const periods = [
      anOnPeriod({ from, to }),
      anOnPeriod({ from, to, associationId: sampleIds.associationB, subnetId: sampleIds.subnetB }),
    ];
    const total = dayTotal(
      endpoint,
      '2026-03-04',
      { ...nothing, periods },
      { ...tokyo, networks: 1 },
    );
    expect(total.networks).toBe(2);
  });

  it('brings one person’s connections together, whatever the capitals, most hours first', () => {
    const { from } = rangeOfDay('2026-03-04', 'Asia/Tokyo');
    const connection = (number: number, person: string, minutes: number) =>
      aConnectionRecord({
        connectionId: connectionId(number),
        person,
        from,
        to: minutesAfter(from, minutes),
      });
    const connections = [
      connection(1, 'alice@example.com', 20),
      connection(2, 'bob', 30),
      connection(3, 'ALICE@example.com', 25),
    ];
    const { people } = dayTotal(endpoint, '2026-03-04', { ...nothing, connections }, tokyo);
    expect(people.map(({ connectionSeconds, person }) => [person, connectionSeconds])).toEqual([
      ['alice@example.com', 2_700],
      ['bob', 1_800],
    ]);
  });
});

describe('the totals of a month', () => {
  it.each([
    ['Asia/Tokyo', '2026-03'],
    ['America/New_York', '2026-03'],
    ['America/New_York', '2026-11'],
    ['Australia/Lord_Howe', '2026-04'],
    ['Asia/Kolkata', '2028-02'],
  ])('equal the sum of its records, in %s in %s', (timeZone, month) => {
    const whole = rangeOfMonth(month, timeZone);
    const now = new Date('2030-01-01T00:00:00Z');
    const anyRecords = fc.oneof(
      someRecords(whole.from, { days: 4 }),
      someRecords(whole.to, { days: 4 }),
      someRecords(minutesAfter(whole.from, 10 * 1440), { days: 20 }),
    );
    fc.assert(
      fc.property(anyRecords, fc.constantFrom(...billings), (records, billing) => {
        const days = daysOf(month).map((day) =>
          dayTotal(endpoint, day, records, { billing, timeZone, now, networks: 1 }),
        );
        const total = monthTotal(endpoint, month, days, now);
        const sum = (of: (day: (typeof total.days)[number]) => number) =>
          total.days.reduce((all, day) => all + of(day), 0);
        const truth = (spans: readonly Parameters<typeof secondsWithin>[0][]) =>
          spans.reduce((all, span) => all + secondsWithin(span, whole), 0);
        const { connections, gaps, periods } = records;

        expect(sum((day) => day.onSeconds)).toBe(truth(periods));
        expect(sum((day) => day.connectionSeconds)).toBe(truth(connections));
        expect(sum((day) => day.gapSeconds)).toBe(
          truth(gaps.map((gap) => ({ ...gap, seenAt: gap.to }))),
        );
        expect(sum((day) => day.elapsedSeconds)).toBe(
          (whole.to.getTime() - whole.from.getTime()) / 1000,
        );
        const hours = (all: typeof periods | typeof connections) =>
          all.reduce((found, each) => found + billedHours(each, whole, billing), 0);
        expect(sum((day) => day.billedHours)).toBeCloseTo(hours(periods), 3);
        expect(sum((day) => day.billedConnectionHours)).toBeCloseTo(hours(connections), 3);
        const begun = connections.filter(({ from }) => from >= whole.from && from < whole.to);
        expect(sum((day) => day.connections)).toBe(begun.length);

        // And the same time once more, by the hours of the week and by people.
        expect(total.onSecondsByWeekHour.flat().reduce((all, each) => all + each, 0)).toBe(
          truth(periods),
        );
        const people = new Map(
          total.people.map((each) => [personKey(each.person), each.connectionSeconds]),
        );
        expect(people.size).toBe(total.people.length);
        for (const [key, seconds] of people) {
          expect(seconds).toBe(
            truth(connections.filter(({ person }) => personKey(person) === key)),
          );
        }
        expect(total.people.reduce((all, { bytes }) => all + bytes, 0)).toBe(
          begun.reduce((all, each) => all + each.ingressBytes + each.egressBytes, 0),
        );
      }),
      { numRuns: 25 },
    );
  });
});
