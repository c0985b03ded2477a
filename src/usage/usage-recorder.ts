import { minutesAfter } from '../clock.ts';
import type { Log } from '../log.ts';
import type { CompleteObservation } from '../vpn/observation.ts';
import type { ConnectionRecord } from './connection-record.ts';
import { longestConnectionMinutes } from './connection-record.ts';
import { leasesSince } from './lease-record.ts';
import type { UsageCursor } from './on-period.ts';
import type { UsageContext } from './record-usage.ts';
import { unwritten, usageAfter } from './record-usage.ts';
import type { UsageStore } from './usage-store.ts';

/** Writes down what a pass has seen. */
export interface UsageRecorder {
  /**
   * @returns how far the history has come; no further than before, where it could not be written:
   *   the next pass then writes it all
   */
  record(
    cursor: UsageCursor,
    observation: CompleteObservation,
    context: UsageContext,
  ): Promise<UsageCursor>;
}

/** AWS lists an ended connection for 60 minutes; a little less, because readings take time. */
const listedAfterEndMinutes = 55;

export function createUsageRecorder(deps: {
  readonly store: UsageStore;
  readonly log: Log;
}): UsageRecorder {
  const { log, store } = deps;
  return {
    async record(cursor, observation, context) {
      const { cursor: after, writes } = usageAfter(cursor, observation, context);
      try {
        const lost = await lostSight(store, cursor, observation);
        await store.write({ ...writes, connections: [...writes.connections, ...lost] });
        const seen = { ...context, at: observation.at };
        await store.writeLeases(leasesSince(cursor.recordedAt, context.leases, seen));
        return after;
      } catch (error) {
        // People are turned on and off all the same; only what is remembered of it has to wait.
        log.error({ endpointId: observation.endpoint.id, error }, 'usage not recorded');
        return unwritten(cursor, after);
      }
    },
  };
}

/**
 * The connections that were open when somebody last looked, and that AWS lists no more: they ended at
 * some time that nobody saw.
 */
async function lostSight(
  store: UsageStore,
  { recordedAt }: UsageCursor,
  { at, connections, endpoint }: CompleteObservation,
): Promise<readonly ConnectionRecord[]> {
  if (recordedAt === null || minutesAfter(recordedAt, listedAfterEndMinutes) > at) return [];
  const listed = new Set(connections.map(({ id }) => id));
  const lost: ConnectionRecord[] = [];
  const range = { from: minutesAfter(recordedAt, -longestConnectionMinutes), to: at };
  for await (const page of store.connections(endpoint.id, range)) {
    for (const record of page) {
      if (record.to !== null || listed.has(record.connectionId)) continue;
      lost.push({ ...record, to: record.seenAt, ending: 'not-observed' });
    }
  }
  return lost;
}
