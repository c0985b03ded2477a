import { secondsAfter } from '../clock.ts';
import { noIntent } from '../lease/endpoint-record.ts';
import type { Intent } from '../lease/endpoint-record.ts';
import { heldOff, wantedOn } from '../lease/hold.ts';
import type { Reason } from '../lease/reason.ts';
import type { Association } from '../vpn/association.ts';
import type { SubnetId } from '../vpn/ids.ts';
import type { CompleteObservation } from '../vpn/observation.ts';
import type { Action, Decision, Situation } from './decision.ts';
import { look, nothing } from './decision.ts';
import { usable } from './keeping-on.ts';
import { whyItWaits } from './pausing.ts';
import type { Readable } from './readable.ts';
import { presentAssociations, readable } from './readable.ts';
import { decideRoutes } from './restoring.ts';
import { gaveUp, newStart, startOf, startUnderWay, stopLeftGaps } from './start.ts';
import { decideRequestedStop, decideStandingOrder } from './stopping.ts';
import { associationFailure, troubleWithAssociations, withFailedAssociations } from './trouble.ts';
import { acceptedInVainSeconds, acceptedAt, tokenIsUsedUp } from './used-up-token.ts';

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
    return (
      requestedWithoutPolicy(situation, observation) ??
      look(situation, {
        state: 'needs-attention',
        reason: { code: 'policy-invalid', problems: policy.problems },
        intent: record.intent,
        steady: true,
      })
    );
  }
  return decideReadable(readable(situation, observation, policy.policy));
}

/** Broken tags say nothing of when to stop; an administrator who says so is followed all the same. */
function requestedWithoutPolicy(
  situation: Situation,
  observation: CompleteObservation,
): Decision | null {
  const associations = presentAssociations(observation);
  const { leases, now, record } = situation;
  if (associations.length === 0 || wantedOn(record, leases, now) !== null) return null;
  return decideRequestedStop({ ...situation, associations, observation });
}

function decideReadable(situation: Readable): Decision {
  const { associations, until } = situation;
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
  const trouble = start === null ? null : troubleWithAssociations(start);
  if (start !== null && trouble?.gaveUp === true) return gaveUp(situation, start, trouble);
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
  const trouble = troubleWithAssociations(start);
  if (trouble?.gaveUp === true) return { ...gaveUp(situation, start, trouble), action };
  const message = associationFailure(failed).message;
  const reason: Reason = { code: 'removing-a-failed-association', message };
  return { ...look(situation, { state: 'starting', reason, intent: start }), action };
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
  return start === null ? usable(situation, noIntent) : decideRoutes(situation, start);
}

function decideMissing(situation: Readable, missing: readonly SubnetId[], until: Date): Decision {
  const { now, record } = situation;
  if (situation.subnetProblems.length > 0) return subnetsInvalid(situation, record.intent);
  const current = startOf(situation);
  const isUsedUp = current !== null && tokenIsUsedUp(current, record, missing, now);
  const start =
    current === null
      ? newStart(situation, 'lease')
      : isUsedUp
        ? { ...current, round: current.round + 1, roundAt: now }
        : current;
  const trouble = troubleWithAssociations(start);
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
  const { associations, hold } = situation;
  if (associations.length === 0) {
    if (situation.subnetProblems.length > 0) return subnetsInvalid(situation, noIntent);
    const reason: Reason = hold?.kind === 'off' ? heldOff(hold) : { code: 'nobody-needs-it' };
    return look(situation, { state: 'off', reason, intent: noIntent, steady: true });
  }
  const requested = decideRequestedStop(situation);
  if (requested !== null) return requested;
  const ordered = decideStandingOrder(situation);
  if (ordered === null) return decideUnneeded(situation);
  const waits = whyItWaits(situation.pausing);
  if (waits === null) return ordered;
  // As if there were no such order: a start goes on, and what people read of it, too.
  const otherwise = decideUnneeded(situation);
  return otherwise.state === 'on' ? { ...otherwise, reason: waits } : otherwise;
}

/** Networks are there, and neither a wish nor an order is. */
function decideUnneeded(situation: Readable): Decision {
  const { associations, record } = situation;
  const start = startUnderWay(situation);
  if (associations.some(({ status }) => status === 'associating')) {
    const intent = start ?? record.intent;
    return look(situation, { state: 'starting', reason: { code: 'associating' }, intent });
  }
  if (start !== null) return decideRoutes(situation, start);
  const decision = usable(situation, record.intent);
  // A hold-off, or a latest hour, has ended before its stop has: nobody has to ask for the routes.
  return decision.state === 'on' && stopLeftGaps(situation)
    ? decideRoutes(situation, newStart(situation, 'lease'))
    : decision;
}
