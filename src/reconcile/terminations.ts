import type { Clock } from '../clock.ts';
import { secondsBetween } from '../clock.ts';
import type { EndpointRecord } from '../lease/endpoint-record.ts';
import { isAdministrators } from '../lease/hold.ts';
import type { Termination } from '../lease/hold.ts';
import type { Log } from '../log.ts';
import type { ClientVpn } from '../vpn/client-vpn.ts';
import { isConnected } from '../vpn/connection.ts';
import type { AwsProblem, Observation } from '../vpn/observation.ts';
import { awsProblem, listingsAreOldSeconds } from './observe.ts';
import type { PassAudit } from './pass-audit.ts';
import type { EndedConnection } from './reporting.ts';

/** What a pass makes of the wishes that connections end: administrators', and the portal's own. */
export interface Terminations {
  /** The wishes that are left, one for each connection. */
  readonly open: readonly Termination[];
  /** Those of administrators that AWS lists as ended. */
  readonly ended: readonly EndedConnection[];
  /** The first refusal. */
  readonly problem: AwsProblem | null;
}

/**
 * A wish stays until AWS lists its connection as ended, or does not list it for longer than a
 * listing may be old. Nothing is asked of AWS here.
 */
function terminationsAfter(
  { terminations }: Pick<EndpointRecord, 'terminations'>,
  observation: Observation,
): Terminations {
  if (!observation.complete) return { open: terminations, ended: [], problem: null };
  const { at, connections } = observation;
  const listed = new Map(connections.map((connection) => [connection.id, connection]));
  const wishes = [...new Map(terminations.map((wish) => [wish.connectionId, wish])).values()];
  const ended = wishes.filter(isAdministrators).flatMap((wish) => {
    const connection = listed.get(wish.connectionId);
    if (connection === undefined || isConnected(connection)) return [];
    return [{ wish, person: connection.person }];
  });
  const open = wishes.filter((wish) => {
    const connection = listed.get(wish.connectionId);
    if (connection !== undefined) return isConnected(connection);
    return secondsBetween(wish.at, at) < listingsAreOldSeconds;
  });
  return { open, ended, problem: null };
}

export interface Terminator {
  /** Ends the connections that are to be ended, and that AWS lists as there. */
  carryOut(
    record: EndpointRecord,
    observation: Observation,
    deadline: Date,
    written: PassAudit,
  ): Promise<Terminations>;
}

/** @param mayEnd false in the portal: the wishes are the schedule's to carry out */
export function createTerminator(deps: {
  readonly clientVpn: ClientVpn;
  readonly clock: Clock;
  readonly log: Log;
  readonly mayEnd: boolean;
}): Terminator {
  const { clientVpn, clock, log, mayEnd } = deps;
  return {
    async carryOut(record, observation, deadline, written) {
      const { endpointId } = record;
      const found = terminationsAfter(record, observation);
      if (!mayEnd || !observation.complete) return found;
      const listed = new Set(observation.connections.map(({ id }) => id));
      let problem: AwsProblem | null = null;
      for (const wish of found.open) {
        const { by, connectionId } = wish;
        if (!listed.has(connectionId)) continue;
        if (clock.now() >= deadline) break;
        try {
          const accepted = await clientVpn.terminateConnection({ endpointId, connectionId });
          log.info({ endpointId, connectionId, by: by.id, ...accepted }, 'connection ended');
          await written.terminated(wish, accepted.requestId);
        } catch (error) {
          const met = awsProblem(error);
          log.warn({ endpointId, connectionId, problem: met }, 'connection not ended');
          await written.terminated(wish, null);
          problem ??= met;
        }
      }
      return { ...found, problem };
    },
  };
}
