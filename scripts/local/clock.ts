import { z } from 'zod';
import { minutesAfter, systemClock } from '../../src/clock.ts';
import type { Clock } from '../../src/clock.ts';
import { damagedFile, readSavedFile, writeSavedFile } from './saved-file.ts';

/** The time of the simulated world: runs like the wall clock and can be moved ahead of it. */
export interface MovableClock extends Clock {
  /** Forward only: nothing in the world is made to live through a time twice. */
  advance(minutes: number): void;
  /** How far it is ahead of the wall clock. */
  offsetMs(): number;
}

const savedClock = z.object({ offsetMs: z.number().min(0) });

/**
 * @param options.file keeps the offset between runs, so that what was saved with the time of the
 *   world does not lie in the future afterwards
 * @throws {LocalStackError} when the file is damaged
 */
export function createMovableClock(
  options: { readonly file?: string; readonly wallClock?: Clock } = {},
): MovableClock {
  const { file, wallClock = systemClock } = options;
  let offsetMs = file === undefined ? 0 : savedOffset(file);
  return {
    now: () => new Date(wallClock.now().getTime() + offsetMs),
    advance(minutes) {
      if (!(minutes > 0)) throw new RangeError('the clock moves forward only');
      const start = new Date(0);
      offsetMs += minutesAfter(start, minutes).getTime();
      if (file !== undefined) writeSavedFile(file, { offsetMs });
    },
    offsetMs: () => offsetMs,
  };
}

function savedOffset(file: string): number {
  const saved = readSavedFile(file);
  if (saved === null) return 0;
  const parsed = savedClock.safeParse(saved);
  if (!parsed.success) throw damagedFile(file, parsed.error);
  return parsed.data.offsetMs;
}
