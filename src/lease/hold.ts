import type { Actor } from '../identity/principal.ts';
import type { ConnectionId } from '../vpn/ids.ts';
import { heldUntil } from './lease.ts';
import type { HeldAsOf, Lease } from './lease.ts';
import type { Reason } from './reason.ts';

/**
 * An administrator's word over everybody's leases: keep the endpoint on until a time, or off. One
 * per endpoint; a later one replaces it.
 */
export interface Hold {
  readonly kind: 'on' | 'off';
  readonly until: Date;
  /** Why, in the administrator's words: people who read the page are told. */
  readonly reason: string;
  readonly by: Actor;
  readonly at: Date;
}

/**
 * An administrator's wish that the endpoint stop now, whoever is connected. It voids every lease
 * that was asked for before it, and none that is asked for after: so it needs no taking back.
 */
export interface StopRequest {
  readonly by: Actor;
  readonly at: Date;
}

/** An administrator's wish that one connection end, or the portal's own. */
export interface Termination {
  readonly connectionId: ConnectionId;
  readonly by: Actor;
  readonly at: Date;
}

/**
 * In whose name the portal itself has a connection ended: where a person may have but one, and the
 * newer one wins. Nobody signs in by it, since people's ids are the user pool's.
 */
export const portalItself: Actor = { id: 'portal', name: 'portal' };

/** Whether somebody has said so. */
export function isAdministrators({ by }: Pick<Termination, 'by'>): boolean {
  return by.id !== portalItself.id;
}

/** What an administrator has said of an endpoint, as its record keeps it. */
interface Orders {
  readonly hold: Hold | null;
  readonly stopRequest: StopRequest | null;
}

/**
 * The hold that counts now. Of two administrators who want opposite things the later one has the
 * word: a stop voids a hold-on from before it.
 */
export function holdInEffect({ hold, stopRequest }: Orders, now: Date): Hold | null {
  return hold === null || hold.until <= now || isVoid(hold, stopRequest) ? null : hold;
}

/** When a hold-on came to its end by itself; `null` where there is none that has. */
export function heldOnUntil({ hold, stopRequest }: Orders, now: Date): Date | null {
  if (hold?.kind !== 'on' || hold.until > now || isVoid(hold, stopRequest)) return null;
  return hold.until;
}

function isVoid(hold: Hold, stopRequest: StopRequest | null): boolean {
  return hold.kind === 'on' && stopRequest !== null && hold.at <= stopRequest.at;
}

/** From when on leases count: the last stop that an administrator has ordered voids those before. */
export function leasesCount({ stopRequest }: Orders, now: Date): HeldAsOf {
  return { now, stoppedAt: stopRequest?.at ?? null };
}

/**
 * Until when the endpoint shall be on; `null` where nothing wants that. A hold has the last word
 * over leases, in both directions.
 */
export function wantedOn(orders: Orders, leases: readonly Lease[], now: Date): Date | null {
  const hold = holdInEffect(orders, now);
  if (hold?.kind === 'off') return null;
  const leased = heldUntil(leases, leasesCount(orders, now));
  if (hold === null) return leased;
  return leased !== null && leased > hold.until ? leased : hold.until;
}

/**
 * When somebody says something that shall count as said after something else. Clocks differ: one
 * that is behind another administrator's must not make the later word the earlier one.
 */
export function saidAfter(other: Date | null, now: Date): Date {
  return other !== null && other >= now ? new Date(other.getTime() + 1) : now;
}

/** The hold as the reason why an endpoint is off. */
export function heldOff({ by, reason, until }: Hold): Reason {
  return { code: 'held-off', until, by: by.name, why: reason };
}
