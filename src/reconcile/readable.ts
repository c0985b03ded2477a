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
 * When somebody last needed the endpoint: the latest of the last connection's end, the last lease's
 * end, and the last hold's end; `null` where nobody ever has. What a stop has voided ended with it.
 */
export function lastNeededAt(situation: Readable): Date | null {
  const { leases, now, observation, record } = situation;
  const { lastConnectedAt, lastReleaseAt, stopRequest } = record;
  const stoppedAt = stopRequest?.at ?? null;
  return latest([
    lastConnectedAt,
    lastReleaseAt,
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
