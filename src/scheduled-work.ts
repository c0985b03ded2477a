import type { Clock } from './clock.ts';
import type { NightWatch } from './notify/night-watch.ts';
import type { ScheduleWatch } from './notify/schedule-watch.ts';
import type { Reconciler } from './reconcile/reconciler.ts';
import type { Totals } from './usage/totals-service.ts';
import type { CatalogueStore } from './vpn/catalogue.ts';
import { parsePolicy } from './vpn/policy.ts';

/** What happens every minute, whoever the clock is. */
export interface ScheduledWork {
  /** @throws {AggregateError} at the end, with everything that failed */
  run(): Promise<void>;
}

/** The figures of today need not be newer; and a run that is lost delays them by as much again. */
const totalsEveryMinutes = 15;

export function createScheduledWork(deps: {
  readonly reconciler: Reconciler;
  readonly catalogue: CatalogueStore;
  readonly totals: Totals;
  readonly clock: Clock;
  /** Changes nothing, not even figures. */
  readonly dryRun: boolean;
  /** `null` where nobody is told how the runs end. */
  readonly watch?: ScheduleWatch | null;
  /** `null` where nobody is told what stayed on overnight. */
  readonly night?: NightWatch | null;
}): ScheduledWork {
  const { catalogue, clock, night = null, reconciler, totals, watch = null } = deps;

  async function refreshTotals(startedAt: Date): Promise<void> {
    if (deps.dryRun || startedAt.getUTCMinutes() % totalsEveryMinutes !== 0) return;
    const endpoints = (await catalogue.get())?.endpoints ?? [];
    await totals.refresh(
      endpoints.map((endpoint) => {
        const policy = parsePolicy(endpoint);
        return { endpointId: endpoint.id, networks: policy.ok ? policy.policy.subnets.length : 0 };
      }),
    );
  }

  return {
    async run() {
      // The passes may last beyond the minute that the run is of.
      const startedAt = clock.now();
      const done = await Promise.allSettled([reconciler.passAll()]);
      // After the passes: whoever waits for an endpoint does not wait for figures.
      done.push(...(await Promise.allSettled([refreshTotals(startedAt)])));
      const failures = done
        .filter((each) => each.status === 'rejected')
        .map(({ reason }): unknown => reason);
      if (!deps.dryRun) {
        await watch?.runEnded({ startedAt, failed: failures.length > 0 });
        await night?.runEnded();
      }
      const [first, ...others] = failures;
      if (others.length > 0) throw new AggregateError(failures, 'the run has failed in part');
      if (failures.length > 0) throw first;
    },
  };
}
