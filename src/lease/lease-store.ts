import type { EndpointId } from '../vpn/ids.ts';
import type { Lease } from './lease.ts';

/** Where leases are kept. Reading them is part of `EndpointStore`, together with their endpoint. */
export interface LeaseStore {
  /**
   * Stores the lease, or extends the one that this person holds: the later end wins, whoever writes
   * last, and the time of the first request is kept.
   *
   * @param lease as requested now: `requestedAt` and `askedAt` are this moment, too
   * @param stoppedAt the last stop that an administrator has ordered: a lease that was asked for by
   *   then is void, and is replaced, not extended
   * @returns the lease as it now stands
   */
  extend(lease: Lease, stoppedAt: Date | null): Promise<Lease>;
  /**
   * Removes the person's lease. One that is not there is a success.
   *
   * @returns the one that was there, held or not; `null` where there was none
   */
  remove(endpointId: EndpointId, personId: string): Promise<Lease | null>;
}
