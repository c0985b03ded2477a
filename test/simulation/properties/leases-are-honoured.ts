import { isHeld } from '../../../src/lease/lease.ts';
import { leasesCount } from '../../../src/lease/hold.ts';
import type { SimulatedProcess } from '../call.ts';
import type { NewProperty } from './property.ts';
import { minuteMs } from './property.ts';

/** A start that was given up is tried again a quarter of an hour later; then a pass has to come. */
const longestStandstillMs = 20 * minuteMs;
const runsInCalm = 3;
const leaseWrites: ReadonlySet<string> = new Set([
  'extend-lease',
  'take-back-lease',
  'remove-lease',
  'note-request',
  'request-stop',
  'set-hold',
  'release-hold',
]);

/**
 * 3. A lease that was confirmed to a person is honoured: never is an endpoint left off with a held
 * lease once AWS answers again.
 *
 * In detail:
 *
 * - A lease whose owner was told yes stands in the table and counts, until at least the end they were
 *   told, as long as they have not given it back and no administrator has asked for a stop since they
 *   began to ask. A stop that was in the table by then takes nothing from it.
 * - While such a lease is held and no hold-off stands, or while a hold-on does, nothing stands still
 *   short of *On*: when for 20 minutes nothing has gone wrong, nobody has said anything new, three
 *   scheduled runs have come to their end, and no association is on its way (AWS may take half an
 *   hour for that), then every wanted network is associated and the record says that the endpoint
 *   can be used.
 * - Of a request that was refused nothing is left in the table, once its owner has been told so.
 * - Nobody is told an end beyond the next latest hour, where the endpoint has one.
 */
export const leasesAreHonoured: NewProperty = ({ count, truth, violated }) => {
  const { wishes } = truth;
  let calmRuns: number[] = [];

  /** Who wants the endpoint on, and since when. */
  function wanted(): { readonly by: string; readonly since: number } | null {
    const hold = truth.hold();
    if (hold?.kind === 'on') return { by: `${hold.by.name}, by a hold,`, since: hold.at.getTime() };
    const [lease] = wishes.toldHeld();
    return lease === undefined
      ? null
      : { by: `${lease.personId}, by a lease,`, since: lease.requestedAt.getTime() };
  }

  function standsStill(): string | null {
    const now = truth.now();
    const wish = wanted();
    if (wish === null) return null;
    const heldSince = Math.max(
      truth.changedAt(),
      truth.disturbedAt(),
      wishes.lastSpokenAt(),
      wish.since,
    );
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
      return `${wish.by} wants it on, and ${missing.length} networks are missing for ${minutes} minutes`;
    }
    const { lastPass } = truth.record();
    const usable = lastPass?.state === 'on' || lastPass?.reason.code === 'routes-not-restored';
    return usable
      ? null
      : `${wish.by} wants it on, and it is ${lastPass?.state ?? 'nothing'} for ${minutes} minutes`;
  }

  function whenLeasesChange(): void {
    const asOf = leasesCount(truth.record(), new Date(truth.now()));
    const stored = truth.storedLeases();
    for (const told of wishes.toldHeld()) {
      const own = stored.find(({ personId }) => personId === told.personId);
      if (own === undefined || own.until < told.until) {
        violated(`the lease of ${told.personId} is gone from the table`);
      } else if (!isHeld(own, asOf)) {
        violated(`the lease of ${told.personId} does not count any more`);
      }
    }
  }

  function whenRefused(process: SimulatedProcess): void {
    const asOf = leasesCount(truth.record(), new Date(truth.now()));
    const own = truth.storedLeases().find(({ personId }) => personId === process.personId);
    if (own === undefined || !isHeld(own, asOf) || !wishes.isLastWrittenBy(process)) return;
    violated(`a request of ${own.personId} is refused, and has left a lease`);
  }

  return {
    name: '3: leases are honoured',
    observe(step) {
      if (step.kind === 'calm-run') {
        calmRuns = [...calmRuns.slice(-runsInCalm), step.startedAt];
        const what = standsStill();
        if (what !== null) violated(what);
      } else if (step.kind === 'told') {
        const { lease } = step;
        const latest = truth.latestHours.nextAfter(lease.askedAt.getTime());
        if (latest === null) return;
        if (lease.until.getTime() > latest) {
          violated(`${lease.personId} is told an end after ${new Date(latest).toISOString()}`);
        } else if (lease.until.getTime() === latest) count('leases that end at the latest hour');
      } else if (step.kind === 'refused') {
        whenRefused(step.process);
      } else if (step.kind === 'effect' && leaseWrites.has(step.call.operation)) {
        whenLeasesChange();
      }
    },
  };
};
