import type { Clock } from '../clock.ts';
import { secondsAfter } from '../clock.ts';
import type { Log } from '../log.ts';
import type { CatalogueStore, ScheduleRun } from '../vpn/catalogue.ts';
import type { Outbox } from './outbox.ts';
import { afterLook, afterRun, isLate } from './schedule-trouble.ts';
import type { ScheduleChange, ScheduleHealth, ScheduleTroubleStore } from './schedule-trouble.ts';

/** Keeps since when the schedule is in trouble, and tells those who listen, and when that is over. */
export interface ScheduleWatch {
  /** For the schedule, at the end of each run. Never rejects. */
  runEnded(run: { readonly startedAt: Date; readonly failed: boolean }): Promise<void>;
  /**
   * For a portal, which sees when the last run was.
   *
   * @returns whether to `look`; at most twice a minute
   */
  shouldLook(lastRun: ScheduleRun | null): boolean;
  /** Never rejects. */
  look(): Promise<void>;
}

/**
 * The catalogue of a portal: whoever reads it, for whatever page, has seen when the last run was.
 *
 * @param background in which to look: nobody's page waits for it
 */
export function watchedCatalogue(
  catalogue: CatalogueStore,
  watch: ScheduleWatch | null,
  background: { run(name: string, work: () => Promise<unknown>): void },
): CatalogueStore {
  if (watch === null) return catalogue;
  return {
    ...catalogue,
    async get() {
      const found = await catalogue.get();
      if (watch.shouldLook(found?.schedule ?? null)) background.run('watch', () => watch.look());
      return found;
    },
  };
}

const lookEverySeconds = 30;

/** What is to be kept of a change where nobody is to be told of it. */
function untold(change: ScheduleChange | null): ScheduleChange | null {
  const isNews = change !== null && change.event !== null && change.trouble !== null;
  return change === null || isNews ? null : { ...change, event: null };
}

export function createScheduleWatch(deps: {
  readonly store: ScheduleTroubleStore;
  /** `null` where nobody listens: then it is only kept, for the pages. */
  readonly outbox: Outbox | null;
  readonly clock: Clock;
  readonly log: Log;
}): ScheduleWatch {
  const { clock, log, outbox, store } = deps;
  let lookAgainAt: Date | null = null;

  /** One try: where somebody else was faster, they have told it. */
  async function follow(judge: (health: ScheduleHealth) => ScheduleChange | null): Promise<void> {
    try {
      const read = await store.load();
      const change = outbox === null ? untold(judge(read)) : judge(read);
      const changed = change !== null && (await store.change({ ...change, read }));
      const news = changed && change.event !== null ? [change.event] : [];
      await outbox?.deliver([...read.events, ...news], (ids) => store.settleEvents(ids));
    } catch (error) {
      log.warn({ error }, 'trouble of the schedule not noted');
    }
  }

  return {
    runEnded: (run) => follow((health) => afterRun(health, run, clock.now())),

    shouldLook(lastRun) {
      const now = clock.now();
      if (!isLate(lastRun, now) || (lookAgainAt !== null && now < lookAgainAt)) return false;
      lookAgainAt = secondsAfter(now, lookEverySeconds);
      return true;
    },

    look: () => follow((health) => afterLook(health, clock.now())),
  };
}
