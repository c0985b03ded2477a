import type { Clock } from '../../src/clock.ts';

/** What the soak writes down: the figures, what happened last, and what should not have happened. */
export interface Journal {
  /** Something that happened, for whoever has to find a fault. */
  note(what: string): void;
  count(what: string, times?: number): void;
  /** A promise that was broken. The soak ends soon after the first. */
  violated(promise: string, what: string): void;
  counts(): ReadonlyMap<string, number>;
  violations(): readonly Violation[];
}

export interface Violation {
  readonly at: Date;
  readonly promise: string;
  readonly what: string;
  /** What happened before it, the oldest first. */
  readonly before: readonly string[];
}

const remembered = 600;
const told = 120;

export function createJournal(clock: Clock): Journal {
  const counts = new Map<string, number>();
  const violations: Violation[] = [];
  let lines: string[] = [];

  return {
    note(what) {
      lines.push(`${clock.now().toISOString()} ${what}`);
      if (lines.length > remembered) lines = lines.slice(-remembered / 2);
    },
    count(what, times = 1) {
      counts.set(what, (counts.get(what) ?? 0) + times);
    },
    violated(promise, what) {
      violations.push({ at: clock.now(), promise, what, before: lines.slice(-told) });
    },
    counts: () => counts,
    violations: () => violations,
  };
}
