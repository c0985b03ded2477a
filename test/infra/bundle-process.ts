import { fork } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { ALBEvent } from 'aws-lambda';

import { compileCache } from '../compile-cache.ts';
import { startLocalStack } from '../../scripts/local/stack.ts';
import type { LocalStack, LocalStackOptions } from '../../scripts/local/stack.ts';
import { startEchoPortal } from '../contract/local-stack-echo-portal.ts';
import { atOnce } from '../web/portal-under-test.ts';

/** A bundle in a process that knows nothing but its environment. */
export interface BundleProcess {
  /** What the handler answers to an event; rejects with what it throws. */
  readonly send: (event: unknown) => Promise<unknown>;
  /** When it has ended by itself. */
  readonly ended: Promise<'ended'>;
  kill(): Promise<void>;
}

/** @param environment all that there is; `KEYS_URL` takes the place of the load balancer's key service */
export function startBundle(
  index: string,
  environment: Readonly<Record<string, string>>,
): BundleProcess {
  const child = fork(path.join(import.meta.dirname, 'bundled-lambda.ts'), [index], {
    env: { ...compileCache, ...environment },
    cwd: tmpdir(),
    silent: true,
  });
  const ended = once(child, 'exit').then(() => 'ended' as const);
  return {
    ended,
    async send(event) {
      const answered = once(child, 'message');
      child.send(event as object);
      const [message] = (await answered) as [{ result?: unknown; error?: string }];
      if (message.error !== undefined) throw new Error(message.error);
      return message.result;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** What the load balancer sends for a request without anything to it. */
export const bareRequest = {
  requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:x' } },
  httpMethod: 'GET',
  path: '/',
  multiValueQueryStringParameters: {},
  multiValueHeaders: {},
  body: '',
  isBase64Encoded: false,
} satisfies ALBEvent;

/** The stand-ins for what a bundle asks, with a portal that only says what it was asked. */
export function startEchoStack(
  options: Pick<LocalStackOptions, 'seedTable'> = {},
): Promise<LocalStack> {
  return startLocalStack({
    albPort: 0,
    awsPort: 0,
    dynamodbPort: 0,
    dataFolder: 'memory',
    ...atOnce,
    ...options,
    portal: startEchoPortal,
    log: () => undefined,
  });
}

/**
 * What the load balancer would send along for a person, as it arrives behind it.
 *
 * @param stack whose portal only says what it was asked
 */
export async function tokenOf(stack: LocalStack, person: string): Promise<string> {
  const signIn = await fetch(`${stack.url}/local/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ person }),
  });
  const cookie = signIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const answer = await fetch(`${stack.url}/`, { headers: { cookie } });
  const { rawHeaders } = (await answer.json()) as { rawHeaders: string[] };
  return rawHeaders[rawHeaders.indexOf('x-amzn-oidc-data') + 1] ?? '';
}
