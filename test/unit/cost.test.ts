import { describe, expect, it } from '@jest/globals';

import { compare } from '../../scripts/bench/cost/comparison.ts';
import type { ComparedPolicy, Comparison } from '../../scripts/bench/cost/comparison.ts';
import { dayMs, minuteMs, officeLife } from '../../scripts/bench/cost/office.ts';
import { UnusableOptionError, readCostOptions } from '../../scripts/bench/cost/options.ts';
import { idleChoices } from '../../scripts/bench/cost/policies.ts';
import { costOf, examplePrices } from '../../scripts/bench/cost/price.ts';
import { replay } from '../../scripts/bench/cost/replay.ts';
import { headOf, reportOf } from '../../scripts/bench/cost/report.ts';
import { policyNamed } from './cost-lives.ts';

const seeds = [1, 2, 3];
const defaults = readCostOptions([]);
const compared = (people: number, overrides: Partial<typeof defaults> = {}): Comparison =>
  compare({ ...defaults, weeks: 2, ...overrides, people });

function policyOf({ policies }: Comparison, name: string): ComparedPolicy {
  const found = policies.find((policy) => policy.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

describe('the comparison', () => {
  it('is the same for the same seed', () => {
    expect(reportOf(compared(30, { seed: 7 }))).toEqual(reportOf(compared(30, { seed: 7 })));
  });

  it('is not the same for another seed', () => {
    expect(reportOf(compared(30, { seed: 7 }))).not.toEqual(reportOf(compared(30, { seed: 8 })));
  });

  it('lets nobody wait where it is always on, at the price of every hour', () => {
    const { cost, waits } = policyOf(compared(30), 'always on');
    expect([waits, cost.waitingMinutes]).toEqual([0, 0]);
    expect(cost.associationHours).toBe(2 * 7 * 24);
  });

  it('charges each network', () => {
    const one = policyOf(compared(5), 'always on').cost.associationHours;
    expect(policyOf(compared(5, { subnets: 3 }), 'always on').cost.associationHours).toBe(3 * one);
  });

  it.each(seeds.flatMap((seed) => [5, 30].map((people) => ({ seed, people }))))(
    'has a longer grace cost more hours and less waiting: seed $seed, $people people',
    ({ people, seed }) => {
      const life = officeLife({ seed, people, weeks: 12, forgottenPercent: 5 });
      const graces = idleChoices.map((minutes) =>
        costOf(
          replay(life, policyNamed(`idle ${minutes}`), { seed, patienceMinutes: 60 }),
          examplePrices,
        ),
      );
      const hours = graces.map(({ associationHours }) => associationHours);
      const waiting = graces.map(({ waitingMinutes }) => waitingMinutes);
      expect(hours).toEqual([...hours].sort((a, b) => a - b));
      expect(waiting).toEqual([...waiting].sort((a, b) => b - a));
      expect(new Set([...hours, ...waiting]).size).toBe(2 * idleChoices.length);
    },
  );

  it('says what a minute may be worth before always on is better', () => {
    const options = { seed: 2 };
    const { betterBelow } = policyOf(compared(5, options), 'idle 30');
    if (betterBelow === null) throw new Error('nobody has waited');
    const at = (waitingMinute: number) => {
      const comparison = compared(5, { ...options, prices: { ...defaults.prices, waitingMinute } });
      const idle = policyOf(comparison, 'idle 30').cost.moneyAndWaiting;
      return idle < policyOf(comparison, 'always on').cost.moneyAndWaiting;
    };
    expect([at(betterBelow * 0.99), at(betterBelow * 1.01)]).toEqual([true, false]);
  });

  it('gains nothing from silence that counts where nobody forgets to disconnect', () => {
    const comparison = compared(30, { forgottenPercent: 0 });
    expect(policyOf(comparison, 'idle 30, silent 60').cost).toEqual(
      policyOf(comparison, 'idle 30').cost,
    );
  });

  it('gains from it where people do', () => {
    const comparison = compared(30, { forgottenPercent: 30 });
    const silent = policyOf(comparison, 'idle 30, silent 60').cost.associationHours;
    expect(silent).toBeLessThan(policyOf(comparison, 'idle 30').cost.associationHours * 0.9);
  });
});

describe('a price', () => {
  const outcome = {
    associations: [{ from: 0, to: 90 * minuteMs }],
    connectionsMs: [30 * minuteMs],
    waiting: { minutes: 7, times: 1, gaveUp: 0 },
  };

  it('is by the time used', () => {
    expect(costOf(outcome, examplePrices)).toEqual({
      associationHours: 1.5,
      connectionHours: 0.5,
      money: 1.5 * 0.1 + 0.5 * 0.05,
      waitingMinutes: 7,
      moneyAndWaiting: 1.5 * 0.1 + 0.5 * 0.05 + 7 * 0.1,
    });
  });

  it('is by the hours begun, where those are billed', () => {
    const cost = costOf(outcome, { ...examplePrices, billing: 'full-hour' });
    expect([cost.associationHours, cost.connectionHours]).toEqual([2, 1]);
  });
});

describe('the life of an office', () => {
  const lifeOf = (people: number, seed = 1) =>
    officeLife({ seed, people, weeks: 12, forgottenPercent: 5 });

  it.each(seeds)('gives each person time between two needs: seed %i', (seed) => {
    const { needs } = lifeOf(30, seed);
    const last = new Map<string, number>();
    for (const { at, minutes, person } of needs) {
      expect(at - (last.get(person) ?? 0)).toBeGreaterThanOrEqual(30 * minuteMs);
      expect(minutes).toBeGreaterThan(0);
      last.set(person, at + minutes * minuteMs);
    }
    expect(last.size).toBe(30);
  });

  it('is busy on working days, and hardly at the weekend', () => {
    const { from, needs } = lifeOf(30);
    const atTheWeekend = needs.filter(({ at }) => ((at - from) / dayMs) % 7 >= 5);
    expect(atTheWeekend.length).toBeGreaterThan(0);
    expect(atTheWeekend.length).toBeLessThan(needs.length / 15);
  });

  it('has holidays', () => {
    const { from, needs } = lifeOf(300);
    const perDay = new Map<number, number>();
    for (const { at } of needs) {
      const day = Math.floor((at - from) / dayMs);
      perDay.set(day, (perDay.get(day) ?? 0) + 1);
    }
    const quiet = [...perDay].filter(([day, needs]) => day % 7 < 5 && needs < 50);
    expect(quiet.length).toBeGreaterThanOrEqual(1);
    expect(quiet.length).toBeLessThanOrEqual(3);
  });

  it('has people who ask ahead, and people who forget to disconnect', () => {
    const { needs } = lifeOf(300);
    const share = (some: readonly unknown[]): number => some.length / needs.length;
    const ahead = needs.filter(({ askedAt, at }) => askedAt !== null && askedAt < at);
    expect(share(ahead)).toBeCloseTo(0.2, 1);
    const forgotten = needs.filter(
      ({ at, forgottenUntil, minutes }) =>
        forgottenUntil !== null && forgottenUntil > at + minutes * minuteMs,
    );
    expect(share(forgotten)).toBeGreaterThan(0.01);
    expect(share(forgotten)).toBeLessThan(0.05);
  });
});

describe('the options', () => {
  it('are all in the command that plays it again', () => {
    const [command = ''] = headOf(defaults).filter((line) => line.startsWith('Again: '));
    const args = command.split(' -- cost ')[1]?.split(' ') ?? [];
    expect(readCostOptions(args)).toEqual(defaults);
    expect(args.filter((word) => word.startsWith('--'))).toHaveLength(10);
  });

  it.each([
    ['--seed', '-1'],
    ['--people', '5,,30'],
    ['--people', '100000'],
    ['--billing', 'daily'],
    ['--waiting-minute', 'much'],
    ['--seeed', '1'],
  ])('do not take %s %s', (...args) => {
    expect(() => readCostOptions(args)).toThrow(UnusableOptionError);
  });
});
