import { clairvoyant } from './clairvoyant.ts';
import { officeLife } from './office.ts';
import type { LifeOptions } from './office.ts';
import { costPolicies } from './policies.ts';
import { costOf } from './price.ts';
import type { Cost, Prices } from './price.ts';
import { replay } from './replay.ts';
import type { Outcome } from './replay.ts';

export interface ComparisonOptions extends LifeOptions {
  readonly subnets: number;
  readonly patienceMinutes: number;
  readonly prices: Prices;
}

export interface ComparedPolicy {
  readonly name: string;
  readonly cost: Cost;
  /** How many times it was turned on. */
  readonly starts: number;
  readonly waits: number;
  readonly gaveUp: number;
  /** By the clairvoyant's. */
  readonly moneyRatio: number;
  readonly moneyAndWaitingRatio: number;
  /**
   * What a minute of waiting may be worth before leaving the endpoint on is better; `null` where
   * nobody waits.
   */
  readonly betterBelow: number | null;
}

export interface Comparison {
  readonly people: number;
  readonly needs: number;
  readonly policies: readonly ComparedPolicy[];
  readonly clairvoyant: ComparedPolicy;
}

/** One life under every policy, each held against whoever knew it beforehand. */
export function compare(options: ComparisonOptions): Comparison {
  const { prices, seed, subnets } = options;
  const life = officeLife(options);
  const ideal = clairvoyant(life, subnets, prices);
  const least = costOf(ideal, prices);
  const outcomes = costPolicies(subnets).map((policy) => ({
    name: policy.name,
    outcome: replay(life, policy, { seed, patienceMinutes: options.patienceMinutes }),
  }));
  const alwaysOn = outcomes.find(({ outcome }) => outcome.waiting.times === 0);
  const most = alwaysOn === undefined ? null : costOf(alwaysOn.outcome, prices);
  const compared = (name: string, outcome: Outcome): ComparedPolicy => {
    const cost = costOf(outcome, prices);
    const { minutes } = outcome.waiting;
    return {
      name,
      cost,
      starts: outcome.associations.length / subnets,
      waits: outcome.waiting.times,
      gaveUp: outcome.waiting.gaveUp,
      moneyRatio: cost.money / least.money,
      moneyAndWaitingRatio: cost.moneyAndWaiting / least.moneyAndWaiting,
      betterBelow: minutes === 0 || most === null ? null : (most.money - cost.money) / minutes,
    };
  };
  return {
    people: life.people,
    needs: life.needs.length,
    policies: outcomes.map(({ name, outcome }) => compared(name, outcome)),
    clairvoyant: compared('clairvoyant', ideal),
  };
}
