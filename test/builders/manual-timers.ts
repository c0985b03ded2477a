import type { StartTimer } from '../../src/connect/timer.ts';

/** Time that runs out when the test says so. */
export interface ManualTimers {
  readonly startTimer: StartTimer;
  /** How long those were started for that are running, in the order of their start. */
  running(): readonly number[];
  /** Lets the one that was started last run out. */
  runOut(): void;
}

export function createManualTimers(): ManualTimers {
  let timers: { readonly seconds: number; readonly end: () => void }[] = [];
  return {
    startTimer: (seconds) => {
      let end = (): void => undefined;
      const over = new Promise<void>((resolve) => {
        end = resolve;
      });
      const timer = { seconds, end };
      timers = [...timers, timer];
      return {
        over,
        stop: () => {
          timers = timers.filter((each) => each !== timer);
        },
      };
    },
    running: () => timers.map(({ seconds }) => seconds),
    runOut() {
      const last = timers.at(-1);
      if (last === undefined) throw new Error('no timer is running');
      timers = timers.filter((each) => each !== last);
      last.end();
    },
  };
}
