import { dayMs, hourMs } from '../../scripts/bench/cost/office.ts';
import type { Need, OfficeLife } from '../../scripts/bench/cost/office.ts';
import { costPolicies } from '../../scripts/bench/cost/policies.ts';
import type { CostPolicy } from '../../scripts/bench/cost/policies.ts';
import { replay } from '../../scripts/bench/cost/replay.ts';
import type { Outcome } from '../../scripts/bench/cost/replay.ts';

const monday = Date.parse('2026-03-02T00:00:00Z');

/** A moment of the week; the days count from Monday, 0. */
export function on(day: number, hour: number): number {
  return monday + day * dayMs + hour * hourMs;
}

/** Tuesday at ten, for an hour. */
export function aNeed(overrides: Partial<Need> = {}): Need {
  return {
    person: 'alice',
    at: on(1, 10),
    minutes: 60,
    askedAt: null,
    leaseMinutes: 30,
    forgottenUntil: null,
    ...overrides,
  };
}

/** One week with nothing else in it. */
export function aLife(...needs: readonly Need[]): OfficeLife {
  return { people: 5, from: monday, until: monday + 7 * dayMs, needs };
}

export function policyNamed(name: string): CostPolicy {
  const found = costPolicies(1).find((policy) => policy.name === name);
  if (found === undefined) throw new Error(`there is no policy ${name}`);
  return found;
}

export function lived(name: string, ...needs: readonly Need[]): Outcome {
  return replay(aLife(...needs), policyNamed(name), { seed: 1, patienceMinutes: 60 });
}
