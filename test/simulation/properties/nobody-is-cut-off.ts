import type { Call } from '../call.ts';
import type { NewProperty } from './property.ts';

/**
 * 1. No disassociation is requested while a connection is active or a lease is held, as far as
 * anything AWS or the store had answered by then, and the connections are read again right before.
 *
 * In detail, for every association that is healthy (a failed one carries nobody):
 *
 * - The intent to stop is never written while a lease stands in the table of which its owner may be
 *   told yes, that is, whose revision was raised. A lease that comes after the intent loses the race
 *   for this stop, and gains the next start (property 3).
 * - A pass asks for the disassociation only after its own intent to stop was confirmed as written,
 *   the connections were asked for after that, AWS has answered them, and the answer shows nobody.
 *   The leases were read again after that, too, and none of them is held at the moment of asking.
 * - Nobody who is cut off was connected at the time of the state that the second look was answered
 *   from. That is the strongest form that can be true: whoever connects after AWS has looked, or
 *   within the 30 seconds by which AWS's answer may be old, is invisible to everybody but AWS, which
 *   has no conditional disassociation. Such people are counted, not forbidden.
 *
 * Holds of administrators join the leases here once there are any.
 */
export const nobodyIsCutOff: NewProperty = ({ count, trails, truth, violated }) => {
  function isHealthy(call: Call): boolean {
    const target = truth.associations().find(({ id }) => id === call.ec2?.associationId);
    return target?.status === 'associated' || target?.status === 'associating';
  }

  function whenAskedFor(call: Call): void {
    if (!isHealthy(call)) return;
    const trail = trails.of(call.process);
    if (trail === null) {
      violated('a disassociation is asked for outside of any pass');
      return;
    }
    const { leases, leasesReadAgain, secondLook, stopIntentAt } = trail;
    if (stopIntentAt === null) violated('a disassociation is asked for without an intent to stop');
    else if (secondLook === null) violated('a disassociation is asked for without a second look');
    else if (secondLook.connected > 0) {
      violated(`a disassociation is asked for although ${secondLook.connected} were connected`);
    }
    const now = new Date(truth.now());
    if (!leasesReadAgain)
      violated('a disassociation is asked for without another look at the leases');
    else if (leases?.some(({ until }) => until > now) === true) {
      violated('a disassociation is asked for although the pass has read a held lease');
    }
  }

  function beforeItHappens(call: Call): void {
    const secondLook = trails.of(call.process)?.secondLook ?? null;
    if (!isHealthy(call) || secondLook === null) return;
    const others = truth
      .associations()
      .filter(({ id, status }) => id !== call.ec2?.associationId && status === 'associated');
    if (others.length > 0) return;
    for (const session of truth.sessions()) {
      if (session.from < secondLook.asOf) {
        violated(`${session.person} is cut off, and was connected when AWS answered`);
      } else count('cut off: connected after AWS had looked');
    }
  }

  return {
    name: '1: nobody is cut off',
    observe(step) {
      if (step.kind === 'requested' && step.call.operation === 'disassociate') {
        whenAskedFor(step.call);
      } else if (step.kind === 'before' && step.call.operation === 'disassociate') {
        beforeItHappens(step.call);
      } else if (
        step.kind === 'effect' &&
        step.error === null &&
        step.call.table?.intent?.kind === 'stop'
      ) {
        const [lease] = truth.confirmedHeld();
        if (lease !== undefined) {
          violated(`the intent to stop is written while ${lease.personId} holds a lease`);
        }
      }
    },
  };
};
