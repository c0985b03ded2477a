import type { Clock } from '../clock.ts';
import { secondsBetween } from '../clock.ts';

/** How many times as long as usual open tabs are to wait between two looks. */
export type Pace = () => number;

/** Where each look has a process, or a function, that is not busy with others. */
export const steadyPace: Pace = () => 1;

/** The part of the time in which a process does something that is too much of it. */
const busy = 0.9;
/** With half as long to wait twice as much is done: it has to be well below what is too much. */
const quiet = 0.35;
const secondsPerLook = 3;
const longest = 8;

/**
 * Slows open tabs down while the process is busy, and not any further than that needs: five thousand
 * tabs that look every three seconds ask more of one core than it can do, and what cannot be done is
 * not shared out fairly; connections that are new would wait for a minute.
 *
 * @param activity the part of the time since it was asked last in which the process did something,
 *   from 0 to 1
 */
export function createPace(clock: Clock, activity: () => number): Pace {
  let factor = 1;
  let lookedAt = clock.now();
  return () => {
    const now = clock.now();
    if (secondsBetween(lookedAt, now) < secondsPerLook) return factor;
    lookedAt = now;
    const active = activity();
    if (active > busy) factor = Math.min(factor * 2, longest);
    else if (active < quiet) factor = Math.max(factor / 2, 1);
    return factor;
  };
}
