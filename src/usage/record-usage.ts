import { minutesAfter, secondsBetween } from '../clock.ts';
import type { Lease } from '../lease/lease.ts';
import type { Association } from '../vpn/association.ts';
import type { Connection } from '../vpn/connection.ts';
import { isConnected } from '../vpn/connection.ts';
import type { AssociationId, ConnectionId } from '../vpn/ids.ts';
import type { CompleteObservation } from '../vpn/observation.ts';
import type { ConnectionRecord } from './connection-record.ts';
import type {
  ObservationGap,
  OnPeriod,
  OpenPeriod,
  PeriodEnd,
  Starter,
  UsageCursor,
} from './on-period.ts';

/** What a pass adds to the history. Written again, it changes nothing. */
export interface UsageWrites {
  readonly connections: readonly ConnectionRecord[];
  readonly periods: readonly OnPeriod[];
  readonly gaps: readonly ObservationGap[];
}

/** What the history needs to know of a pass. */
export interface UsageContext {
  /** Who wants the endpoint on now, for associations that are seen for the first time. */
  readonly startedBy: Starter;
  /** When associations were last asked for that may not have been seen yet; `null` for never. */
  readonly askedAt: Date | null;
  /** The stop that this pass has asked for, and of which associations; `null` where it did not. */
  readonly stopping: {
    readonly cause: PeriodEnd;
    readonly associations: readonly AssociationId[];
  } | null;
  /** Connections that an administrator wants ended. */
  readonly terminated: readonly ConnectionId[];
  /** Every lease, held or not, and what tells how they end. */
  readonly leases: readonly Lease[];
  /** The last stop that an administrator has ordered; `null` for none. */
  readonly stoppedAt: Date | null;
  /** Whether a moment is the endpoint's latest hour. */
  readonly isLatestHour: (time: Date) => boolean;
  /** Connections that are to make room for a newer one of the same person. */
  readonly replaced: readonly ConnectionId[];
}

/** Passes are a minute apart; after so much more something was wrong, and is called a gap. */
const gapAfterMinutes = 5;
/** How often what is going on is written again although nothing has happened to it. */
const refreshMinutes = 5;
/** AWS may show a connection a little after it began, or ended. */
const listedLateSeconds = 90;

/** Since when nobody has looked, as of then; `null` where somebody just has, or nobody ever did. */
export function unobservedBy({ recordedAt }: UsageCursor, at: Date): Date | null {
  if (recordedAt === null) return null;
  return minutesAfter(recordedAt, gapAfterMinutes) < at ? recordedAt : null;
}

/**
 * What has happened since the last reading that was recorded. Pure; nothing is guessed over a time
 * in which nobody looked.
 *
 * A period is written only once the endpoint's record knows of it: what a pass has begun that was
 * then lost, no later pass would know to end.
 */
export function usageAfter(
  cursor: UsageCursor,
  observation: CompleteObservation,
  context: UsageContext,
): { readonly writes: UsageWrites; readonly cursor: UsageCursor } {
  const { at, endpoint } = observation;
  const { recordedAt } = cursor;
  const unobservedSince = unobservedBy(cursor, at);
  const isRefreshed = recordedAt === null || boundary(recordedAt) !== boundary(at);

  const known = new Map(cursor.periods.map((period) => [period.associationId, period]));
  const open = observation.associations
    .filter(({ status }) => status !== 'disassociated')
    .map((association) =>
      openPeriod(association, known.get(association.id), { at, context, unobservedSince }),
    );
  const here = new Set(open.map(({ associationId }) => associationId));

  const periods = [
    ...open.flatMap((period): OnPeriod[] => {
      const before = known.get(period.associationId);
      if (before === undefined || (before.recorded && !isRefreshed)) return [];
      const rest = { to: null, seenAt: at, endedBecause: null, unobservedUntil: null };
      return [{ endpointId: endpoint.id, ...identityOf(period), ...rest }];
    }),
    ...cursor.periods
      .filter(({ associationId }) => !here.has(associationId))
      .map((period): OnPeriod => ({
        endpointId: endpoint.id,
        ...identityOf(period),
        to: unobservedSince ?? at,
        // Later than every reading that listed it, so that this is the one that counts.
        seenAt: at,
        endedBecause: period.stopping ?? 'outside',
        unobservedUntil: unobservedSince === null ? null : at,
      })),
  ];

  // Connections end with a stop that was under way before this reading, and not with one that this
  // very pass has asked for.
  const isStopping = open.every(({ associationId }) => {
    const cause = known.get(associationId)?.stopping ?? null;
    return cause !== null;
  });
  const connections = observation.connections
    .filter((connection) => recordedAt === null || isRefreshed || hasNews(connection, recordedAt))
    .map((connection) =>
      connectionRecord(connection, observation, context, { isStopping, unobservedSince }),
    );
  const gap = { endpointId: endpoint.id, from: unobservedSince ?? at, to: at };
  return {
    writes: { connections, periods, gaps: unobservedSince === null ? [] : [gap] },
    cursor: {
      recordedAt: at,
      periods: open,
      // While a network is there, somebody may connect before the next reading.
      connectionsOpen: open.length > 0 || observation.connections.some(isConnected),
      since: recordedAt === null ? at : cursor.since,
    },
  };
}

/**
 * How far the history has come where it could not be written: no further, but what began is
 * remembered with its beginning, and what ended is still to be written.
 */
export function unwritten(before: UsageCursor, after: UsageCursor): UsageCursor {
  const known = new Map(before.periods.map((period) => [period.associationId, period]));
  const here = new Set(after.periods.map(({ associationId }) => associationId));
  return {
    recordedAt: before.recordedAt,
    periods: [
      ...after.periods.map((period) => ({
        ...period,
        recorded: known.get(period.associationId)?.recorded ?? false,
      })),
      ...before.periods.filter(({ associationId }) => !here.has(associationId)),
    ],
    connectionsOpen: before.connectionsOpen || after.connectionsOpen,
    since: before.since,
  };
}

function openPeriod(
  { id, status, subnetId }: Association,
  before: OpenPeriod | undefined,
  reading: {
    readonly at: Date;
    readonly context: UsageContext;
    readonly unobservedSince: Date | null;
  },
): OpenPeriod {
  const { askedAt, startedBy, stopping } = reading.context;
  const cause = stopping?.associations.includes(id) === true ? stopping.cause : null;
  if (before !== undefined) {
    // A stop that AWS has refused, or not heard of, shows by nothing being taken away.
    const isKept = status === 'associated' || status === 'associating';
    return { ...before, recorded: true, stopping: cause ?? (isKept ? null : before.stopping) };
  }
  const isOurs = askedAt !== null;
  return {
    associationId: id,
    subnetId,
    from: isOurs ? askedAt : reading.at,
    startedBy: isOurs ? startedBy : { kind: 'outside' },
    unobservedSince: isOurs ? null : reading.unobservedSince,
    stopping: cause,
    recorded: false,
  };
}

function identityOf({
  associationId,
  from,
  startedBy,
  subnetId,
  unobservedSince,
}: OpenPeriod): Pick<
  OnPeriod,
  'associationId' | 'from' | 'startedBy' | 'subnetId' | 'unobservedSince'
> {
  return { associationId, subnetId, from, startedBy, unobservedSince };
}

/**
 * Begun or ended since the last reading, which may have come a little before AWS showed it. What
 * AWS shows even later is found when everything listed is written again.
 */
function hasNews({ endedAt, establishedAt, status }: Connection, recordedAt: Date): boolean {
  if (status === 'terminated' && endedAt === null) return true;
  return [establishedAt, endedAt].some(
    (moment) => moment !== null && secondsBetween(recordedAt, moment) > -listedLateSeconds,
  );
}

function boundary(time: Date): number {
  return Math.floor(time.getTime() / (refreshMinutes * 60_000));
}

function connectionRecord(
  connection: Connection,
  { at, endpoint }: CompleteObservation,
  { replaced, terminated }: UsageContext,
  { isStopping, unobservedSince }: { isStopping: boolean; unobservedSince: Date | null },
): ConnectionRecord {
  const { endedAt, establishedAt: from, id } = connection;
  const isOpen = isConnected(connection);
  const facts = {
    endpointId: endpoint.id,
    connectionId: id,
    person: connection.person,
    from,
    seenAt: at,
    ingressBytes: connection.ingressBytes,
    egressBytes: connection.egressBytes,
    clientAddress: connection.clientAddress,
    status: connection.status,
  };
  if (isOpen) return { ...facts, to: null, ending: null };
  if (endedAt === null && unobservedSince !== null) {
    const to = unobservedSince > from ? unobservedSince : from;
    return { ...facts, to, ending: 'not-observed' };
  }
  const ended = terminated.includes(id)
    ? 'by-administrator'
    : replaced.includes(id)
      ? 'by-newer-connection'
      : null;
  const ending = ended ?? (isStopping ? 'with-the-stop' : 'by-client');
  return { ...facts, to: endedAt ?? at, ending };
}
