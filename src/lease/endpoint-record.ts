import type { PendingEvent } from '../notify/domain-event.ts';
import type { Reported } from '../notify/reported.ts';
import { newUsageCursor } from '../usage/on-period.ts';
import type { UsageCursor } from '../usage/on-period.ts';
import type { AssociationStatus } from '../vpn/association.ts';
import type { AssociationId, ConnectionId, EndpointId, SubnetId } from '../vpn/ids.ts';
import type { AwsProblem } from '../vpn/observation.ts';
import type { ManualRoute, Route } from '../vpn/route.ts';
import type { SubnetProblem } from '../vpn/subnet.ts';
import type { Hold, StopRequest, Termination } from './hold.ts';
import type { Reason } from './reason.ts';

/** What people read of an endpoint: *Off*, *Starting*, *On*, *Stopping*, *Needs attention*. */
export type EndpointState = 'off' | 'starting' | 'on' | 'stopping' | 'needs-attention';

/**
 * What the portal knows of one endpoint, in one small item. It is also the lock: whatever could
 * forbid a stop raises `revision` before anybody is told yes, and the intent to stop is written on
 * the condition that the revision is still the one the decision was made on.
 */
export interface EndpointRecord {
  readonly endpointId: EndpointId;
  readonly revision: number;
  /**
   * When somebody last asked for this endpoint, or held it on: it revives a start that was given up, and
   * is what a stop that was ordered before it does not concern, whatever has become of the wish since.
   */
  readonly lastRequestAt: Date | null;
  /** When somebody last gave a lease back before its end. */
  readonly lastReleaseAt: Date | null;
  /** When a client was last let in, which is before AWS lists its connection. */
  readonly lastAttemptAt: Date | null;
  /** An administrator's word over everybody's leases; may have run out. */
  readonly hold: Hold | null;
  /** The last stop that an administrator has asked for. */
  readonly stopRequest: StopRequest | null;
  /** Connections that an administrator wants ended, until they are. */
  readonly terminations: readonly Termination[];
  /** Of the connections there are: since when their byte counters have not moved. */
  readonly traffic: readonly ConnectionTraffic[];
  readonly intent: Intent;
  /** The manual routes of the last steady *On*; `null` before there was one. */
  readonly rememberedRoutes: readonly ManualRoute[] | null;
  /** Of the policy's subnets, as last looked up; `null` before the first time. */
  readonly subnetCheck: SubnetCheck | null;
  /** The authorization rules, as last counted; `null` before the first time. */
  readonly rulesCheck: RulesCheck | null;
  /** The latest moment at which somebody was seen connected, and not silent for too long. */
  readonly lastConnectedAt: Date | null;
  /** Since when it could be used; `null` while nothing is associated, or a start is under way. */
  readonly onSince: Date | null;
  /** Since when it has been in the state of the last pass. */
  readonly stateSince: Date | null;
  /** How long the last starts took, in seconds, the newest last; at most ten. */
  readonly startSeconds: readonly number[];
  readonly lastPass: PassRecord | null;
  /** How far the history of its use has come. */
  readonly usage: UsageCursor;
  /** What those who listen have been told; `null` where nobody was told anything yet. */
  readonly reported: Reported | null;
  /** What they are still to be told, the oldest first. */
  readonly events: readonly PendingEvent[];
  readonly schedule: PassSchedule;
}

/** Passes of one endpoint are at least this far apart, over all processes. */
export const passSpacingSeconds = 5;

/** When the endpoint was and will be looked at, by whichever process comes first. */
export interface PassSchedule {
  readonly lastPassAt: Date | null;
  readonly nextPassAt: Date | null;
  /** A pass under way keeps others away until then, or until it is recorded. */
  readonly claimedUntil: Date | null;
}

/** What tells a connection that is used from a laptop that was forgotten. */
export interface ConnectionTraffic {
  readonly connectionId: ConnectionId;
  /** In and out together. */
  readonly bytes: number;
  /** When the counters were last seen to have moved. */
  readonly movedAt: Date;
}

/** What a pass saw and made of it. */
export interface PassRecord {
  readonly at: Date;
  readonly state: EndpointState;
  readonly reason: Reason;
  /** Of the last complete reading, which may be older than the pass. */
  readonly seen: Seen | null;
}

/** The part of an observation that the pages show. */
export interface Seen {
  readonly at: Date;
  readonly associations: readonly {
    readonly id: AssociationId;
    readonly subnetId: SubnetId | null;
    readonly status: AssociationStatus;
    readonly message: string;
  }[];
  readonly routes: readonly Route[];
  readonly connected: number;
  /** Who is connected, at most a hundred of them: an administrator who stops it is told. */
  readonly connections: readonly {
    readonly id: ConnectionId;
    readonly person: string;
    readonly establishedAt: Date;
  }[];
  /** Beyond those, who else is connected, at most two thousand of them; left out where there are none. */
  readonly further?: readonly { readonly id: ConnectionId; readonly person: string }[] | undefined;
}

export type Intent = NoIntent | StartIntent | StopIntent;

export interface NoIntent {
  readonly kind: 'none';
}

/** Written before the first Associate, and kept until the endpoint is *On* or nobody wants it. */
export interface StartIntent {
  readonly kind: 'start';
  /** Fresh for each start: AWS answers a token that it has seen with the old result. */
  readonly id: string;
  readonly since: Date;
  /** `outside`: switched on in the console, say, and adopted. */
  readonly origin: 'lease' | 'outside';
  /** To be put back before the endpoint counts as *On*. */
  readonly routes: readonly ManualRoute[];
  /** Part of the client tokens: raised when an association has gone and a new one is needed. */
  readonly round: number;
  /** When that was last raised, or the start begun. */
  readonly roundAt: Date;
  /** The associations of this start that failed, each counted once however often it is seen. */
  readonly failedAssociations: readonly AssociationId[];
  readonly trouble: Trouble | null;
}

/** Written before the first Disassociate, on the condition that nobody asked in between. */
export interface StopIntent {
  readonly kind: 'stop';
  readonly since: Date;
}

/** What keeps going wrong, how often so far, and when it is tried again. */
export interface Trouble {
  readonly problem: AwsProblem;
  readonly tries: number;
  readonly at: Date;
  readonly retryAt: Date;
  /** The bound is reached: from here on it is tried rarely, and somebody should look. */
  readonly gaveUp: boolean;
}

export interface SubnetCheck {
  readonly at: Date;
  /** Which subnets were looked up: another list needs another look. */
  readonly subnets: readonly SubnetId[];
  readonly problems: readonly SubnetProblem[];
}

export interface RulesCheck {
  readonly at: Date;
  /** How many rules let people into networks; without any, nobody gets anywhere. */
  readonly count: number;
}

export const noIntent: NoIntent = { kind: 'none' };

/** The record of an endpoint that no pass has looked at yet. */
export function newEndpointRecord(endpointId: EndpointId): EndpointRecord {
  return {
    endpointId,
    revision: 0,
    lastRequestAt: null,
    lastReleaseAt: null,
    lastAttemptAt: null,
    hold: null,
    stopRequest: null,
    terminations: [],
    traffic: [],
    intent: noIntent,
    rememberedRoutes: null,
    subnetCheck: null,
    rulesCheck: null,
    lastConnectedAt: null,
    onSince: null,
    stateSince: null,
    startSeconds: [],
    lastPass: null,
    usage: newUsageCursor,
    reported: null,
    events: [],
    schedule: { lastPassAt: null, nextPassAt: null, claimedUntil: null },
  };
}

/** When what is on was begun; `null` where that was never seen. */
export function begunAt({ intent, onSince }: EndpointRecord): Date | null {
  return intent.kind === 'start' ? intent.since : onSince;
}

/**
 * Whether what is on now was begun by then, and nobody has wanted it on since: an order of that time
 * is about nothing else.
 */
export function isOfBefore(record: EndpointRecord, time: Date): boolean {
  const begun = begunAt(record);
  return begun !== null && lastAskedForAt(record, begun) <= time;
}

/** When somebody last wanted it on, or when it was begun, whichever is later. */
export function lastAskedForAt({ hold, lastRequestAt }: EndpointRecord, begun: Date): Date {
  const wishes = [lastRequestAt, hold?.kind === 'on' ? hold.at : null];
  return wishes.reduce<Date>((last, at) => (at !== null && at > last ? at : last), begun);
}

/** The stop that an administrator has ordered of what is on now. */
export function orderedStop(record: EndpointRecord): StopRequest | null {
  const { stopRequest } = record;
  return stopRequest !== null && isOfBefore(record, stopRequest.at) ? stopRequest : null;
}
