import { secondsBetween } from '../clock.ts';
import { begunAt, lastAskedForAt, orderedStop } from '../lease/endpoint-record.ts';
import type {
  EndpointRecord,
  Intent,
  PassRecord,
  RulesCheck,
  Seen,
  SubnetCheck,
} from '../lease/endpoint-record.ts';
import type { PassFindings } from '../lease/endpoint-store.ts';
import { saidAfter } from '../lease/hold.ts';
import type { Termination } from '../lease/hold.ts';
import type { UsageCursor } from '../usage/on-period.ts';
import { isConnected } from '../vpn/connection.ts';
import type { AssociationId } from '../vpn/ids.ts';
import type { CompleteObservation, Observation } from '../vpn/observation.ts';
import type { ManualRoute } from '../vpn/route.ts';
import { routeKey } from '../vpn/route.ts';
import type { Decision } from './decision.ts';
import type { Report } from './reporting.ts';
import { connectionsInUse, trafficAfter } from './traffic.ts';

const startsRemembered = 10;
const mostConnectionsNamed = 100;
/** By id and person alone: with all that is beside them they stay within what an item may hold. */
const mostConnectionsFurther = 2_000;

/** What a pass has come to, from which the record is brought up to date. */
export interface PassOutcome {
  readonly now: Date;
  /** As it was claimed. */
  readonly record: EndpointRecord;
  readonly observation: Observation;
  readonly decision: Decision;
  /** The decision's, with the trouble that acting on it met. */
  readonly intent: Intent;
  readonly subnetCheck: SubnetCheck | null;
  readonly rulesCheck: RulesCheck | null;
  /** The administrators' wishes that are still open. */
  readonly terminations: readonly Termination[];
  readonly usage: UsageCursor;
  /** What those who listen are told of it. */
  readonly report: Report;
  /** As in the policy; `null` too where it does not parse. */
  readonly silentMinutes: number | null;
}

/** What the record says after a pass. Pure. */
export function findingsOf(outcome: PassOutcome): PassFindings {
  const { decision, intent, now, observation, record, silentMinutes } = outcome;
  const justStarted =
    record.intent.kind === 'start' && intent.kind === 'none' && decision.state === 'on';
  const read = observation.complete
    ? {
        rememberedRoutes: rememberedRoutes(outcome, observation),
        lastConnectedAt: lastConnectedAt(record, observation, silentMinutes),
        onSince: onSince(outcome, observation),
        traffic:
          silentMinutes === null ? [] : trafficAfter(record.traffic, observation.connections, now),
      }
    : {
        rememberedRoutes: record.rememberedRoutes,
        lastConnectedAt: record.lastConnectedAt,
        onSince: record.onSince,
        traffic: record.traffic,
      };
  return {
    ...read,
    revision: record.revision,
    intent,
    subnetCheck: outcome.subnetCheck,
    rulesCheck: outcome.rulesCheck,
    terminations: outcome.terminations,
    terminationsRead: record.terminations.length,
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
    usage: outcome.usage,
    reported: outcome.report.reported,
    events: outcome.report.events,
    nextPassAt: decision.lookAgainAt,
  };
}

/**
 * A stop that does not come to its end leaves it as old as it was, a start that it cuts short
 * included: whoever has ordered that stop means all that was begun by then. And nothing else: what
 * somebody associates in the console meanwhile makes it new.
 */
function onSince(
  { decision: { reason, state }, now, record }: PassOutcome,
  { associations }: CompleteObservation,
): Date | null {
  if (state === 'stopping' || reason.code === 'stop-failed') {
    const present = associations.filter(({ status }) => status !== 'disassociated');
    if (present.length === 0) return null;
    return present.some(({ id }) => isNewInAStop(id, record)) ? now : begunAt(record);
  }
  const isUsable =
    associations.some(({ status }) => status === 'associated') &&
    (state === 'on' || (state === 'needs-attention' && reason.code !== 'gave-up'));
  if (!isUsable) return null;
  const since = record.onSince ?? now;
  const isWanted = reason.code === 'kept-on-by-lease' || reason.code === 'held-on';
  if (!isWanted) return since;
  // An order from before somebody's wish is not to come back when that ends, or is taken back. Not
  // as late as now: another stop may have been ordered while this pass was reading.
  const ordered = orderedStop(record);
  return ordered === null ? lastAskedForAt(record, since) : saidAfter(ordered.at, ordered.at);
}

function isNewInAStop(associationId: AssociationId, { lastPass }: EndpointRecord): boolean {
  if (lastPass?.state !== 'stopping' || lastPass.seen === null) return false;
  return lastPass.seen.associations.every(({ id }) => id !== associationId);
}

function seenIn(observation: CompleteObservation): Seen {
  const connected = observation.connections.filter(isConnected);
  const further = connected
    .slice(mostConnectionsNamed, mostConnectionsNamed + mostConnectionsFurther)
    .map(({ id, person }) => ({ id, person }));
  return {
    at: observation.at,
    associations: observation.associations.map(({ id, subnetId, status, message }) => ({
      id,
      subnetId,
      status,
      message,
    })),
    routes: observation.routes,
    connected: connected.length,
    connections: connected
      .slice(0, mostConnectionsNamed)
      .map(({ establishedAt, id, person }) => ({ id, person, establishedAt })),
    ...(further.length === 0 ? {} : { further }),
  };
}

function lastConnectedAt(
  record: EndpointRecord,
  observation: CompleteObservation,
  silentMinutes: number | null,
): Date | null {
  const { at, connections } = observation;
  if (connectionsInUse(connections, record.traffic, silentMinutes, at).length > 0) return at;
  const moments = [record.lastConnectedAt, ...connections.map(({ endedAt }) => endedAt)].filter(
    (moment) => moment !== null,
  );
  return moments.length === 0 ? null : new Date(Math.max(...moments.map((at) => at.getTime())));
}

/**
 * The manual routes to put back at the next start. They are learned while it can be used: this pass
 * and the one before it found it so, with no start or stop under way, but for routes that could not
 * be put back, which stay remembered. A route is forgotten when two such passes in a row do not see
 * it, because one alone may have read the table while a network was being taken away; and never
 * because its network is gone, since that is how AWS drops routes that nobody deleted. The pass that
 * stops it still learns, and forgets nothing.
 */
function rememberedRoutes(
  { decision, intent, record }: PassOutcome,
  observation: CompleteObservation,
): readonly ManualRoute[] | null {
  const before = record.lastPass;
  const wasUsable =
    before !== null &&
    isLearnedFrom(before, record.intent) &&
    observation.associations.every(({ status }) => status === 'associated');
  const isStopped = decision.state === 'stopping' && decision.action.kind === 'disassociate';
  if (!wasUsable || !(isStopped || isLearnedFrom(decision, intent))) return record.rememberedRoutes;

  const present = observation.routes.filter(
    ({ origin, status }) =>
      origin === 'add-route' && (status === 'active' || status === 'creating'),
  );
  const known = new Set(present.map(routeKey));
  const unrestored = intent.kind === 'start' ? intent.routes : [];
  const seenBefore = new Set([...(before.seen?.routes ?? []), ...unrestored].map(routeKey));
  const associated = new Set(observation.associations.map(({ subnetId }) => subnetId));
  const kept = (record.rememberedRoutes ?? []).filter(
    (route) =>
      !known.has(routeKey(route)) &&
      (isStopped ||
        !associated.has(route.subnetId) ||
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

/** In a steady *On*, or in one that lacks nothing but routes that could not be put back. */
function isLearnedFrom(
  { reason, state }: Pick<PassRecord, 'state' | 'reason'>,
  intent: Intent,
): boolean {
  if (reason.code === 'routes-not-restored') return intent.kind === 'start';
  return intent.kind === 'none' && state === 'on' && reason.code !== 'reading-incomplete';
}
