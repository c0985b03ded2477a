import { minutesAfter, secondsAfter } from '../clock.ts';
import type {
  EndpointRecord,
  EndpointState,
  Intent,
  StartIntent,
  Trouble,
} from '../lease/endpoint-record.ts';
import { noIntent, passSpacingSeconds } from '../lease/endpoint-record.ts';
import { heldUntil, isHeld } from '../lease/lease.ts';
import type { Reason } from '../lease/reason.ts';
import type { Association } from '../vpn/association.ts';
import { isConnected } from '../vpn/connection.ts';
import type { SubnetId } from '../vpn/ids.ts';
import type { CompleteObservation } from '../vpn/observation.ts';
import type { Policy } from '../vpn/policy.ts';
import { routeKey } from '../vpn/route.ts';
import type { Action, Decision, Situation } from './decision.ts';
import { associationFailure, withFailedAssociations } from './trouble.ts';
import { acceptedAt, acceptedInVainSeconds, tokenIsUsedUp } from './used-up-token.ts';

/** A little under a minute, so that a schedule that jitters never finds it not due yet. */
export const steadyPassSeconds = 55;

/**
 * AWS runs at most 10 operations on an endpoint at a time; two are left to whoever else is at work.
 * Source: AWS Client VPN Administrator Guide, "Client VPN quotas".
 */
const mostRoutesInCreation = 8;

/**
 * From the beginning of the start. A route that AWS never finishes must not keep on, at AWS's price,
 * an endpoint that nobody needs.
 */
const longestRestoringMinutes = 60;

/** The schedule comes every minute; when it has not for so long, somebody should look. */
const overdueAfterMinutes = 5;

const nothing: Action = { kind: 'nothing' };

/**
 * What a pass should do. Pure: the same situation gives the same decision, whatever happened before.
 * The cases are in order of precedence, and each one that could lead to a disassociation comes after
 * every one that forbids it.
 */
export function decide(situation: Situation): Decision {
  const { observation, policy, record } = situation;
  if (!observation.complete) {
    return look(situation, {
      state: record.lastPass?.state ?? 'off',
      reason: { code: 'reading-incomplete', problem: observation.problem },
      intent: record.intent,
    });
  }
  if (!policy.ok) {
    return look(situation, {
      state: 'needs-attention',
      reason: { code: 'policy-invalid', problems: policy.problems },
      intent: record.intent,
      steady: true,
    });
  }
  return decideReadable({
    ...situation,
    ...present(observation),
    observation,
    policy: policy.policy,
  });
}

/** A situation that could be read, with a policy that parses. */
interface Readable extends Omit<Situation, 'observation' | 'policy'> {
  readonly observation: CompleteObservation;
  readonly policy: Policy;
  /** Without those that AWS lists for a while after they are gone. */
  readonly associations: readonly Association[];
  readonly connected: number;
}

function present(observation: CompleteObservation): Pick<Readable, 'associations' | 'connected'> {
  return {
    associations: observation.associations.filter(({ status }) => status !== 'disassociated'),
    connected: observation.connections.filter(isConnected).length,
  };
}

function decideReadable(situation: Readable): Decision {
  const { associations, leases, now } = situation;
  const until = heldUntil(leases, now);
  if (associations.some(isLeaving)) return whileDisassociating(situation, until !== null);
  const failed = associations.filter(({ status }) => status === 'association-failed');
  if (failed.length > 0) return afterFailedAssociations(situation, failed, until !== null);
  return until === null ? decideUnheld(situation) : decideHeld(situation, until);
}

function isLeaving({ status }: Association): boolean {
  return status === 'disassociating' || status === 'unknown';
}

/** Nothing is associated into a disassociation: AWS would refuse it, or undo it. */
function whileDisassociating(situation: Readable, held: boolean): Decision {
  const { record } = situation;
  if (!held) {
    // The networks that stay are still without their routes: a start goes on for them.
    const allLeave = situation.associations.every(isLeaving);
    const intent = record.intent.kind === 'start' && allLeave ? noIntent : record.intent;
    return look(situation, { state: 'stopping', reason: { code: 'disassociating' }, intent });
  }
  const { intent } = record;
  const start = startOf(situation);
  if (start?.trouble?.gaveUp === true) return gaveUp(situation, start, start.trouble);
  const removing = intent.kind === 'start' && intent.failedAssociations.length > 0;
  const reason: Reason = removing
    ? {
        code: 'removing-a-failed-association',
        message: intent.trouble?.problem.message ?? '',
      }
    : { code: 'waiting-for-the-stop' };
  return look(situation, { state: 'starting', reason, intent });
}

/** A failed association is taken away, whoever may; the start that it belongs to counts it. */
function afterFailedAssociations(
  situation: Readable,
  failed: readonly Association[],
  held: boolean,
): Decision {
  const action: Action = situation.mayDisassociate
    ? { kind: 'disassociate', associations: failed.map(({ id }) => id), because: 'failed' }
    : nothing;
  if (!held) {
    const healthy = situation.associations.filter((association) => !failed.includes(association));
    if (healthy.length === 0) {
      const reason: Reason = { code: 'disassociating' };
      return { ...look(situation, { state: 'stopping', reason, intent: noIntent }), action };
    }
    const otherwise = decideUnheld({ ...situation, associations: healthy });
    return otherwise.action.kind === 'nothing' ? { ...otherwise, action } : otherwise;
  }
  const start = withFailedAssociations(
    startOf(situation) ?? newStart(situation, 'lease'),
    failed,
    situation.now,
  );
  const { trouble } = start;
  if (trouble?.gaveUp === true) return { ...gaveUp(situation, start, trouble), action };
  const message = associationFailure(failed).message;
  const reason: Reason = { code: 'removing-a-failed-association', message };
  return { ...look(situation, { state: 'starting', reason, intent: start }), action };
}

/** A bounded number of tries has failed: tried seldom from here on, and somebody should look. */
function gaveUp(situation: Readable, intent: StartIntent, trouble: Trouble): Decision {
  const { problem, retryAt } = trouble;
  const reason: Reason = { code: 'gave-up', problem, retryAt };
  return look(situation, { state: 'needs-attention', reason, intent, steady: true });
}

function decideHeld(situation: Readable, until: Date): Decision {
  const { associations, policy } = situation;
  const missing = policy.subnets.filter(
    (subnetId) => !associations.some((association) => association.subnetId === subnetId),
  );
  if (missing.length > 0) return decideMissing(situation, missing, until);
  if (associations.some(({ status }) => status === 'associating')) {
    const intent = startUnderWay(situation) ?? newStart(situation, 'outside');
    return look(situation, { state: 'starting', reason: { code: 'associating' }, intent });
  }
  const start = startUnderWay(situation);
  return start === null ? on(situation, noIntent) : decideRoutes(situation, start);
}

function decideMissing(situation: Readable, missing: readonly SubnetId[], until: Date): Decision {
  const { now, record } = situation;
  if (situation.subnetProblems.length > 0) return subnetsInvalid(situation, record.intent);
  const current = startOf(situation);
  const isUsedUp = current !== null && tokenIsUsedUp(current, record, missing, now);
  const start =
    current === null
      ? newStart(situation, 'lease')
      : { ...current, round: current.round + (isUsedUp ? 1 : 0) };
  const { trouble } = start;
  const action: Action =
    trouble !== null && trouble.retryAt > now ? nothing : { kind: 'associate', subnets: missing };
  if (trouble?.gaveUp === true) return { ...gaveUp(situation, start, trouble), action };
  const reason: Reason =
    action.kind === 'nothing' && trouble !== null
      ? { code: 'trying-again', problem: trouble.problem, retryAt: trouble.retryAt }
      : { code: 'lease-held', until };
  const decision = { ...look(situation, { state: 'starting', reason, intent: start }), action };
  // Asked twice, and seen neither time: long enough for AWS to show it, if there is anything.
  return current !== null && !isUsedUp && acceptedAt(current, record) !== null
    ? { ...decision, lookAgainAt: secondsAfter(now, acceptedInVainSeconds) }
    : decision;
}

function subnetsInvalid(situation: Readable, intent: Intent): Decision {
  const reason: Reason = { code: 'subnets-invalid', problems: situation.subnetProblems };
  return look(situation, { state: 'needs-attention', reason, intent, steady: true });
}

function decideUnheld(situation: Readable): Decision {
  const { associations, record } = situation;
  if (associations.length === 0) {
    if (situation.subnetProblems.length > 0) return subnetsInvalid(situation, noIntent);
    const reason: Reason = { code: 'nobody-needs-it' };
    return look(situation, { state: 'off', reason, intent: noIntent, steady: true });
  }
  const start = startUnderWay(situation);
  if (associations.some(({ status }) => status === 'associating')) {
    const intent = start ?? record.intent;
    return look(situation, { state: 'starting', reason: { code: 'associating' }, intent });
  }
  return start === null ? on(situation, record.intent) : decideRoutes(situation, start);
}

/** Every wanted network is associated; the start is over when its routes are back, too. */
function decideRoutes(situation: Readable, underWay: StartIntent): Decision {
  const { associations, now, observation, record } = situation;
  const found = new Map(observation.routes.map((route) => [routeKey(route), route]));
  const start = withoutDeleted(underWay, record, found);
  const wanted = start.routes.filter(({ subnetId }) =>
    associations.some((association) => association.subnetId === subnetId),
  );
  const missing = wanted.filter((route) => !found.has(routeKey(route)));
  const inCreation = observation.routes.filter(({ status }) => status === 'creating').length;
  const room = Math.max(0, mostRoutesInCreation - inCreation);
  // What went wrong with an association is no reason to keep routes waiting.
  const trouble =
    start.trouble?.problem.operation === 'CreateClientVpnRoute' ? start.trouble : null;
  const mayTry = trouble === null || trouble.retryAt <= now;
  const action: Action =
    missing.length > 0 && room > 0 && mayTry
      ? { kind: 'restore-routes', routes: missing.slice(0, room) }
      : nothing;

  const rows = wanted.map((route) => found.get(routeKey(route)));
  const failed = rows.filter((row) => row?.status === 'failed');
  const settled = rows.every((row) => row?.status === 'active' || row?.status === 'failed');
  const overdue = minutesAfter(start.since, longestRestoringMinutes) <= now;
  if (trouble?.gaveUp === true || (settled && failed.length > 0) || (overdue && !settled)) {
    const message =
      trouble?.problem.message ?? failed.map((row) => row?.message).find(Boolean) ?? '';
    const unrestored = rows.filter((row) => row?.status !== 'active').length;
    const reason: Reason = { code: 'routes-not-restored', failed: unrestored, message };
    const usable = on(situation, start);
    // It can be used, so it is stopped like any other; until then its trouble is what people read.
    if (usable.state === 'stopping') return usable;
    return { ...usable, state: 'needs-attention', reason, action };
  }
  if (settled) return on(situation, noIntent);
  const reason: Reason =
    trouble !== null && !mayTry
      ? { code: 'trying-again', problem: trouble.problem, retryAt: trouble.retryAt }
      : { code: 'restoring-routes' };
  return { ...look(situation, { state: 'starting', reason, intent: start }), action };
}

/** A route that AWS could not make, and that is gone now, was deleted by somebody who knew better. */
function withoutDeleted(
  start: StartIntent,
  { lastPass }: EndpointRecord,
  found: ReadonlyMap<string, unknown>,
): StartIntent {
  const failed = new Set(
    (lastPass?.seen?.routes ?? []).filter(({ status }) => status === 'failed').map(routeKey),
  );
  const routes = start.routes.filter(
    (route) => found.has(routeKey(route)) || !failed.has(routeKey(route)),
  );
  return { ...start, routes };
}

/** The endpoint can be used. What keeps it on, and if nothing does, since when. */
function on(situation: Readable, intent: Intent): Decision {
  const { associations, connected, leases, now, policy } = situation;
  const until = heldUntil(leases, now);
  const stay = (reason: Reason): Decision =>
    look(situation, {
      state: 'on',
      reason,
      intent: intent.kind === 'stop' ? noIntent : intent,
      steady: true,
    });
  if (until !== null) return stay({ code: 'kept-on-by-lease', until });
  if (connected > 0) return stay({ code: 'connected', connected });

  const since = idleSince(situation);
  const stopAt = minutesAfter(since, policy.idleGraceMinutes);
  if (stopAt > now) {
    const decision = stay({ code: 'idle-grace', stopAt });
    return stopAt < decision.lookAgainAt ? { ...decision, lookAgainAt: stopAt } : decision;
  }
  const begun = intent.kind === 'stop';
  const stop = look(situation, {
    state: 'stopping',
    reason: { code: 'idle', since },
    intent: begun ? intent : { kind: 'stop', since: now },
  });
  if (!situation.mayDisassociate) {
    // What the schedule has begun, and not brought to its end, is not kept on by a portal's look.
    if (begun) return asLastTold(situation, stop);
    const overdue = minutesAfter(stopAt, overdueAfterMinutes) <= now;
    return overdue
      ? { ...stay({ code: 'stop-overdue', since: stopAt }), state: 'needs-attention' }
      : stay({ code: 'idle-grace', stopAt });
  }
  const ids = associations.map(({ id }) => id);
  return { ...stop, action: { kind: 'disassociate', associations: ids, because: 'idle' } };
}

/** A stop that AWS refuses stays told, until whoever may try it again has tried. */
function asLastTold({ record }: Readable, stop: Decision): Decision {
  const { lastPass } = record;
  if (lastPass?.reason.code !== 'stop-failed') return stop;
  return { ...stop, state: lastPass.state, reason: lastPass.reason };
}

/**
 * Since when nobody has needed the endpoint: the latest of the last connection's end, the last
 * lease's end, and becoming *On*. An endpoint not seen *On* before begins its grace now; one whose
 * stop was begun has had it, so that a call that failed does not cost another one.
 */
function idleSince(situation: Readable): Date {
  const { leases, now, observation, policy, record } = situation;
  const { intent } = record;
  const earliest =
    intent.kind === 'stop' ? minutesAfter(intent.since, -policy.idleGraceMinutes) : now;
  const moments = [
    record.onSince ?? earliest,
    record.lastConnectedAt,
    record.lastReleaseAt,
    ...leases.filter((lease) => !isHeld(lease, now)).map((lease) => lease.until),
    ...observation.connections.map((connection) => connection.endedAt),
  ].filter((moment) => moment !== null);
  return new Date(Math.max(...moments.map((moment) => moment.getTime())));
}

/** The start under way; `null` where there is none, or where a new request revives one given up. */
function startOf({ record }: Readable): StartIntent | null {
  const { intent, lastRequestAt } = record;
  if (intent.kind !== 'start') return null;
  const revived =
    intent.trouble?.gaveUp === true && lastRequestAt !== null && lastRequestAt > intent.trouble.at;
  return revived ? null : intent;
}

/**
 * The start whose routes are to be put back: the one under way, or a new one where somebody else has
 * associated a network, whose routes AWS has dropped before, or a request revives one given up.
 */
function startUnderWay(situation: Readable): StartIntent | null {
  const { intent, lastPass } = situation.record;
  if (intent.kind === 'start') return startOf(situation) ?? newStart(situation, intent.origin);
  if (intent.kind === 'stop' && stopWasTooLate(situation)) return newStart(situation, 'lease');
  const before = lastPass?.seen?.associations;
  const adopted = situation.associations.some(
    ({ id }) => before?.every((seen) => seen.id !== id || seen.status !== 'associated') ?? false,
  );
  return adopted ? newStart(situation, 'outside') : null;
}

/**
 * The endpoint is needed again, and what should be there is not: the stop has begun to take it away,
 * or it has cut a start short. To call that *On* would be to forget the routes.
 */
function stopWasTooLate(situation: Readable): boolean {
  const { associations, connected, leases, now, observation, record } = situation;
  if (connected === 0 && heldUntil(leases, now) === null) return false;
  const here = new Set(associations.map(({ subnetId }) => subnetId));
  const found = new Set(observation.routes.map(routeKey));
  const remembered = record.rememberedRoutes ?? [];
  return remembered.some((each) => here.has(each.subnetId) && !found.has(routeKey(each)));
}

function newStart(situation: Readable, origin: StartIntent['origin']): StartIntent {
  return {
    kind: 'start',
    id: situation.newStartId,
    since: situation.now,
    origin,
    routes: situation.record.rememberedRoutes ?? [],
    round: 1,
    failedAssociations: [],
    trouble: null,
  };
}

function look(
  situation: Pick<Situation, 'now'>,
  seen: { state: EndpointState; reason: Reason; intent: Intent; steady?: boolean },
): Decision {
  const { state, reason, intent, steady = false } = seen;
  const seconds = steady ? steadyPassSeconds : passSpacingSeconds;
  return {
    action: nothing,
    state,
    reason,
    intent,
    lookAgainAt: secondsAfter(situation.now, seconds),
  };
}
