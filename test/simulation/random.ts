/** A stream of numbers that follows from its key alone. */
export interface Random {
  /** At least 0, less than 1. */
  next(): number;
  chance(probability: number): boolean;
  /** Whole numbers, both ends included. */
  whole(least: number, most: number): number;
  pick<Choice>(choices: readonly [Choice, ...Choice[]]): Choice;
}

/**
 * Every process draws from a stream of its own, so that leaving one event out of a history changes
 * as little as possible of the rest, and a shorter history still shows the same fault.
 */
export function randomOf(key: string): Random {
  let state = hash(key);
  const next = (): number => {
    // A counter with an odd step visits every number once; mixing makes its order look random.
    state = (state + 0x9e3779b9) | 0;
    return (mixed(state) >>> 0) / 2 ** 32;
  };
  return {
    next,
    chance: (probability) => probability > 0 && next() < probability,
    whole: (least, most) => least + Math.floor(next() * (most - least + 1)),
    pick: (choices) => choices[Math.floor(next() * choices.length)] ?? choices[0],
  };
}

/** FNV-1a over the characters; mixed, because keys that differ little must not give like streams. */
function hash(key: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) {
    value = Math.imul(value ^ key.charCodeAt(index), 0x01000193);
  }
  return mixed(value);
}

/** Every bit of the result depends on every bit of the value (the finish of MurmurHash3). */
function mixed(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
