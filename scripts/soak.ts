import { parseArgs } from 'node:util';

import { printedReport } from './soak/report.ts';
import { soak } from './soak/soak.ts';

/*
 * Lets the product run through days of an office in which much goes wrong: `npm run soak -- --days 30
 * --seed 1`. It ends with its figures, and with 1 where a promise was broken.
 */

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    portals: { type: 'string', default: '3' },
    reconcilers: { type: 'string', default: '2' },
  },
});

const stopping = new AbortController();
for (const told of ['SIGINT', 'SIGTERM'] as const) {
  process.once(told, () => {
    stopping.abort();
  });
}

const report = await soak({
  days: numberOf('days', values.days, /^\d{1,3}(?:\.\d{1,2})?$/),
  seed: numberOf('seed', values.seed, /^\d{1,9}$/),
  portals: numberOf('portals', values.portals, /^[1-9]$/),
  reconcilers: numberOf('reconcilers', values.reconcilers, /^[1-9]$/),
  signal: stopping.signal,
  onDay: (day) => {
    console.error(`day ${day}`);
  },
});
console.log(printedReport(report));
if (stopping.signal.aborted) console.log('It was ended before its time.');
process.exitCode = report.violations.length > 0 || stopping.signal.aborted ? 1 : 0;

function numberOf(name: string, text: string, form: RegExp): number {
  if (form.test(text)) return Number(text);
  console.error(`--${name} takes a number, not ${text}.`);
  process.exit(2);
}
