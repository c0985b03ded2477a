import { z } from 'zod';
import { cpu, memory, startChild } from './child-process.ts';
import type { Child } from './child-process.ts';
import { clients, load } from './load.ts';
import type { Load } from './load.ts';
import { median } from './median.ts';

const rounds = 7;
const secondsEach = 3;
const fewRequests = 10_000;
const manyRequests = 100_000;
const requestsAtOnce = 5_000;

interface Measured extends Load {
  /** Processor time of the process, which whatever else the machine does cannot take away. */
  readonly cpuMillisecondsPerRequest: number;
}

export interface HomePageFigures {
  readonly pageBytes: number;
  readonly portal: Measured;
  readonly bare: Measured;
  /** The portal's throughput by the bare page's, in each pair of rounds. */
  readonly ratios: readonly number[];
  readonly memoryAfterFew: z.output<typeof memory>;
  readonly memoryAfterMany: z.output<typeof memory>;
}

/**
 * The signed-in home page against a bare page of the same size, turn by turn, so that whatever else
 * the machine does meets both; and the portal's memory after few and after many requests.
 */
export async function measureHomePage(): Promise<HomePageFigures> {
  const standIns = await startChild('stand-ins.ts');
  const environment = await standIns.ask('environment', z.record(z.string(), z.string()));
  const freshTokens = () => standIns.ask('tokens', z.array(z.string().min(100)));
  const portal = await startChild('portal.ts', environment);
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
      await ask(fewRequests);
      const memoryAfterFew = await portal.ask('memory', memory);
      let requests = fewRequests;

      const pairs: { readonly portal: Measured; readonly bare: Measured }[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const ofPortal = await measure(portal, url, await freshTokens());
        const ofBare = await measure(bare, bareUrl, []);
        requests += ofPortal.requests;
        pairs.push({ portal: ofPortal, bare: ofBare });
      }
      await ask(manyRequests - requests);
      const memoryAfterMany = await portal.ask('memory', memory);
      return {
        pageBytes,
        portal: middleOf(pairs.map((pair) => pair.portal)),
        bare: middleOf(pairs.map((pair) => pair.bare)),
        ratios: pairs.map((pair) => pair.portal.requestsPerSecond / pair.bare.requestsPerSecond),
        memoryAfterFew,
        memoryAfterMany,
      };
    } finally {
      await bare.stop();
    }
  } finally {
    await portal.stop();
    await standIns.stop();
  }
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

function middleOf(all: readonly Measured[]): Measured {
  const middle = (figure: keyof Measured): number => median(all.map((one) => one[figure]));
  return {
    requests: middle('requests'),
    requestsPerSecond: middle('requestsPerSecond'),
    p99Milliseconds: middle('p99Milliseconds'),
    cpuMillisecondsPerRequest: middle('cpuMillisecondsPerRequest'),
  };
}
