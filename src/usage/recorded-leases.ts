import type { Clock } from '../clock.ts';
import type { LeaseStore } from '../lease/lease-store.ts';
import type { Log } from '../log.ts';
import { leaseGivenBack } from './lease-record.ts';
import type { UsageStore } from './usage-store.ts';

/**
 * The same store, which writes what is given back into the history: the lease is gone before a pass
 * could see it. What the history cannot take keeps nobody from giving back.
 */
export function createRecordedLeases(
  leases: LeaseStore,
  deps: {
    readonly usage: Pick<UsageStore, 'writeLeases'>;
    readonly clock: Clock;
    readonly log: Log;
  },
): LeaseStore {
  const { clock, log, usage } = deps;
  return {
    extend: (lease, stoppedAt) => leases.extend(lease, stoppedAt),
    async remove(endpointId, personId, asOf) {
      const removed = await leases.remove(endpointId, personId, asOf);
      if (removed === null) return null;
      try {
        await usage.writeLeases([leaseGivenBack(removed, clock.now())]);
      } catch (error) {
        log.error({ endpointId, error }, 'usage not recorded');
      }
      return removed;
    },
  };
}
