import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { minutesAfter, secondsAfter, secondsBetween } from '../../src/clock.ts';
import type { TimeRange, UsageCursor } from '../../src/usage/on-period.ts';
import { newUsageCursor } from '../../src/usage/on-period.ts';
import { unwritten, usageAfter } from '../../src/usage/record-usage.ts';
import type { UsageWrites } from '../../src/usage/record-usage.ts';
import { associationIds } from '../builders/arbitraries.ts';
import { sampleNow } from '../builders/endpoint-for-person.ts';
import { observedAt } from '../builders/observed-world.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import { aUsageContext } from '../builders/usage.ts';
import { createMemoryUsageStore } from '../fakes/memory-usage-store.ts';

/* Some hours of an endpoint that others switch on and off, and of passes that do not all succeed. */

const hours = 4;
const spacingSeconds = 60;
const passes = (hours * 3600) / spacingSeconds;

const aSpan = (longestSeconds: number): fc.Arbitrary<TimeRange> =>
  fc
    .record({
      from: fc.integer({ min: 1, max: hours * 3600 }),
      lasts: fc.integer({ min: 120, max: longestSeconds }),
    })
    .map(({ from, lasts }) => ({
      from: secondsAfter(sampleNow, from),
      to: secondsAfter(sampleNow, from + lasts),
    }));

const aWorld = fc.record({
  associations: fc.array(aSpan(2 * 3600), { maxLength: associationIds.length }),
  connections: fc.array(aSpan(3600), { maxLength: 5 }),
  /** Of each pass: whether it comes to its end. */
  fates: fc.array(
    fc.oneof(
      { weight: 8, arbitrary: fc.constant('recorded' as const) },
      { weight: 1, arbitrary: fc.constant('lost-after-writing' as const) },
      { weight: 1, arbitrary: fc.constant('written-twice' as const) },
      { weight: 1, arbitrary: fc.constant('not-written' as const) },
      { weight: 1, arbitrary: fc.constant('not-made' as const) },
    ),
    { minLength: passes, maxLength: passes },
  ),
});

describe('the history of some hours', () => {
  it('equals the truth to the readings around it, whatever passes are lost or repeated', async () => {
    await fc.assert(
      fc.asyncProperty(aWorld, async (world) => {
        const clock = createStoppedClock(minutesAfter(sampleNow, 24 * 60));
        const retention = { recordDays: 10, totalDays: 10 };
        const store = createMemoryUsageStore({ clock, retention });
        let cursor: UsageCursor = newUsageCursor;
        let lastRecorded: Date | null = null;
        let longest = spacingSeconds;
        const all: UsageWrites[] = [];
        // As long again in which all goes well, so that everything comes to its end.
        for (let pass = 0; pass < 2 * passes + 5; pass += 1) {
          const fate = world.fates[pass] ?? 'recorded';
          const at = secondsAfter(sampleNow, pass * spacingSeconds);
          if (fate === 'not-made') continue;
          const after = usageAfter(cursor, observedAt(world, at), aUsageContext());
          if (fate === 'not-written') {
            cursor = unwritten(cursor, after.cursor);
            continue;
          }
          await store.write(after.writes);
          all.push(after.writes);
          if (fate === 'written-twice') await store.write(after.writes);
          if (fate === 'lost-after-writing') continue;
          if (lastRecorded !== null) longest = Math.max(longest, secondsBetween(lastRecorded, at));
          lastRecorded = at;
          cursor = after.cursor;
        }
        const { connections, gaps, periods } = store.peek();

        // Nothing is written twice under two names, nothing stays open, nothing is made up.
        expect(periods.every(({ to }) => to !== null)).toBe(true);
        const ids = periods.map(({ associationId }) => associationId);
        expect(new Set(ids).size).toBe(ids.length);
        for (const period of periods) {
          const truth = world.associations[associationIds.indexOf(period.associationId)];
          if (truth === undefined || period.to === null) throw new Error('a period of nothing');
          expect(period.from.getTime()).toBeGreaterThanOrEqual(truth.from.getTime());
          expect(secondsBetween(truth.from, period.from)).toBeLessThanOrEqual(longest);
          expect(Math.abs(secondsBetween(truth.to, period.to))).toBeLessThanOrEqual(longest);
          // Where it is further off than passes take, it says so.
          const isFarOff = secondsBetween(truth.from, period.from) > 300 + spacingSeconds;
          expect(isFarOff && period.unobservedSince === null).toBe(false);
        }
        // What lasted longer than nobody looked is there.
        for (const [index, truth] of world.associations.entries()) {
          if (secondsBetween(truth.from, truth.to) <= longest) continue;
          expect(ids).toContain(associationIds[index]);
        }
        expect(gaps.length > 0).toBe(longest > 300);

        // AWS tells when connections began and ended: those are exact.
        expect(connections).toHaveLength(world.connections.length);
        for (const record of connections) {
          const truth = world.connections[parseInt(record.connectionId.slice(-4), 16) - 1];
          expect({ from: record.from, to: record.to }).toEqual(truth);
        }

        // In any order, it comes to the same.
        const backwards = createMemoryUsageStore({ clock, retention });
        for (const writes of [...all].reverse()) await backwards.write(writes);
        const facts = ({ connections: some }: UsageWrites) =>
          some
            .map(({ connectionId: id, from, to }) => ({ id, from, to }))
            .sort((a, b) => (a.id < b.id ? -1 : 1));
        expect(facts(backwards.peek())).toEqual(facts(store.peek()));
        expect(backwards.peek().periods.length).toBe(periods.length);
        expect(backwards.peek().periods.every(({ to }) => to !== null)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
