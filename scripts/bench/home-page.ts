import { z } from 'zod';
import { cpu, memory, startChild } from './child-process.ts';
import type { Child } from './child-process.ts';
import { compared, comparedInTurns } from './figures/figure.ts';
import type { Figure } from './figures/figure.ts';
import { clients, load } from './load.ts';
import type { Load } from './load.ts';
import { median } from './median.ts';

const rounds = 7;
const secondsEach = 3;
/** By then V8 has compiled what it will compile, and has taken the pages that it then keeps. */
const warmUpRequests = 20_000;
const watchedRequests = 100_000;
/** So many requests between two looks at the memory. */
const lookEvery = 20_000;
const requestsAtOnce = 5_000;

interface Measured extends Load {
  /** Processor time of the process, which whatever else the machine does cannot take away. */
  readonly cpuMillisecondsPerRequest: number;
}

interface Round {
  readonly portal: Measured;
  readonly bare: Measured;
}

type Memory = z.output<typeof memory>;

/**
 * The signed-in home page against a bare page of the same size, turn by turn, so that whatever else
 * the machine does meets both; and whether the portal's memory grows from there on. Takes some four
 * minutes.
 */
export async function measureHomePage(): Promise<readonly Figure[]> {
  const standIns = await startChild('stand-ins.ts');
  const environment = await standIns.ask('environment', z.record(z.string(), z.string()));
  const freshTokens = () => standIns.ask('tokens', z.array(z.string().min(100)));
  const portal = await startChild('portal.ts', {
    ...environment,
    KEYS_URL: `${environment['PORTAL_URL'] ?? ''}/local/public-keys/`,
  });
  try {
    const url = await portal.ask('url', z.string());
    const pageBytes = await sizeOf(url, await freshTokens());
    const bare = await startChild('bare-page.ts', { PAGE_BYTES: String(pageBytes) });
    try {
      const bareUrl = await bare.ask('url', z.string());
      // Tokens are good for two minutes, so each step gets its own.
      const ask = async (requests: number): Promise<void> => {
        for (let left = requests; left > 0; left -= requestsAtOnce) {
          // Each client asks at least once.
          const amount = Math.max(clients, Math.min(left, requestsAtOnce));
          await load(url, await freshTokens(), { requests: amount });
        }
      };
      await load(bareUrl, [], { seconds: secondsEach });
      await ask(warmUpRequests);
      const pairs: Round[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const ofPortal = await measure(portal, url, await freshTokens());
        pairs.push({ portal: ofPortal, bare: await measure(bare, bareUrl, []) });
      }
      const memories = [await portal.ask('memory', memory)];
      for (let requests = 0; requests < watchedRequests; requests += lookEvery) {
        await ask(lookEvery);
        memories.push(await portal.ask('memory', memory));
      }
      return [...pageFigures(pageBytes, pairs), ...memoryFigures(memories)];
    } finally {
      await bare.stop();
    }
  } finally {
    await portal.stop();
    await standIns.stop();
  }
}

function pageFigures(pageBytes: number, pairs: readonly Round[]): readonly Figure[] {
  const both = (of: (measured: Measured) => number, unit: string) => ({
    measured: pairs.map(({ portal }) => of(portal)),
    against: pairs.map(({ bare }) => of(bare)),
    unit,
  });
  return [
    comparedInTurns(
      `Home page, ${Math.round(pageBytes / 1024)} KB, against a bare page of Express`,
      both(({ requestsPerSecond }) => requestsPerSecond, '/s'),
      { budget: 'homePageThroughput', limitedBy: 'the one core of the process' },
    ),
    comparedInTurns(
      'p99 of the same, 200 clients at once',
      both(({ p99Milliseconds }) => p99Milliseconds, 'ms'),
      { budget: null, limitedBy: 'the same: everybody waits for everybody' },
    ),
    comparedInTurns(
      'processor time of a request',
      both(({ cpuMillisecondsPerRequest }) => cpuMillisecondsPerRequest, 'ms'),
      { budget: null, limitedBy: 'view-model and template, headers, identity, log line' },
    ),
  ];
}

/** Of all that was seen later, the middle by what was seen first: a last look may be a high one. */
function memoryFigures([first, ...later]: readonly Memory[]): readonly Figure[] {
  if (first === undefined) throw new Error('the memory was not looked at');
  const figure = (what: string, of: (memory: Memory) => number): Figure => {
    const megabytes = (seen: Memory): number => of(seen) / 2 ** 20;
    return {
      ...compared(
        what,
        {
          measured: median(later.slice(-3).map(megabytes)),
          against: megabytes(first),
          unit: 'MB',
        },
        { budget: 'memoryGrowth', limitedBy: 'V8, which keeps pages that it has once taken' },
      ),
      rounds: later.map((seen) => of(seen) / of(first)),
    };
  };
  return [
    figure('Memory after 100,000 more requests, against when warm', ({ rss }) => rss),
    figure('JavaScript heap of the same', ({ heapUsed }) => heapUsed),
  ];
}

/** Waits until the endpoints are what they will be: one on, the others off or mis-tagged. */
async function sizeOf(url: string, tokens: readonly string[]): Promise<number> {
  for (;;) {
    const answer = await fetch(url, { headers: { 'x-amzn-oidc-data': tokens[0] ?? '' } });
    if (answer.status !== 200) throw new Error(`the home page answers ${answer.status}`);
    const page = await answer.text();
    const states = [...page.matchAll(/data-endpoint="[^"]+"\s+data-state="([a-z-]+)"/g)].map(
      ([, state]) => state,
    );
    const atRest = states.filter((state) => state === 'off' || state === 'needs-attention');
    const on = states.filter((state) => state === 'on');
    if (on.length === 1 && on.length + atRest.length === states.length) {
      return Buffer.byteLength(page);
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function measure(child: Child, url: string, tokens: readonly string[]): Promise<Measured> {
  const before = await child.ask('cpu', cpu);
  const measured = await load(url, tokens, { seconds: secondsEach });
  const used = (await child.ask('cpu', cpu)) - before;
  return { ...measured, cpuMillisecondsPerRequest: used / measured.requests };
}
