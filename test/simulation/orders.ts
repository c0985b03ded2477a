import type { Step } from './call.ts';
import { minuteMs } from './properties/property.ts';
import type { Trails } from './trails.ts';
import type { Truth } from './truth.ts';

/**
 * The stops that somebody has ordered, whoever is connected: an administrator, or the latest hour of
 * an endpoint that says so. An order is about what is on when it is given; it is over when a pass has
 * seen that somebody has asked for the endpoint since, and that of the latest hour in any case when
 * a quarter of an hour has passed.
 */
export interface Orders {
  observe(step: Step): void;
  /** Whether a disassociation may be one that was ordered. */
  mayStand(): boolean;
  /** Since when one certainly stands, and is to be carried out; `null` where none does. */
  standsSince(): number | null;
}

const cutsOffForMs = 15 * minuteMs;
/** From the decision to the last call that a pass begins. */
const actWithinMs = 20_000;

export function createOrders(truth: Truth, trails: Trails): Orders {
  const { latestHours, setUp, wishes } = truth;
  let lastWishSeen = 0;
  /** Since when the record says so without a gap. */
  let toldOnSince: number | null = null;

  /** The latest hour that cuts off, if it is not longer ago than that. */
  function cutsOffAt(withinMs: number): number | null {
    const hour = setUp.offAtCutsOff ? latestHours.lastBy(truth.now()) : null;
    return hour !== null && truth.now() - hour < withinMs ? hour : null;
  }

  return {
    observe(step) {
      if (step.kind !== 'effect' || step.error !== null) return;
      if (step.call.operation !== 'record-pass' || step.answer === null) return;
      const claimedAt = trails.of(step.call.process)?.claimedAt ?? 0;
      lastWishSeen = Math.max(lastWishSeen, wishes.wishSeenBy(claimedAt));
      const state = truth.record().lastPass?.state;
      if (state === 'on') toldOnSince ??= truth.now();
      else if (state !== 'stopping') toldOnSince = null;
    },
    mayStand() {
      const onSince = truth.onSince();
      const stands = (orderedAt: number | null): boolean =>
        orderedAt !== null &&
        onSince !== null &&
        onSince <= orderedAt &&
        lastWishSeen <= orderedAt &&
        orderedAt <= truth.now();
      return (
        stands(wishes.lastStop()?.doneAt ?? null) || stands(cutsOffAt(cutsOffForMs + actWithinMs))
      );
    },
    standsSince() {
      const stop = wishes.lastStop();
      const isOfNow = (orderedAt: number): boolean =>
        toldOnSince !== null && toldOnSince < orderedAt && wishes.lastWantedAt() < orderedAt;
      if (stop !== null && isOfNow(stop.begunAt)) return stop.doneAt;
      const hour = cutsOffAt(cutsOffForMs);
      return hour !== null && isOfNow(hour) ? hour : null;
    },
  };
}
