import type { World } from './world.ts';

/** How long AWS takes for what it does in the background. */
export interface Timings {
  readonly associateSeconds: number;
  readonly routeSeconds: number;
  readonly disassociateSeconds: number;
}

/** What an operation works on: the world, settled up to `now` (epoch milliseconds). */
export interface Moment {
  readonly world: World;
  readonly now: number;
  readonly timings: Timings;
}

/** The instant `seconds` from now, in epoch milliseconds. */
export function after(moment: Pick<Moment, 'now'>, seconds: number): number {
  return moment.now + Math.round(seconds * 1000);
}
