import type { Laptops } from './laptops.ts';
import { minuteMs } from './moments.ts';
import type { NetworksOfPlace } from './networks.ts';
import type { Promises } from './promises.ts';
import type { Place } from './town.ts';

/**
 * A run every minute of a month would find nothing new nearly always. While nothing stirs they are so
 * far apart: less than the five minutes after which the history has a gap.
 */
const longestPaceMs = 4.5 * minuteMs;
/**
 * While everything is off, and nobody wants it on: the history has gaps then, in which there is nothing
 * that could be missing from it.
 */
const paceWhileOffMs = 20 * minuteMs;
/** After something has happened, every minute for so long. */
const lingerMs = 2 * minuteMs;

export interface PaceOfPlace {
  readonly place: Place;
  readonly promises: Promises;
  /** When it has to go off soon; `null` where it need not. */
  readonly idleDueAt: () => number | null;
}

/** How long until the next run, in milliseconds: a minute where anything is about to happen. */
export function paceMs(
  now: number,
  world: {
    readonly places: readonly PaceOfPlace[];
    readonly networksOf: (place: Place) => NetworksOfPlace;
    readonly laptops: Laptops;
    /** When something last went wrong, or somebody last did something. */
    readonly stirredAt: number;
  },
): number {
  if (now - world.stirredAt < lingerMs) return minuteMs;
  const isOff = world.places.every(
    ({ place, promises }) =>
      world.networksOf(place).associations.length === 0 && !promises.maybeWanted(),
  );
  let quietUntil = now + (isOff ? paceWhileOffMs : longestPaceMs);
  for (const { idleDueAt, place, promises } of world.places) {
    const { associations, changedAt, moving, usable } = world.networksOf(place);
    const isWanted = promises.maybeWanted();
    if (moving || now - changedAt < lingerMs) return minuteMs;
    if (associations.length === 0 && !isWanted) continue;
    if (!usable) return minuteMs;
    quietUntil = Math.min(quietUntil, promises.maybeWantedUntil());
    if (isWanted || world.laptops.inUse(place, 0).length > 0) continue;
    const due = idleDueAt();
    if (due === null) return minuteMs;
    quietUntil = Math.min(quietUntil, due);
  }
  return Math.max(minuteMs, quietUntil - now);
}
