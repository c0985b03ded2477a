import { describe, expect, it } from '@jest/globals';

import { secondsAfter } from '../../src/clock.ts';
import { createPace, steadyPace } from '../../src/web/pace.ts';
import { sampleNow } from '../builders/endpoint-for-person.ts';

/** What it says every three seconds, of a process that is so active from each to the next. */
function paceOver(activities: readonly number[], everySeconds = 3): readonly number[] {
  let now = sampleNow;
  let active = 0;
  const pace = createPace({ now: () => now }, () => active);
  return activities.map((activity) => {
    now = secondsAfter(now, everySeconds);
    active = activity;
    return pace();
  });
}

describe('the pace of open tabs', () => {
  it('is as usual while there is time left', () => {
    expect(paceOver([0, 0.3, 0.6, 0.89])).toEqual([1, 1, 1, 1]);
    expect(steadyPace()).toBe(1);
  });

  it('is slower, and slower again, for as long as the process is busy, and has an end', () => {
    expect(paceOver([1, 0.95, 1, 1, 1])).toEqual([2, 4, 8, 8, 8]);
  });

  it('stays where it is while twice as much would be too much', () => {
    expect(paceOver([1, 0.6, 0.5, 0.4])).toEqual([2, 2, 2, 2]);
  });

  it('is as usual again when the process has time', () => {
    expect(paceOver([1, 1, 0.3, 0.3, 0.3])).toEqual([2, 4, 2, 1, 1]);
  });

  it('is not judged by less than three seconds', () => {
    expect(paceOver([1, 1, 1, 1, 1, 1], 1)).toEqual([1, 1, 2, 2, 2, 4]);
  });
});
