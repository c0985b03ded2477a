import type { Clock } from '../clock.ts';
import { daysAfter, secondsAfter } from '../clock.ts';
import type { Log } from '../log.ts';
import type { EventPublisher, PendingEvent } from './domain-event.ts';

/** Delivers what stands pending in an item, and lets it be taken out there. */
export interface Outbox {
  /**
   * Bounded in time, and never rejects: what is not delivered stays where it is, and whoever comes
   * to the item next delivers it, under the same id.
   *
   * @param settle takes events out of their item
   */
  deliver(
    pending: readonly PendingEvent[],
    settle: (ids: readonly string[]) => Promise<void>,
  ): Promise<void>;
}

/** In one item, which has its bounds. */
export const mostPending = 50;
/** After that it is no news any more. EventBridge itself tries for as long. */
const newsForDays = 1;
/** Where nobody answers, the other endpoints of a run are not kept waiting for the same. */
const quietSeconds = 20;

/** Takes nothing: what is decided is told by whoever comes to its item next. */
export const leavesThemPending: EventPublisher = {
  publish: () => Promise.resolve({ delivered: [], answered: true }),
};

export function createOutbox(deps: {
  readonly publisher: EventPublisher;
  readonly clock: Clock;
  readonly log: Log;
}): Outbox {
  const { clock, log, publisher } = deps;
  let quietUntil: Date | null = null;

  return {
    async deliver(pending, settle) {
      if (pending.length === 0) return;
      const now = clock.now();
      // One that was decided again stands there once, and comes once more with the decision.
      const once = new Map(pending.map((event) => [event.id, event]));
      const inOrder = [...once.values()].sort(oldestFirst);
      const fresh = inOrder
        .filter(({ at }) => daysAfter(at, newsForDays) > now)
        .slice(-mostPending);
      const givenUp = inOrder.filter((event) => !fresh.includes(event));
      if (givenUp.length > 0) {
        log.error({ events: givenUp.map(({ id }) => id) }, 'events given up');
      }
      const delivered = await publish(fresh, now);
      const done = [...givenUp.map(({ id }) => id), ...delivered];
      if (done.length === 0) return;
      try {
        await settle(done);
      } catch (error) {
        // They will be delivered once more, and recognised.
        log.warn({ error, events: done }, 'delivered events not settled');
      }
    },
  };

  async function publish(fresh: readonly PendingEvent[], now: Date): Promise<readonly string[]> {
    if (fresh.length === 0 || (quietUntil !== null && now < quietUntil)) return [];
    const { answered, delivered } = await publisher.publish(fresh);
    quietUntil = answered ? null : secondsAfter(clock.now(), quietSeconds);
    return delivered;
  }
}

/** The order in which they are stored has no meaning. */
export function oldestFirst(one: PendingEvent, other: PendingEvent): number {
  return one.at.getTime() - other.at.getTime() || (one.id < other.id ? -1 : 1);
}
