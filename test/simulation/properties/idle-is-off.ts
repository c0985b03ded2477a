import type { NewProperty } from './property.ts';
import { minuteMs } from './property.ts';

const mostRuns = 3;

/**
 * 4. An endpoint idle for its grace is off, at the latest three passes after AWS lets it.
 *
 * In detail: let nobody hold a lease in the table and nobody be connected. The grace counts from the
 * end of the last scheduled run that found the endpoint on after the last lease, the last
 * connection, the last change of a network or a route, and the last time that something went wrong;
 * the first such run is what sees it. Of the scheduled runs that begin after the grace, with nothing
 * going wrong, the third leaves no network associated. Passes are counted by runs of the schedule,
 * because only the schedule may disassociate: passes of the portals in between must not delay it.
 * While a network is still associating, which AWS does not let anybody take back, nothing is due.
 */
export const idleIsOff: NewProperty = ({ truth, violated }) => {
  let since = 0;
  let seenAt: number | null = null;
  let runs = 0;

  return {
    name: '4: idle is off',
    observe(step) {
      if (step.kind !== 'calm-run') return;
      const statuses = truth.associations().map(({ status }) => status);
      const isOn = statuses.includes('associated') && !statuses.includes('associating');
      if (!isOn || truth.storedHeld().length > 0 || truth.sessions().length > 0) {
        seenAt = null;
        return;
      }
      const idleSince = Math.max(truth.unneededSince(), truth.changedAt(), truth.disturbedAt());
      if (seenAt === null || idleSince !== since) {
        // Only a run that began after all of that has seen it.
        if (step.startedAt < idleSince) return;
        since = idleSince;
        seenAt = truth.now();
        runs = 0;
        return;
      }
      if (step.startedAt < seenAt + truth.setUp.idleGraceMinutes * minuteMs) return;
      runs += 1;
      if (runs >= mostRuns) {
        violated(
          `idle since ${new Date(since).toISOString()}, with a grace of ${truth.setUp.idleGraceMinutes} minutes, and still on`,
        );
      }
    },
  };
};
