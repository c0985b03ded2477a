import type { EndpointRecord } from '../../../src/lease/endpoint-record.ts';
import type { NewProperty } from './property.ts';

const byItself = /^(?:idle|held-off|latest-hour)(?:,|$)/;

/**
 * Beside the seven: a pass that was begun after an administrator had paused the stopping takes no
 * network away for want of use, for a hold-off, or for the latest hour, before that pause is over.
 */
export const aPauseIsHonoured: NewProperty = ({ audited, count, pauses, trails, violated }) => ({
  name: '11: a pause is honoured',
  observe(step) {
    if (step.kind === 'effect' && step.call.operation === 'record-pass') {
      if (isRecord(step.answer) && step.answer.lastPass?.reason.code === 'stopping-paused') {
        count('passes that waited for a pause');
      }
    }
    if (step.kind !== 'requested' || step.call.operation !== 'disassociate') return;
    const pause = pauses.standing();
    const claimedAt = trails.of(step.call.process)?.claimedAt ?? 0;
    if (pause === null || claimedAt < pause.at.getTime()) return;
    // It stands there before AWS is asked, and a pass has the endpoint to itself.
    const why = audited().findLast(
      ({ action, outcome }) => action === 'disassociate' && outcome === 'begun',
    );
    if (byItself.test(why?.detail ?? '')) {
      violated(`${why?.detail ?? ''} takes a network away during a pause`);
    } else count('stops during a pause');
  },
});

function isRecord(answer: unknown): answer is EndpointRecord {
  return typeof answer === 'object' && answer !== null && 'lastPass' in answer;
}
