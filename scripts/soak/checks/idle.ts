import type { Journal } from '../journal.ts';
import type { Laptops } from '../laptops.ts';
import { minuteMs } from '../moments.ts';
import type { NetworksOfPlace } from '../networks.ts';
import type { Promises } from '../promises.ts';
import type { CalmRun } from '../run.ts';
import type { Place } from '../town.ts';

const mostRuns = 3;

/**
 * Nothing idle stays on: where nobody may hold a lease, no hold-on may stand, stopping may not be paused
 * and nobody is connected, the grace counts from the end of the first answered run that could see all of
 * that. Of the answered runs that begin after the grace, the third leaves no network associated.
 */
export function createIdleCheck(deps: {
  readonly place: Place;
  readonly promises: Promises;
  readonly laptops: Pick<Laptops, 'inUse' | 'lastUsedAt'>;
  readonly journal: Journal;
  /** When the stopping may last have been paused; `Infinity` while it may be. */
  readonly pausedUntil: () => number;
}) {
  const { journal, laptops, place, promises } = deps;
  let since = 0;
  let seenAt: number | null = null;
  let runs = 0;

  function idleSince(networks: NetworksOfPlace, now: number, disturbedAt: number): number | null {
    const statuses = networks.associations.map(({ status }) => status);
    if (!statuses.includes('associated') || statuses.includes('associating')) return null;
    if (promises.maybeWanted() || deps.pausedUntil() > now) return null;
    if (laptops.inUse(place, disturbedAt).length > 0) return null;
    return Math.max(
      networks.changedAt,
      disturbedAt,
      promises.lastChangedAt(),
      laptops.lastUsedAt(place, disturbedAt),
      deps.pausedUntil(),
    );
  }

  return {
    /** When it has to go off soon, in epoch milliseconds; `null` where it need not. */
    dueAt: () => (seenAt === null ? null : seenAt + place.idleGraceMinutes * minuteMs),
    /** After a run that AWS has answered. */
    afterCalmRun(run: CalmRun, networks: NetworksOfPlace, disturbedAt: number): void {
      const idle = idleSince(networks, run.endedAt, disturbedAt);
      if (idle === null) {
        seenAt = null;
        return;
      }
      if (seenAt === null || idle !== since) {
        if (run.startedAt < idle) return;
        since = idle;
        seenAt = run.endedAt;
        runs = 0;
        journal.count('times that an endpoint was found idle');
        return;
      }
      if (run.startedAt < seenAt + place.idleGraceMinutes * minuteMs) return;
      runs += 1;
      if (runs < mostRuns) return;
      journal.violated(
        'nothing idle stays on',
        `${place.name} is idle since ${new Date(since).toISOString()}, with a grace of ${place.idleGraceMinutes} minutes, and still on`,
      );
    },
  };
}
