import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { cpu, startChild } from './child-process.ts';
import type { Child } from './child-process.ts';
import { alone, compared } from './figures/figure.ts';
import type { Figure } from './figures/figure.ts';

const crowd = 5_000;
/** Five thousand people do not come within three seconds; that they are all there is what is measured. */
const openingSeconds = 20;
/** Until what their coming has piled up is answered, and each has been told how often to look. */
const warmUpSeconds = 40;
const measuredSeconds = 30;
/** Of one core: a process that cannot do more of its own accord. */
const busy = 0.8;

interface Looked {
  readonly tabs: number;
  readonly looksPerSecond: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
  readonly ec2CallsPerSecond: number;
  readonly readsPerSecond: number;
  /** The processor time of the portal's process, by the time that passed. */
  readonly portalCores: number;
}

const seen = z.object({ every: z.number().nullable(), state: z.string() });
const looked = z.object({
  latencies: z.array(z.number()),
  failures: z.record(z.string(), z.number()),
});
const calls = z.object({
  ec2: z.array(z.object({ action: z.string(), atMs: z.number() })),
  dynamoDb: z.record(z.string(), z.number()),
});

/**
 * People who watch one endpoint start: one, fifty, and five thousand of them, each with a tab open on
 * its page and a freshly signed identity with each look. Takes about five minutes.
 */
export async function measureOpenTabs(): Promise<readonly Figure[]> {
  // It is starting for as long as anybody looks.
  const standIns = await startChild('stand-ins.ts', {
    SECONDS_TO_ASSOCIATE: '3600',
    WITH_SCHEDULE: 'false',
  });
  const environment = await standIns.ask('environment', z.record(z.string(), z.string()));
  const browsers = await startChild('browsers.ts', environment);
  const keysUrl = await browsers.ask('keys', z.string());
  const portal = await startChild('portal.ts', { ...environment, KEYS_URL: keysUrl });
  try {
    await standIns.ask('schedule', z.null());
    const url = new URL(await portal.ask('url', z.string())).origin;
    await browsers.ask('start', z.null(), url);
    const everySeconds = await untilStarting(browsers, url);
    const all: Looked[] = [];
    for (const tabs of [1, 50, crowd]) {
      // The listing is the schedule's: so that the portal need not make one meanwhile.
      await standIns.ask('schedule', z.null());
      all.push(await measure({ standIns, browsers, portal }, { url, tabs, everySeconds }));
    }
    const [one, some, many] = all;
    if (one === undefined || some === undefined || many === undefined) {
      throw new Error('three crowds are compared');
    }
    return figuresOf(one, some, many);
  } finally {
    await portal.stop();
    await browsers.stop();
    await standIns.stop();
  }
}

async function untilStarting(browsers: Child, url: string): Promise<number> {
  for (;;) {
    const { every, state } = await browsers.ask('look', seen, url);
    if (state === 'starting' && every !== null) return every;
    await delay(500);
  }
}

async function measure(
  { browsers, portal, standIns }: Readonly<Record<'browsers' | 'portal' | 'standIns', Child>>,
  wish: { readonly url: string; readonly tabs: number; readonly everySeconds: number },
): Promise<Looked> {
  await browsers.ask('open', z.null(), { ...wish, openedWithinSeconds: openingSeconds });
  await delay((openingSeconds + warmUpSeconds) * 1000);
  await browsers.ask('forget', z.null());
  const before = await standIns.ask('calls', calls);
  const cpuBefore = await portal.ask('cpu', cpu);
  const startedAt = performance.now();
  await delay(measuredSeconds * 1000);
  const after = await standIns.ask('calls', calls);
  const seconds = (performance.now() - startedAt) / 1000;
  const cpuUsed = (await portal.ask('cpu', cpu)) - cpuBefore;
  const { failures, latencies } = await browsers.ask('close', looked);
  if (Object.keys(failures).length > 0) {
    throw new Error(`of ${latencies.length} looks failed: ${JSON.stringify(failures)}`);
  }
  const sorted = latencies.toSorted((a, b) => a - b);
  const quantile = (part: number): number => sorted[Math.floor(sorted.length * part)] ?? NaN;
  const reads = ({ dynamoDb }: z.output<typeof calls>): number =>
    (dynamoDb['GetItem'] ?? 0) + (dynamoDb['Query'] ?? 0);
  const made = after.ec2.slice(before.ec2.length);
  return {
    tabs: wish.tabs,
    looksPerSecond: latencies.length / seconds,
    p50Milliseconds: quantile(0.5),
    p99Milliseconds: quantile(0.99),
    ec2CallsPerSecond: rateOf(made),
    readsPerSecond: (reads(after) - reads(before)) / seconds,
    portalCores: cpuUsed / (seconds * 1000),
  };
}

/** From one pass to the last: how many passes fall into the time is a matter of its edges. */
function rateOf(made: z.output<typeof calls>['ec2']): number {
  const starts = made.flatMap(({ action, atMs }, index) =>
    action === 'DescribeClientVpnTargetNetworks' ? [{ atMs, index }] : [],
  );
  const [first, last] = [starts[0], starts.at(-1)];
  if (first === undefined || last === undefined || first === last) return NaN;
  return (last.index - first.index) / ((last.atMs - first.atMs) / 1000);
}

function figuresOf(one: Looked, some: Looked, many: Looked): readonly Figure[] {
  const tabs = `${crowd.toLocaleString('en')} tabs`;
  const share = `${Math.round(many.portalCores * 100)} %`;
  const limitedByCore =
    many.portalCores < busy
      ? `what else the machine did: the portal had ${share} of a core`
      : `the one core of the portal's process, busy by ${share}`;
  const asked = (others: Looked, who: string): Figure =>
    compared(
      `${tabs}: calls of EC2, against ${who}`,
      { measured: many.ec2CallsPerSecond, against: others.ec2CallsPerSecond, unit: '/s' },
      { budget: 'tabsEc2', limitedBy: 'a pass of an endpoint is claimed once in five seconds' },
    );
  return [
    alone(
      `${tabs} watch one start: p99 of a look`,
      { value: many.p99Milliseconds, unit: 'ms' },
      { budget: 'tabsP99', limitedBy: limitedByCore },
    ),
    alone(
      'p50 of the same',
      { value: many.p50Milliseconds, unit: 'ms' },
      { budget: null, limitedBy: limitedByCore },
    ),
    alone(
      'looks answered',
      { value: many.looksPerSecond, unit: '/s' },
      { budget: null, limitedBy: 'the browsers, which wait as long as they are told' },
    ),
    alone(
      'from one look of a tab to its next',
      { value: many.tabs / many.looksPerSecond, unit: 's' },
      {
        budget: null,
        limitedBy: 'the pace that the portal sets: three seconds and an answer at least',
      },
    ),
    alone(
      "the portal's processor time of a look",
      { value: (many.portalCores * 1_000) / many.looksPerSecond, unit: 'ms' },
      { budget: null, limitedBy: 'checking a signature that is new with each look; the page' },
    ),
    asked(one, 'one tab'),
    asked(some, 'fifty'),
    alone(
      `${tabs}: readings of DynamoDB`,
      { value: many.readsPerSecond, unit: '/s' },
      { budget: 'tabsReads', limitedBy: 'everybody who looks within a second shares a reading' },
    ),
    compared(
      'the same, against fifty',
      { measured: many.readsPerSecond, against: some.readsPerSecond, unit: '/s' },
      { budget: null, limitedBy: '' },
    ),
  ];
}
