import type { EndpointId } from '../vpn/ids.ts';
import type { HeldAsOf, Lease } from './lease.ts';

/** Where leases are kept. Reading them is part of `EndpointStore`, together with their endpoint. */
export interface LeaseStore {
  /**
   * Stores the lease, or extends the one that this person holds: the later end wins, whoever writes
   * last, and the time of the first request is kept.
   *
   * @param lease as requested now: `requestedAt` and `askedAt` are this moment, too
   * @param stoppedAt the last stop that an administrator has ordered: a lease that was asked for by
   *   then is void, and is replaced, not extended
   */
  extend(lease: Lease, stoppedAt: Date | null): Promise<Extension>;
  /**
   * Removes the person's lease where it is held. One that has ended, or is void, stays: it keeps
   * nothing on, and the idle clock looks back to its end.
   *
   * @returns the one that was held; `null` where there was none
   */
  remove(endpointId: EndpointId, personId: string, asOf: HeldAsOf): Promise<Lease | null>;
}

export interface Extension {
  /** As it now stands. */
  readonly lease: Lease;
  /**
   * Puts back, to the millisecond, what stood before: another lease, or none. Whatever somebody has
   * written since stays as it is, and that is a success.
   */
  readonly takeBack: () => Promise<void>;
}
