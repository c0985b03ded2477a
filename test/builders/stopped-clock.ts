import { secondsAfter } from '../../src/clock.ts';
import type { Clock } from '../../src/clock.ts';
import { sampleNow } from './endpoint-for-person.ts';

/** Time stands still unless it is moved. */
export interface StoppedClock extends Clock {
  advance(seconds: number): void;
}

export function createStoppedClock(start: Date = sampleNow): StoppedClock {
  let now = start;
  return {
    now: () => now,
    advance(seconds) {
      now = secondsAfter(now, seconds);
    },
  };
}
