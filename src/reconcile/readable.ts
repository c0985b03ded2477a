import { minutesAfter } from '../clock.ts';
import type { EndpointRecord } from '../lease/endpoint-record.ts';
import { heldOnUntil, holdInEffect, wantedOn } from '../lease/hold.ts';
import type { Hold } from '../lease/hold.ts';
import { isVoid } from '../lease/lease.ts';
import type { Association } from '../vpn/association.ts';
import { isConnected } from '../vpn/connection.ts';
import type { CompleteObservation } from '../vpn/observation.ts';
import type { Policy } from '../vpn/policy.ts';
import type { Situation } from './decision.ts';
import { connectionsInUse } from './traffic.ts';

/** A situation that could be read, with a policy that parses. */
export interface Readable extends Omit<Situation, 'observation' | 'policy'> {
  readonly observation: CompleteObservation;
  readonly policy: Policy;
  /** Without those that AWS lists for a while after they are gone. */
  readonly associations: readonly Association[];
  readonly connected: number;
  /** Connections that count as use. */
  readonly inUse: number;
  /** An administrator's hold in effect. */
  readonly hold: Hold | null;
  /** Until when leases, or a hold, keep it on; `null` where nothing does. */
  readonly until: Date | null;
}

export function readable(
  situation: Situation,
  observation: CompleteObservation,
  policy: Policy,
): Readable {
  const { leases, now, record } = situation;
  const { connections } = observation;
  const { silentMinutes } = policy;
  return {
    ...situation,
    observation,
    policy,
    associations: presentAssociations(observation),
    connected: connections.filter(isConnected).length,
    inUse: connectionsInUse(connections, record.traffic, silentMinutes, now).length,
    hold: holdInEffect(record, now),
    until: wantedOn(record, leases, now),
  };
}

/**
 * A client that was let in needs its seconds until it is connected, and AWS may show that half a
 * minute later than it is so. Until then nobody sees it: for so long it counts as being there,
 * however short the idle grace.
 */
const connectionSetUpMinutes = 2;

/** Until when a client that was let in counts as being there, seen or not; `null` where none was. */
export function settingUpUntil({ lastAttemptAt }: EndpointRecord): Date | null {
  return lastAttemptAt === null ? null : minutesAfter(lastAttemptAt, connectionSetUpMinutes);
}

/** With the grace after it, it counts for as long as a connection that ended then. */
function lastLetInAt({ policy, record: { lastAttemptAt } }: Readable): Date | null {
  const missing = connectionSetUpMinutes - policy.idleGraceMinutes;
  return lastAttemptAt === null ? null : minutesAfter(lastAttemptAt, Math.max(0, missing));
}

/**
 * When somebody last needed the endpoint: the latest of the last connection's end, the last time that
 * a client was let in, the last lease's end, and the last hold's end; `null` where nobody ever has.
 * What a stop has voided ended with it.
 */
export function lastNeededAt(situation: Readable): Date | null {
  const { leases, now, observation, record } = situation;
  const { lastConnectedAt, lastReleaseAt, stopRequest } = record;
  const stoppedAt = stopRequest?.at ?? null;
  return latest([
    lastConnectedAt,
    lastReleaseAt,
    lastLetInAt(situation),
    ...leases
      .filter((lease) => lease.until <= now && !isVoid(lease, stoppedAt))
      .map(({ until }) => until),
    heldOnUntil(record, now),
    ...observation.connections.map((connection) => connection.endedAt),
  ]);
}

function latest(moments: readonly (Date | null)[]): Date | null {
  return moments.reduce(
    (before, moment) => (before === null || (moment !== null && moment > before) ? moment : before),
    null,
  );
}

export function presentAssociations(observation: CompleteObservation): readonly Association[] {
  return observation.associations.filter(({ status }) => status !== 'disassociated');
}
