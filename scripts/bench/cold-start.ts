import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundleLambda } from '../bundle/lambda-bundle.ts';
import { median } from './median.ts';

const rounds = 15;

export interface ColdStartFigures {
  /** From the start of the process to the first answer, in milliseconds. */
  readonly portal: number;
  readonly hello: number;
  /** The same without byte code, as where the runtime has another version of V8. */
  readonly portalWithoutCache: number;
  readonly helloWithoutCache: number;
  readonly ratios: readonly number[];
}

const environment = {
  NODE_ENV: 'production',
  AWS_REGION: 'us-east-1',
  TABLE_NAME: 'portal',
  ALB_ARN: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/portal/0a1b',
  COGNITO_CLIENT_ID: 'client',
  COGNITO_ISSUER: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_pool',
  COGNITO_DOMAIN: 'https://sign-in.example.com',
  PORTAL_URL: 'https://vpn.example.com',
};

/**
 * The bundled Lambda function against an Express that says hello, both bundled the same way, both
 * asked with the load balancer's health check, turn by turn.
 */
export async function measureColdStart(): Promise<ColdStartFigures> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-'));
  try {
    const bundles = await makeBundles(folder);
    const times = {
      portal: [],
      hello: [],
      portalWithoutCache: [],
      helloWithoutCache: [],
    } as Record<keyof typeof bundles, number[]>;
    const names = Object.keys(times) as (keyof typeof bundles)[];
    // The first round only brings the files into memory.
    for (let round = 0; round <= rounds; round += 1) {
      for (const name of names) {
        const milliseconds = await firstAnswer(bundles[name]);
        if (round > 0) times[name].push(milliseconds);
      }
    }
    return {
      portal: median(times.portal),
      hello: median(times.hello),
      portalWithoutCache: median(times.portalWithoutCache),
      helloWithoutCache: median(times.helloWithoutCache),
      ratios: times.portal.map((time, round) => time / (times.hello[round] ?? NaN)),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function makeBundles(folder: string) {
  const root = path.join(import.meta.dirname, '..', '..');
  const made = path.join(folder, 'made');
  const bundling = spawn(process.execPath, [path.join(root, 'scripts/bundle.ts'), made], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [exitCode] = (await once(bundling, 'exit')) as [number | null];
  if (exitCode !== 0) throw new Error('the bundle could not be made');
  await bundleLambda({
    entry: path.join(import.meta.dirname, 'hello.lambda.ts'),
    folder: path.join(made, 'hello'),
    warmUpPaths: ['/healthz'],
  });
  const bare = path.join(folder, 'without-cache');
  await cp(made, bare, { recursive: true, filter: (source) => !source.endsWith('.cache') });
  return {
    portal: path.join(made, 'portal/index.cjs'),
    hello: path.join(made, 'hello/index.cjs'),
    portalWithoutCache: path.join(bare, 'portal/index.cjs'),
    helloWithoutCache: path.join(bare, 'hello/index.cjs'),
  };
}

/** A process that loads the bundle, hands it one event, and says when it has the answer. */
async function firstAnswer(bundle: string): Promise<number> {
  const runtime = path.join(import.meta.dirname, 'lambda-runtime.cjs');
  const startedAt = performance.now();
  const child = spawn(process.execPath, [runtime, bundle], {
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [status] = (await once(child, 'message')) as [number];
  const milliseconds = performance.now() - startedAt;
  if (status !== 200) throw new Error(`${bundle} answers ${status}`);
  child.kill('SIGKILL');
  await once(child, 'exit');
  return milliseconds;
}
