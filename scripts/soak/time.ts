import { z } from 'zod';

import { minutesAfter, systemClock } from '../../src/clock.ts';
import type { Clock } from '../../src/clock.ts';
import type { MovableClock } from '../local/clock.ts';

/**
 * How a process of the soak tells the time by itself: what time it was at one moment of the wall clock,
 * and how much faster it goes from there.
 */
export const timeSetting = z.object({
  wallMs: z.number(),
  simulatedMs: z.number(),
  speed: z.number().min(1),
});
export type TimeSetting = z.infer<typeof timeSetting>;

/** The time in epoch milliseconds. */
export function simulatedTime(setting: TimeSetting, wallMs: number): number {
  return Math.floor(setting.simulatedMs + (wallMs - setting.wallMs) * setting.speed);
}

/** The time of the soak: goes faster than the wall clock, and jumps over what nobody waits for. */
export interface SoakClock extends MovableClock {
  /** For the other processes. */
  setting(): TimeSetting;
  readonly speed: number;
}

export function createSoakClock(options: {
  readonly startsAt: Date;
  readonly speed: number;
  readonly wallClock?: Clock;
}): SoakClock {
  const { speed, startsAt, wallClock = systemClock } = options;
  const wall = (): number => wallClock.now().getTime();
  let setting: TimeSetting = { wallMs: wall(), simulatedMs: startsAt.getTime(), speed };
  const now = (): number => simulatedTime(setting, wall());
  return {
    speed,
    now: () => new Date(now()),
    advance(minutes) {
      if (!(minutes > 0)) throw new RangeError('the clock moves forward only');
      const simulatedMs = minutesAfter(new Date(now()), minutes).getTime();
      setting = { wallMs: wall(), simulatedMs, speed };
    },
    offsetMs: () => now() - wall(),
    setting: () => setting,
  };
}
