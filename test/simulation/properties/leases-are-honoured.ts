import type { NewProperty } from './property.ts';
import { minuteMs } from './property.ts';

/** A start that was given up is tried again a quarter of an hour later; then a pass has to come. */
const longestStandstillMs = 20 * minuteMs;
const runsInCalm = 3;
const leaseWrites: ReadonlySet<string> = new Set(['extend-lease', 'remove-lease']);

/**
 * 3. A lease that was confirmed to a person is honoured: never is an endpoint left off with a held
 * lease once AWS answers again.
 *
 * In detail:
 *
 * - A lease whose owner was told yes stands in the table, until at least the end they were told, as
 *   long as they have not given it back.
 * - While such a lease is held, nothing stands still short of *On*: when for 20 minutes nothing has
 *   gone wrong, three scheduled runs have come to their end, and no association is on its way (AWS
 *   may take half an hour for that), then every wanted network is associated and the record says
 *   that the endpoint can be used.
 */
export const leasesAreHonoured: NewProperty = ({ truth, violated }) => {
  let calmRuns: number[] = [];

  function standsStill(): string | null {
    const now = truth.now();
    const since = Math.max(truth.changedAt(), truth.disturbedAt());
    const [lease] = truth.toldHeld();
    if (lease === undefined) return null;
    const heldSince = Math.max(since, lease.requestedAt.getTime());
    if (now - heldSince < longestStandstillMs) return null;
    if (calmRuns.filter((at) => at >= heldSince).length < runsInCalm) return null;
    const associations = truth.associations();
    if (associations.some(({ status }) => status === 'associating')) return null;
    const missing = truth.setUp.subnets.filter(
      (subnet) =>
        !associations.some((each) => each.subnetId === subnet && each.status === 'associated'),
    );
    const minutes = Math.round((now - heldSince) / minuteMs);
    if (missing.length > 0) {
      return `${lease.personId} holds a lease, and ${missing.length} networks are missing for ${minutes} minutes`;
    }
    const { lastPass } = truth.record();
    const usable = lastPass?.state === 'on' || lastPass?.reason.code === 'routes-not-restored';
    return usable
      ? null
      : `${lease.personId} holds a lease, and it is ${lastPass?.state ?? 'nothing'} for ${minutes} minutes`;
  }

  return {
    name: '3: leases are honoured',
    observe(step) {
      if (step.kind === 'calm-run') {
        calmRuns = [...calmRuns.slice(-runsInCalm), step.startedAt];
        const what = standsStill();
        if (what !== null) violated(what);
      } else if (step.kind === 'effect' && leaseWrites.has(step.call.operation)) {
        const stored = truth.storedHeld();
        for (const told of truth.toldHeld()) {
          if (
            !stored.some(({ personId, until }) => personId === told.personId && until >= told.until)
          ) {
            violated(`the lease of ${told.personId} is gone from the table`);
          }
        }
      }
    },
  };
};
