import { minutesAfter } from '../clock.ts';
import type { EndpointId } from '../vpn/ids.ts';

/**
 * One person's wish that an endpoint be on at least until a time. One per person and endpoint;
 * asking again extends it and never shortens it.
 */
export interface Lease {
  readonly endpointId: EndpointId;
  /** The principal's id. */
  readonly personId: string;
  /** The principal's name when they asked, for others to read. */
  readonly personName: string;
  /** When the wish was first made; kept when it is extended. */
  readonly requestedAt: Date;
  /** When it was last asked for: an administrator's stop voids what was asked for before it. */
  readonly askedAt: Date;
  readonly until: Date;
}

/** What makes a lease count: the time, and no stop by an administrator since it was asked for. */
export interface HeldAsOf {
  readonly now: Date;
  /** `null` where there was no such stop. */
  readonly stoppedAt: Date | null;
}

export function isHeld(lease: Lease, { now, stoppedAt }: HeldAsOf): boolean {
  return lease.until > now && !isVoid(lease, stoppedAt);
}

/** Whether an administrator has ordered a stop since it was asked for; `null`: there was none. */
export function isVoid({ askedAt }: Lease, stoppedAt: Date | null): boolean {
  return stoppedAt !== null && askedAt <= stoppedAt;
}

/**
 * What becomes of a person's lease that is asked for, once more or for the first time: the later end
 * wins, and the time of the first request is kept. One that has ended, or is void, was another wish.
 *
 * @param before as it stands; `null` where there is none
 */
export function afterRequest(before: Lease | null, asked: Lease, stoppedAt: Date | null): Lease {
  if (before === null || !isHeld(before, { now: asked.askedAt, stoppedAt })) return asked;
  const { requestedAt } = before;
  return { ...asked, requestedAt, until: before.until > asked.until ? before.until : asked.until };
}

/** The leases that keep an endpoint on, the one that ends last first. */
export function heldLeases(leases: readonly Lease[], asOf: HeldAsOf): readonly Lease[] {
  return leases
    .filter((lease) => isHeld(lease, asOf))
    .sort((a, b) => b.until.getTime() - a.until.getTime());
}

/** Until when leases keep the endpoint on; `null` where none does. */
export function heldUntil(leases: readonly Lease[], asOf: HeldAsOf): Date | null {
  return heldLeases(leases, asOf)[0]?.until ?? null;
}

/**
 * When a lease of so many minutes ends.
 *
 * @param latest the endpoint's next latest hour; beyond it only an administrator keeps it on
 */
export function leaseEnd(minutes: number, now: Date, latest: Date | null): Date {
  const until = minutesAfter(now, minutes);
  return latest !== null && latest < until ? latest : until;
}
