/**
 * Runs a bundle once and keeps V8's byte code of everything that ran:
 *
 *   node scripts/bundle/make-code-cache.ts BUNDLE/index.cjs [PATH…]
 *
 * In a process of its own, because a bundle reads its environment when it is loaded.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Script } from 'node:vm';
import { z } from 'zod';

/** Nobody's: enough to be accepted. No path that is warmed up calls anything. */
const environment = {
  AWS_REGION: 'us-east-1',
  TABLE_NAME: 'warm-up',
  ALB_ARN: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/warm-up/0',
  COGNITO_CLIENT_ID: 'warm-up',
  COGNITO_ISSUER: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_warmup',
  COGNITO_DOMAIN: 'https://warm-up.invalid',
  PORTAL_URL: 'https://warm-up.invalid',
  CONNECT_ON_FAILURE: 'deny',
};

const [bundle = '', ...paths] = process.argv.slice(2);
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
for (const path of paths) {
  await handler(
    {
      requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:warm-up' } },
      httpMethod: 'GET',
      path,
      multiValueQueryStringParameters: {},
      multiValueHeaders: { 'accept-encoding': ['gzip'] },
      body: '',
      isBase64Encoded: false,
    },
    {},
  );
}
keepCodeCache();
process.exit(0);
