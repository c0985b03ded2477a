import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import { bundleLambda } from './lambda-bundle.ts';
import type { BundledCode } from './lambda-bundle.ts';

const root = path.join(import.meta.dirname, '..', '..');

/** What a load balancer sends a function for somebody who asks for a page. */
export function requestOf(path: string): object {
  return {
    requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:warm-up' } },
    httpMethod: 'GET',
    path,
    multiValueQueryStringParameters: {},
    multiValueHeaders: { 'accept-encoding': ['gzip'] },
    body: '',
    isBase64Encoded: false,
  };
}

/** What the Client VPN service sends for somebody who connects, to an endpoint that is not there. */
const clientOfNoEndpoint = {
  'connection-id': 'cvpn-connection-0123456789abcdef0',
  'endpoint-id': 'cvpn-endpoint-0123456789abcdef0',
  'common-name': '',
  username: 'warm-up',
  platform: 'win',
  'platform-version': '10',
  'public-ip': '203.0.113.7',
  'client-openvpn-version': '3.8',
  'aws-client-version': '5.3.0',
  groups: '',
  'schema-version': 'v3',
};

const functions = [
  { name: 'portal', warmUps: ['/healthz', '/', '/signed-out'].map(requestOf) },
  { name: 'reconciler', warmUps: [{}] },
  { name: 'connect', warmUps: [clientOfNoEndpoint] },
] as const;

export interface BundledFunction extends BundledCode {
  readonly name: (typeof functions)[number]['name'];
  readonly folder: string;
}

/**
 * Bundles the three Lambda functions, each into a folder of its name that is deployed as it is. The
 * handler of each is `index.handler`, for the Node.js 24 runtime.
 */
export async function bundleFunctions(destination: string): Promise<readonly BundledFunction[]> {
  const bundled: BundledFunction[] = [];
  for (const { name, warmUps } of functions) {
    const folder = path.join(destination, name);
    await rm(folder, { recursive: true, force: true });
    if (name === 'portal') await copyWhatPagesAreMadeOf(folder);
    const entry = path.join(root, `src/${name}.lambda.ts`);
    bundled.push({ name, folder, ...(await bundleLambda({ entry, folder, warmUps })) });
  }
  return bundled;
}

/** Read at run time, from beside the code; type declarations are for editors. */
async function copyWhatPagesAreMadeOf(folder: string): Promise<void> {
  await cp(path.join(root, 'views/assets'), path.join(folder, 'views/assets'), {
    recursive: true,
    filter: (source) => !/(?:\.d\.ts|tsconfig\.json)$/.test(source),
  });
  await cp(
    path.join(root, 'node_modules/idiomorph/dist/idiomorph.esm.js'),
    path.join(folder, 'idiomorph.js'),
  );
}
