import { parseArgs } from 'node:util';

import { describeScenario, shrink } from '../test/simulation/shrink.ts';
import { simulate } from '../test/simulation/simulation.ts';
import { weekOf } from '../test/simulation/week.ts';

/*
 * Plays simulated weeks: `npm run simulate -- --runs 2000 --seed 1`. Each run has the seed after the
 * one before it, so that `--runs 1 --seed N` plays a single one again. The first week in which a
 * property is violated ends it, with the shortest history that shows the fault, and status 1.
 */

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
  },
});
const runs = wholeNumber('runs', values.runs);
const firstSeed = wholeNumber('seed', values.seed);
const shownLines = 60;

const counts = new Map<string, number>();
let events = 0;
const startedAt = process.hrtime.bigint();

for (let seed = firstSeed; seed < firstSeed + runs; seed += 1) {
  const scenario = weekOf(seed);
  const result = await simulate(scenario);
  events += result.events;
  for (const [what, times] of result.counts) counts.set(what, (counts.get(what) ?? 0) + times);
  if (result.violation === null) continue;
  console.log(`Property violated with seed ${seed}. Looking for the shortest history ...`);
  const shortest = await shrink(scenario, result.violation);
  const { history } = await simulate(shortest.scenario, { keepHistory: true });
  console.log(`\n${shortest.violation.property}\n  ${shortest.violation.what}\n`);
  console.log(describeScenario(shortest.scenario).join('\n'));
  console.log(`\nThe last ${shownLines} lines of its history:`);
  console.log(history.slice(-shownLines).join('\n'));
  console.log(`\nAgain: npm run simulate -- --runs 1 --seed ${seed}`);
  process.exitCode = 1;
  break;
}

const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
if (process.exitCode !== 1) {
  console.log(`${runs} weeks, seeds ${firstSeed} to ${firstSeed + runs - 1}: every property held.`);
}
console.log(`${events} events in ${seconds.toFixed(1)} s`);
for (const [what, times] of [...counts].sort(([, a], [, b]) => b - a)) {
  console.log(`  ${times.toString().padStart(9)}  ${what}`);
}

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  console.error(`--${name} takes a whole number, not ${text}.`);
  process.exit(2);
}
