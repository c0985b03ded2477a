import { describe, expect, test } from '@jest/globals';

import { mutants } from './mutants.ts';
import { play } from './play.ts';
import { shrink } from './shrink.ts';
import { simulate } from './simulation.ts';
import { playInThreads } from './threads.ts';
import { weekOf } from './week.ts';

/** As many weeks as the tests play of the product as it is. */
const mostWeeks = 2_000;

describe('the simulation finds a product that', () => {
  test.each(mutants)('$name, by property $property', async ({ name, property, shownBy }) => {
    const looked = { mutant: name, property, step: 1 };
    const { finding } = await play({ ...looked, firstSeed: shownBy, weeks: 1 });
    const found = finding ?? (await play({ ...looked, firstSeed: 1, weeks: mostWeeks })).finding;
    expect(found?.property).toBe(property);
  });
});

describe('shrinking', () => {
  test('leaves the same fault to be seen in a shorter history', async () => {
    const mutant = mutants.find(({ name }) => name === 'drops the second look');
    if (mutant === undefined) throw new Error('the mutant is gone');
    const { property, variant } = mutant;
    const scenario = weekOf(1);
    const { violation } = await simulate(scenario, { variant });
    if (violation?.property !== property) throw new Error('the mutant was not found');
    const shortest = await shrink(scenario, violation, { variant });
    const again = await simulate(shortest.scenario, { variant });
    expect(again.violation).toEqual(shortest.violation);
    expect(shortest.violation.property).toBe(property);
    expect(shortest.scenario.events.length).toBeLessThan(scenario.events.length / 2);
  });
});

describe('playing in threads', () => {
  test('brings back what a thread has found: the seed, the property and the story', async () => {
    const [mutant] = mutants;
    if (mutant === undefined) throw new Error('the mutants are gone');
    const { finding } = await playInThreads(1, mostWeeks, 2, { mutant: mutant.name });
    expect(finding?.property).toBe(mutant.property);
    expect(finding?.story.at(-1)).toMatch(/disassociate/);
    const { violation } = await simulate(weekOf(finding?.seed ?? 0), { variant: mutant.variant });
    expect(violation?.property).toBe(mutant.property);
  });

  test('fails with what a thread fails with', async () => {
    await expect(playInThreads(1, 2, 2, { mutant: 'nobody knows' })).rejects.toThrow(
      'nobody knows',
    );
  });
});
