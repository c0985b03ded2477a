import type { Step } from './call.ts';
import type { Moment } from './scenario.ts';
import type { Trails } from './trails.ts';
import type { Truth } from './truth.ts';

/** The point that a step brings somebody to; `null` where it is none of the worst. */
export function momentOf(step: Step, trails: Trails, truth: Truth): Moment | null {
  if (step.kind !== 'requested' && step.kind !== 'effect') return null;
  const { call } = step;
  const { operation } = call;
  const asked = step.kind === 'requested';
  if (operation === 'write-intent') {
    if (call.table?.intent?.kind !== 'stop') return null;
    return asked ? 'stop-intent-asked-for' : 'stop-intent-written';
  }
  if (operation === 'list-connections') {
    if (typeof trails.of(call.process)?.stopIntentAt === 'number') {
      return asked ? 'second-look-asked-for' : 'second-look-read';
    }
    return !asked && isDueToStop(truth) ? 'idle-and-read' : null;
  }
  if (operation === 'disassociate') return asked ? 'stop-asked-for' : 'stop-begun';
  if (asked) return null;
  if (operation === 'associate') return 'associated-once';
  return operation === 'create-route' ? 'routes-in-creation' : null;
}

function isDueToStop(truth: Truth): boolean {
  const reason = truth.record().lastPass?.reason;
  return reason?.code === 'idle-grace' && reason.stopAt.getTime() <= truth.now();
}
