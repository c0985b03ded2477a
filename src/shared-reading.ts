import type { Clock } from './clock.ts';
import { secondsBetween } from './clock.ts';

/**
 * Readings that many requests share: at most one is under way for a key, and a finished one serves
 * for some seconds. What it costs does not depend on how many people look.
 */
export interface SharedReading<Key, Value> {
  /** @param good whether a reading that is already there will do; always true unless given */
  get(key: Key, good?: (value: Value) => boolean): Promise<Value>;
  forget(key: Key): void;
}

interface Entry<Value> {
  readonly startedAt: Date;
  readonly value: Promise<Value>;
  /** However long it takes, nobody begins another one. */
  underWay: boolean;
}

export function createSharedReading<Key, Value>(options: {
  readonly clock: Clock;
  /** How old a reading may be. */
  readonly seconds: number;
  readonly mostKeys: number;
  readonly read: (key: Key) => Promise<Value>;
}): SharedReading<Key, Value> {
  const entries = new Map<Key, Entry<Value>>();

  function readAgain(key: Key): Promise<Value> {
    const value = options.read(key);
    const entry = { startedAt: options.clock.now(), value, underWay: true };
    entries.delete(key);
    entries.set(key, entry);
    const oldest = entries.keys().next();
    if (entries.size > options.mostKeys && oldest.done !== true) entries.delete(oldest.value);
    // A failure is not shared with those who come later.
    value.then(
      () => (entry.underWay = false),
      () => {
        if (entries.get(key) === entry) entries.delete(key);
      },
    );
    return value;
  }

  return {
    async get(key, good = () => true) {
      const entry = entries.get(key);
      if (entry !== undefined) {
        const age = secondsBetween(entry.startedAt, options.clock.now());
        if (entry.underWay || (age >= 0 && age < options.seconds)) {
          const value = await entry.value;
          if (good(value)) return value;
          // Others may have found the same meanwhile, and be reading already.
          const newer = entries.get(key);
          if (newer !== undefined && newer !== entry) return newer.value;
        }
      }
      return readAgain(key);
    },
    forget(key) {
      entries.delete(key);
    },
  };
}
