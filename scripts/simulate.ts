import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

import { mutants } from '../test/simulation/mutants.ts';
import { playInThreads } from '../test/simulation/threads.ts';

/*
 * Plays simulated weeks: `npm run simulate -- --runs 2000 --seed 1`. Each run has the seed after the
 * one before it, so that `--runs 1 --seed N` plays a single one again. They are shared out among as
 * many threads as there are processors, or `--threads`. The first week in which a property is
 * violated ends it, with the shortest history that shows the fault, and status 1. To see that: `--mutant
 * 'drops the second look'` plays a product with a safeguard taken out.
 */

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    mutant: { type: 'string' },
    threads: { type: 'string', default: availableParallelism().toString() },
  },
});
const runs = Math.max(1, wholeNumber('runs', values.runs));
const firstSeed = wholeNumber('seed', values.seed);
const threads = Math.min(runs, Math.max(1, wholeNumber('threads', values.threads)));

const { mutant } = values;
if (mutant !== undefined && !mutants.some(({ name }) => name === mutant)) {
  const names = mutants.map(({ name }) => `'${name}'`);
  console.error(`--mutant takes one of ${names.join(', ')}.`);
  process.exit(2);
}

const startedAt = process.hrtime.bigint();
const { counts, events, finding, weeks } = await playInThreads(firstSeed, runs, threads, {
  mutant,
});
const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;

if (finding === null) {
  console.log(
    `${weeks} weeks, seeds ${firstSeed} to ${firstSeed + runs - 1}: every property held.`,
  );
} else {
  const { property, seed, story, what } = finding;
  console.log(`Seed ${seed} violates a property.\n\n${property}\n  ${what}\n`);
  console.log(`The shortest history found that shows it, to its last lines:\n`);
  console.log(story.join('\n'));
  const also = mutant === undefined ? '' : ` --mutant '${mutant}'`;
  console.log(`\nAgain: npm run simulate -- --runs 1 --seed ${seed}${also}`);
  process.exitCode = 1;
}

const perSecond = Math.round(events / seconds);
console.log(`\n${events} events in ${seconds.toFixed(1)} s, ${perSecond} events per second`);
for (const [what, times] of [...counts].sort(([, a], [, b]) => b - a)) {
  console.log(`  ${times.toString().padStart(9)}  ${what}`);
}

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  console.error(`--${name} takes a whole number, not ${text}.`);
  process.exit(2);
}
