import { describe, expect, it } from '@jest/globals';

import { minutesAfter, secondsAfter } from '../../src/clock.ts';
import { latestPauseEnd, pauseInEffect } from '../../src/lease/pause.ts';
import { aPause, sampleNow } from '../builders/endpoint-for-person.ts';

describe('a pause', () => {
  it('counts until its end, and not at it', () => {
    const pause = aPause({ until: minutesAfter(sampleNow, 10) });
    expect(pauseInEffect(pause, sampleNow)).toBe(pause);
    expect(pauseInEffect(pause, secondsAfter(pause.until, -0.001))).toBe(pause);
    expect(pauseInEffect(pause, pause.until)).toBeNull();
    expect(pauseInEffect(pause, minutesAfter(pause.until, 1))).toBeNull();
  });

  it('does not count where there is none', () => {
    expect(pauseInEffect(null, sampleNow)).toBeNull();
  });

  it('ends within seven days', () => {
    expect(latestPauseEnd(sampleNow)).toEqual(minutesAfter(sampleNow, 7 * 24 * 60));
  });
});
