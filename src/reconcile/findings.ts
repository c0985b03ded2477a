import { secondsBetween } from '../clock.ts';
import type { EndpointRecord, Intent, Seen, SubnetCheck } from '../lease/endpoint-record.ts';
import type { PassFindings } from '../lease/endpoint-store.ts';
import { isConnected } from '../vpn/connection.ts';
import type { CompleteObservation, Observation } from '../vpn/observation.ts';
import type { ManualRoute } from '../vpn/route.ts';
import { routeKey } from '../vpn/route.ts';
import type { Decision } from './decision.ts';

const startsRemembered = 10;

/**
 * What the record says after a pass. Pure.
 *
 * @param intent the decision's, with the trouble that acting on it met
 */
export function findingsOf(
  record: EndpointRecord,
  observation: Observation,
  decision: Decision,
  intent: Intent,
  subnetCheck: SubnetCheck | null,
  now: Date,
): PassFindings {
  const usable = isUsable(decision);
  const justStarted =
    record.intent.kind === 'start' && intent.kind === 'none' && decision.state === 'on';
  return {
    revision: record.revision,
    intent,
    rememberedRoutes: observation.complete
      ? rememberedRoutes(record, observation, decision)
      : record.rememberedRoutes,
    subnetCheck,
    lastConnectedAt: observation.complete
      ? lastConnectedAt(record, observation)
      : record.lastConnectedAt,
    onSince: usable ? (record.onSince ?? now) : observation.complete ? null : record.onSince,
    stateSince: record.lastPass?.state === decision.state ? record.stateSince : now,
    startSeconds:
      justStarted && record.intent.origin === 'lease'
        ? [...record.startSeconds, secondsBetween(record.intent.since, now)].slice(
            -startsRemembered,
          )
        : record.startSeconds,
    lastPass: {
      at: now,
      state: decision.state,
      reason: decision.reason,
      seen: observation.complete ? seenIn(observation) : (record.lastPass?.seen ?? null),
    },
    nextPassAt: decision.lookAgainAt,
  };
}

function isUsable({ state, reason }: Decision): boolean {
  return state === 'on' || reason.code === 'routes-not-restored' || reason.code === 'stop-overdue';
}

function seenIn(observation: CompleteObservation): Seen {
  return {
    at: observation.at,
    associations: observation.associations.map(({ id, subnetId, status, message }) => ({
      id,
      subnetId,
      status,
      message,
    })),
    routes: observation.routes,
    connected: observation.connections.filter(isConnected).length,
  };
}

function lastConnectedAt(record: EndpointRecord, observation: CompleteObservation): Date | null {
  if (observation.connections.some(isConnected)) return observation.at;
  const moments = [
    record.lastConnectedAt,
    ...observation.connections.map(({ endedAt }) => endedAt),
  ].filter((moment) => moment !== null);
  return moments.length === 0 ? null : new Date(Math.max(...moments.map((at) => at.getTime())));
}

/**
 * The manual routes to put back at the next start. They are learned in a steady *On* only: this
 * pass and the one before it found the endpoint on, with no start or stop under way. A route is
 * forgotten when two such passes in a row do not see it, because one alone may have read the table
 * while a network was being taken away; and never because its network is gone, since that is how
 * AWS drops routes that nobody deleted.
 */
function rememberedRoutes(
  record: EndpointRecord,
  observation: CompleteObservation,
  decision: Decision,
): readonly ManualRoute[] | null {
  const before = record.lastPass;
  const steady =
    record.intent.kind === 'none' &&
    before?.state === 'on' &&
    before.reason.code !== 'reading-incomplete' &&
    decision.state === 'on' &&
    observation.associations.every(({ status }) => status === 'associated');
  if (!steady) return record.rememberedRoutes;

  const present = observation.routes.filter(
    ({ origin, status }) =>
      origin === 'add-route' && (status === 'active' || status === 'creating'),
  );
  const known = new Set(present.map(routeKey));
  const seenBefore = new Set((before.seen?.routes ?? []).map(routeKey));
  const associated = new Set(observation.associations.map(({ subnetId }) => subnetId));
  const kept = (record.rememberedRoutes ?? []).filter(
    (route) =>
      !known.has(routeKey(route)) &&
      (!associated.has(route.subnetId) ||
        seenBefore.has(routeKey(route)) ||
        observation.routes.some(
          (row) => routeKey(row) === routeKey(route) && row.status === 'failed',
        )),
  );
  const learned = present.map(({ destinationCidr, subnetId, description }) => ({
    destinationCidr,
    subnetId,
    description,
  }));
  return [...learned, ...kept];
}
