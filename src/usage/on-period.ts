import type { AssociationId, EndpointId, SubnetId } from '../vpn/ids.ts';

/** A time during which a target network was associated: what AWS charges for. */
export interface OnPeriod {
  readonly endpointId: EndpointId;
  readonly associationId: AssociationId;
  readonly subnetId: SubnetId | null;
  /** When AWS took the association on, as closely as the passes around it tell. */
  readonly from: Date;
  /** When it was gone; `null` while it lasts. */
  readonly to: Date | null;
  /** The last reading that told of it, of its end too. */
  readonly seenAt: Date;
  readonly startedBy: Starter;
  /** `null` while it lasts. */
  readonly endedBecause: PeriodEnd | null;
  /** Nobody looked between then and `from`: it may have begun at any time in between. */
  readonly unobservedSince: Date | null;
  /** Nobody looked between `to` and then: it may have ended at any time in between. */
  readonly unobservedUntil: Date | null;
}

/**
 * Who wanted it. `portal`: somebody who has given the lease back before AWS showed it; `outside`:
 * switched on in the console, say, and adopted.
 */
export type Starter =
  | { readonly kind: 'person' | 'administrator'; readonly id: string; readonly name: string }
  | { readonly kind: 'portal' | 'outside' };

/** Why it ended: the cause of the stop, or that it was taken away outside of the portal. */
export const periodEnds = [
  'idle',
  'held-off',
  'requested',
  'latest-hour',
  'failed',
  'outside',
] as const;
export type PeriodEnd = (typeof periodEnds)[number];

/** A time during which no pass has read an endpoint: what happened in it is not known. */
export interface ObservationGap {
  readonly endpointId: EndpointId;
  readonly from: Date;
  readonly to: Date;
}

/** How far the history has come, kept with the endpoint. */
export interface UsageCursor {
  /** The last complete reading whose usage has been recorded; `null` before the first. */
  readonly recordedAt: Date | null;
  /** The periods that were going on then. */
  readonly periods: readonly OpenPeriod[];
  /** Whether somebody may have been connected since: their end is looked for even after a stop. */
  readonly connectionsOpen: boolean;
  /** The first reading that was recorded; `null` before it, and where it was not noted. */
  readonly since: Date | null;
}

export type OpenPeriod = Pick<
  OnPeriod,
  'associationId' | 'subnetId' | 'from' | 'startedBy' | 'unobservedSince'
> & {
  /** The stop that has been asked for; `null` before. */
  readonly stopping: PeriodEnd | null;
  /** Whether the history has it already. */
  readonly recorded: boolean;
};

export const newUsageCursor: UsageCursor = {
  recordedAt: null,
  periods: [],
  connectionsOpen: false,
  since: null,
};

/** A span of time: from `from`, and before `to`. */
export interface TimeRange {
  readonly from: Date;
  readonly to: Date;
}

/** The seconds of a period that fall into a range; an open one counts as far as it was seen. */
export function secondsWithin(
  { from, seenAt, to }: Pick<OnPeriod, 'from' | 'to' | 'seenAt'>,
  range: TimeRange,
): number {
  const begin = Math.max(from.getTime(), range.from.getTime());
  const end = Math.min((to ?? seenAt).getTime(), range.to.getTime());
  return Math.max(0, end - begin) / 1000;
}

/** The seconds of a range that at least one of these gaps covers: what overlaps counts once. */
export function secondsTogether(
  gaps: readonly Pick<ObservationGap, 'from' | 'to'>[],
  range: TimeRange,
): number {
  let seconds = 0;
  let { from } = range;
  for (const { from: begin, to } of gaps.toSorted((a, b) => a.from.getTime() - b.from.getTime())) {
    if (begin > from) from = begin;
    if (to <= from) continue;
    seconds += secondsWithin({ from, to, seenAt: to }, range);
    from = to;
  }
  return seconds;
}
