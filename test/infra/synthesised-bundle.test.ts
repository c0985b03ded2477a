import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ALBEvent, ALBResult } from 'aws-lambda';
import { makeBundles } from '../../infra/bundles.ts';
import {
  sampleAccountId,
  sampleEndpoints,
  sampleRegion,
} from '../../scripts/local/sample-world.ts';
import type { LocalStack } from '../../scripts/local/stack.ts';
import { detailOf } from '../builders/events.ts';
import { bareRequest, startBundle, startEchoStack, tokenOf } from './bundle-process.ts';
import type { BundleProcess } from './bundle-process.ts';
import { deployedEnvironment, deployedFunction } from './deployed-function.ts';
import { connectRole, portalRole, reconcilerRole, synthesisePortal } from './synthesised-portal.ts';
import type { SynthesisedPortal } from './synthesised-portal.ts';

/*
 * What is deployed, taken out of what was synthesised: the folder of each function's asset, its handler,
 * and the environment that the template sets.
 */

let made = '';
let synthesised: SynthesisedPortal;
let stack: LocalStack;
let token = '';
const running: BundleProcess[] = [];
/** Those that serve one test like another, by the description of the role. */
const shared = new Map<string, BundleProcess>();

beforeAll(async () => {
  made = mkdtempSync(path.join(tmpdir(), 'bundles-'));
  synthesised = synthesisePortal(
    {
      account: sampleAccountId,
      region: sampleRegion,
      connect: { enabled: true, onFailure: 'deny' },
      prices: {
        byRegion: { [sampleRegion]: { associationHour: 0.15, connectionHour: 0.05 } },
        portalPerMonth: 27,
      },
    },
    await makeBundles(made),
  );
  stack = await startEchoStack();
  token = await tokenOf(stack, 'alice');
});

afterAll(async () => {
  for (const bundle of running) await bundle.kill();
  await stack.stop();
  synthesised.remove();
  rmSync(made, { recursive: true });
});

const deployed = (description: string) => deployedFunction(synthesised, description);

function start(description: string, without: readonly string[] = []): BundleProcess {
  const { file, variables } = deployed(description);
  const environment = {
    ...deployedEnvironment(variables, stack.environment),
    KEYS_URL: `${stack.url}/local/public-keys/`,
  };
  for (const name of without) Reflect.deleteProperty(environment, name);
  const bundle = startBundle(file, environment);
  running.push(bundle);
  return bundle;
}

function deployedBundle(description: string): BundleProcess {
  const bundle = shared.get(description) ?? start(description);
  shared.set(description, bundle);
  return bundle;
}

function askPortal(): (event: Partial<ALBEvent>) => Promise<ALBResult> {
  const { send } = deployedBundle(portalRole);
  return async (event) => (await send({ ...bareRequest, ...event })) as ALBResult;
}

const leaseForm = (by: string, body: string): Partial<ALBEvent> => ({
  httpMethod: 'POST',
  multiValueHeaders: signedIn(
    {
      'sec-fetch-site': ['same-origin'],
      'content-type': ['application/x-www-form-urlencoded'],
      'content-length': [String(body.length)],
    },
    by,
  ),
  body,
});

function signedIn(more: Record<string, string[]> = {}, by = token): Record<string, string[]> {
  return {
    host: ['vpn.example.com'],
    'x-forwarded-for': ['203.0.113.7'],
    'x-forwarded-proto': ['https'],
    'x-amzn-oidc-data': [by],
    ...more,
  };
}

/** As EventBridge sends it for a rule with a schedule. */
const scheduledEvent = {
  version: '0',
  id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: sampleAccountId,
  time: '2026-03-02T09:00:00Z',
  region: sampleRegion,
  resources: [`arn:aws:events:${sampleRegion}:${sampleAccountId}:rule/every-minute`],
  detail: {},
};

describe('the portal that is deployed', () => {
  it('answers a health check, which has no host, no identity and one value a header', async () => {
    const answer = await askPortal()({
      path: '/healthz',
      multiValueHeaders: { 'user-agent': ['ELB-HealthChecker/2.0'] },
    });
    expect(answer).toMatchObject({ statusCode: 200, body: 'ok\n' });
  });

  it('shows its page to somebody whose identity this load balancer has signed', async () => {
    const answer = await askPortal()({ multiValueHeaders: signedIn() });
    expect(answer.statusCode).toBe(200);
    expect(answer.multiValueHeaders?.['content-type']).toEqual(['text/html; charset=utf-8']);
    expect(answer.body).toContain('alice@example.com');
  });

  it('does not show a page without an identity', async () => {
    expect(await askPortal()({})).toMatchObject({ statusCode: 401 });
  });

  it('answers a HEAD without a body, and 404 for an address that is none', async () => {
    const ask = askPortal();
    const multiValueHeaders = signedIn();
    expect(await ask({ httpMethod: 'HEAD', multiValueHeaders })).toMatchObject({
      statusCode: 200,
      body: '',
    });
    expect(await ask({ path: '/nowhere', multiValueHeaders })).toMatchObject({ statusCode: 404 });
  });

  it('answers with every one of several headers of the same name', async () => {
    const answer = await askPortal()({
      httpMethod: 'POST',
      path: '/sign-out',
      multiValueHeaders: signedIn({ 'sec-fetch-site': ['same-origin'] }),
    });
    expect(answer.statusCode).toBe(303);
    expect(answer.multiValueHeaders?.['set-cookie']?.length).toBeGreaterThan(1);
  });

  it.each([
    ['as text', false],
    ['in base64', true],
  ])('takes a form that arrives %s', async (_how, isBase64Encoded) => {
    await deployedBundle(reconcilerRole).send(scheduledEvent);
    const body = 'minutes=60';
    const answer = await askPortal()({
      ...leaseForm(token, body),
      path: `/endpoints/${sampleEndpoints.tokyoOffice}/lease`,
      body: isBase64Encoded ? Buffer.from(body).toString('base64') : body,
      isBase64Encoded,
    });
    expect(answer).toMatchObject({ statusCode: 303 });
  });

  it('does not take that form from another site', async () => {
    const answer = await askPortal()({
      httpMethod: 'POST',
      path: `/endpoints/${sampleEndpoints.tokyoOffice}/lease`,
      multiValueHeaders: signedIn({ 'sec-fetch-site': ['cross-site'] }),
      body: 'minutes=60',
    });
    expect(answer.statusCode).toBe(403);
  });

  it('starts what it is asked for, and leaves it to the schedule to tell those who listen', async () => {
    const { osakaLab } = sampleEndpoints;
    const reconciler = deployedBundle(reconcilerRole);
    await reconciler.send(scheduledEvent);
    // Nobody answers: whoever published now would keep the person waiting for it.
    const hangs = { service: 'events', action: 'PutEvents', code: 'Timeout', status: 500 } as const;
    stack.faults.add({ ...hangs, times: 100, effect: 'before' });
    const ask = askPortal();
    const bob = await tokenOf(stack, 'bob');
    const networks = () =>
      stack.clientVpn.describeClientVpnTargetNetworks({ clientVpnEndpointId: osakaLab });
    while (networks().length === 0) {
      await delay(250);
      const path = `/endpoints/${osakaLab}/lease`;
      expect(await ask({ ...leaseForm(bob, 'minutes=60'), path })).toMatchObject({
        statusCode: 303,
      });
    }
    expect(stack.faults.pending()).toMatchObject([{ times: 100 }]);
    stack.faults.clear();
    const heard = () =>
      stack.eventBridge
        .events()
        .filter((event) => event.detailType === 'Endpoint Starting')
        .filter((event) => detailOf(event)['endpointId'] === osakaLab);
    while (heard().length === 0) {
      await delay(250);
      await reconciler.send(scheduledEvent);
    }
    expect(heard()).toHaveLength(1);
  });

  it('needs what the template sets: it does not start without the load balancer’s ARN', async () => {
    const bundle = start(portalRole, ['ALB_ARN']);
    const answered = bundle.send(bareRequest).then(() => 'answered');
    expect(await Promise.race([answered, bundle.ended])).toBe('ended');
  });
});

describe('the reconciler that is deployed', () => {
  it('lists the endpoints for an event of the schedule, and answers nothing', async () => {
    const before = stack.ec2.calls().length;
    expect(await deployedBundle(reconcilerRole).send(scheduledEvent)).toBeUndefined();
    const calls = stack.ec2.calls().slice(before);
    expect(calls.map(({ action }) => action)).toContain('DescribeClientVpnEndpoints');
    expect(calls.filter(({ outcome }) => outcome !== 'succeeded')).toEqual([]);
  });

  it('turns on what the portal has been asked for', async () => {
    const reconciler = deployedBundle(reconcilerRole);
    const associations = () =>
      stack.clientVpn.describeClientVpnTargetNetworks({
        clientVpnEndpointId: sampleEndpoints.tokyoOffice,
      });
    while (associations().length < 2) {
      await reconciler.send(scheduledEvent);
      await delay(250);
    }
    expect(associations()).toHaveLength(2);
  });

  it('fails where AWS does, so that the alarm goes off', async () => {
    stack.faults.add({
      service: 'ec2',
      action: 'DescribeClientVpnEndpoints',
      code: 'UnauthorizedOperation',
      status: 403,
      times: 1,
      effect: 'before',
    });
    await expect(deployedBundle(reconcilerRole).send(scheduledEvent)).rejects.toThrow(
      /ClientVpnError/,
    );
  });
});

describe.each([
  ['portal', portalRole],
  ['reconciler', reconcilerRole],
  ['connect', connectRole],
])('the asset of the %s', (name, description) => {
  it('has the handler that the template names', () => {
    const { file, exported } = deployed(description);
    expect(path.basename(file)).toBe('index.cjs');
    expect(exported).toBe('handler');
  });

  it('is what `npm run bundle` makes, as the bench of cold starts measures it', () => {
    const { asset } = deployed(description);
    const files = readdirSync(asset, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.cache'))
      .map((entry) => path.relative(asset, path.join(entry.parentPath, entry.name)));
    expect(files).toEqual(expect.arrayContaining(['code.cjs', 'index.cjs']));
    for (const file of files) {
      const bundled = readFileSync(path.join(made, name, file));
      expect(readFileSync(path.join(asset, file)).equals(bundled)).toBe(true);
    }
  });

  it('has byte code where it was made on the function’s architecture, and none where not', () => {
    const files = readdirSync(deployed(description).asset);
    expect(files).toContain('code.cjs');
    expect(files.some((name) => name.endsWith('.cache'))).toBe(process.arch === 'arm64');
  });
});
