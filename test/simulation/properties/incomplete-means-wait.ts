import { isReading } from '../trails.ts';
import type { NewProperty } from './property.ts';

/**
 * 2. Nothing is decided from an incomplete reading: once AWS has refused, or not answered, any
 * reading of a pass, that pass asks AWS for no change, writes no intent that was not there before,
 * and learns no routes. What counts is what came over the wire, not what the pass made of it.
 *
 * By the number of authorization rules nothing is decided: where they could not be read, the last
 * number stands.
 */
export const incompleteMeansWait: NewProperty = ({ trails, truth, violated }) => ({
  name: '2: an incomplete reading means wait',
  observe(step) {
    if (step.kind === 'requested') {
      const trail = trails.of(step.call.process);
      if (trail === null || trail.failedReading === null) return;
      const { operation, service, table } = step.call;
      // Who is connected was read before, and completely; an administrator wants one of them ended.
      const isWished = operation === 'terminate-connection' && trail.failedSecondLook;
      if (service === 'ec2' && !isReading(step.call) && !isWished) {
        violated(`${operation} is asked for, although ${trail.failedReading} has failed`);
      }
      if (operation === 'write-intent') {
        violated(
          `an intent (${table?.intent?.kind ?? ''}) is written, although ${trail.failedReading} has failed`,
        );
      }
    } else if (step.kind === 'effect' && step.call.operation === 'record-pass') {
      const trail = trails.of(step.call.process);
      if (trail === null || step.error !== null || step.answer === null) return;
      if (trail.failedRules && truth.record().rulesCheck !== trail.record.rulesCheck) {
        violated('a number of authorization rules is recorded that AWS has not told');
      }
      if (trail.failedReading === null) return;
      // The second look may fail after a complete reading, from which learning is right.
      if (trail.stopIntentAt !== null) return;
      if (truth.record().rememberedRoutes !== trail.record.rememberedRoutes) {
        violated(`routes are learned, although ${trail.failedReading} has failed`);
      }
    }
  },
});
