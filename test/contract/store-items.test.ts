import { GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { createAwsClients } from '../../src/aws/clients.ts';
import { createDynamoEndpointStore } from '../../src/aws/dynamo-endpoint-store.ts';
import { createDynamoScheduleTrouble } from '../../src/aws/dynamo-schedule-trouble.ts';
import { dynamoTable } from '../../src/aws/dynamo-table.ts';
import { secondsAfter } from '../../src/clock.ts';
import { StoreError } from '../../src/errors.ts';
import type { EndpointId } from '../../src/vpn/ids.ts';
import {
  aHold,
  aLease,
  alice,
  aPause,
  carol,
  sampleIds,
  sampleNow,
} from '../builders/endpoint-for-person.ts';
import { anotherEndpointId, createDynaliteTable, tableName } from './store-under-test.ts';
import type { StoresUnderTest } from './store-under-test.ts';

/** What is particular to the stores on DynamoDB: the items, and what may go wrong with them. */

const table = createDynaliteTable();
let stores: StoresUnderTest;
let id: EndpointId;

beforeAll(async () => {
  stores = await table.start();
});
afterAll(() => table.stop());
beforeEach(() => {
  table.faults.clear();
  id = anotherEndpointId();
});

const stateOf = () => ({ pk: { S: `ENDPOINT#${id}` }, sk: { S: 'STATE' } });
const leaseItemOf = (personId: string) => ({
  pk: { S: `ENDPOINT#${id}` },
  sk: { S: `LEASE#${personId}` },
});
const pauseItem = { pk: { S: 'PAUSE' }, sk: { S: 'STOPPING' } };
const catalogueItem = { pk: { S: 'CATALOGUE' }, sk: { S: 'ENDPOINTS' } };
const lease = () => ({
  ...aLease(alice, 30),
  endpointId: id,
  requestedAt: sampleNow,
  askedAt: sampleNow,
});
const by = { id: carol.id, name: carol.name };
const wish = { connectionId: sampleIds.connectionA };

async function itemAt(
  Key: Record<string, AttributeValue>,
): Promise<Record<string, AttributeValue> | undefined> {
  const { Item } = await table
    .client()
    .send(new GetItemCommand({ TableName: tableName, Key, ConsistentRead: true }));
  return Item;
}

async function put(item: Record<string, AttributeValue>): Promise<void> {
  await table.client().send(new PutItemCommand({ TableName: tableName, Item: item }));
}

async function setVersion(Key: Record<string, AttributeValue>, version: string): Promise<void> {
  await table.client().send(
    new UpdateItemCommand({
      TableName: tableName,
      Key,
      UpdateExpression: 'SET schemaVersion = :version',
      ExpressionAttributeValues: { ':version': { N: version } },
    }),
  );
}

const claim = () =>
  stores.endpoints.claimPass({
    endpointId: id,
    passId: 'pass',
    at: sampleNow,
    claimedUntil: secondsAfter(sampleNow, 30),
    notIfPassedSince: sampleNow,
  });

describe('an item', () => {
  it('says which form it has', async () => {
    await stores.endpoints.noteRequest(id, sampleNow);
    await stores.leases.extend(lease(), null);
    await stores.catalogue.put({ readAt: sampleNow, endpoints: [] }, null);
    await stores.pauses.set(aPause());
    for (const key of [stateOf(), leaseItemOf(alice.id), catalogueItem, pauseItem]) {
      expect((await itemAt(key))?.['schemaVersion']).toEqual({ N: '1' });
    }
  });

  it('of the catalogue tells since when the runs fail, and nothing of runs that are late', async () => {
    const trouble = createDynamoScheduleTrouble(dynamoTable(table.client(), tableName));
    await stores.catalogue.put({ readAt: sampleNow, endpoints: [] }, null);
    const change = async (kind: 'failing' | 'late' | null) => {
      const wanted = kind === null ? null : { kind, since: sampleNow, told: false };
      await trouble.change({ read: await trouble.load(), trouble: wanted, event: null });
      return (await stores.catalogue.get())?.failingSince;
    };
    expect(await change('failing')).toEqual(sampleNow);
    await stores.catalogue.put({ readAt: sampleNow, endpoints: [] }, null);
    expect((await stores.catalogue.get())?.failingSince).toEqual(sampleNow);
    expect(await change('late')).toBeUndefined();
    expect(await change(null)).toBeUndefined();
  });

  it('of a lease is tidied away two days after its end, which a longer lease puts off', async () => {
    const expiry = async () => (await itemAt(leaseItemOf(alice.id)))?.['expiresAt'];
    const twoDays = 48 * 3600;
    await stores.leases.extend(lease(), null);
    const until = lease().until.getTime() / 1000;
    expect(await expiry()).toEqual({ N: String(until + twoDays) });
    await stores.leases.extend({ ...lease(), until: secondsAfter(lease().until, 60) }, null);
    expect(await expiry()).toEqual({ N: String(until + 60 + twoDays) });
  });
});

describe('an item of another version', () => {
  const refusal = expect.stringMatching(/^reading the stored item (STATE|LEASE#.*|ENDPOINTS): /);
  const naming = { message: expect.stringContaining('schemaVersion') };

  it('of an endpoint is refused by everything that reads it, and keeps its version', async () => {
    await stores.endpoints.noteRequest(id, sampleNow);
    await setVersion(stateOf(), '2');
    const attempts = [
      () => stores.endpoints.load(id),
      () => stores.endpoints.noteRequest(id, sampleNow),
      () => stores.endpoints.noteRelease(id, sampleNow),
      () => stores.endpoints.setHold(id, aHold('on'), sampleNow),
      () => stores.endpoints.requestStop(id, { by, at: sampleNow }),
      () => stores.endpoints.requestTermination(id, { ...wish, by, at: sampleNow }),
      claim,
    ];
    for (const attempt of attempts) {
      const failure: unknown = await attempt().catch((error: unknown) => error);
      expect(failure).toMatchObject({ message: refusal });
      expect(failure).toMatchObject(naming);
    }
    expect((await itemAt(stateOf()))?.['schemaVersion']).toEqual({ N: '2' });
  });

  it('of a lease is refused, and keeps its version', async () => {
    await stores.leases.extend(lease(), null);
    await setVersion(leaseItemOf(alice.id), '2');
    const longer = { ...lease(), until: secondsAfter(lease().until, 60) };
    await expect(stores.leases.extend(longer, null)).rejects.toMatchObject(naming);
    await expect(stores.leases.extend(lease(), null)).rejects.toMatchObject(naming);
    await expect(stores.endpoints.load(id)).rejects.toMatchObject({ message: refusal });
    expect((await itemAt(leaseItemOf(alice.id)))?.['schemaVersion']).toEqual({ N: '2' });
  });

  it('of the catalogue is refused until the next listing replaces it', async () => {
    await stores.catalogue.put({ readAt: sampleNow, endpoints: [] }, null);
    await setVersion(catalogueItem, '2');
    await expect(stores.catalogue.get()).rejects.toMatchObject(naming);
    await stores.catalogue.put({ readAt: sampleNow, endpoints: [] }, null);
    expect(await stores.catalogue.get()).toMatchObject({ readAt: sampleNow });
  });
});

describe('a pause that cannot be understood', () => {
  it.each<[string, () => Promise<void>, string]>([
    ['is of another version', () => setVersion(pauseItem, '2'), 'schemaVersion'],
    ['lacks its end', () => put({ ...pauseItem, schemaVersion: { N: '1' } }), 'until'],
  ])('because it %s is a failure of the store until it is taken back', async (_, spoil, what) => {
    await stores.pauses.set(aPause());
    await spoil();
    const failure: unknown = await stores.pauses.get().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StoreError);
    expect(failure).toMatchObject({ cause: { message: expect.stringContaining(what) } });
    await stores.pauses.set(null);
    expect(await stores.pauses.get()).toBeNull();
  });
});

describe('an item that somebody has spoilt', () => {
  it.each<[string, Record<string, AttributeValue>, string]>([
    ['an id that is none', { endpointId: { S: 'cvpn-endpoint-x' } }, 'not such an id'],
    ['a time that is none', { nextPassAt: { S: 'tomorrow' } }, 'nextPassAt'],
    ['an intent of no kind', { intent: { M: { kind: { S: 'hold' } } } }, 'intent'],
    ['a hold of no kind', { hold: { M: { kind: { S: 'open' } } } }, 'hold'],
    ['a wish for no connection', { terminations: { L: [{ M: {} }] } }, 'terminations'],
  ])('with %s is refused, and what is wrong with it is named', async (_, spoilt, what) => {
    const sound = { schemaVersion: { N: '1' }, endpointId: { S: id } };
    await put({ ...stateOf(), ...sound, ...spoilt });
    await expect(stores.endpoints.load(id)).rejects.toMatchObject({
      message: expect.stringContaining(what),
    });
  });

  it('is not read where nobody knows what it is', async () => {
    await put({ pk: stateOf().pk, sk: { S: 'SOMETHING' } });
    expect((await stores.endpoints.load(id)).leases).toEqual([]);
  });
});

describe('a table that fails', () => {
  const failing = (code: string, status: number, times: number) => {
    table.faults.add({ service: 'dynamodb', action: '*', code, status, times, effect: 'before' });
  };

  it('for once is asked again', async () => {
    failing('InternalServerError', 500, 1);
    expect((await stores.endpoints.noteRequest(id, sampleNow)).revision).toBe(1);
  });

  const calls: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['reading an endpoint', () => stores.endpoints.load(id)],
    ['noting a request', () => stores.endpoints.noteRequest(id, sampleNow)],
    ['storing a hold', () => stores.endpoints.setHold(id, aHold('off'), sampleNow)],
    ['asking for a stop', () => stores.endpoints.requestStop(id, { by, at: sampleNow })],
    [
      'asking for the end of a connection',
      () => stores.endpoints.requestTermination(id, { ...wish, by, at: sampleNow }),
    ],
    ['claiming a pass', () => claim()],
    [
      'writing an intent',
      () => stores.endpoints.writeIntent({ endpointId: id, passId: 'pass' }, { kind: 'none' }),
    ],
    ['extending a lease', () => stores.leases.extend(lease(), null)],
    [
      'removing a lease',
      () => stores.leases.remove(id, alice.id, { now: sampleNow, stoppedAt: null }),
    ],
    ['reading the catalogue', () => stores.catalogue.get()],
    [
      'storing the catalogue',
      () => stores.catalogue.put({ readAt: sampleNow, endpoints: [] }, null),
    ],
    [
      'claiming a listing',
      () => stores.catalogue.claimListing({ at: sampleNow, claimedUntil: sampleNow }),
    ],
    ['reading the pause', () => stores.pauses.get()],
    ['storing a pause', () => stores.pauses.set(aPause())],
    ['taking a pause back', () => stores.pauses.set(null)],
  ];

  it.each(calls)('makes %s a failure of the store, with its cause', async (_, call) => {
    failing('AccessDeniedException', 400, 1);
    const failure: unknown = await call().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StoreError);
    expect(failure).toMatchObject({
      message: expect.stringContaining(`calling the table ${tableName}: `),
      cause: { name: 'AccessDeniedException' },
    });
  });

  it('by not answering is waited for two seconds, and is a failure of the store then', async () => {
    const { dynamo, ec2 } = createAwsClients({
      ec2: { region: 'ap-northeast-1' },
      dynamo: {
        endpoint: table.endpoint(),
        region: 'ap-northeast-1',
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
        maxAttempts: 1,
      },
    });
    failing('Timeout', 0, 1);
    const endpoints = createDynamoEndpointStore(dynamoTable(dynamo, tableName));
    await expect(endpoints.load(id)).rejects.toThrow(StoreError);
    dynamo.destroy();
    ec2.destroy();
  });

  it('by closing every connection is a failure of the store', async () => {
    failing('ConnectionReset', 0, 2);
    await expect(stores.endpoints.load(id)).rejects.toThrow(StoreError);
  });
});
