/**
 * Runs a bundle once and keeps V8's byte code of everything that ran:
 *
 *   node scripts/bundle/make-code-cache.ts BUNDLE/index.cjs [EVENT…]
 *
 * Each event is JSON, and given to the handler: what answers it is in the byte code then, and is not
 * compiled when the first one comes. In a process of its own, because a bundle reads its environment
 * when it is loaded.
 */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Script } from 'node:vm';
import { z } from 'zod';

/**
 * AWS as far as a first run needs it: an account with nothing in it, for calls of EC2, of DynamoDB and
 * of EventBridge.
 */
const emptyAccount = createServer((request, response) => {
  request.resume().on('end', () => response.end(answerTo(request)));
});
await new Promise<void>((resolve) => emptyAccount.listen(0, '127.0.0.1', resolve));
const { port } = emptyAccount.address() as AddressInfo;

function answerTo({ headers }: IncomingMessage): string {
  const isJson = headers['x-amz-target'] !== undefined;
  return isJson ? '{"Items":[],"Count":0}' : '<Response><requestId>warm-up</requestId></Response>';
}

/** Nobody's: enough to be accepted. */
const environment = {
  AWS_REGION: 'us-east-1',
  AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
  AWS_ACCESS_KEY_ID: 'warm-up',
  AWS_SECRET_ACCESS_KEY: 'warm-up',
  TABLE_NAME: 'warm-up',
  ALB_ARN: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/warm-up/0',
  COGNITO_CLIENT_ID: 'warm-up',
  COGNITO_ISSUER: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_warmup',
  COGNITO_DOMAIN: 'https://warm-up.invalid',
  PORTAL_URL: 'https://warm-up.invalid',
  CONNECT_ON_FAILURE: 'deny',
};

const [bundle = '', ...events] = process.argv.slice(2);
Object.assign(process.env, environment);

let keepCodeCache = (): void => {
  throw new Error(`${bundle} has not asked for its code cache`);
};
Object.assign(globalThis, {
  codeCacheRequested(script: Script, file: string) {
    keepCodeCache = () => {
      writeFileSync(file, script.createCachedData());
    };
  },
});

const { handler } = z
  .object({ handler: z.custom<(event: unknown, context: object) => Promise<unknown>>() })
  .parse(createRequire(import.meta.url)(bundle));
for (const event of events) await handler(JSON.parse(event), {});
keepCodeCache();
process.exit(0);
