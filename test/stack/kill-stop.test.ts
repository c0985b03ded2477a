import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { localTableName } from '../../scripts/local/stack.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { createDynamoEndpointStore } from '../../src/aws/dynamo-endpoint-store.ts';
import { dynamoTable } from '../../src/aws/dynamo-table.ts';
import { minutesAfter } from '../../src/clock.ts';
import type { EndpointRecord } from '../../src/lease/endpoint-record.ts';
import { atOnce, clientsFor } from '../web/portal-under-test.ts';
import {
  activeRoutesOf,
  addOffice,
  changesOf,
  networksOf,
  signIn,
  startBareStack,
  startPortalProcess,
  wantedRoutesOf,
} from './world.ts';
import type { BareStack, OfficeEndpoint, PortalProcess } from './world.ts';

/* The schedule's process, killed in the middle of a stop; another one comes after it. */

const disassociate = 'DisassociateClientVpnTargetNetwork';
const alice = 'alice@example.com';

let stack: BareStack;
let aws: AwsClients;
/** The process that comes after each of those that die. */
let next: PortalProcess;
let offices = 0;

beforeAll(async () => {
  stack = await startBareStack(atOnce);
  aws = clientsFor(stack.environment);
  next = await startPortalProcess(variables());
});

afterAll(async () => {
  await next.stop();
  aws.ec2.destroy();
  aws.dynamo.destroy();
  await stack.stop();
});

/** On, the only managed one, and needed by nobody for so long. */
async function office(minutesIdle: number): Promise<OfficeEndpoint> {
  for (const { clientVpnEndpointId } of stack.clientVpn.describeClientVpnEndpoints()) {
    stack.clientVpn.setTags(clientVpnEndpointId, {});
  }
  offices += 1;
  const onSince = minutesAfter(stack.clock.now(), -minutesIdle);
  const made = await addOffice(stack, aws, offices, { onSince });
  stack.ec2.resetCalls();
  return made;
}

const offsetSeconds = (): number => stack.clock.offsetMs() / 1000;

function variables(): Readonly<Record<string, string>> {
  return {
    ...stack.environment,
    PORTAL_KEYS_URL: `${stack.url}/local/public-keys/`,
    PORTAL_CLOCK_OFFSET_SECONDS: offsetSeconds().toString(),
  };
}

/** @param call of those that take a network away, the one at which it dies */
function startDoomed(call: number, side: 'before' | 'after'): Promise<PortalProcess> {
  return startPortalProcess({
    ...variables(),
    PORTAL_DIES_AT_OPERATION: disassociate,
    PORTAL_DIES_AT_CALL: call.toString(),
    PORTAL_DIES: side,
  });
}

async function passUntilDead(doomed: PortalProcess): Promise<void> {
  await expect(doomed.reconcile()).rejects.toThrow('the portal has ended');
  expect(await doomed.ended).toBe('SIGKILL');
}

/** The schedule comes, in another process, once in each of these minutes. */
async function pass(minutes: number): Promise<void> {
  for (let passed = 0; passed < minutes; passed += 1) {
    stack.clock.advance(1);
    next.tell({ kind: 'clock', offsetSeconds: offsetSeconds() });
    await next.reconcile();
  }
}

async function recordOf({ id }: OfficeEndpoint): Promise<EndpointRecord> {
  const store = createDynamoEndpointStore(dynamoTable(aws.dynamo, localTableName));
  return (await store.load(id)).record;
}

const moments = [
  ['before the first call', 1, 'before', 2],
  ['when AWS has taken the first, and nobody knows', 1, 'after', 1],
  ['before what was done is recorded', 2, 'after', 0],
] as const;

describe('a stop of an idle endpoint whose process is killed', () => {
  it.each(moments)('%s is finished by the next one', async (_when, call, side, left) => {
    const one = await office(60);
    await passUntilDead(await startDoomed(call, side));
    expect(networksOf(stack, one)).toHaveLength(left);
    expect((await recordOf(one)).intent.kind).toBe('stop');
    await pass(2);
    expect(networksOf(stack, one)).toEqual([]);
    await pass(2);
    expect((await recordOf(one)).lastPass?.state).toBe('off');
  });

  it('is taken back by the next one when somebody has connected meanwhile', async () => {
    const one = await office(60);
    await passUntilDead(await startDoomed(1, 'before'));
    stack.clientVpn.connect(one.id, alice);
    await pass(3);
    expect(networksOf(stack, one)).toEqual(['associated', 'associated']);
    expect(changesOf(stack, one)).toEqual([]);
  });
});

describe('a stop that an administrator has ordered, and whose process is killed', () => {
  async function order(one: OfficeEndpoint): Promise<void> {
    stack.pointAt(next.url);
    const [people, administrator] = await Promise.all([
      signIn(stack, 'alice'),
      signIn(stack, 'carol'),
    ]);
    // So that the portal knows the endpoint.
    await pass(1);
    const lease = { minutes: '480' };
    expect(await post(`/endpoints/${one.id}/lease`, people, lease)).toBe(303);
    stack.clientVpn.connect(one.id, alice);
    expect(await post(`/admin/endpoints/${one.id}/stop`, administrator)).toBe(303);
  }

  async function post(address: string, cookie: string, form = {}): Promise<number> {
    const answer = await fetch(`${stack.url}${address}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie, 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams(form),
    });
    return answer.status;
  }

  it.each(moments)(
    '%s is finished by the next one, lease and connection or not',
    async (_when, call, side, left) => {
      const one = await office(5);
      await order(one);
      stack.clock.advance(1);
      await passUntilDead(await startDoomed(call, side));
      expect(networksOf(stack, one)).toHaveLength(left);
      expect((await recordOf(one)).intent.kind).toBe('stop');
      await pass(2);
      expect(networksOf(stack, one)).toEqual([]);
      await pass(3);
      expect(networksOf(stack, one)).toEqual([]);
      expect((await recordOf(one)).lastPass?.state).toBe('off');
    },
  );

  it('gives way to whoever asks before the next one comes, with its routes', async () => {
    const one = await office(5);
    await order(one);
    stack.clock.advance(1);
    await passUntilDead(await startDoomed(1, 'after'));
    next.tell({ kind: 'clock', offsetSeconds: offsetSeconds() });
    const people = await signIn(stack, 'alice');
    expect(await post(`/endpoints/${one.id}/lease`, people, { minutes: '60' })).toBe(303);
    await pass(5);
    expect(networksOf(stack, one)).toEqual(['associated', 'associated']);
    expect(activeRoutesOf(stack, one)).toEqual(wantedRoutesOf(one));
    expect((await recordOf(one)).lastPass?.state).toBe('on');
  });
});
