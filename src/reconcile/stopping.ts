import { minutesAfter } from '../clock.ts';
import { isOfBefore, orderedStop } from '../lease/endpoint-record.ts';
import type { EndpointRecord, Intent } from '../lease/endpoint-record.ts';
import { heldOff } from '../lease/hold.ts';
import type { Reason } from '../lease/reason.ts';
import type { Association } from '../vpn/association.ts';
import type { AssociationId } from '../vpn/ids.ts';
import { lastLatestHour } from '../vpn/latest-hour.ts';
import type { CompleteObservation } from '../vpn/observation.ts';
import type { Decision, Situation, StopCause } from './decision.ts';
import { look } from './decision.ts';
import { lastNeededAt, settingUpUntil } from './readable.ts';
import type { Readable } from './readable.ts';

/** The schedule comes every minute; when it has not for so long, somebody should look. */
const overdueAfterMinutes = 5;
/** At a time, on one endpoint. Source: AWS Client VPN Administrator Guide, "Client VPN quotas". */
const mostOperations = 10;

/**
 * The latest hour cuts people off when it comes, as they were warned, or not at all: not in the
 * morning, when a hold ends, a tag is set, or a schedule that was down comes back.
 */
const cutsOffForMinutes = 15;
/** Routes that AWS does not finish for so long do not keep an endpoint on, at AWS's price. */
const waitsForRoutesMinutes = 60;

interface Stop {
  readonly because: StopCause;
  readonly reason: Reason;
  /** Since when it could have been begun. */
  readonly dueAt: Date;
  /** What a portal says before the schedule has begun. */
  readonly untilBegun: Decision;
  /** What stands in the record, or what the decision has made of it. */
  readonly intent: Intent;
}

type Stoppable = Pick<Situation, 'mayDisassociate' | 'now' | 'record'> & {
  readonly associations: readonly Association[];
  readonly observation: CompleteObservation;
};

/**
 * A stop that was begun before goes on under its first intent. Only the schedule may act on it; and
 * what is on its way it waits for.
 */
export function stop(situation: Stoppable, wanted: Stop): Decision {
  const { mayDisassociate, now, record } = situation;
  const { because, dueAt, intent, reason, untilBegun } = wanted;
  const begun = intent.kind === 'stop';
  const stopping = look(situation, {
    state: 'stopping',
    reason,
    intent: begun ? intent : { kind: 'stop', since: now },
  });
  const ids = removable(situation);
  if (mayDisassociate) {
    if (ids.length === 0) return stopping;
    return { ...stopping, action: { kind: 'disassociate', associations: ids, because } };
  }
  // What the schedule has begun, and not brought to its end, is not kept on by a portal's look.
  if (begun) return asLastTold(record, stopping);
  if (ids.length === 0) return untilBegun;
  const overdue = minutesAfter(dueAt, overdueAfterMinutes) <= now;
  if (!overdue) return untilBegun;
  return {
    ...untilBegun,
    state: 'needs-attention',
    reason: { code: 'stop-overdue', since: dueAt },
  };
}

/**
 * AWS refuses to take away a network that is on its way, in whichever direction, and whatever is
 * more than it does at a time: what is left then goes after the others.
 */
function removable(situation: Stoppable): readonly AssociationId[] {
  const { associations, now, observation, record } = situation;
  const isSettled = ({ status }: Association): boolean =>
    status === 'associated' || status === 'association-failed';
  const settled = associations.filter(isSettled);
  const inCreation = observation.routes.filter(({ status }) => status === 'creating').length;
  const room = mostOperations - inCreation - (associations.length - settled.length);
  const { intent } = record;
  const isStuck =
    intent.kind === 'stop' && minutesAfter(intent.since, waitsForRoutesMinutes) <= now;
  return settled.slice(0, Math.max(isStuck ? 1 : 0, room)).map(({ id }) => id);
}

/** A stop that AWS refuses stays told, until whoever may try it again has tried. */
function asLastTold({ lastPass }: EndpointRecord, stopping: Decision): Decision {
  if (lastPass?.reason.code !== 'stop-failed') return stopping;
  return { ...stopping, state: 'needs-attention', reason: lastPass.reason };
}

/**
 * Stops what a hold-off, or the latest hour, wants stopped: before anything that would keep it on,
 * and at the hour only what was on by then. `null` where neither wants that. It comes by itself, so
 * a pause keeps it waiting.
 *
 * @param situation of an endpoint that has networks, and that no lease and no hold wants on
 */
export function decideStandingOrder(situation: Readable): Decision | null {
  const { hold, inUse, now, policy, record } = situation;
  const settingUp = settingUpUntil(record);
  const isSettingUp = settingUp !== null && settingUp > now;
  if (hold?.kind === 'off' && inUse === 0 && !isSettingUp) {
    const dueAt = orLastNeeded(situation, hold.at);
    return ordered(situation, { because: 'held-off', reason: heldOff(hold), dueAt });
  }
  const { latestHour, latestHourCutsOff } = policy;
  if (latestHour === null || !latestHourCutsOff) return null;
  const at = lastLatestHour(latestHour, now);
  const isPast = minutesAfter(at, cutsOffForMinutes) <= now;
  if (isPast || !isOfBefore(record, at)) return null;
  return ordered(situation, {
    because: 'latest-hour',
    reason: { code: 'latest-hour', at },
    dueAt: orLastNeeded(situation, at),
  });
}

/** A stop that had to wait for somebody is due when they have gone. */
function orLastNeeded(situation: Readable, orderedAt: Date): Date {
  const neededAt = lastNeededAt(situation);
  return neededAt !== null && neededAt > orderedAt ? neededAt : orderedAt;
}

/** The stop that an administrator has asked for, of what was on by then; `null` where there is none. */
export function decideRequestedStop(situation: Stoppable): Decision | null {
  const request = orderedStop(situation.record);
  if (request === null) return null;
  const reason: Reason = { code: 'stopped-by-an-administrator', by: request.by.name };
  return ordered(situation, { because: 'requested', reason, dueAt: request.at });
}

/** People read that it is stopping from the moment that it was said, whoever carries it out. */
function ordered(
  situation: Stoppable,
  order: Pick<Stop, 'because' | 'reason' | 'dueAt'>,
): Decision {
  const { intent } = situation.record;
  const untilBegun = look(situation, { state: 'stopping', reason: order.reason, intent });
  return stop(situation, { ...order, untilBegun, intent });
}
