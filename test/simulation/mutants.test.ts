import { describe, expect, test } from '@jest/globals';

import { mutants } from './mutants.ts';
import { shrink } from './shrink.ts';
import { simulate } from './simulation.ts';
import type { Violation } from './simulation.ts';
import type { Variant } from './variant.ts';
import { weekOf } from './week.ts';

const mostRuns = 300;

interface Found {
  readonly seed: number;
  readonly violation: Violation;
}

async function firstViolation(variant: Variant, property: string): Promise<Found | null> {
  for (let seed = 1; seed <= mostRuns; seed += 1) {
    const { violation } = await simulate(weekOf(seed), { variant });
    if (violation?.property === property) return { seed, violation };
  }
  return null;
}

describe('the simulation finds a product that', () => {
  test.each(mutants)(
    '$name, by property $property',
    async ({ property, variant }) => {
      const found = await firstViolation(variant, property);
      expect(found?.violation.property).toBe(property);
    },
    120_000,
  );
});

describe('shrinking', () => {
  test('leaves the same fault to be seen in a shorter history', async () => {
    const mutant = mutants.find(({ name }) => name === 'drops the second look');
    if (mutant === undefined) throw new Error('the mutant is gone');
    const { property, variant } = mutant;
    const found = await firstViolation(variant, property);
    if (found === null) throw new Error('the mutant was not found');
    const scenario = weekOf(found.seed);
    const shortest = await shrink(scenario, found.violation, { variant });
    const again = await simulate(shortest.scenario, { variant });
    expect(again.violation).toEqual(shortest.violation);
    expect(shortest.violation.property).toBe(property);
    expect(shortest.scenario.events.length).toBeLessThan(scenario.events.length / 2);
  }, 120_000);
});
