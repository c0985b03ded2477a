import { cpus, loadavg } from 'node:os';
import { measureColdStart } from './cold-start.ts';
import { measureHomePage } from './home-page.ts';
import { median } from './median.ts';
import { table } from './table.ts';

interface Figure {
  readonly what: string;
  readonly ours: string;
  readonly theirs: string;
  readonly ratio: number;
  readonly spread: string;
  readonly target: { readonly atLeast: number } | { readonly atMost: number } | null;
}

function isMet({ ratio, target }: Figure): boolean {
  if (target === null) return true;
  return 'atLeast' in target ? ratio >= target.atLeast : ratio <= target.atMost;
}

function targetText({ target }: Figure): string {
  if (target === null) return '';
  return 'atLeast' in target
    ? `at least ${target.atLeast.toFixed(2)}`
    : `at most ${target.atMost.toFixed(2)}`;
}

function spreadOf(ratios: readonly number[]): string {
  return `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
}

const whole = (value: number, unit: string): string => `${Math.round(value)} ${unit}`;
const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MB`;

/**
 * Prints what the portal's pages and its start cost, against the least that they could.
 *
 * @returns whether every target is met
 */
export async function showRatios(): Promise<boolean> {
  console.log(
    `Node ${process.version}, ${cpus().length} cores, load ${(loadavg()[0] ?? 0).toFixed(1)}\n`,
  );
  const start = await measureColdStart();
  const home = await measureHomePage();

  const figures: readonly Figure[] = [
    {
      what: `Home page, ${Math.round(home.pageBytes / 1024)} KB, against a bare page`,
      ours: whole(home.portal.requestsPerSecond, 'req/s'),
      theirs: whole(home.bare.requestsPerSecond, 'req/s'),
      ratio: median(home.ratios),
      spread: spreadOf(home.ratios),
      target: { atLeast: 0.6 },
    },
    {
      what: 'p99 of the same',
      ours: whole(home.portal.p99Milliseconds, 'ms'),
      theirs: whole(home.bare.p99Milliseconds, 'ms'),
      ratio: home.portal.p99Milliseconds / home.bare.p99Milliseconds,
      spread: '',
      target: null,
    },
    {
      what: 'Processor time of a request, what limits both',
      ours: `${home.portal.cpuMillisecondsPerRequest.toFixed(2)} ms`,
      theirs: `${home.bare.cpuMillisecondsPerRequest.toFixed(2)} ms`,
      ratio: home.portal.cpuMillisecondsPerRequest / home.bare.cpuMillisecondsPerRequest,
      spread: '',
      target: null,
    },
    {
      what: 'First answer of the Lambda, against a hello',
      ours: whole(start.portal, 'ms'),
      theirs: whole(start.hello, 'ms'),
      ratio: median(start.ratios),
      spread: spreadOf(start.ratios),
      target: { atMost: 2 },
    },
    {
      what: 'The same, both without byte code',
      ours: whole(start.portalWithoutCache, 'ms'),
      theirs: whole(start.helloWithoutCache, 'ms'),
      ratio: start.portalWithoutCache / start.helloWithoutCache,
      spread: '',
      target: null,
    },
    {
      what: 'Memory after 100,000 requests, against 10,000',
      ours: megabytes(home.memoryAfterMany.rss),
      theirs: megabytes(home.memoryAfterFew.rss),
      ratio: home.memoryAfterMany.rss / home.memoryAfterFew.rss,
      spread: '',
      target: { atMost: 1.1 },
    },
    {
      what: 'JavaScript heap of the same',
      ours: megabytes(home.memoryAfterMany.heapUsed),
      theirs: megabytes(home.memoryAfterFew.heapUsed),
      ratio: home.memoryAfterMany.heapUsed / home.memoryAfterFew.heapUsed,
      spread: '',
      target: { atMost: 1.1 },
    },
  ];

  const rows = figures.map((figure) => [
    figure.what,
    figure.ours,
    figure.theirs,
    figure.ratio.toFixed(2),
    figure.spread,
    targetText(figure),
    figure.target === null ? '' : isMet(figure) ? 'met' : 'MISSED',
  ]);
  const titles = ['', 'portal', 'against', 'ratio', 'spread', 'target', ''];
  for (const line of table([titles, ...rows])) console.log(line);
  return figures.every(isMet);
}
