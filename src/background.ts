import type { Log } from './log.ts';

/**
 * Work that goes on after the answer that caused it. Whoever is about to stop, or to be frozen as a
 * Lambda is between two events, waits for it first.
 */
export interface Background {
  /** Starts it; a failure is logged, because nobody is left to be told. */
  run(name: string, work: () => Promise<unknown>): void;
  /** Resolves when nothing is under way any more. Never rejects. */
  idle(): Promise<void>;
}

export function createBackground(log: Log): Background {
  const underWay = new Set<Promise<void>>();

  async function guarded(name: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      log.error({ work: name, error }, 'background work failed');
    }
  }

  return {
    run(name, work) {
      const running = guarded(name, work).finally(() => underWay.delete(running));
      underWay.add(running);
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
