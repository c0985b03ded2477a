import { minutesAfter, secondsBetween } from '../clock.ts';
import { nextLatestHour } from '../vpn/latest-hour.ts';
import type { Policy } from '../vpn/policy.ts';
import type { ManualRoute } from '../vpn/route.ts';
import { routeKey } from '../vpn/route.ts';
import type { SubnetId } from '../vpn/ids.ts';
import type { EndpointRecord, EndpointState, PassRecord, Seen } from './endpoint-record.ts';
import type { Lease } from './lease.ts';
import { heldLeases } from './lease.ts';
import { orderedStop } from './endpoint-record.ts';
import { heldOff, holdInEffect, leasesCount, wantedOn } from './hold.ts';
import type { Hold } from './hold.ts';
import type { Reason } from './reason.ts';

/** An endpoint as a page tells it: what the last pass saw, and what has been asked for since. */
export interface EndpointStatus {
  readonly state: EndpointState;
  readonly reason: Reason;
  /** Since when it is in this state; `null` where that was never seen. */
  readonly since: Date | null;
  /** `null` unless it is starting. */
  readonly progress: StartProgress | null;
  /** How long a start takes here: the median of the last ones, in seconds; `null` before the first. */
  readonly usualSeconds: number | null;
  /** Until when leases, or a hold, keep it on; `null` where nothing does. */
  readonly heldUntil: Date | null;
  /** The held leases, the one that ends last first. */
  readonly leases: readonly Lease[];
  /** How many are connected, as last seen. */
  readonly connected: number;
  /** The reading that this tells; `null` before the first one. */
  readonly seen: Seen | null;
  /** An administrator's word over everybody's leases, while it counts. */
  readonly hold: Hold | null;
  /** When an administrator last ordered a stop: leases asked for before that are void. */
  readonly stoppedAt: Date | null;
  /** Without authorization rules people connect, and get nowhere. */
  readonly lacksRules: boolean;
  /** When it stops if nothing changes; `null` while that depends on somebody who is connected. */
  readonly offAt: Date | null;
  /** The latest hour, from half an hour before, where nothing keeps it on beyond; else `null`. */
  readonly endsSoonAt: Date | null;
  /** Switched on by somebody else than the portal, and adopted. */
  readonly startedOutside: boolean;
}

export interface StartProgress {
  readonly startedAt: Date;
  readonly step: 'asked-for' | 'associating' | 'restoring-routes';
  readonly networks: { readonly done: number; readonly of: number };
  readonly routes: { readonly done: number; readonly of: number };
  /** How long the start is taking, in seconds. */
  readonly elapsedSeconds: number;
  /** As in the status. */
  readonly usualSeconds: number | null;
  /** `slow` after 15 minutes, `very-slow` after 30: AWS has been seen to take that long. */
  readonly pace: 'usual' | 'slow' | 'very-slow';
}

/** Before the latest hour. */
const warnedBeforeMinutes = 30;
const slowAfterSeconds = 15 * 60;
const verySlowAfterSeconds = 30 * 60;

/**
 * @param policy `null` where it does not parse
 * @param dryRun whether the schedule only says what it would do
 */
export function endpointStatus(
  record: EndpointRecord,
  leases: readonly Lease[],
  policy: Policy | null,
  now: Date,
  dryRun = false,
): EndpointStatus {
  const held = heldLeases(leases, leasesCount(record, now));
  const hold = holdInEffect(record, now);
  const heldUntil = wantedOn(record, leases, now);
  const verdict = currentState(record, hold, heldUntil, policy);
  const { state, reason } = dryRun ? rehearsed(verdict) : verdict;
  const seen = record.lastPass?.seen ?? null;
  return {
    state,
    reason,
    since: state === record.lastPass?.state ? record.stateSince : null,
    progress: state === 'starting' ? startProgress(record, held, policy?.subnets ?? [], now) : null,
    usualSeconds: median(record.startSeconds),
    heldUntil,
    leases: held,
    connected: seen?.connected ?? 0,
    seen,
    hold,
    stoppedAt: record.stopRequest?.at ?? null,
    lacksRules: record.rulesCheck?.count === 0,
    offAt: offAt(reason, seen, policy),
    endsSoonAt: endsSoonAt(policy, heldUntil, now),
    startedOutside: record.intent.kind === 'start' && record.intent.origin === 'outside',
  };
}

type Verdict = Pick<PassRecord, 'state' | 'reason'>;

function offAt(reason: Reason, seen: Seen | null, policy: Policy | null): Date | null {
  if (reason.code === 'idle-grace') return reason.stopAt;
  const waits = reason.code === 'kept-on-by-lease' || reason.code === 'held-on';
  if (!waits || policy === null || seen === null || seen.connected > 0) return null;
  return minutesAfter(reason.until, policy.idleGraceMinutes);
}

/** A lease from before the tag was set, or a hold, goes on beyond the hour. */
function endsSoonAt(policy: Policy | null, heldUntil: Date | null, now: Date): Date | null {
  const latestHour = policy?.latestHour ?? null;
  if (latestHour === null) return null;
  const at = nextLatestHour(latestHour, now);
  if (heldUntil !== null && heldUntil > at) return null;
  return minutesAfter(at, -warnedBeforeMinutes) <= now ? at : null;
}

/**
 * The last pass's verdict, brought up to date with the leases: whoever has just pressed the button
 * reads *Starting* at once, although no pass has come by yet.
 */
function currentState(
  record: EndpointRecord,
  hold: Hold | null,
  heldUntil: Date | null,
  policy: Policy | null,
): Verdict {
  const { lastPass } = record;
  const before = lastPassOf(record);
  if (heldUntil === null) return unwanted(record, hold, before, policy);
  switch (before.state) {
    case 'off':
      return {
        state: 'starting',
        reason:
          // Why nothing happens, while AWS cannot be read.
          before.reason.code === 'reading-incomplete'
            ? before.reason
            : { code: 'lease-held', until: heldUntil },
      };
    case 'stopping':
      return { state: 'starting', reason: { code: 'waiting-for-the-stop' } };
    case 'on':
      return keptOn(before.reason, hold, heldUntil);
    case 'needs-attention': {
      if (before.reason.code === 'stop-overdue') return keptOn(before.reason, hold, heldUntil);
      const askedAgain =
        before.reason.code === 'gave-up' &&
        lastPass !== null &&
        record.lastRequestAt !== null &&
        record.lastRequestAt > lastPass.at;
      return askedAgain
        ? { state: 'starting', reason: { code: 'lease-held', until: heldUntil } }
        : before;
    }
    case 'starting':
      return before;
  }
}

/** That AWS cannot be read is not hidden by what a lease promises. */
function keptOn(before: Reason, hold: Hold | null, until: Date): Verdict {
  if (before.code === 'reading-incomplete') return { state: 'on', reason: before };
  const reason: Reason =
    hold?.until === until
      ? { code: 'held-on', until, by: hold.by.name, why: hold.reason }
      : { code: 'kept-on-by-lease', until };
  return { state: 'on', reason };
}

/** An administrator's word is told at once, too. */
function unwanted(
  record: EndpointRecord,
  hold: Hold | null,
  before: Verdict,
  policy: Policy | null,
): Verdict {
  const requested = orderedStop(record);
  if (before.state === 'on' && requested !== null) {
    const reason: Reason = { code: 'stopped-by-an-administrator', by: requested.by.name };
    return { state: 'stopping', reason };
  }
  if (before.state === 'off' && hold !== null) return { state: 'off', reason: heldOff(hold) };
  const { reason } = before;
  const wasWanted = reason.code === 'kept-on-by-lease' || reason.code === 'held-on';
  return wasWanted && policy !== null
    ? { ...before, reason: afterTheWish(record, reason.until, policy) }
    : before;
}

/** What a wish that is over, or was taken back, leaves behind, before a pass has come by. */
function afterTheWish(
  { lastPass, lastReleaseAt }: EndpointRecord,
  until: Date,
  { idleGraceMinutes }: Policy,
): Reason {
  const connected = lastPass?.seen?.connected ?? 0;
  if (connected > 0) return { code: 'connected', connected };
  const isTakenBack = lastReleaseAt !== null && lastPass !== null && lastReleaseAt > lastPass.at;
  const since = isTakenBack && lastReleaseAt < until ? lastReleaseAt : until;
  return { code: 'idle-grace', stopAt: minutesAfter(since, idleGraceMinutes) };
}

/** That nobody turns it off is then as it should be. */
function rehearsed(verdict: Verdict): Verdict {
  const { reason } = verdict;
  if (reason.code !== 'stop-overdue') return verdict;
  return { state: 'on', reason: { code: 'dry-run', since: reason.since } };
}

function lastPassOf({ intent, lastPass }: EndpointRecord): Verdict {
  if (lastPass === null) return { state: 'off', reason: { code: 'nobody-needs-it' } };
  // A stop that has been resolved upon and not been recorded yet: nobody may read that it is on.
  const wasOn = lastPass.state === 'on' || lastPass.reason.code === 'stop-overdue';
  return wasOn && intent.kind === 'stop'
    ? { state: 'stopping', reason: { code: 'disassociating' } }
    : lastPass;
}

function startProgress(
  record: EndpointRecord,
  held: readonly Lease[],
  wanted: readonly SubnetId[],
  now: Date,
): StartProgress {
  const { intent } = record;
  const startedAt = startedSince(record, held) ?? now;
  const seen = intent.kind === 'start' ? (record.lastPass?.seen ?? null) : null;
  const toRestore: readonly ManualRoute[] = intent.kind === 'start' ? intent.routes : [];
  const associated = wanted.filter((subnetId) =>
    seen?.associations.some(
      (association) => association.subnetId === subnetId && association.status === 'associated',
    ),
  ).length;
  const restored = toRestore.filter((route) =>
    seen?.routes.some(
      (present) => routeKey(present) === routeKey(route) && present.status === 'active',
    ),
  ).length;
  const elapsedSeconds = Math.max(0, secondsBetween(startedAt, now));
  return {
    startedAt,
    step: stepOf(intent.kind === 'start' && seen !== null, associated >= wanted.length),
    networks: { done: associated, of: wanted.length },
    routes: { done: restored, of: toRestore.length },
    elapsedSeconds,
    usualSeconds: median(record.startSeconds),
    pace:
      elapsedSeconds >= verySlowAfterSeconds
        ? 'very-slow'
        : elapsedSeconds >= slowAfterSeconds
          ? 'slow'
          : 'usual',
  };
}

/** A start counts from the first request for it, not from the pass that took it up. */
function startedSince(record: EndpointRecord, held: readonly Lease[]): Date | null {
  if (record.intent.kind === 'start') return record.intent.since;
  const requests = held.map((lease) => lease.requestedAt);
  return requests.reduce<Date | null>(
    (first, at) => (first === null || at < first ? at : first),
    null,
  );
}

function stepOf(takenUp: boolean, allAssociated: boolean): StartProgress['step'] {
  if (!takenUp) return 'asked-for';
  return allAssociated ? 'restoring-routes' : 'associating';
}

export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}
