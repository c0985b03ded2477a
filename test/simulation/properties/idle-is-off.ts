import type { NewProperty } from './property.ts';
import { minuteMs } from './property.ts';

const mostRuns = 3;
/** For so long a client that was let in counts as being there, whatever the grace. */
const setUpMs = 2 * minuteMs;

/**
 * 4. An endpoint idle for its grace is off, at the latest three passes after AWS lets it.
 *
 * In detail: let nobody hold a lease in the table, no hold-on stand, and nobody be connected. The
 * grace counts from the end of the last scheduled run that found the endpoint on after the last
 * lease, the last hold, the last connection, the last change of a network or a route, and the last
 * time that something went wrong; the first such run is what sees it. Of the scheduled runs that
 * begin after the grace, with nothing going wrong, the third leaves no network associated. Passes are
 * counted by runs of the schedule, because only the schedule may disassociate: passes of the portals
 * in between must not delay it. While a network is still associating, which AWS does not let anybody
 * take back, nothing is due.
 *
 * - Leases and a hold-on that were there when an administrator asked for a stop are none, and while a
 *   hold-off stands no lease is one.
 * - Whoever has been silent for as long as the endpoint says, and two passes longer, is nobody.
 * - While a hold-off stands there is no grace.
 * - While stopping is paused nothing is due.
 * - A client that was let in counts as being there for two minutes, whether it then connects or not.
 * - Where a stop was ordered of what was told to be on, by an administrator or by a latest hour that
 *   cuts people off, and nobody has asked since, there is no grace, and whoever is connected is
 *   nobody.
 */
export const idleIsOff: NewProperty = ({ orders, pauses, truth, violated }) => {
  const { sessions, wishes } = truth;
  let since = 0;
  let seenAt: number | null = null;
  let runs = 0;

  function isOn(): boolean {
    const statuses = truth.associations().map(({ status }) => status);
    return statuses.includes('associated') && !statuses.includes('associating');
  }

  /** Since when nothing keeps it on, and for how long that is all right. */
  function due(): {
    readonly since: number;
    readonly graceMs: number;
    readonly why: string;
  } | null {
    if (pauses.standing() !== null) return null;
    if (!isOn() || wishes.maybeHeld().length > 0 || wishes.maybeHeldOn() !== null) return null;
    const changed = Math.max(
      truth.changedAt(),
      truth.disturbedAt(),
      wishes.lastChangedAt(),
      pauses.changedAt(),
    );
    const orderedAt = orders.standsSince();
    if (orderedAt !== null) {
      return { since: Math.max(changed, orderedAt), graceMs: 0, why: 'ordered off' };
    }
    if (sessions.inUse().length > 0) return null;
    const isHeldOff = truth.hold()?.kind === 'off';
    const graceMs = isHeldOff ? 0 : truth.setUp.idleGraceMinutes * minuteMs;
    const letIn = sessions.lastLetInAt() + Math.max(0, setUpMs - graceMs);
    const unused = Math.max(changed, sessions.lastUsedAt(), letIn);
    if (isHeldOff) return { since: unused, graceMs, why: 'held off' };
    return { since: unused, graceMs, why: `idle, with a grace of ${graceMs / minuteMs} minutes,` };
  }

  return {
    name: '4: idle is off',
    observe(step) {
      if (step.kind !== 'calm-run') return;
      const idle = due();
      if (idle === null) {
        seenAt = null;
        return;
      }
      if (seenAt === null || idle.since !== since) {
        // Only a run that began after all of that has seen it.
        if (step.startedAt < idle.since) return;
        since = idle.since;
        seenAt = truth.now();
        runs = 0;
        return;
      }
      if (step.startedAt < seenAt + idle.graceMs) return;
      runs += 1;
      if (runs >= mostRuns) {
        violated(`${idle.why} since ${new Date(since).toISOString()}, and still on`);
      }
    },
  };
};
