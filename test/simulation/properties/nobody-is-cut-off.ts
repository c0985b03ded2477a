import type { Call } from '../call.ts';
import type { Session } from '../sessions.ts';
import type { NewProperty } from './property.ts';
import { minuteMs } from './property.ts';

const looksLastMs = 2_000;

/**
 * 1. No disassociation is requested while a connection is active, a lease is held or a hold-on
 * stands, as far as anything AWS or the store had answered by then, and the connections are read
 * again right before the call.
 *
 * In detail, for every association that is healthy (a failed one carries nobody):
 *
 * - The intent to stop is never written while a lease stands in the table of which its owner may be
 *   told yes, that is, whose revision was raised, or a hold-on that counts. One that comes after the
 *   intent loses the race for this stop, and gains the next start (property 3). A lease does not
 *   stand where a hold-off stood when the pass began, or where a stop was asked for after it.
 * - A pass asks for the disassociation only after its own intent to stop was confirmed as written,
 *   the connections were asked for after that, AWS has answered them, and the answer shows nobody who
 *   counts: where the endpoint says so, whoever has been silent for as long as it says is nobody. The
 *   record and the leases were read again after that, too, and by what they said nobody wanted it on.
 *   The answer is less than two seconds old, before each of several disassociations.
 * - Nobody who is cut off was connected, and not silent for too long, at the time of the state that
 *   the second look was answered from. That is the strongest form that can be true: whoever connects
 *   after AWS has looked, or within the 30 seconds by which AWS's answer may be old, is invisible to
 *   everybody but AWS, which has no conditional disassociation. Such people are counted, not
 *   forbidden; so are those whose counters begin to move again after AWS has looked.
 * - Where a client connect handler lets people in, that is not so for them: whoever it has let in
 *   after it had noted it in the table is not cut off at all, neither while the connection is being
 *   set up, nor connected, nor before AWS lists it. Whom its setting lets in while the table fails is
 *   as invisible as anybody without a handler.
 * - Without a second look, and whoever is connected, only what was ordered is stopped: by an
 *   administrator's stop, or by the latest hour where it cuts people off, of what was on by then and
 *   nobody has asked for since, as far as a pass could have seen it.
 * - A connection is ended only where an administrator has asked for that.
 */
export const nobodyIsCutOff: NewProperty = ({ count, orders, trails, truth, violated }) => {
  const { sessions, setUp, wishes } = truth;

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
    const { secondLook, stopIntentAt, wantedAtSecondLoad } = trail;
    if (stopIntentAt === null) {
      violated('a disassociation is asked for without an intent to stop');
      return;
    }
    if (secondLook === null && orders.mayStand()) {
      count('ordered disassociations');
      return;
    }
    if (secondLook === null) violated('a disassociation is asked for without a second look');
    else if (secondLook.connected > 0 && setUp.silentMinutes === null) {
      violated(`a disassociation is asked for although ${secondLook.connected} were connected`);
    } else if (truth.now() - secondLook.at >= looksLastMs) {
      violated('a disassociation is asked for on a look that is two seconds old');
    }
    if (wantedAtSecondLoad === null) {
      violated('a disassociation is asked for without another look at the leases');
    } else if (wantedAtSecondLoad) {
      violated('a disassociation is asked for although the pass has read that it is wanted');
    }
  }

  /** Whether its counters had stood still by then for as long as the endpoint says. */
  function wasSilent(session: Session, asOf: number, judgedAt: number): boolean {
    if (setUp.silentMinutes === null) return false;
    const silence = session.silences.find(
      ({ from, to }) => from <= asOf && (to === null || to >= asOf),
    );
    return silence !== undefined && silence.from + setUp.silentMinutes * minuteMs <= judgedAt;
  }

  function beforeItHappens(call: Call): void {
    if (!isHealthy(call)) return;
    const others = truth
      .associations()
      .filter(({ id, status }) => id !== call.ec2?.associationId && status === 'associated');
    if (others.length > 0) return;
    const secondLook = trails.of(call.process)?.secondLook ?? null;
    for (const person of sessions.beingSetUp()) {
      if (secondLook === null) count('cut off while being set up: as ordered');
      else violated(`${person} was let in, and is cut off before being connected`);
    }
    for (const session of sessions.all()) {
      if (secondLook === null) count('cut off: as ordered');
      else if (session.from >= secondLook.asOf && session.letIn) {
        violated(`${session.person} was let in, and is cut off right after connecting`);
      } else if (session.from >= secondLook.asOf) count('cut off: connected after AWS had looked');
      else if (wasSilent(session, secondLook.asOf, secondLook.at)) count('cut off: silent');
      else violated(`${session.person} is cut off, and was connected when AWS answered`);
    }
  }

  function whenIntentIsWritten(call: Call): void {
    const [lease] = wishes.confirmedHeld();
    const wasHeldOff = trails.of(call.process)?.heldOff === true;
    if (lease !== undefined && !wasHeldOff) {
      violated(`the intent to stop is written while ${lease.personId} holds a lease`);
    }
    const hold = truth.hold();
    if (hold?.kind === 'on') {
      violated(`the intent to stop is written while ${hold.by.name} holds it on`);
    }
  }

  return {
    name: '1: nobody is cut off',
    observe(step) {
      if (step.kind !== 'requested' && step.kind !== 'before' && step.kind !== 'effect') return;
      const { call, kind } = step;
      if (call.operation === 'disassociate') {
        if (kind === 'requested') whenAskedFor(call);
        else if (kind === 'before') beforeItHappens(call);
      } else if (call.operation === 'terminate-connection') {
        if (kind === 'requested' && !wishes.toBeEnded(call.ec2?.connectionId)) {
          violated(`a connection is ended that nobody wants ended`);
        }
      } else if (kind === 'effect' && step.error === null && call.table?.intent?.kind === 'stop') {
        whenIntentIsWritten(call);
      }
    },
  };
};
