import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { bundleLambda } from '../bundle/lambda-bundle.ts';
import { bundleFunctions, requestOf } from '../bundle/lambda-functions.ts';
import type { BundledFunction } from '../bundle/lambda-functions.ts';
import { startChild } from './child-process.ts';
import { alone, comparedInTurns } from './figures/figure.ts';
import type { Figure } from './figures/figure.ts';
import { table } from './table.ts';

const rounds = 11;
const largestShown = 12;

const names = ['portal', 'reconciler', 'connect', 'hello'] as const;
type Name = (typeof names)[number];
type Times = Readonly<Record<Name, readonly Start[]>>;

interface Start {
  readonly milliseconds: number;
  /** Of the process, on all its threads: what others on the machine cannot take away. */
  readonly cpuMilliseconds: number;
}

const answered = z.object({ isRight: z.literal(true), cpuMilliseconds: z.number() });

const answers: Readonly<Record<Name, string>> = {
  portal: 'the health check',
  reconciler: 'its run over an account without endpoints',
  connect: 'its answer about an endpoint that it does not know',
  hello: 'a hello',
};

/**
 * Each bundled Lambda function against an Express that says hello, turn by turn, from the start of
 * the process to the first answer: with byte code, and without, as where the runtime has another
 * version of V8. Prints what each bundle is made of.
 */
export async function measureColdStarts(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-'));
  // AWS without anything in it: what it takes to ask is part of the first answer.
  const standIns = await startChild('stand-ins.ts', { WITH_SCHEDULE: 'false' });
  try {
    const stack = await standIns.ask('environment', z.record(z.string(), z.string()));
    const environment = {
      ...stack,
      NODE_ENV: 'production',
      NODE_NO_WARNINGS: '1',
      CONNECT_ON_FAILURE: 'deny',
      // Of all endpoints none, so that the reconciler has nothing but its run to do.
      ENDPOINT_IDS: 'cvpn-endpoint-0a1b2c3d4e5f69999',
    };
    const made = path.join(folder, 'made');
    const bundled = await bundleFunctions(made);
    // The yardstick is as anybody would bundle it: what is left out elsewhere does not shorten it.
    await bundleLambda({
      entry: path.join(import.meta.dirname, 'hello.lambda.ts'),
      folder: path.join(made, 'hello'),
      warmUps: [requestOf('/healthz')],
      dependencies: 'complete',
    });
    const bare = path.join(folder, 'without-byte-code');
    await cp(made, bare, { recursive: true, filter: (source) => !source.endsWith('.cache') });

    for (const line of sizesOf(bundled)) console.log(line);
    const [withByteCode, without] = await inTurns([made, bare], environment);
    if (withByteCode === undefined || without === undefined) throw new Error('two ways to start');
    return figuresOf(bundled, withByteCode, without);
  } finally {
    await standIns.stop();
    await rm(folder, { recursive: true });
  }
}

async function inTurns(
  folders: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<readonly Times[]> {
  const all = folders.map((): Record<Name, Start[]> => ({
    portal: [],
    reconciler: [],
    connect: [],
    hello: [],
  }));
  // The first round only brings the files into memory.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, folder] of folders.entries()) {
      for (const name of names) {
        const start = await firstAnswer(name, folder, environment);
        if (round > 0) all[index]?.[name].push(start);
      }
    }
  }
  return all;
}

/** A process that loads the bundle, hands it one event, and says when it has the answer. */
async function firstAnswer(
  name: Name,
  folder: string,
  environment: Readonly<Record<string, string>>,
): Promise<Start> {
  const runtime = path.join(import.meta.dirname, 'lambda-runtime.cjs');
  const startedAt = performance.now();
  const child = spawn(process.execPath, [runtime, path.join(folder, name, 'index.cjs'), name], {
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const message: unknown = await Promise.race([
    once(child, 'message').then(([received]: unknown[]) => received),
    ended,
  ]);
  const milliseconds = performance.now() - startedAt;
  const { data, success } = answered.safeParse(message);
  if (!success) throw new Error(`${name} does not answer as it should`);
  child.kill('SIGKILL');
  await ended;
  return { milliseconds, cpuMilliseconds: data.cpuMilliseconds };
}

function sizesOf(bundled: readonly BundledFunction[]): readonly string[] {
  const kilobytes = (bytes: number): string => Math.round(bytes / 1024).toLocaleString('en');
  const packages = new Set(
    bundled.flatMap(({ bytesByPackage }) =>
      [...bytesByPackage]
        .sort(([, a], [, b]) => b - a)
        .slice(0, largestShown)
        .map(([name]) => name),
    ),
  );
  const of = ({ bytesByPackage }: BundledFunction, name: string): number =>
    bytesByPackage.get(name) ?? 0;
  const sorted = [...packages].sort((a, b) => {
    const sum = (name: string): number => bundled.reduce((total, one) => total + of(one, name), 0);
    return sum(b) - sum(a);
  });
  const others = (one: BundledFunction): number =>
    one.bytes - sorted.reduce((total, name) => total + of(one, name), 0);
  return table(
    [
      ['KB of code, by package', ...bundled.map(({ name }) => name)],
      ...sorted.map((name) => [
        name === '' ? 'our own' : name,
        ...bundled.map((one) => kilobytes(of(one, name))),
      ]),
      ['all others', ...bundled.map((one) => kilobytes(others(one)))],
      ['altogether', ...bundled.map(({ bytes }) => kilobytes(bytes))],
    ],
    'right',
  );
}

function figuresOf(
  bundled: readonly BundledFunction[],
  withByteCode: Times,
  without: Times,
): readonly Figure[] {
  const limitedBy = 'running the code of all modules';
  const against = (name: Name, times: Times, of: (start: Start) => number) => ({
    measured: times[name].map(of),
    against: times.hello.map(of),
    unit: 'ms',
  });
  const wall = ({ milliseconds }: Start): number => milliseconds;
  return bundled.flatMap(({ bytes, name }) => [
    comparedInTurns(
      `Cold start of the ${name}: ${answers[name]}, against a hello`,
      against(name, withByteCode, wall),
      { budget: name === 'reconciler' ? 'coldRun' : 'coldStart', limitedBy },
    ),
    comparedInTurns(
      'processor time of the same',
      against(name, withByteCode, ({ cpuMilliseconds }) => cpuMilliseconds),
      { budget: null, limitedBy },
    ),
    comparedInTurns('without byte code', against(name, without, wall), {
      budget: null,
      limitedBy: 'compiling the code',
    }),
    alone(
      'its code',
      { value: bytes / 1024, unit: 'KB' },
      { budget: `${name}Code`, limitedBy: 'see the sizes by package' },
    ),
  ]);
}
