import { cpus, loadavg } from 'node:os';
import { measureColdStarts } from './cold-start.ts';
import { measureCost } from './cost/cost.ts';
import { UnusableOptionError } from './cost/options.ts';
import type { Figure } from './figures/figure.ts';
import { isKept, reportOf } from './figures/report.ts';
import { measureHistory } from './history/history.ts';
import { measureHomePage } from './home-page.ts';
import { measurePassesOfMany } from './load-of-a-pass/passes.ts';
import { measureOpenTabs } from './open-tabs.ts';
import { measurePageWeights } from './page-weight/page-weight.ts';

/*
 * Measures what the product is held to, and ends with one table; see docs/benchmarks.md:
 *
 *   npm run bench                every part; some ten minutes, on a machine that does nothing else
 *   npm run bench -- PART        home, tabs, start, weight, passes, history or cost, by itself
 *   npm run bench -- --check     ends with 1 where a budget is missed
 *
 * `cost` takes options of its own; see docs/cost-of-policies.md. What it is asked for and does not
 * have ends it with 2.
 */

type Part = (args: readonly string[]) => Promise<readonly Figure[]> | readonly Figure[];

/** The one that needs a small process comes first. */
const parts: ReadonlyMap<string, Part> = new Map<string, Part>([
  ['history', measureHistory],
  ['home', measureHomePage],
  ['tabs', measureOpenTabs],
  ['start', measureColdStarts],
  ['weight', measurePageWeights],
  ['passes', measurePassesOfMany],
  ['cost', measureCost],
]);

const { args, isChecked, wanted } = read(process.argv.slice(2));
const figures: Figure[] = [];
for (const [name, measure] of wanted) {
  console.log(`== ${name}`);
  try {
    figures.push(...(await measure(args)));
  } catch (error) {
    if (!(error instanceof UnusableOptionError)) throw error;
    console.error(error.message);
    process.exit(2);
  }
  console.log('');
}
const load = (loadavg()[0] ?? 0).toFixed(1);
console.log(`Node ${process.version}, ${cpus().length} cores, load at the end ${load}`);
console.log('');
for (const line of reportOf(figures)) console.log(line);
if (isChecked && figures.some((figure) => isKept(figure) === false)) process.exitCode = 1;

function read(all: readonly string[]): {
  readonly isChecked: boolean;
  readonly wanted: readonly (readonly [string, Part])[];
  readonly args: readonly string[];
} {
  const isChecked = all.includes('--check');
  const [name, ...args] = all.filter((argument) => argument !== '--check');
  if (name === undefined) return { isChecked, wanted: [...parts], args: [] };
  const part = parts.get(name);
  if (part !== undefined && (args.length === 0 || name === 'cost')) {
    return { isChecked, wanted: [[name, part]], args };
  }
  const names = [...parts.keys()].join(', ');
  console.error(`There is no ${all.join(' ')}: ${names}, or nothing for all of them; --check.`);
  process.exit(2);
}
