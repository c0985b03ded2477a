import { showCost } from './cost/cost.ts';
import { UnusableOptionError } from './cost/options.ts';
import { showHistory } from './history/history.ts';
import { showPasses } from './load-of-a-pass/passes.ts';
import { showRatios } from './ratios.ts';

/*
 * Measures what the portal is held to:
 *
 *   npm run bench              everything; about five minutes
 *   npm run bench -- ratios    pages, cold start and memory, as ratios within one run
 *   npm run bench -- cost      what each policy costs an office; see docs/cost-of-policies.md
 *   npm run bench -- passes    what a run of the schedule asks of EC2
 *   npm run bench -- history   what the usage pages read, of ten thousand records and of a million
 *
 * Ends with 1 when a target is missed, with 2 when it was asked for something that there is not.
 */

const [name, ...args] = process.argv.slice(2);
const met = await measure(name);
if (!met) process.exitCode = 1;

async function measure(what: string | undefined): Promise<boolean> {
  switch (what) {
    case undefined: {
      const ratiosMet = await showRatios();
      console.log('');
      const passesMet = await showPasses();
      console.log('');
      const historyMet = await showHistory();
      console.log('');
      showCost([]);
      return ratiosMet && passesMet && historyMet;
    }
    case 'ratios':
      return showRatios();
    case 'passes':
      return showPasses();
    case 'history':
      return showHistory();
    case 'cost':
      try {
        showCost(args);
      } catch (error) {
        if (!(error instanceof UnusableOptionError)) throw error;
        console.error(error.message);
        process.exitCode = 2;
      }
      return true;
    default:
      console.error(
        `There is no ${what}: ratios, cost, passes, history, or nothing for all of them.`,
      );
      process.exit(2);
  }
}
