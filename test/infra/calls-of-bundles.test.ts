import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { DescribeRuleCommand, DisableRuleCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ALBEvent, ALBResult } from 'aws-lambda';

import { bundleFunctions } from '../../scripts/bundle/lambda-functions.ts';
import { rememberSampleRoutes } from '../../scripts/local/portal-host.ts';
import { sampleEndpoints } from '../../scripts/local/sample-world.ts';
import { localRuleName } from '../../scripts/local/stack.ts';
import type { LocalStack } from '../../scripts/local/stack.ts';
import { clientsFor } from '../web/portal-under-test.ts';
import { bareRequest, startBundle, startEchoStack, tokenOf } from './bundle-process.ts';
import type { BundleProcess } from './bundle-process.ts';

/*
 * Much of the SDK is left out of the bundles. That nothing is left out that the product needs is seen
 * here: everything that it may ask of AWS is asked from the bundles, and succeeds.
 */

const { osakaLab, tokyoOffice } = sampleEndpoints;
let folder = '';
let stack: LocalStack;
let portal: BundleProcess;
let reconciler: BundleProcess;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'calls-of-bundles-'));
  await bundleFunctions(folder);
  stack = await startEchoStack({ seedTable: rememberSampleRoutes });
  const start = (name: string): BundleProcess =>
    startBundle(path.join(folder, name, 'index.cjs'), {
      ...stack.environment,
      KEYS_URL: `${stack.url}/local/public-keys/`,
    });
  portal = start('portal');
  reconciler = start('reconciler');
});

afterAll(async () => {
  await portal.kill();
  await reconciler.kill();
  await stack.stop();
  rmSync(folder, { recursive: true });
});

async function ask(person: string, event: Partial<ALBEvent>): Promise<ALBResult> {
  const answer = await portal.send({
    ...bareRequest,
    ...event,
    multiValueHeaders: {
      host: ['vpn.example.com'],
      'x-forwarded-for': ['203.0.113.7'],
      'x-amzn-oidc-data': [await tokenOf(stack, person)],
      ...event.multiValueHeaders,
    },
  });
  return answer as ALBResult;
}

/** @returns where the answer leads to */
async function post(person: string, address: string, form: Record<string, string>): Promise<URL> {
  const body = new URLSearchParams(form).toString();
  const { multiValueHeaders, statusCode } = await ask(person, {
    httpMethod: 'POST',
    path: address,
    multiValueHeaders: {
      'sec-fetch-site': ['same-origin'],
      'content-type': ['application/x-www-form-urlencoded'],
      'content-length': [String(body.length)],
    },
    body,
  });
  expect([address, statusCode]).toEqual([address, 303]);
  return new URL(String(multiValueHeaders?.['location']?.[0]), 'https://vpn.example.com');
}

/** Passes of one endpoint are some seconds apart, so that the schedule has to come more than once. */
async function runUntil(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    await reconciler.send({});
    await delay(250);
  }
}

const networksOf = (clientVpnEndpointId: string) =>
  stack.clientVpn.describeClientVpnTargetNetworks({ clientVpnEndpointId });

/** What the adapters import of a client, as the names of operations. */
function operationsOf(client: string): readonly string[] {
  const adapters = path.join(import.meta.dirname, '../../src/aws');
  const imports = readdirSync(adapters).flatMap((file) =>
    [
      ...readFileSync(path.join(adapters, file), 'utf8').matchAll(
        /^import \{([^}]+)\} from '([^']+)';$/gm,
      ),
    ].flatMap(([, names = '', from]) => (from === client ? names.split(',') : [])),
  );
  const operations = imports.flatMap((name) => {
    const [, paginated, command] = /^\s*(?:paginate(\w+)|(\w+)Command)\s*$/.exec(name) ?? [];
    return [paginated ?? command ?? []].flat();
  });
  return [...new Set(operations)].sort();
}

describe('the bundles, asked for all that the product does', () => {
  it('get an answer of EC2 to every call', async () => {
    stack.clientVpn.associateClientVpnTargetNetwork({
      clientVpnEndpointId: osakaLab,
      subnetId: 'subnet-0a1b2c3d4e5f62001',
    });
    const connection = stack.clientVpn.connect(osakaLab, 'bob@example.com');
    const answered = (): readonly string[] => {
      const calls = stack.ec2.calls().filter(({ outcome }) => outcome === 'succeeded');
      return [...new Set(calls.map(({ action }) => action))].sort();
    };
    await reconciler.send({});
    await post('alice', `/endpoints/${tokyoOffice}/lease`, { minutes: '60' });
    const administered = `/admin/endpoints/${osakaLab}`;
    await post('carol', `${administered}/connections/${connection}/terminate`, {});
    await runUntil(() => answered().includes('TerminateClientVpnConnections'));
    await post('carol', `${administered}/stop`, {});
    const configuration = await ask('alice', {
      path: `/endpoints/${tokyoOffice}/client-configuration`,
    });
    expect(configuration.body).toContain('auth-federate');

    const hasRoutes = (): boolean =>
      stack.clientVpn
        .describeClientVpnRoutes({ clientVpnEndpointId: tokyoOffice })
        .some(({ origin }) => origin === 'add-route');
    await runUntil(() => hasRoutes() && networksOf(osakaLab).length === 0);
    expect(networksOf(tokyoOffice)).toHaveLength(2);
    // Of an endpoint that is on, the rules are counted as well.
    await runUntil(() => answered().includes('DescribeClientVpnAuthorizationRules'));
    expect(answered()).toEqual(operationsOf('@aws-sdk/client-ec2'));
  });

  it('publish events, and read and enable the rule of the schedule', async () => {
    expect(operationsOf('@aws-sdk/client-eventbridge')).toEqual([
      'DescribeRule',
      'EnableRule',
      'PutEvents',
    ]);
    expect(stack.eventBridge.events().length).toBeGreaterThan(0);
    const { dynamo, ec2, eventBridge } = clientsFor(stack.environment);
    await eventBridge.send(new DisableRuleCommand({ Name: localRuleName }));
    const overview = await ask('carol', { path: '/admin' });
    expect(overview.body).toContain('/admin/schedule/enable-rule');
    await post('carol', '/admin/schedule/enable-rule', {});
    const { State } = await eventBridge.send(new DescribeRuleCommand({ Name: localRuleName }));
    expect(State).toBe('ENABLED');
    for (const client of [dynamo, ec2, eventBridge]) client.destroy();
  });

  it('read, write, change, remove and list in the table', async () => {
    expect(operationsOf('@aws-sdk/lib-dynamodb')).toEqual([
      'Delete',
      'ExecuteStatement',
      'Get',
      'Put',
      'Query',
      'Update',
    ]);
    // An entry of the audit is inserted by a statement. A lease is put, raises the record's revision by an update, and is deleted when given back.
    const given = await post('alice', `/endpoints/${tokyoOffice}/lease/release`, {});
    const after = await ask('alice', {
      path: given.pathname,
      multiValueQueryStringParameters: { revision: given.searchParams.getAll('revision') },
    });
    expect(after.body?.includes('/lease/release')).toBe(false);
    // One item, and lists by partition and by the index.
    for (const [person, address] of [
      ['alice', '/'],
      ['alice', '/history'],
      ['carol', '/admin/audit'],
      ['carol', '/admin/usage'],
    ] as const) {
      const { statusCode } = await ask(person, { path: address });
      expect([address, statusCode]).toEqual([address, 200]);
    }
  });
});
