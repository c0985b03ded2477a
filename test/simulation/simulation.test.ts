import { describe, expect, test } from '@jest/globals';

import { describeScenario, shrink } from './shrink.ts';
import { simulate } from './simulation.ts';
import type { Result } from './simulation.ts';
import { weekOf } from './week.ts';

const runs = 2_000;
const minuteMs = 60_000;

/** What somebody needs who has to find the fault: the seed, the property, the shortest history. */
async function story(seed: number, result: Result): Promise<string> {
  if (result.violation === null) return '';
  const { scenario, violation } = await shrink(weekOf(seed), result.violation);
  const { history } = await simulate(scenario, { keepHistory: true });
  return [
    `seed ${seed} violates ${violation.property}: ${violation.what}`,
    ...describeScenario(scenario),
    ...history.slice(-40),
  ].join('\n');
}

describe('two thousand simulated weeks', () => {
  test(
    'violate no property, and go through what they are meant to go through',
    async () => {
      const counts = new Map<string, number>();
      let events = 0;
      for (let seed = 1; seed <= runs; seed += 1) {
        const result = await simulate(weekOf(seed));
        expect(await story(seed, result)).toBe('');
        events += result.events;
        for (const [what, times] of result.counts) {
          counts.set(what, (counts.get(what) ?? 0) + times);
        }
      }
      expect(events).toBeGreaterThan(1_000_000);
      // A property that nothing ever comes near holds for no reason.
      for (const what of [
        'starts whose routes were checked',
        'cut off: connected after AWS had looked',
        'stale',
        'throttled',
        'error-after',
        'time-out-after',
        'time-out-then-effect',
        'twice',
        'killed',
        'killed-before',
        'killed-after',
        'lost delivery',
        'late delivery',
        'doubled delivery',
        'console',
      ]) {
        expect([what, (counts.get(what) ?? 0) >= 50]).toEqual([what, true]);
      }
    },
    10 * minuteMs,
  );
});

describe('a simulated week', () => {
  test('is the same whenever it is played', async () => {
    const first = await simulate(weekOf(7), { keepHistory: true });
    const second = await simulate(weekOf(7), { keepHistory: true });
    expect(second.history).toEqual(first.history);
    expect(first.history.length).toBeGreaterThan(1_000);
  });

  test('differs from one seed to the next', async () => {
    const one = await simulate(weekOf(7), { keepHistory: true });
    const other = await simulate(weekOf(8), { keepHistory: true });
    expect(other.history).not.toEqual(one.history);
  });
});
