import { daysAfter } from '../clock.ts';
import type { Actor } from '../identity/principal.ts';

/**
 * An administrator's word that nothing is turned off by itself until a time, on any endpoint. There
 * is one for all of them; a later one replaces it. What an administrator orders of one endpoint is
 * done all the same.
 */
export interface Pause {
  readonly until: Date;
  /** Why, in the administrator's words: everybody who is signed in is told. */
  readonly reason: string;
  readonly by: Actor;
  readonly at: Date;
}

/**
 * Long enough for a week of holidays or a migration. Shorter than a hold may last: this one concerns
 * every endpoint, and one that is forgotten goes on costing money for all of them.
 */
export const longestPauseDays = 7;

/** How long a pause may be asked for by then. */
export function latestPauseEnd(now: Date): Date {
  return daysAfter(now, longestPauseDays);
}

/** The pause that counts now; `null` where there is none, or it has come to its end by itself. */
export function pauseInEffect(pause: Pause | null, now: Date): Pause | null {
  return pause === null || pause.until <= now ? null : pause;
}
