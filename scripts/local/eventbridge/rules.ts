import type { Clock } from '../../../src/clock.ts';
import { minutesAfter } from '../../../src/clock.ts';
import { rateMinutes } from './schedule-expression.ts';

export interface ScheduledRule {
  readonly name: string;
  /** `rate(…)` alone. */
  readonly scheduleExpression: string;
  /** The target. It may throw: that is told to `onTargetError`, and the schedule goes on. */
  readonly fire: () => Promise<void>;
}

export interface RuleDescription {
  readonly name: string;
  readonly scheduleExpression: string;
  readonly state: 'ENABLED' | 'DISABLED';
}

export interface Rules {
  /** `null` where there is no such rule. */
  find(name: string): RuleDescription | null;
  /** Answers false where there is no such rule. */
  setEnabled(name: string, enabled: boolean): boolean;
  /**
   * Fires every enabled rule that is due, once; resolves when the targets are done. A target that
   * is still running is awaited first, and fired again where that is due by then.
   */
  fireDue(): Promise<void>;
  /** The same, but passes over a rule whose target is still running. */
  fireDueOfIdle(): Promise<void>;
  /** Resolves when no target runs any more. */
  idle(): Promise<void>;
}

interface RunningRule {
  readonly rule: ScheduledRule;
  readonly everyMinutes: number;
  enabled: boolean;
  dueAt: Date;
  /** Ends with the firings asked for so far: a target never runs twice at once. */
  firings: Promise<void>;
  /** How many of them have not ended yet. */
  pending: number;
}

/**
 * Rules on a schedule, due for the first time at once. A clock that jumps over several turns makes
 * a rule due once, not once per turn.
 */
export function createRules(dependencies: {
  readonly clock: Clock;
  readonly rules: readonly ScheduledRule[];
  readonly onTargetError: (ruleName: string, error: unknown) => void;
}): Rules {
  const { clock, onTargetError } = dependencies;
  const running = new Map<string, RunningRule>(
    dependencies.rules.map((rule) => [
      rule.name,
      {
        rule,
        everyMinutes: rateMinutes(rule.scheduleExpression),
        enabled: true,
        dueAt: clock.now(),
        firings: Promise.resolve(),
        pending: 0,
      },
    ]),
  );

  async function fireIfDue(entry: RunningRule): Promise<void> {
    const now = clock.now();
    if (!entry.enabled || now < entry.dueAt) return;
    entry.dueAt = minutesAfter(now, entry.everyMinutes);
    try {
      await entry.rule.fire();
    } catch (error) {
      onTargetError(entry.rule.name, error);
    }
  }

  function queue(entry: RunningRule): Promise<void> {
    entry.pending += 1;
    entry.firings = entry.firings.then(async () => {
      await fireIfDue(entry);
      entry.pending -= 1;
    });
    return entry.firings;
  }

  return {
    find(name) {
      const entry = running.get(name);
      if (entry === undefined) return null;
      const { scheduleExpression } = entry.rule;
      return { name, scheduleExpression, state: entry.enabled ? 'ENABLED' : 'DISABLED' };
    },
    setEnabled(name, enabled) {
      const entry = running.get(name);
      if (entry === undefined) return false;
      entry.enabled = enabled;
      return true;
    },
    async fireDue() {
      await Promise.all([...running.values()].map(queue));
    },
    async fireDueOfIdle() {
      await Promise.all([...running.values()].filter((entry) => entry.pending === 0).map(queue));
    },
    async idle() {
      await Promise.all([...running.values()].map((entry) => entry.firings));
    },
  };
}
