import { secondsBetween } from '../clock.ts';
import type { EndpointRecord, StartIntent } from '../lease/endpoint-record.ts';
import type { SubnetId } from '../vpn/ids.ts';
import { listingsAreOldSeconds } from './observe.ts';

/**
 * After so long an association that AWS has accepted and does not list is none: it came and went
 * while nobody looked. Not sooner, because a call may take a minute, and a listing may be half a
 * minute old.
 */
export const acceptedInVainSeconds = 95;

/**
 * Whether a start needs another client token for the networks that are missing: AWS answers the
 * token of an association that has gone with the old success, and does nothing.
 */
export function tokenIsUsedUp(
  start: StartIntent,
  record: EndpointRecord,
  missing: readonly SubnetId[],
  now: Date,
): boolean {
  // A pass that has raised the round, and is not recorded, may be at it still.
  if (record.lastPass !== null && start.roundAt > record.lastPass.at) return false;
  const asked = acceptedAt(start, record);
  const inVain = asked !== null && secondsBetween(asked, now) >= acceptedInVainSeconds;
  return inVain || hasVanished(start, record, missing, now);
}

/** When the last pass asked for the associations of this start, and AWS refused none; else `null`. */
export function acceptedAt({ since }: StartIntent, { lastPass }: EndpointRecord): Date | null {
  return lastPass?.reason.code === 'lease-held' && lastPass.at >= since ? lastPass.at : null;
}

/**
 * An association of this start that the last pass saw and this one does not. Of one that was seen
 * just now the listing may be older than that: it is asked for again under its token, and found to be
 * in vain if it has gone.
 */
function hasVanished(
  { since }: StartIntent,
  { lastPass }: EndpointRecord,
  missing: readonly SubnetId[],
  now: Date,
): boolean {
  const seen = lastPass?.seen ?? null;
  if (seen === null || seen.at <= since) return false;
  if (secondsBetween(seen.at, now) < listingsAreOldSeconds) return false;
  return seen.associations.some(
    ({ status, subnetId }) =>
      status !== 'disassociated' && subnetId !== null && missing.includes(subnetId),
  );
}
