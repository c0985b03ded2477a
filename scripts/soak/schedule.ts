import type { Random } from '../../test/simulation/random.ts';
import type { Child } from './child.ts';
import type { Fleet } from './fleet.ts';
import type { Journal } from './journal.ts';
import { secondMs } from './moments.ts';
import type { CalmRun } from './run.ts';
import type { SoakClock } from './time.ts';

/** What EventBridge and Lambda do: they deliver the schedule's event, mostly once. */
export interface Schedule {
  /** Delivers it, or loses it, or delivers it twice; resolves when what came of it is over. */
  deliver(): Promise<void>;
  /** Delivers it once, for certain. */
  run(): Promise<void>;
  /** When the first of the runs began that may have made a call now. */
  runBegan(): number;
}

interface Run {
  readonly by: Child;
  readonly startedAt: number;
  endedAt: number | null;
}

/** A run in which nobody had to wait for anything takes less, but on a machine that is very busy. */
const calmRunMs = 15 * secondMs;
/** As long as the product waits for an answer at least: the machine was too busy for it. */
const slowMs = 4 * secondMs;
/** A call that a killed process had begun has arrived by then. */
const lastCallsMs = 10 * secondMs;

export function createSchedule(deps: {
  readonly clock: SoakClock;
  readonly random: Random;
  readonly fleet: Fleet;
  readonly journal: Journal;
  /** Whether deliveries go wrong now, and processes are killed. */
  readonly isRough: () => boolean;
  readonly disturbedAt: () => number;
  readonly disturb: () => void;
  /** Kills it when so many more calls have come to the stand-ins. */
  readonly killAfter: (child: Child, calls: number) => void;
  readonly onCalmRun: (run: CalmRun) => void;
}): Schedule {
  const { clock, fleet, journal, random } = deps;
  let runs: Run[] = [];
  const now = (): number => clock.now().getTime();

  function idle(): Child | undefined {
    const busy = new Set(runs.filter(({ endedAt }) => endedAt === null).map(({ by }) => by));
    const free = fleet.reconcilers().filter((child) => !busy.has(child));
    return free[random.whole(0, free.length - 1)];
  }

  async function invoke(): Promise<void> {
    const by = idle();
    if (by === undefined) {
      journal.count('deliveries that found every process busy');
      return;
    }
    const run: Run = { by, startedAt: now(), endedAt: null };
    runs = [
      ...runs.filter(({ endedAt }) => endedAt === null || endedAt > now() - lastCallsMs),
      run,
    ];
    journal.count('runs of the schedule');
    const mayDie = !fleet.survivors.includes(by);
    if (mayDie && random.chance(deps.isRough() ? 0.12 : 0.002)) {
      deps.killAfter(by, random.whole(1, 40));
    }
    try {
      await by.ask({ kind: 'invoke' });
      run.endedAt = now();
      const { startedAt, endedAt } = run;
      if (endedAt - startedAt >= calmRunMs) {
        journal.count('runs that took long');
        if (deps.disturbedAt() < startedAt) deps.disturb();
      } else if (deps.disturbedAt() < startedAt) deps.onCalmRun({ startedAt, endedAt });
    } catch (error) {
      run.endedAt = now();
      journal.count('runs that failed');
      journal.note(`a run of ${by.name} has failed: ${String(error)}`);
      const wasSlow = run.endedAt - run.startedAt >= slowMs;
      if (deps.disturbedAt() < run.startedAt && !wasSlow) {
        journal.violated(
          'runs succeed',
          `a run fails, and nothing has failed it: ${String(error)}`,
        );
      }
    }
  }

  return {
    run: invoke,
    async deliver() {
      const rough = deps.isRough();
      if (random.chance(rough ? 0.1 : 0.01)) {
        journal.count('deliveries lost');
        return;
      }
      const deliveries = [invoke()];
      if (random.chance(rough ? 0.15 : 0.02)) {
        journal.count('deliveries doubled');
        const laterMs = random.chance(0.5) ? 0 : random.whole(1, 20) * secondMs;
        deliveries.push(
          new Promise<void>((resolve) => {
            setTimeout(() => {
              invoke().then(resolve, resolve);
            }, laterMs / clock.speed);
          }),
        );
      }
      await Promise.all(deliveries);
    },
    runBegan: () => Math.min(...runs.map(({ startedAt }) => startedAt)),
  };
}
