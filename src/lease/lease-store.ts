import type { EndpointId } from '../vpn/ids.ts';
import type { Lease } from './lease.ts';

/** Where leases are kept. Reading them is part of `EndpointStore`, together with their endpoint. */
export interface LeaseStore {
  /**
   * Stores the lease, or extends the one that this person holds: the later end wins, whoever writes
   * last, and the time of the first request is kept.
   *
   * @param lease as requested now: `requestedAt` is this moment, too
   * @returns the lease as it now stands
   */
  extend(lease: Lease): Promise<Lease>;
  /** Removes the person's lease. One that is not there is a success. */
  remove(endpointId: EndpointId, personId: string): Promise<void>;
}
