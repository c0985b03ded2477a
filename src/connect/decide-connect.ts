import type { UnjudgedReason } from '../audit/connect-denials.ts';
import { secondsBetween } from '../clock.ts';
import { orderedStop } from '../lease/endpoint-record.ts';
import type { EndpointRecord } from '../lease/endpoint-record.ts';
import type { LoadedEndpoint } from '../lease/endpoint-store.ts';
import { wantedOn } from '../lease/hold.ts';
import type { Catalogue } from '../vpn/catalogue.ts';
import { parseConnectPolicy } from '../vpn/connect-policy.ts';
import type { ConnectPolicy } from '../vpn/connect-policy.ts';
import type { Endpoint } from '../vpn/endpoint.ts';
import { isManaged } from '../vpn/endpoint.ts';
import type { ConnectionId } from '../vpn/ids.ts';
import { parsePolicy } from '../vpn/policy.ts';
import {
  areAllKept,
  judgeDevice,
  othersOf,
  refusal,
  refusalByGroups,
  refusalByHold,
  refusalByLease,
} from './conditions.ts';
import type { Refusal } from './conditions.ts';
import type { Posture } from './connect-answer.ts';
import type { ConnectRequest } from './connect-request.ts';

/** Everything that a verdict rests on. */
export interface ConnectSituation {
  readonly now: Date;
  readonly request: ConnectRequest;
  readonly loaded: LoadedEndpoint;
  /** `null` before the first listing. */
  readonly catalogue: Catalogue | null;
}

export type Verdict = { readonly postures: readonly Posture[] } & (
  | {
      readonly kind: 'allow';
      /** The person's older connections, to be ended because this one wins. */
      readonly replaced: readonly ConnectionId[];
    }
  | { readonly kind: 'deny'; readonly refusal: Refusal }
  /** Not enough is known: the deployment's setting has the word. */
  | {
      readonly kind: 'cannot-tell';
      readonly refusal: Refusal<UnjudgedReason>;
      readonly isManaged: boolean;
    }
);

/** The schedule lists the endpoints every minute; what is older than this says too little. */
const listingLastsMinutes = 15;
/** Passes are a minute apart; this many minutes without one mean that nobody looks. */
const readingLastsMinutes = 3;

/**
 * Whether a client is let in. Pure. Of a managed endpoint a stop comes first: nobody is let into one
 * that would cut them off.
 */
export function decideConnect(situation: ConnectSituation): Verdict {
  const { catalogue, loaded, now } = situation;
  const endpoint = managedEndpoint(situation);
  if (catalogue === null || endpoint === null) {
    // Nobody passes it any more, so that a stop in its record may be one of long ago.
    const unknown = refusal('endpoint-not-managed');
    return { kind: 'cannot-tell', refusal: unknown, isManaged: false, postures: [] };
  }
  const stopping = refusalByStop(loaded, now);
  if (stopping !== null) return { kind: 'deny', refusal: stopping, postures: [] };
  if (!situation.request.isVersionKnown) return cannotTell('version-not-known', []);
  const verdict = byConditions(situation, endpoint);
  const isOld = secondsBetween(catalogue.readAt, now) > listingLastsMinutes * 60;
  // What the old tags forbid they may forbid still; what they allow they may not.
  return isOld && verdict.kind === 'allow' ? cannotTell('tags-too-old', verdict.postures) : verdict;
}

/**
 * Whether the verdict rests on leases at all. Most do not, and of a large endpoint they are thousands:
 * when everybody comes in the morning, reading them for each would take longer than all the rest.
 */
export function leasesMatter(situation: ConnectSituation): boolean {
  const endpoint = managedEndpoint(situation);
  if (endpoint === null) return false;
  const { leaseHoldersOnly } = parseConnectPolicy(endpoint.tags).policy;
  return leaseHoldersOnly || orderedStop(situation.loaded.record) !== null;
}

function managedEndpoint({
  catalogue,
  request,
}: Pick<ConnectSituation, 'catalogue' | 'request'>): Endpoint | null {
  const endpoint = catalogue?.endpoints.find(({ id }) => id === request.endpointId) ?? null;
  return endpoint !== null && isManaged(endpoint) ? endpoint : null;
}

/** Somebody let in now would be cut off by a stop that is under way, or about to begin as ordered. */
export function refusalByStop({ leases, record }: LoadedEndpoint, now: Date): Refusal | null {
  const isOrdered = orderedStop(record) !== null && wantedOn(record, leases, now) === null;
  return record.intent.kind === 'stop' || isOrdered ? refusal('stop-under-way') : null;
}

function byConditions(
  { loaded: { leases, record }, now, request }: ConnectSituation,
  endpoint: Endpoint,
): Verdict {
  const { policy, problems } = parseConnectPolicy(endpoint.tags);
  if (problems.length > 0) return cannotTell('tags-not-usable', []);
  const parsed = parsePolicy(endpoint);
  const groups = parsed.ok ? parsed.policy.groups : parsed.groups;
  const device = judgeDevice(policy, request);
  const postures = device.posture === null ? [] : [device.posture];
  const refused =
    refusalByHold(policy, record, now) ??
    refusalByGroups(policy, groups, request) ??
    device.refusal ??
    refusalByLease(policy, { leases, now, record }, request);
  if (refused !== null) return { kind: 'deny', refusal: refused, postures };
  return byOtherConnections(policy, record, { now, postures, request });
}

function byOtherConnections(
  { onePerPerson }: ConnectPolicy,
  { lastPass }: EndpointRecord,
  asked: { now: Date; postures: readonly Posture[]; request: ConnectRequest },
): Verdict {
  const { now, postures, request } = asked;
  if (onePerPerson === null) return { kind: 'allow', replaced: [], postures };
  const seen = lastPass?.seen ?? null;
  const isRecent = seen !== null && secondsBetween(seen.at, now) <= readingLastsMinutes * 60;
  if (!isRecent) return cannotTell('connections-not-read', postures);
  const others = othersOf(request, seen);
  if (others.length === 0 && !areAllKept(seen)) return cannotTell('connections-too-many', postures);
  if (onePerPerson === 'newer-wins') return { kind: 'allow', replaced: others, postures };
  return others.length === 0
    ? { kind: 'allow', replaced: [], postures }
    : { kind: 'deny', refusal: refusal('connected-already'), postures };
}

function cannotTell(reason: UnjudgedReason, postures: readonly Posture[]): Verdict {
  return { kind: 'cannot-tell', refusal: refusal(reason), isManaged: true, postures };
}
