import type { DenialReason } from '../audit/connect-denials.ts';
import type { EndpointRecord, Seen } from '../lease/endpoint-record.ts';
import { holdInEffect, leasesCount } from '../lease/hold.ts';
import { heldLeases } from '../lease/lease.ts';
import type { Lease } from '../lease/lease.ts';
import { personKey } from '../usage/connection-record.ts';
import type { ConnectPolicy } from '../vpn/connect-policy.ts';
import type { ConnectionId } from '../vpn/ids.ts';
import { isOlder, versionIn } from '../vpn/version.ts';
import type { Posture } from './connect-answer.ts';
import type { ConnectRequest } from './connect-request.ts';

/* Each condition by itself: `null` where the request meets it, or it is not set. */

/** A reason, and what of the conditions a person has to know to meet it; empty where nothing is. */
export interface Refusal<Reason extends DenialReason = DenialReason> {
  readonly reason: Reason;
  readonly need: string;
}

export function refusalByHold(
  policy: ConnectPolicy,
  record: EndpointRecord,
  now: Date,
): Refusal | null {
  if (!policy.notWhileHeldOff || holdInEffect(record, now)?.kind !== 'off') return null;
  return refusal('held-off');
}

/** @param groups the endpoint's; `null` means everyone who is signed in */
export function refusalByGroups(
  policy: ConnectPolicy,
  groups: readonly string[] | null,
  request: ConnectRequest,
): Refusal | null {
  if (!policy.membersOnly || groups === null) return null;
  return groups.some((group) => request.groups.includes(group)) ? null : refusal('not-in-group');
}

export function refusalByLease(
  policy: ConnectPolicy,
  { leases, now, record }: { leases: readonly Lease[]; now: Date; record: EndpointRecord },
  { person }: ConnectRequest,
): Refusal | null {
  if (!policy.leaseHoldersOnly) return null;
  const held = heldLeases(leases, leasesCount(record, now));
  return held.some(({ personName }) => isSame(personName, person)) ? null : refusal('no-lease');
}

/** How a device stands to the conditions, and the first one that it does not meet. */
export interface DeviceJudgement {
  /** `null` where there are no conditions. */
  readonly posture: Posture | null;
  readonly refusal: Refusal | null;
}

/**
 * What a device says of itself is its own word: this keeps out old clients, not people who lie. Both
 * versions are sent by few clients only; of the others nothing is known.
 */
export function judgeDevice(policy: ConnectPolicy, request: ConnectRequest): DeviceJudgement {
  if (policy.oldestClient === null && policy.platforms === null) {
    return { posture: null, refusal: null };
  }
  const refusals = [refusalByClient(policy, request), refusalByPlatform(policy, request)];
  const met = refusals.filter((each) => each !== null);
  const failed = met.find(({ reason }) => !isUnknown(reason));
  if (failed !== undefined) return { posture: 'quarantined', refusal: failed };
  const [unknown = null] = met;
  if (unknown === null) return { posture: 'compliant', refusal: null };
  return { posture: 'unknown', refusal: policy.admitsUnknownDevices ? null : unknown };
}

function isUnknown(reason: DenialReason): boolean {
  return reason === 'client-version-unknown' || reason === 'platform-unknown';
}

function refusalByClient({ oldestClient }: ConnectPolicy, request: ConnectRequest): Refusal | null {
  if (oldestClient === null) return null;
  const version = versionIn(request.clientVersion);
  if (version === null) return refusal('client-version-unknown', oldestClient.text);
  const isTooOld = isOlder(version, oldestClient.numbers);
  return isTooOld ? refusal('client-too-old', oldestClient.text) : null;
}

function refusalByPlatform({ platforms }: ConnectPolicy, request: ConnectRequest): Refusal | null {
  if (platforms === null) return null;
  const platform = request.platform.toLowerCase();
  const admitted = platforms.map((rule) => rule.platform).join(', ');
  if (platform === '') return refusal('platform-unknown', admitted);
  const rule = platforms.find((each) => each.platform === platform);
  if (rule === undefined) return refusal('platform-not-admitted', admitted);
  if (rule.oldest === null) return null;
  const need = `${rule.platform} ${rule.oldest.text}`;
  const version = versionIn(request.platformVersion);
  if (version === null) return refusal('platform-unknown', need);
  return isOlder(version, rule.oldest.numbers) ? refusal('platform-too-old', need) : null;
}

/** The person's other connections, as the last pass has read them, and as far as it has kept them. */
export function othersOf({ connectionId, person }: ConnectRequest, seen: Seen): ConnectionId[] {
  return [...seen.connections, ...(seen.further ?? [])]
    .filter((each) => each.id !== connectionId && isSame(each.person, person))
    .map(({ id }) => id);
}

/** Whether the last pass has kept every connection that it has read: it does not of thousands. */
export function areAllKept({ connected, connections, further = [] }: Seen): boolean {
  return connected <= connections.length + further.length;
}

function isSame(one: string, other: string): boolean {
  return personKey(one) === personKey(other);
}

export function refusal<Reason extends DenialReason>(reason: Reason, need = ''): Refusal<Reason> {
  return { reason, need };
}
