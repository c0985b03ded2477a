/* eslint-disable jest/no-export -- a suite that several test files run */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { Clock } from '../../src/clock.ts';
import { minutesAfter, secondsAfter } from '../../src/clock.ts';
import type { ConnectionRecord } from '../../src/usage/connection-record.ts';
import type { LeaseRecord } from '../../src/usage/lease-record.ts';
import type { UsageWrites } from '../../src/usage/record-usage.ts';
import type {
  ConnectionsCursor,
  ConnectionsQuery,
  LeasesCursor,
  LeasesPage,
  UsageStore,
} from '../../src/usage/usage-store.ts';
import type { EndpointId } from '../../src/vpn/ids.ts';
import { sampleNow } from '../builders/endpoint-for-person.ts';
import { connectionId } from '../builders/observation.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import type { StoppedClock } from '../builders/stopped-clock.ts';
import {
  aConnectionRecord,
  aDayTotal,
  aGap,
  aLeaseRecord,
  aMonthTotal,
  anOnPeriod,
  someRecords,
} from '../builders/usage.ts';
import { anotherEndpointId } from './store-under-test.ts';

/** One kind of store, for a suite that holds all kinds against the same contract. */
export interface UsageStoreUnderTest {
  /** With nothing in it. */
  start(): Promise<{
    readonly open: (deps: {
      readonly clock: Clock;
      readonly retention: { readonly recordDays: number; readonly totalDays: number };
    }) => UsageStore;
  }>;
  stop(): Promise<void>;
}

const at = (minutes: number): Date => minutesAfter(sampleNow, minutes);
const nothing: UsageWrites = { connections: [], periods: [], gaps: [] };
/** Of every record here; a store asks month by month. */
const always = { from: new Date('2025-07-01T00:00:00Z'), to: new Date('2026-07-01T00:00:00Z') };
const retention = { recordDays: 400, totalDays: 1_100 };

/** What every usage store does, whatever it is made of. */
export function describeUsageStore(name: string, underTest: UsageStoreUnderTest): void {
  describe(`the usage store ${name}`, () => {
    let open: Awaited<ReturnType<UsageStoreUnderTest['start']>>['open'];
    let store: UsageStore;
    let clock: StoppedClock;
    let id: EndpointId;
    let lastConnection = 0;

    beforeAll(async () => {
      ({ open } = await underTest.start());
    });
    afterAll(() => underTest.stop());
    beforeEach(() => {
      clock = createStoppedClock();
      store = open({ clock, retention });
      id = anotherEndpointId();
    });

    function connection(from: number, overrides: Partial<ConnectionRecord> = {}): ConnectionRecord {
      lastConnection += 1;
      return aConnectionRecord({
        endpointId: id,
        connectionId: connectionId(lastConnection),
        from: at(from),
        seenAt: at(from + 1),
        ...overrides,
      });
    }
    const write = (connections: readonly ConnectionRecord[]) =>
      store.write({ ...nothing, connections });
    const stored = async (endpointId = id, range = always) => {
      const found: ConnectionRecord[] = [];
      for await (const page of store.connections(endpointId, range)) found.push(...page);
      return found;
    };
    const ofEndpoint = (overrides: Partial<ConnectionsQuery> = {}): ConnectionsQuery => ({
      of: { kind: 'endpoints', endpointIds: [id] },
      range: always,
      order: 'newest-first',
      limit: 10,
      after: null,
      ...overrides,
    });
    /** Every page of a query, one after the other. */
    async function paged(
      query: ConnectionsQuery,
    ): Promise<readonly (readonly ConnectionRecord[])[]> {
      const pages: (readonly ConnectionRecord[])[] = [];
      let after: ConnectionsCursor | null = null;
      do {
        const page = await store.connectionsPage({ ...query, after });
        pages.push(page.connections);
        after = page.next;
      } while (after !== null && pages.length < 50);
      return pages;
    }

    it('keeps the later reading of a connection, in whatever order they are written', async () => {
      const first = connection(0);
      const later = { ...first, seenAt: at(30), ingressBytes: 500 };
      await write([first]);
      await write([later]);
      await write([first]);
      expect(await stored()).toEqual([later]);
    });

    it('changes nothing about a connection that has ended', async () => {
      const first = connection(0);
      const ended = { ...first, to: at(20), seenAt: at(21), ending: 'by-client' as const };
      await write([ended]);
      await write([{ ...first, seenAt: at(40) }]);
      await write([{ ...ended, to: at(39), seenAt: at(40) }]);
      expect(await stored()).toEqual([ended]);
    });

    it('keeps the end of a period, and shows it in every month that it touches', async () => {
      const period = anOnPeriod({ endpointId: id, from: new Date('2026-01-31T22:00:00Z') });
      const going = { ...period, seenAt: new Date('2026-02-28T23:00:00Z') };
      const over = {
        ...period,
        to: new Date('2026-03-01T03:00:00Z'),
        seenAt: new Date('2026-03-01T03:00:00Z'),
        endedBecause: 'idle' as const,
      };
      for (const each of [going, over, going]) await store.write({ ...nothing, periods: [each] });
      for (const month of ['2026-01', '2026-02', '2026-03']) {
        const from = new Date(`${month}-01T00:00:00Z`);
        const to = minutesAfter(from, 31 * 24 * 60);
        expect(await store.periods(id, { from, to })).toEqual([over]);
      }
      expect(await store.periods(id, { from: over.to, to: at(0) })).toEqual([over]);
      expect(await store.periods(id, { from: secondsAfter(over.to, 1), to: at(0) })).toEqual([]);
      expect(await store.periods(anotherEndpointId(), always)).toEqual([]);
    });

    it('ends a period that a lost pass has seen for longer', async () => {
      const period = anOnPeriod({ endpointId: id, seenAt: new Date('2026-04-01T00:01:00Z') });
      const over = {
        ...period,
        to: new Date('2026-03-31T23:59:00Z'),
        seenAt: new Date('2026-04-01T02:00:00Z'),
        endedBecause: 'outside' as const,
      };
      await store.write({ ...nothing, periods: [period] });
      await store.write({ ...nothing, periods: [over] });
      expect(await store.periods(id, always)).toEqual([over]);
      const april = {
        from: new Date('2026-04-01T00:00:00Z'),
        to: new Date('2026-05-01T00:00:00Z'),
      };
      expect(await store.periods(id, april)).toEqual([]);
    });

    it('answers periods and gaps of a range, the oldest first', async () => {
      const periods = [60, 0, 120].map((minutes) =>
        anOnPeriod({ endpointId: id, from: at(minutes), to: at(minutes + 10) }),
      );
      const gaps = [200, 20].map((minutes) =>
        aGap({ endpointId: id, from: at(minutes), to: at(minutes + 10) }),
      );
      await store.write({ ...nothing, periods, gaps });
      const found = await store.periods(id, { from: at(5), to: at(100) });
      expect(found.map(({ from }) => from)).toEqual([at(0), at(60)]);
      expect(await store.gaps(id, always)).toEqual([gaps[1], gaps[0]]);
      expect(await store.gaps(id, { from: at(100), to: at(200) })).toEqual([]);
    });

    it('lets a gap that is found again grow, and never shrink', async () => {
      const gap = aGap({ endpointId: id, from: at(0), to: at(60) });
      const longer = { ...gap, to: at(61) };
      for (const each of [gap, longer, gap]) await store.write({ ...nothing, gaps: [each] });
      expect(await store.gaps(id, always)).toEqual([longer]);
    });

    it('reads everything as it was written; written again in any order, it is the same', async () => {
      await fc.assert(
        fc.asyncProperty(someRecords(sampleNow), fc.nat(), async (records, turn) => {
          id = anotherEndpointId();
          const endpointId = id;
          const connections = records.connections.map((each) =>
            connection(0, {
              ...each,
              endpointId,
              connectionId: connectionId((lastConnection += 1)),
            }),
          );
          const periods = records.periods.map((each) => ({ ...each, endpointId }));
          const gaps = records.gaps.map((each) => ({ ...each, endpointId }));
          const writes: UsageWrites[] = [
            ...connections.map((each) => ({ ...nothing, connections: [each] })),
            ...periods.map((each) => ({ ...nothing, periods: [each] })),
            ...gaps.map((each) => ({ ...nothing, gaps: [each] })),
          ];
          const cut = writes.length === 0 ? 0 : turn % writes.length;
          for (const each of [...writes.slice(cut), ...writes.slice(0, cut)])
            await store.write(each);
          await store.write({ connections, periods, gaps });
          const found = await stored();
          expect(found).toHaveLength(connections.length);
          expect(found).toEqual(expect.arrayContaining(connections));
          const foundPeriods = await store.periods(id, always);
          expect(foundPeriods).toHaveLength(periods.length);
          expect(foundPeriods).toEqual(expect.arrayContaining(periods));
          const foundGaps = await store.gaps(id, always);
          expect(foundGaps).toHaveLength(gaps.length);
          expect(foundGaps).toEqual(expect.arrayContaining(gaps));
        }),
        { numRuns: 15 },
      );
    });

    it('iterates over the connections that began in a range, over months, oldest first', async () => {
      const months = [0, 30, 60, 90].map((days) => connection(-days * 24 * 60));
      await write(months);
      expect(await stored()).toEqual(months.toReversed());
      const range = { from: months[2]?.from ?? sampleNow, to: months[0]?.from ?? sampleNow };
      expect(await stored(id, range)).toEqual([months[2], months[1]]);
    });

    it.each(['newest-first', 'oldest-first'] as const)(
      'answers every connection exactly once, page by page, %s, whatever begins in one second',
      async (order) => {
        const other = anotherEndpointId();
        // Ids of which the last digit alone differs, at the same moment, at two endpoints.
        const all = [
          ...Array.from({ length: 9 }, () => connection(0)),
          ...Array.from({ length: 4 }, () => connection(0, { endpointId: other })),
          ...Array.from({ length: 5 }, (_, index) => connection(-index * 20 * 24 * 60)),
        ];
        await write(all);
        const of = { kind: 'endpoints', endpointIds: [id, other] } as const;
        for (const limit of [1, 4, 17, 18, 19]) {
          const pages = await paged(ofEndpoint({ of, order, limit }));
          expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
          const found = pages.flat();
          expect(new Set(found.map(({ connectionId: each }) => each)).size).toBe(found.length);
          expect(found).toHaveLength(all.length);
          const times = found.map(({ from }) => from.getTime());
          const sorted = times.toSorted((a, b) => (order === 'oldest-first' ? a - b : b - a));
          expect(times).toEqual(sorted);
        }
      },
    );

    it('has no next page after the last, not even an empty one', async () => {
      await write([connection(0), connection(1)]);
      const page = await store.connectionsPage(ofEndpoint({ limit: 2 }));
      expect(page.connections).toHaveLength(2);
      expect(page.next).toBeNull();
    });

    it.each(['newest-first', 'oldest-first'] as const)(
      'answers nothing beyond its ends, whatever place it is given (%s)',
      async (order) => {
        await write([connection(0)]);
        const range = { from: at(-60), to: at(60) };
        for (const from of [at(-90), at(90)]) {
          const after = { from, connectionId: 'of nobody' };
          const isBefore = order === 'newest-first' ? from > at(0) : from < at(0);
          const page = await store.connectionsPage(ofEndpoint({ order, range, after }));
          expect(page.connections).toHaveLength(isBefore ? 1 : 0);
        }
        const empty = { from: at(60), to: at(-60) };
        expect((await store.connectionsPage(ofEndpoint({ order, range: empty }))).next).toBeNull();
      },
    );

    it('finds a person at every endpoint, whatever the capitals, and nobody else', async () => {
      const other = anotherEndpointId();
      const alice = `alice-${id}@example.com`;
      const hers = [
        connection(0, { person: alice }),
        connection(10, { person: alice.toUpperCase(), endpointId: other }),
        connection(20, { person: alice }),
      ];
      await write([...hers, connection(5, { person: `${alice}.uk` }), connection(6)]);
      const of = { kind: 'person', person: ` ${alice}` } as const;
      const pages = await paged(ofEndpoint({ of, limit: 2 }));
      expect(pages).toEqual([[hers[2], hers[1]], [hers[0]]]);
      const there = { ...of, endpointId: other };
      expect(await paged(ofEndpoint({ of: there }))).toEqual([[hers[1]]]);
    });

    it.each(['', '  '])(
      'finds nobody by an empty name (%j), and keeps their connections',
      async (person) => {
        const nameless = connection(0, { person });
        await write([nameless]);
        const of = { kind: 'person', person } as const;
        expect((await store.connectionsPage(ofEndpoint({ of }))).connections).toEqual([]);
        expect(await stored()).toEqual([nameless]);
      },
    );

    it('keeps the connection of a name that is longer than any', async () => {
      const person = `${id}${'長'.repeat(2_000)}`;
      const long = connection(0, { person });
      await write([long]);
      const of = { kind: 'person', person } as const;
      expect((await store.connectionsPage(ofEndpoint({ of }))).connections).toEqual([long]);
    });

    it('answers no record that has outlived its retention, whatever stands there', async () => {
      const person = `bob-${id}`;
      const [old, young] = [connection(0, { person }), connection(60, { person })];
      await write([old, young]);
      const periods = [0, 60].map((from) =>
        anOnPeriod({ endpointId: id, from: at(from), to: at(from + 10) }),
      );
      const gaps = [0, 60].map((from) =>
        aGap({ endpointId: id, from: at(from), to: at(from + 10) }),
      );
      await store.write({ ...nothing, periods, gaps });
      clock.advance(400 * 86_400 + 30 * 60);
      expect(store.recordsKeptSince()).toEqual(at(30));
      expect(await stored()).toEqual([young]);
      expect((await store.connectionsPage(ofEndpoint())).connections).toEqual([young]);
      const of = { kind: 'person', person } as const;
      expect((await store.connectionsPage(ofEndpoint({ of }))).connections).toEqual([young]);
      expect(await store.periods(id, always)).toEqual([periods[1]]);
      expect(await store.gaps(id, always)).toEqual([gaps[1]]);
      clock.advance(86_400);
      expect(await stored()).toEqual([]);
      expect(await store.periods(id, always)).toEqual([]);
      expect(await store.gaps(id, always)).toEqual([]);
      expect((await store.connectionsPage(ofEndpoint())).connections).toEqual([]);
    });

    it('keeps leases by person, the newest first, a page at a time, and the end that they had', async () => {
      const person = `alice-${id}`;
      const leases = [0, 10, 20, 30, 40].map((minutes) =>
        aLeaseRecord({ endpointId: id, person, from: at(minutes) }),
      );
      const ended = { ...leases[1], to: at(15), seenAt: at(15), ending: 'given-back' as const };
      const given = aLeaseRecord({ ...ended, person: person.toUpperCase() });
      await store.writeLeases([...leases, given, ...leases.map((each) => ({ ...each }))]);
      await store.writeLeases([aLeaseRecord({ endpointId: id, person: `bob-${id}`, from: at(5) })]);
      await write([connection(0, { person })]);
      const query = { person, range: always, limit: 2 };
      const pages: LeaseRecord[][] = [];
      let after: LeasesCursor | null = null;
      do {
        const page: LeasesPage = await store.leasesPage({ ...query, after });
        pages.push([...page.leases]);
        after = page.next;
      } while (after !== null && pages.length < 9);
      const newestFirst = [leases[4], leases[3], leases[2], given, leases[0]];
      expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
      expect(pages.flat()).toEqual(newestFirst);
      const of = { kind: 'person', person } as const;
      expect((await store.connectionsPage(ofEndpoint({ of }))).connections).toHaveLength(1);
      expect((await store.leasesPage({ ...query, person: ' ', after: null })).leases).toEqual([]);
      clock.advance(400 * 86_400 + 30 * 60);
      const kept = await store.leasesPage({ ...query, limit: 9, after: null });
      expect(kept).toEqual({ leases: [leases[4], leases[3]], next: null });
    });

    it('keeps the totals of days and months, the last written each', async () => {
      const days = [3, 4].map((day) =>
        aDayTotal({ endpointId: id, day: `2026-03-0${String(day)}`, onSeconds: day }),
      );
      const [third, fourth] = days;
      if (third === undefined || fourth === undefined) throw new Error('two days');
      await store.putDay(fourth);
      await store.putDay({ ...third, onSeconds: 99 });
      await store.putDay(third);
      expect(await store.days(id, '2026-03')).toEqual(days);
      expect(await store.day(id, '2026-03-04')).toEqual(fourth);
      expect(await store.day(id, '2026-03-05')).toBeNull();
      expect(await store.days(id, '2026-04')).toEqual([]);
      const month = aMonthTotal(days);
      await store.putMonth(aMonthTotal([fourth]));
      await store.putMonth(month);
      const months = await store.months('2026-03');
      expect(months.filter(({ endpointId }) => endpointId === id)).toEqual([month]);
    });

    it('answers no totals that have outlived their retention, a month at a time', async () => {
      const days = [1, 31].map((day) =>
        aDayTotal({ endpointId: id, day: `2026-03-${String(day).padStart(2, '0')}` }),
      );
      for (const day of days) await store.putDay(day);
      await store.putMonth(aMonthTotal(days));
      const brief = (now: string) =>
        open({
          clock: createStoppedClock(new Date(now)),
          retention: { recordDays: 1, totalDays: 2 },
        });
      const kept = brief('2026-04-03T23:59:59Z');
      expect(await kept.days(id, '2026-03')).toEqual(days);
      expect(await kept.months('2026-03')).not.toEqual([]);
      const gone = brief('2026-04-04T00:00:00Z');
      expect(await gone.days(id, '2026-03')).toEqual([]);
      expect(await gone.day(id, '2026-03-31')).toBeNull();
      expect(await gone.months('2026-03')).toEqual([]);
    });
  });
}
