/** A limit on calls as EC2 sets it: so many at once, and so many more each second. */
export interface TokenBucket {
  /** Takes a call's token; false where there is none, and the call is to be refused. */
  take(): boolean;
  /** As after a while without any call. */
  fill(): void;
}

/** @param options.now in milliseconds; must not go back */
export function createTokenBucket(options: {
  readonly capacity: number;
  readonly perSecond: number;
  readonly now: () => number;
}): TokenBucket {
  const { capacity, now, perSecond } = options;
  let tokens = capacity;
  let countedAt = now();
  return {
    take() {
      const at = now();
      tokens = Math.min(capacity, tokens + ((at - countedAt) / 1_000) * perSecond);
      countedAt = at;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
    fill() {
      tokens = capacity;
      countedAt = now();
    },
  };
}
