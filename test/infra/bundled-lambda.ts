import https from 'node:https';
import http from 'node:http';
import { createRequire } from 'node:module';
import { z } from 'zod';

/*
 * A bare process around a bundle, as the Lambda runtime is: `node bundled-lambda.ts INDEX.cjs`.
 * Every message is an event, and is answered with what the handler answered. The load balancer's
 * public keys, which the bundle gets from AWS over HTTPS, come from KEYS_URL instead.
 */

const keysUrl = process.env['KEYS_URL'];
if (keysUrl !== undefined) {
  const request = (url: string | URL, ...rest: unknown[]): http.ClientRequest => {
    const keyId = new URL(url).pathname.slice(1);
    const callback = rest.find((argument) => typeof argument === 'function');
    return http.request(new URL(keyId, keysUrl), callback as () => void);
  };
  Object.assign(https, { request });
}

const { handler } = z
  .object({ handler: z.custom<(event: unknown, context: object) => Promise<unknown>>() })
  .parse(createRequire(import.meta.url)(process.argv[2] ?? ''));

process.on('message', (event) => {
  handler(event, {}).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
