import { describe, expect, it } from '@jest/globals';

import { createTokenBucket } from '../../scripts/bench/load-of-a-pass/token-bucket.ts';

describe('a token bucket', () => {
  const bucketAt = () => {
    let milliseconds = 0;
    const bucket = createTokenBucket({ capacity: 3, perSecond: 2, now: () => milliseconds });
    return {
      bucket,
      take: (times: number) => Array.from({ length: times }, () => bucket.take()),
      wait: (more: number) => (milliseconds += more),
    };
  };

  it('lets so many calls through at once, and no more', () => {
    expect(bucketAt().take(4)).toEqual([true, true, true, false]);
  });

  it('lets more through as time passes', () => {
    const { take, wait } = bucketAt();
    take(3);
    wait(499);
    expect(take(1)).toEqual([false]);
    wait(1);
    expect(take(2)).toEqual([true, false]);
    wait(1_000);
    expect(take(3)).toEqual([true, true, false]);
  });

  it('does not hold more than it can', () => {
    const { take, wait } = bucketAt();
    take(3);
    wait(3_600_000);
    expect(take(4)).toEqual([true, true, true, false]);
  });

  it('is full again when it is filled', () => {
    const { bucket, take } = bucketAt();
    take(4);
    bucket.fill();
    expect(take(4)).toEqual([true, true, true, false]);
  });
});
