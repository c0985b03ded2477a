import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { EventBridgeClient, PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';

import { eventSource } from '../config/event-names.ts';
import type { Log } from '../log.ts';
import type { EventPublisher, PendingEvent } from '../notify/domain-event.ts';
import { rejectionBy } from './in-time.ts';

/** For all of them together: a pass is recorded by then, but whoever runs it waits. */
const longestMilliseconds = 3_000;
/** Source: EventBridge API Reference, PutEvents. */
const mostEntries = 10;
/** A quarter of what PutEvents takes, and what it took for years. */
const mostBytes = 256 * 1024;

/** Events on a bus of EventBridge. Needs `events:PutEvents` on it. */
export function createEventBridgeEvents(dependencies: {
  readonly client: EventBridgeClient;
  readonly busName: string;
  readonly log: Log;
}): EventPublisher {
  const { busName, client, log } = dependencies;

  /** @returns the ids of those that were taken, which need not be all of them */
  async function put(
    events: readonly PendingEvent[],
    abortSignal: AbortSignal,
  ): Promise<readonly string[]> {
    const Entries = events.map((event) => entryOf(event, busName));
    const answer = await client.send(new PutEventsCommand({ Entries }), { abortSignal });
    const results = answer.Entries ?? [];
    const isTaken = (index: number): boolean => results[index]?.EventId !== undefined;
    const refused = events.flatMap(({ id }, index) =>
      isTaken(index) ? [] : [{ id, code: results[index]?.ErrorCode ?? null }],
    );
    if (refused.length > 0) log.warn({ bus: busName, refused }, 'events refused');
    return events.filter((_event, index) => isTaken(index)).map(({ id }) => id);
  }

  return {
    async publish(events) {
      const inTime = AbortSignal.timeout(longestMilliseconds);
      // Not by the signal alone: the SDK does not look at it while it gets its credentials.
      const tooLate = rejectionBy(inTime);
      const delivered: string[] = [];
      try {
        for (const batch of batchesOf(events, busName)) {
          delivered.push(...(await Promise.race([put(batch, inTime), tooLate])));
        }
        return { delivered, answered: true };
      } catch (error) {
        const left = events.length - delivered.length;
        log.warn({ error, bus: busName, left }, 'events not delivered');
        return { delivered, answered: false };
      }
    },
  };
}

function entryOf(event: PendingEvent, busName: string): PutEventsRequestEntry {
  return {
    EventBusName: busName,
    Source: eventSource,
    DetailType: event.detailType,
    Detail: event.detail,
    Time: event.at,
  };
}

function batchesOf(
  events: readonly PendingEvent[],
  busName: string,
): readonly (readonly PendingEvent[])[] {
  const batches: PendingEvent[][] = [];
  let bytes = 0;
  for (const event of events) {
    const size = sizeOf(entryOf(event, busName));
    const last = batches.at(-1);
    if (last !== undefined && last.length < mostEntries && bytes + size <= mostBytes) {
      last.push(event);
      bytes += size;
    } else {
      batches.push([event]);
      bytes = size;
    }
  }
  return batches;
}

/** Source: EventBridge User Guide, "Calculating PutEvents event entry size"; a time counts 14. */
function sizeOf({ Detail = '', DetailType = '', Source = '' }: PutEventsRequestEntry): number {
  return 14 + Buffer.byteLength(Detail + DetailType + Source);
}
