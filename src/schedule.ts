import type { Background } from './background.ts';

/** Something that is run again and again. */
export interface Schedule {
  /** Begins no run any more. The one that is under way is the background's to wait for. */
  stop(): void;
}

/**
 * Runs it at once, and then every `milliseconds`. A run that takes longer is let finish: what falls
 * due meanwhile is left out. One that fails is logged, and the next one comes all the same.
 */
export function startSchedule(
  run: () => Promise<void>,
  milliseconds: number,
  background: Pick<Background, 'run'>,
): Schedule {
  let isRunning = false;

  function begin(): void {
    if (isRunning) return;
    isRunning = true;
    background.run('schedule', async () => {
      try {
        await run();
      } finally {
        isRunning = false;
      }
    });
  }

  begin();
  const timer = setInterval(begin, milliseconds);
  return {
    stop() {
      clearInterval(timer);
    },
  };
}
