import { holdInEffect, isAdministrators, leasesCount } from '../lease/hold.ts';
import type { Termination } from '../lease/hold.ts';
import type { LoadedEndpoint } from '../lease/endpoint-store.ts';
import { heldLeases } from '../lease/lease.ts';
import type { Starter } from '../usage/on-period.ts';
import type { UsageContext } from '../usage/record-usage.ts';
import { lastLatestHour } from '../vpn/latest-hour.ts';
import type { LatestHour } from '../vpn/latest-hour.ts';
import type { Acted } from './act.ts';

/** What the history is told of a pass beyond what it has seen. */
export function usageContext(
  { leases, record }: LoadedEndpoint,
  { decision: { action }, outcome }: Acted,
  now: Date,
  latestHour: LatestHour | null = null,
): UsageContext {
  const hasAsked = action.kind === 'disassociate' && outcome !== 'abandoned';
  return {
    startedBy: starter({ leases, record }, now),
    askedAt: askedAt(record),
    stopping: hasAsked ? { cause: action.because, associations: action.associations } : null,
    leases,
    stoppedAt: record.stopRequest?.at ?? null,
    isLatestHour: (time) =>
      latestHour !== null && lastLatestHour(latestHour, time).getTime() === time.getTime(),
    terminated: record.terminations.filter(isAdministrators).map(connectionOf),
    replaced: record.terminations.filter((wish) => !isAdministrators(wish)).map(connectionOf),
  };
}

function connectionOf({ connectionId }: Termination): Termination['connectionId'] {
  return connectionId;
}

/** Whoever has asked first of those who want it now. */
function starter({ leases, record }: LoadedEndpoint, now: Date): Starter {
  const hold = holdInEffect(record, now);
  if (hold?.kind === 'on') return { kind: 'administrator', ...hold.by };
  const held = heldLeases(leases, leasesCount(record, now));
  const first = [...held].sort((a, b) => a.requestedAt.getTime() - b.requestedAt.getTime())[0];
  if (first === undefined) return { kind: 'portal' };
  return { kind: 'person', id: first.personId, name: first.personName };
}

/**
 * Only a pass with a complete reading asks AWS for anything, and what it has asked for, the next
 * complete reading sees. So what this one sees for the first time was asked for when the last one
 * was made, or where that pass was lost, when its start began.
 */
function askedAt({ intent, lastPass }: LoadedEndpoint['record']): Date | null {
  if (intent.kind !== 'start') return null;
  // What somebody has switched on is not ours; what the portal adds to it is.
  if (intent.origin === 'outside' && lastPass?.reason.code !== 'lease-held') return null;
  const seenAt = lastPass?.seen?.at ?? null;
  return seenAt !== null && seenAt > intent.since ? seenAt : intent.since;
}
