import { secondsBetween } from '../clock.ts';
import type { ManualRoute } from '../vpn/route.ts';
import { routeKey } from '../vpn/route.ts';
import type { SubnetId } from '../vpn/ids.ts';
import type { EndpointRecord, EndpointState, PassRecord, Seen } from './endpoint-record.ts';
import type { Lease } from './lease.ts';
import { heldLeases } from './lease.ts';
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
  /** Until when leases keep it on; `null` where there is none. */
  readonly heldUntil: Date | null;
  /** The held leases, the one that ends last first. */
  readonly leases: readonly Lease[];
  /** How many are connected, as last seen. */
  readonly connected: number;
  /** The reading that this tells; `null` before the first one. */
  readonly seen: Seen | null;
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

const slowAfterSeconds = 15 * 60;
const verySlowAfterSeconds = 30 * 60;

/**
 * @param wanted the policy's subnets; empty where the policy does not parse
 */
export function endpointStatus(
  record: EndpointRecord,
  leases: readonly Lease[],
  wanted: readonly SubnetId[],
  now: Date,
): EndpointStatus {
  const held = heldLeases(leases, now);
  const heldUntil = held[0]?.until ?? null;
  const { state, reason } = currentState(record, heldUntil);
  const seen = record.lastPass?.seen ?? null;
  return {
    state,
    reason,
    since: state === record.lastPass?.state ? record.stateSince : null,
    progress: state === 'starting' ? startProgress(record, held, wanted, now) : null,
    usualSeconds: median(record.startSeconds),
    heldUntil,
    leases: held,
    connected: seen?.connected ?? 0,
    seen,
    startedOutside: record.intent.kind === 'start' && record.intent.origin === 'outside',
  };
}

/**
 * The last pass's verdict, brought up to date with the leases: whoever has just pressed the button
 * reads *Starting* at once, although no pass has come by yet.
 */
function currentState(
  record: EndpointRecord,
  heldUntil: Date | null,
): { state: EndpointState; reason: Reason } {
  const { lastPass } = record;
  const before = lastPassOf(record);
  if (heldUntil === null) return before;
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
      return keptOn(before.reason, heldUntil);
    case 'needs-attention': {
      if (before.reason.code === 'stop-overdue') return keptOn(before.reason, heldUntil);
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
function keptOn(
  before: Reason,
  heldUntil: Date,
): { readonly state: EndpointState; readonly reason: Reason } {
  const reason: Reason =
    before.code === 'reading-incomplete' ? before : { code: 'kept-on-by-lease', until: heldUntil };
  return { state: 'on', reason };
}

function lastPassOf({ intent, lastPass }: EndpointRecord): Pick<PassRecord, 'state' | 'reason'> {
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
