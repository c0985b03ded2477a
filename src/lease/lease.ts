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
  readonly until: Date;
}

export function isHeld(lease: Lease, now: Date): boolean {
  return lease.until > now;
}

/** The leases that keep an endpoint on, the one that ends last first. */
export function heldLeases(leases: readonly Lease[], now: Date): readonly Lease[] {
  return leases
    .filter((lease) => isHeld(lease, now))
    .sort((a, b) => b.until.getTime() - a.until.getTime());
}

/** Until when leases keep the endpoint on; `null` where none does. */
export function heldUntil(leases: readonly Lease[], now: Date): Date | null {
  return heldLeases(leases, now)[0]?.until ?? null;
}
