import { reconcilerAccessKeyId } from '../../local/access-keys.ts';
import type { RecordedCall } from '../../local/ec2/ec2-stand-in.ts';
import type { Clock } from '../../../src/clock.ts';
import type { Journal } from '../journal.ts';
import type { Laptops, Session } from '../laptops.ts';
import { minuteMs } from '../moments.ts';
import type { NetworksOfPlace } from '../networks.ts';
import type { Promises } from '../promises.ts';
import type { Place } from '../town.ts';

/** The connections that AWS has answered with. */
interface Look {
  readonly at: number;
  readonly sessions: readonly Session[];
}

/**
 * Nobody is cut off, and nothing is taken away that somebody was promised. Held against every call that
 * takes a healthy network away, in the moment in which it has its effect:
 *
 * - It is the schedule's: a portal never disassociates.
 * - No lease stands of which its owner was told before the run began, and no hold-on that an
 *   administrator was told of by then. One that comes in between loses this stop, and gains the next start.
 * - The connections were read since the run began. Nobody who is cut off was connected when AWS answered
 *   that, but those whose laptop was silent for as long as the endpoint says. Whoever connects after AWS
 *   has looked is invisible to everybody but AWS; such people are counted.
 * - An administrator's stop, asked for since the endpoint is on, takes precedence over all of it but the
 *   first; and a pause that an administrator was told of before the run is not passed over otherwise.
 */
export function createCutOffCheck(deps: {
  readonly place: Place;
  readonly promises: Promises;
  readonly laptops: Laptops;
  readonly clock: Clock;
  readonly journal: Journal;
  /** When the first of the runs began that may have made a call now. */
  readonly runBegan: () => number;
  /** Since when an administrator knows that the stopping is paused; `Infinity` where it may not be. */
  readonly pausedSince: () => number;
}) {
  const { clock, journal, laptops, place, promises } = deps;
  const promise = 'nobody is cut off';
  let look: Look | null = null;

  const now = (): number => clock.now().getTime();
  const connected = (): readonly Session[] =>
    laptops.all().filter(({ endpointId }) => endpointId === place.id);

  function wasSilent({ silentSince }: Session, at: number): boolean {
    const { silentMinutes } = place;
    if (silentMinutes === null || silentSince === null) return false;
    return silentSince + silentMinutes * minuteMs <= at;
  }

  function whenTaken(call: RecordedCall, before: NetworksOfPlace): void {
    if (call.accessKeyId !== reconcilerAccessKeyId) {
      journal.violated(promise, `a portal takes a network of ${place.name} away`);
    }
    const isOrdered = promises.stopAskedAt() > (before.onSince ?? Infinity);
    journal.count(isOrdered ? 'networks taken away, as ordered' : 'networks taken away');
    if (isOrdered) return;
    const began = deps.runBegan();
    const lease = promises.toldHeld().find(({ toldAt }) => toldAt < began);
    if (lease !== undefined) {
      journal.violated(
        promise,
        `a network of ${place.name} is taken away, although ${lease.person} holds a lease until ${new Date(lease.until).toISOString()}`,
      );
    }
    const hold = promises.toldHoldOn();
    if (hold !== null && hold.toldAt < began) {
      journal.violated(promise, `a network of ${place.name} is taken away, although it is held on`);
    }
    if (deps.pausedSince() < began) {
      journal.violated(promise, `a network of ${place.name} is taken away during a pause`);
    }
    if (look === null || look.at < began) {
      journal.violated(promise, `a network of ${place.name} is taken away without a look`);
      return;
    }
    const others = before.associations.filter(
      ({ id, status }) => id !== call.parameters['AssociationId'] && status === 'associated',
    );
    if (others.length > 0) return;
    for (const session of connected()) {
      if (!look.sessions.some(({ connectionId }) => connectionId === session.connectionId)) {
        journal.count('cut off: connected after AWS had looked');
      } else if (wasSilent(session, look.at)) journal.count('cut off: silent');
      else {
        journal.violated(
          promise,
          `${session.person} is cut off from ${place.name}, and was connected when AWS answered`,
        );
      }
    }
  }

  return {
    /** @param before the networks as they were before the call */
    afterCall(call: RecordedCall, before: NetworksOfPlace, after: NetworksOfPlace): void {
      if (call.action === 'DescribeClientVpnConnections') {
        if (call.outcome === 'succeeded' && call.accessKeyId === reconcilerAccessKeyId) {
          look = { at: now(), sessions: connected() };
        }
      } else if (call.action === 'DisassociateClientVpnTargetNetwork') {
        const id = call.parameters['AssociationId'];
        const was = before.associations.find((each) => each.id === id)?.status;
        const is = after.associations.find((each) => each.id === id)?.status;
        // Whatever was answered: what counts is what has happened.
        if (was === 'associated' && is !== 'associated') whenTaken(call, before);
      }
    },
  };
}
