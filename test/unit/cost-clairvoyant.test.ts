import { describe, expect, it } from '@jest/globals';

import { clairvoyant } from '../../scripts/bench/cost/clairvoyant.ts';
import { compare } from '../../scripts/bench/cost/comparison.ts';
import { minuteMs } from '../../scripts/bench/cost/office.ts';
import type { Need } from '../../scripts/bench/cost/office.ts';
import { examplePrices } from '../../scripts/bench/cost/price.ts';
import { aLife, aNeed, on } from './cost-lives.ts';

const fullHour = { ...examplePrices, billing: 'full-hour' } as const;
const minutesOf = (needs: readonly Need[], subnets = 1, prices = examplePrices) =>
  clairvoyant(aLife(...needs), subnets, prices).associations.map(
    ({ from, to }) => (to - from) / minuteMs,
  );

/** An hour from ten, and then again, `minutes` after its end. */
const twice = (minutes: number, lasting = 60) => [
  aNeed({ minutes: lasting }),
  aNeed({ person: 'bob', at: on(1, 10) + (lasting + minutes) * minuteMs, minutes: lasting }),
];

describe('the clairvoyant', () => {
  it('opens as long before a need as AWS takes at best, and closes after it', () => {
    const { associations } = clairvoyant(aLife(aNeed()), 1, examplePrices);
    expect(associations).toEqual([
      { from: on(1, 10) - 5 * minuteMs, to: on(1, 11) + 2 * minuteMs },
    ]);
  });

  it('stays on between two needs where that is cheaper', () => {
    expect(minutesOf(twice(6))).toEqual([5 + 60 + 6 + 60 + 2]);
  });

  it('does not stay on where it is not', () => {
    expect(minutesOf(twice(8))).toEqual([67, 67]);
  });

  it('stays on within an hour that is charged in full', () => {
    expect(minutesOf(twice(25, 10), 1, fullHour)).toEqual([5 + 10 + 25 + 10 + 2]);
    expect(minutesOf(twice(25, 10))).toEqual([17, 17]);
  });

  it('serves needs that overlap in one', () => {
    const within = aNeed({ person: 'bob', at: on(1, 10.25), minutes: 10 });
    expect(minutesOf([aNeed(), within])).toEqual([67]);
  });

  it('pays for each network', () => {
    expect(minutesOf([aNeed()], 2)).toEqual([67, 67]);
  });

  it('does not pay for a laptop that is left on', () => {
    const forgotten = aNeed({ forgottenUntil: on(2, 10) });
    expect(clairvoyant(aLife(forgotten), 1, examplePrices).connectionsMs).toEqual([60 * minuteMs]);
  });

  const offices = [1, 2, 3].flatMap((seed) =>
    ([examplePrices, fullHour] as const).flatMap((prices) =>
      [5, 30].map((people) => ({ seed, people, billing: prices.billing, prices })),
    ),
  );

  it.each(offices)(
    'is never beaten: seed $seed, $people people, $billing',
    ({ people, prices, seed }) => {
      const { clairvoyant: least, policies } = compare({
        people,
        prices,
        seed,
        weeks: 3,
        subnets: 2,
        patienceMinutes: 60,
        forgottenPercent: 5,
      });
      expect(policies.map(({ name }) => name)).toHaveLength(10);
      const beating = policies.filter(({ moneyAndWaitingRatio }) => moneyAndWaitingRatio < 1);
      expect(beating).toEqual([]);
      expect(least.cost.waitingMinutes).toBe(0);
    },
  );
});
