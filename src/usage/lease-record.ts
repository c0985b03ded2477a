import { minutesAfter } from '../clock.ts';
import { isVoid } from '../lease/lease.ts';
import type { Lease } from '../lease/lease.ts';
import type { EndpointId } from '../vpn/ids.ts';

/** One lease, as the history keeps it: from its first request to its end, however often extended. */
export interface LeaseRecord {
  readonly endpointId: EndpointId;
  /** The principal's id. */
  readonly personId: string;
  /** The principal's name when they asked last. */
  readonly person: string;
  /** The first request. */
  readonly from: Date;
  /** The end that was last asked for. */
  readonly until: Date;
  /** That end is the endpoint's latest hour. */
  readonly untilLatestHour: boolean;
  /** When it was ended before `until`; `null` where it was not. */
  readonly to: Date | null;
  /** The last time that anything was known of it. */
  readonly seenAt: Date;
  /** `null` where it was not ended before `until`. */
  readonly ending: EarlyEnding | null;
}

export const earlyEndings = ['given-back', 'stopped'] as const;
/** `stopped`: by an administrator. */
export type EarlyEnding = (typeof earlyEndings)[number];

/** How a lease has ended: what nobody ended before its time is over by itself. */
export type LeaseEnding = EarlyEnding | 'over' | 'latest-hour';

/** `null` while it is held. */
export function endOfLease(
  { ending, to, until, untilLatestHour }: LeaseRecord,
  now: Date,
): { readonly at: Date; readonly how: LeaseEnding } | null {
  if (to !== null && ending !== null) return { at: to, how: ending };
  if (until > now) return null;
  return { at: until, how: untilLatestHour ? 'latest-hour' : 'over' };
}

/** Clocks differ, and a request may come while a pass reads. */
const askedLateMinutes = 2;

/**
 * The leases of which a pass has something new to write: asked for, or voided by an administrator's
 * stop, since the last reading that was recorded. One that is over by itself needs nothing written.
 * Those that are given back are gone by then: whoever gives one back writes it.
 */
export function leasesSince(
  recordedAt: Date | null,
  leases: readonly Lease[],
  seen: {
    readonly at: Date;
    /** The last stop that an administrator has ordered. */
    readonly stoppedAt: Date | null;
    readonly isLatestHour: (time: Date) => boolean;
  },
): readonly LeaseRecord[] {
  const { at, isLatestHour, stoppedAt } = seen;
  const since = recordedAt === null ? null : minutesAfter(recordedAt, -askedLateMinutes);
  const isNew = (time: Date): boolean => since === null || time > since;
  return leases
    .filter((lease) => isNew(lease.askedAt) || (isVoid(lease, stoppedAt) && isNew(stoppedAt ?? at)))
    .map((lease): LeaseRecord => {
      const isStopped = stoppedAt !== null && isVoid(lease, stoppedAt) && lease.until > stoppedAt;
      return {
        ...recordOf(lease, at),
        untilLatestHour: isLatestHour(lease.until),
        to: isStopped ? stoppedAt : null,
        ending: isStopped ? 'stopped' : null,
      };
    });
}

/** One that its owner has given back, or has removed after it was over. */
export function leaseGivenBack(lease: Lease, at: Date): LeaseRecord {
  const isEnded = lease.until > at;
  return {
    ...recordOf(lease, at),
    to: isEnded ? at : null,
    ending: isEnded ? 'given-back' : null,
  };
}

function recordOf(
  { endpointId, personId, personName, requestedAt, until }: Lease,
  seenAt: Date,
): Omit<LeaseRecord, 'to' | 'ending'> {
  return {
    endpointId,
    personId,
    person: personName,
    from: requestedAt,
    until,
    untilLatestHour: false,
    seenAt,
  };
}
