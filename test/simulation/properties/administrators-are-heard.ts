import { leasesCount } from '../../../src/lease/hold.ts';
import { isHeld } from '../../../src/lease/lease.ts';
import type { Step } from '../call.ts';
import type { NewProperty } from './property.ts';

/** One more than of a stop: two may find that a portal has just passed, because somebody asked. */
const mostRuns = 4;
const wordsOfPeople: ReadonlySet<string> = new Set([
  'extend-lease',
  'note-request',
  'request-stop',
]);

/**
 * Beside the seven: what an administrator was told is so.
 *
 * - Every act of which they were told what came of it is in the audit, under their name.
 * - A hold that they were told of counts, where they have said the last word on holds and nobody has
 *   asked for a stop since they began to ask.
 * - A lease that was in the table when somebody began to ask for a stop does not count any more, once
 *   that is in the table, too; and never again.
 * - A connection that they were told would be ended is gone, or AWS was asked to end it, after four
 *   runs of the schedule with nothing going wrong.
 */
export const administratorsAreHeard: NewProperty = ({ audited, count, truth, violated }) => {
  const { sessions, wishes } = truth;
  const toEnd = new Map<string, { readonly since: number; readonly runs: number }>();

  function whenTold(step: Extract<Step, { kind: 'act-told' }>): void {
    const { action, connectionId, outcome, process } = step;
    count(`${action}: ${outcome}`);
    const who = process.personId ?? '';
    const isAudited = audited().some(
      (entry) =>
        entry.actor.id === who &&
        entry.action === action &&
        entry.outcome === outcome &&
        entry.at.getTime() === process.startedAt,
    );
    if (!isAudited) violated(`${action} by ${who} is not in the audit`);
    if (outcome !== 'recorded') return;
    if (connectionId !== null) toEnd.set(connectionId, { since: truth.now(), runs: 0 });
    if (action === 'hold' && wishes.hasLastWord(process) && truth.hold()?.by.id !== who) {
      violated(`${who} is told of a hold, and it does not count`);
    }
  }

  function whenRun(startedAt: number): void {
    for (const [connectionId, { runs, since }] of toEnd) {
      if (!sessions.all().some((session) => session.connectionId === connectionId)) {
        toEnd.delete(connectionId);
      } else if (startedAt >= Math.max(since, truth.disturbedAt())) {
        toEnd.set(connectionId, { since, runs: runs + 1 });
        if (runs + 1 >= mostRuns) violated(`${connectionId} is to be ended, and is still there`);
      }
    }
  }

  return {
    name: '8: administrators are heard',
    observe(step) {
      if (step.kind === 'act-told') whenTold(step);
      else if (step.kind === 'calm-run') whenRun(step.startedAt);
      else if (step.kind === 'effect' && step.call.operation === 'terminate-connection') {
        if (step.error === null) {
          toEnd.delete(step.call.ec2?.connectionId ?? '');
          count('connections that were ended');
        }
      } else if (step.kind === 'effect' && wordsOfPeople.has(step.call.operation)) {
        const asOf = leasesCount(truth.record(), new Date(truth.now()));
        for (const lease of wishes.certainlyVoid()) {
          if (isHeld(lease, asOf)) violated(`the lease of ${lease.personId} counts after a stop`);
        }
      }
    },
  };
};
