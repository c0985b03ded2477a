import type { Bill } from '../../../scripts/local/client-vpn/bill.ts';
import type { OnPeriod } from '../../../src/usage/on-period.ts';
import type { UsageWrites } from '../../../src/usage/record-usage.ts';
import { minuteMs } from './property.ts';

export const recordsEqualTheBillName = '7: records equal the bill';

/** A listing may be half a minute old, and a call may last 40 seconds. */
const lateMs = minuteMs;
/** AWS lists a connection for so long after its end. */
const listedMs = 60 * minuteMs;

/** The history at the end of a week, and the bill that it is held against. */
export interface Accounts {
  readonly bill: Bill;
  readonly usage: UsageWrites;
  /** When the readings were made whose usage the endpoint's record knows of, in their order. */
  readonly readAt: readonly number[];
}

/**
 * 7. What the records say of on-periods equals what the simulated AWS billed, to the minute.
 *
 * In detail, at the end of the week:
 * - Each recorded period is one billed association, and no association has two; but a listing that is
 *   half a minute old may tear one in two, which follow each other within the minute.
 * - It was begun between the readings around the one that is told, and was gone between that one and
 *   the one before it, give or take a minute: passes are a minute apart, so that is the minute of the sentence. Where nobody looked
 *   for longer than five minutes, the record says so and names both ends of that time; the truth lies
 *   between them. One that is not said to have ended was there at the last reading.
 * - Each association that three readings can have seen is recorded.
 * - The same for connections; where AWS told their end, to the second.
 *
 * @returns what is not so; `null` where all of it is
 */
export function recordsDifferFromTheBill({ bill, readAt, usage }: Accounts): string | null {
  const before = (time: number): number => readAt.findLast((at) => at < time) ?? 0;
  const after = (time: number): number => readAt.find((at) => at > time) ?? time;
  const last = readAt.at(-1) ?? 0;
  const within = (time: number, from: number, to: number): boolean =>
    time >= from - lateMs && time <= to + lateMs;

  const recorded = new Map<string, OnPeriod>();
  const inOrder = [...usage.periods].sort((a, b) => a.from.getTime() - b.from.getTime());
  for (const period of inOrder) {
    const first = recorded.get(period.associationId);
    const isTorn =
      first !== undefined &&
      first.to !== null &&
      period.from.getTime() - first.to.getTime() <= lateMs;
    if (first !== undefined && !isTorn) return `${period.associationId} has two periods`;
    const { from, unobservedSince } = first ?? period;
    recorded.set(period.associationId, { ...period, from, unobservedSince });
  }
  for (const { associationId, from, to } of bill.associations) {
    const period = recorded.get(associationId);
    recorded.delete(associationId);
    if (period === undefined) {
      const seen = readAt.filter(
        (at) => at > from.getTime() + lateMs && at < (to?.getTime() ?? Infinity) - lateMs,
      );
      if (seen.length >= 3) return `${associationId} is not recorded, and ${seen.length} saw it`;
      continue;
    }
    const begun = period.from.getTime();
    const since = period.unobservedSince?.getTime() ?? before(begun);
    // Where the portal asked, it is told from then on, and begun when AWS heard of it.
    if (!within(from.getTime(), since, after(begun))) {
      return `${associationId} began at ${from.toISOString()}, not ${period.from.toISOString()}`;
    }
    if (period.to === null) {
      if (to !== null && to.getTime() < last - lateMs) {
        return `${associationId} has ended at ${to.toISOString()}, and is recorded as going on`;
      }
      continue;
    }
    const ended = period.to.getTime();
    const until = period.unobservedUntil?.getTime() ?? ended;
    const lastSeen = period.unobservedUntil === null ? before(ended) : ended;
    if (to === null || !within(to.getTime(), lastSeen, until)) {
      return `${associationId} ended at ${to?.toISOString() ?? 'no time'}, not ${period.to.toISOString()}`;
    }
  }
  const [invented] = recorded.keys();
  if (invented !== undefined) return `${invented} was never billed`;
  return connectionsDiffer({ bill, readAt, usage });
}

function connectionsDiffer({ bill, readAt, usage }: Accounts): string | null {
  const recorded = new Map(usage.connections.map((each) => [each.connectionId as string, each]));
  for (const { connectionId, from, to } of bill.connections) {
    const record = recorded.get(connectionId);
    recorded.delete(connectionId);
    const seenUntil = (to?.getTime() ?? Infinity) + listedMs;
    const seen = readAt.filter((at) => at > from.getTime() + lateMs && at < seenUntil - lateMs);
    if (record === undefined) {
      if (seen.length > 0) return `${connectionId} is not recorded, and ${seen.length} listed it`;
      continue;
    }
    if (Math.abs(record.from.getTime() - from.getTime()) >= 1000) {
      return `${connectionId} began at ${from.toISOString()}, not ${record.from.toISOString()}`;
    }
    if (record.to === null || record.ending === 'not-observed') continue;
    if (to === null || Math.abs(record.to.getTime() - to.getTime()) >= 1000) {
      return `${connectionId} ended at ${to?.toISOString() ?? 'no time'}, not ${record.to.toISOString()}`;
    }
  }
  const [invented] = recorded.keys();
  return invented === undefined ? null : `${invented} was never there`;
}
