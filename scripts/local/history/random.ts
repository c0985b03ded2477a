/** Numbers that follow from the seed alone. */
export interface Random {
  /** At least 0, less than 1. */
  next(): number;
  chance(probability: number): boolean;
  /** A whole number, both ends included. */
  whole(least: number, most: number): number;
  /** So many hexadecimal digits. */
  hex(digits: number): string;
}

/** A linear congruential generator over 2^48, of which the upper 32 bits are used. */
export function createRandom(seed: number): Random {
  const multiplier = 0x5deece66dn;
  const mask = (1n << 48n) - 1n;
  let state = (BigInt(Math.trunc(seed)) ^ multiplier) & mask;
  const next = (): number => {
    state = (state * multiplier + 11n) & mask;
    return Number(state >> 16n) / 2 ** 32;
  };
  return {
    next,
    chance: (probability) => next() < probability,
    whole: (least, most) => least + Math.floor(next() * (most - least + 1)),
    hex: (digits) =>
      Array.from({ length: digits }, () => Math.floor(next() * 16).toString(16)).join(''),
  };
}
