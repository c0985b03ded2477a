import { alone } from '../figures/figure.ts';
import type { Figure } from '../figures/figure.ts';
import { compare } from './comparison.ts';
import type { Comparison } from './comparison.ts';
import { readCostOptions } from './options.ts';
import { headOf, reportOf } from './report.ts';

/** The policy of an endpoint whose tags say nothing. */
const standard = 'idle 30';

/**
 * Prints what each policy costs, in money and in waiting, for offices of several sizes.
 *
 * @returns how near the default comes to the least that is possible
 * @throws {UnusableOptionError}
 */
export function measureCost(args: readonly string[]): readonly Figure[] {
  const options = readCostOptions(args);
  for (const line of headOf(options)) console.log(line);
  return options.offices.map((people) => {
    const startedAt = performance.now();
    const comparison = compare({ ...options, people });
    const seconds = (performance.now() - startedAt) / 1_000;
    console.log('');
    for (const line of reportOf(comparison)) console.log(line);
    console.error(`(${seconds.toFixed(1)} s)`);
    return figureOf(comparison);
  });
}

function figureOf({ clairvoyant, people, policies }: Comparison): Figure {
  const policy = policies.find(({ name }) => name === standard);
  if (policy === undefined) throw new Error(`there is no policy ${standard}`);
  return {
    ...alone(
      `The default grace for ${people} people: money and waiting, against a clairvoyant`,
      { value: policy.cost.moneyAndWaiting, unit: '$' },
      { budget: null, limitedBy: 'nobody knows who comes next' },
    ),
    against: { value: clairvoyant.cost.moneyAndWaiting, unit: '$' },
    ratio: policy.moneyAndWaitingRatio,
  };
}
