import type { Journal } from '../journal.ts';
import { minuteMs } from '../moments.ts';
import type { NetworksOfPlace } from '../networks.ts';
import type { Promises } from '../promises.ts';
import type { CalmRun } from '../run.ts';
import type { Place } from '../town.ts';

/** A start that was given up is tried again a quarter of an hour later; then a pass has to come. */
const longestStandstillMs = 20 * minuteMs;
const runsInCalm = 3;

/**
 * A lease that was confirmed is honoured: where its owner was told yes, and has not given it back, and
 * no administrator may have overruled it, the endpoint does not stand still short of being usable. When
 * for 20 minutes nothing has gone wrong, nothing has changed, and three runs have been answered, then
 * every network is associated and every route is there. The same for a hold-on.
 */
export function createHonouredCheck(place: Place, promises: Promises, journal: Journal) {
  let runs: CalmRun[] = [];

  function wantedSince(): { readonly by: string; readonly since: number } | null {
    const hold = promises.toldHoldOn();
    const [lease] = promises.toldHeld();
    if (lease !== undefined) return { by: `the lease of ${lease.person}`, since: lease.toldAt };
    return hold === null ? null : { by: 'a hold', since: hold.toldAt };
  }

  return {
    /** After every step. */
    look(networks: NetworksOfPlace): void {
      if (!networks.usable) return;
      for (const lease of promises.toldHeld()) lease.fate ??= 'usable';
    },
    /** After a run that AWS has answered. */
    afterCalmRun(run: CalmRun, networks: NetworksOfPlace, disturbedAt: number): void {
      runs = [...runs.slice(1 - runsInCalm), run];
      const wanted = wantedSince();
      if (wanted === null) return;
      const { changedAt, moving, usable } = networks;
      const since = Math.max(changedAt, disturbedAt, promises.lastChangedAt(), wanted.since);
      if (run.endedAt - since < longestStandstillMs || runs.length < runsInCalm) return;
      if (runs.some(({ startedAt }) => startedAt < since)) return;
      journal.count('looks at whether a lease or a hold is honoured');
      if (moving || usable) return;
      const minutes = Math.round((run.endedAt - since) / minuteMs);
      const has = networks.associations.map(({ status }) => status).join(', ');
      journal.violated(
        'leases are honoured',
        `${place.name} has ${has === '' ? 'no network' : has}, although ${wanted.by} stands and all was well for ${minutes} minutes`,
      );
    },
  };
}
