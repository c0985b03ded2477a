import { describe, expect, test } from '@jest/globals';

import type { Finding } from './play.ts';
import { simulate } from './simulation.ts';
import { playInThreads } from './threads.ts';
import { weekOf } from './week.ts';

const runs = 2_000;
const threads = 2;
const minuteMs = 60_000;

describe('two thousand simulated weeks', () => {
  test(
    'violate no property, and go through what they are meant to go through',
    async () => {
      const { counts, events, finding, weeks } = await playInThreads(1, runs, threads);
      expect(finding === null ? '' : told(finding)).toBe('');
      expect(weeks).toBe(runs);
      expect(events).toBeGreaterThan(1_000_000);
      // A property that nothing ever comes near holds for no reason.
      for (const what of [
        'starts whose routes were checked',
        'cut off: connected after AWS had looked',
        'cut off: as ordered',
        'cut off: silent',
        'let in',
        'not let in: stop-under-way',
        'ordered disassociations',
        'leases that end at the latest hour',
        'hold: recorded',
        'release-hold: recorded',
        'stop: recorded',
        'terminate: recorded',
        'terminate: not-connected',
        'connections that were ended',
        'dry runs',
        'passes that waited for a pause',
        'stops during a pause',
        'told: endpoint-ready',
        'told: endpoint-start-failed',
        'told: endpoint-recovered',
        'told: endpoint-held',
        'told: connection-ended',
        'passes of the portal: failed',
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

/** What somebody needs who has to find the fault: the seed, the property, the shortest history. */
function told({ property, seed, story, what }: Finding): string {
  return [`seed ${seed} violates ${property}: ${what}`, ...story].join('\n');
}
