import type { Child } from './child.ts';
import type { Journal } from './journal.ts';

/** Kills processes: at once, or in the middle of what they do next. */
export interface Chaos {
  kill(child: Child): void;
  /** When so many more calls have come to the stand-ins; one at a time. */
  killAfter(child: Child, calls: number): void;
  /** A call has come to the stand-ins, and has had no effect yet. */
  onCall(): void;
  /** In epoch milliseconds; 0 before the first. */
  lastKillAt(): number;
}

export function createChaos(deps: {
  readonly now: () => number;
  readonly journal: Journal;
  readonly kill: (child: Child) => void;
}): Chaos {
  const { journal, now } = deps;
  let lastKillAt = 0;
  let doomed: { readonly child: Child; callsLeft: number } | null = null;

  function kill(child: Child): void {
    if (!child.isAlive()) return;
    lastKillAt = now();
    journal.count(`kills: ${child.url() === null ? 'reconciler' : 'portal'}`);
    journal.note(`${child.name} is killed`);
    deps.kill(child);
  }

  return {
    kill,
    killAfter(child, callsLeft) {
      doomed ??= { child, callsLeft };
    },
    onCall() {
      if (doomed === null) return;
      doomed.callsLeft -= 1;
      if (doomed.callsLeft > 0) return;
      const { child } = doomed;
      doomed = null;
      if (child.isAlive()) journal.count('kills in the middle of something');
      kill(child);
    },
    lastKillAt: () => lastKillAt,
  };
}
