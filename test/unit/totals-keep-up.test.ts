import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { daysAfter, minutesAfter } from '../../src/clock.ts';
import { monthAfter, monthOf } from '../../src/usage/calendar.ts';
import type { TimeRange, UsageCursor } from '../../src/usage/on-period.ts';
import { newUsageCursor } from '../../src/usage/on-period.ts';
import { createTotals } from '../../src/usage/totals-service.ts';
import { unwritten, usageAfter } from '../../src/usage/record-usage.ts';
import { associationIds } from '../builders/arbitraries.ts';
import { sampleIds, sampleNow } from '../builders/endpoint-for-person.ts';
import { observedAt } from '../builders/observed-world.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import { aUsageContext } from '../builders/usage.ts';
import { createMemoryUsageStore } from '../fakes/memory-usage-store.ts';

/* Weeks in which AWS cannot be read now and then, for days, while the schedule runs, or does not. */

const days = 10;
const turnMinutes = 6 * 60;
const turns = (days * 24 * 60) / turnMinutes;
const timeZone = 'Asia/Tokyo';
const managed = [{ endpointId: sampleIds.endpoint, networks: 1 }];

const aSpan = (longestHours: number): fc.Arbitrary<TimeRange> =>
  fc
    .record({
      from: fc.integer({ min: 1, max: days * 24 * 60 }),
      lasts: fc.integer({ min: 10, max: longestHours * 60 }),
    })
    .map(({ from, lasts }) => ({
      from: minutesAfter(sampleNow, from),
      to: minutesAfter(sampleNow, from + lasts),
    }));

/** What becomes of the turns of the schedule, one stretch of them after the other. */
const someStretches = fc.array(
  fc.record({
    lasts: fc.integer({ min: 1, max: turns / 2 }),
    fate: fc.constantFrom('read', 'read', 'unread', 'not-written', 'lost', 'stands-still'),
  }),
  { minLength: 3, maxLength: 8 },
);

describe('the totals of some weeks', () => {
  it('equal the sum of the records once everything is read, whatever could not be read when', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(aSpan(days * 24), { maxLength: associationIds.length }),
        fc.array(aSpan(24), { maxLength: 6 }),
        someStretches,
        async (associations, connections, stretches) => {
          const clock = createStoppedClock(sampleNow);
          const retention = { recordDays: 100, totalDays: 1_000 };
          const store = createMemoryUsageStore({ clock, retention });
          let cursor: UsageCursor = newUsageCursor;
          const totals = createTotals({
            store,
            clock,
            timeZone,
            billing: 'full-hours',
            readingsOf: () => Promise.resolve(cursor),
          });
          const turn = async (fate: string): Promise<void> => {
            clock.advance(turnMinutes * 60);
            if (fate === 'stands-still') return;
            const at = clock.now();
            if (fate !== 'unread') {
              const observation = observedAt({ associations, connections }, at);
              const after = usageAfter(cursor, observation, aUsageContext());
              if (fate !== 'not-written') await store.write(after.writes);
              if (fate === 'not-written') cursor = unwritten(cursor, after.cursor);
              if (fate === 'read') cursor = after.cursor;
            }
            await totals.refresh(managed);
          };
          const fates = stretches.flatMap(({ fate, lasts }) =>
            Array.from({ length: lasts }, () => fate),
          );
          for (const fate of fates.slice(0, turns)) await turn(fate);
          await turn('read');
          const first = monthOf(daysAfter(sampleNow, -2), timeZone);
          for (const by of [0, 1]) {
            const month = monthAfter(first, by);
            const { changes } = await totals.recompute(sampleIds.endpoint, month);
            expect(changes).toEqual([]);
          }
        },
      ),
      { numRuns: 15 },
    );
  });
});
