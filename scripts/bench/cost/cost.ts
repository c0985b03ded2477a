import { compare } from './comparison.ts';
import { readCostOptions } from './options.ts';
import { headOf, reportOf } from './report.ts';

/** Prints what each policy costs, in money and in waiting, for offices of several sizes. */
export function showCost(args: readonly string[]): void {
  const options = readCostOptions(args);
  for (const line of headOf(options)) console.log(line);
  for (const people of options.offices) {
    const startedAt = performance.now();
    const comparison = compare({ ...options, people });
    const seconds = (performance.now() - startedAt) / 1_000;
    console.log('');
    for (const line of reportOf(comparison)) console.log(line);
    console.error(`(${seconds.toFixed(1)} s)`);
  }
}
