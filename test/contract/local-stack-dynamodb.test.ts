import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DynamoDBClient,
  ExecuteStatementCommand,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTable } from '../../scripts/local/dynamodb-table.ts';
import { createDynamoDbStandIn } from '../../scripts/local/dynamodb.ts';
import type { DynamoDbStandIn } from '../../scripts/local/dynamodb.ts';
import { createFaults } from '../../scripts/local/faults.ts';
import type { Fault } from '../../scripts/local/faults.ts';

const faults = createFaults();
let standIn: DynamoDbStandIn;
let client: DynamoDBClient;
let port: number;

async function start(folder: string): Promise<void> {
  standIn = createDynamoDbStandIn({ folder, faults });
  port = await standIn.listen(0);
  client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'ap-northeast-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
}

async function stop(): Promise<void> {
  client.destroy();
  await standIn.stop();
}

const put = (sk: string) =>
  client.send(new PutItemCommand({ TableName: 'portal', Item: { pk: { S: 'a' }, sk: { S: sk } } }));

async function has(sk: string): Promise<boolean> {
  const { Item: item } = await client.send(
    new GetItemCommand({ TableName: 'portal', Key: { pk: { S: 'a' }, sk: { S: sk } } }),
  );
  return item !== undefined;
}

function planned(fault: Partial<Fault>): void {
  faults.add({
    service: 'dynamodb',
    action: 'PutItem',
    code: 'ProvisionedThroughputExceededException',
    status: 400,
    times: 1,
    effect: 'before',
    ...fault,
  });
}

describe('in memory', () => {
  beforeEach(async () => {
    faults.clear();
    await start('memory');
    await createTable(client, 'portal');
  });

  afterEach(stop);

  it('makes the table once', async () => {
    expect(await createTable(client, 'portal')).toBe(false);
    expect(await createTable(client, 'another')).toBe(true);
  });

  it('fails as often as it was told to, without doing the work', async () => {
    planned({ times: 2 });
    await expect(put('1')).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
      $metadata: { httpStatusCode: 400 },
    });
    await expect(put('1')).rejects.toThrow('The local stack was told to answer');
    expect(await has('1')).toBe(false);
    await put('1');
    expect(await has('1')).toBe(true);
  });

  it('fails only the operation it was told to', async () => {
    planned({ action: 'UpdateItem' });
    await put('1');
    expect(faults.pending()).toHaveLength(1);
    planned({ action: '*', code: 'InternalServerError', status: 500 });
    await expect(has('1')).rejects.toMatchObject({ name: 'InternalServerError' });
  });

  it('does the work and loses the answer', async () => {
    planned({ code: 'InternalServerError', status: 500, effect: 'after' });
    await expect(put('1')).rejects.toMatchObject({ name: 'InternalServerError' });
    expect(await has('1')).toBe(true);
    planned({ code: 'ConnectionReset', effect: 'after' });
    await expect(put('2')).rejects.toThrow('ECONNRESET');
    expect(await has('2')).toBe(true);
  });

  it('resets the connection before the work', async () => {
    planned({ code: 'ConnectionReset' });
    await expect(put('1')).rejects.toThrow('ECONNRESET');
    expect(await has('1')).toBe(false);
  });

  it('gives no answer, and stops all the same', async () => {
    planned({ code: 'Timeout' });
    await expect(
      client.send(
        new PutItemCommand({ TableName: 'portal', Item: { pk: { S: 'a' }, sk: { S: 'b' } } }),
        { abortSignal: AbortSignal.timeout(200) },
      ),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('survives a client that is killed while it sends', async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"half":');
        setTimeout(() => {
          socket.resetAndDestroy();
          resolve();
        }, 30);
      });
    });
    await put('1');
    expect(await has('1')).toBe(true);
  });
});

/* Source: DynamoDB Developer Guide, "PartiQL insert statements for DynamoDB". */
describe('a statement', () => {
  beforeEach(async () => {
    faults.clear();
    await start('memory');
    await createTable(client, 'portal');
  });

  afterEach(stop);

  const insertStatement = `INSERT INTO "portal" VALUE {'pk': ?, 'sk': ?, 'note': ?}`;
  const send = (Statement: string, Parameters: AttributeValue[]) =>
    client.send(new ExecuteStatementCommand({ Statement, Parameters }));
  const insert = (sk: string, note: AttributeValue) =>
    send(insertStatement, [{ S: 'a' }, { S: sk }, note]);
  async function noteOf(sk: string): Promise<AttributeValue | undefined> {
    const Key = { pk: { S: 'a' }, sk: { S: sk } };
    const { Item: item } = await client.send(new GetItemCommand({ TableName: 'portal', Key }));
    return item?.['note'];
  }

  it.each<AttributeValue>([
    { S: `quotes ' and " and ?` },
    { NULL: true },
    { L: [] },
    { M: { inside: { N: '1' } } },
  ])('inserts an item with %j, and answers nothing', async (note) => {
    const { $metadata: metadata, ...answer } = await insert('1', note);
    expect(metadata.httpStatusCode).toBe(200);
    expect(answer).toEqual({});
    expect(await noteOf('1')).toEqual(note);
  });

  it('inserts nothing where an item with the key is, whoever put it there', async () => {
    await insert('1', { S: 'first' });
    await put('2');
    for (const sk of ['1', '2']) {
      await expect(insert(sk, { S: 'second' })).rejects.toMatchObject({
        name: 'DuplicateItemException',
        $metadata: { httpStatusCode: 400 },
      });
    }
    expect(await noteOf('1')).toEqual({ S: 'first' });
    expect(await noteOf('2')).toBeUndefined();
  });

  it('lets one of those win that insert at the same time', async () => {
    const outcomes = await Promise.allSettled(
      ['x', 'y', 'z'].map((note) => insert('1', { S: note })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('into a table that is not there is refused, as a put is', async () => {
    await expect(
      send(insertStatement.replace('portal', 'elsewhere'), [{ S: 'a' }, { S: '1' }, { S: 'b' }]),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('fails by its own name, before the work or after it', async () => {
    planned({ action: 'PutItem' });
    await insert('1', { S: 'b' });
    expect(faults.pending()).toHaveLength(1);
    faults.clear();
    planned({ action: 'ExecuteStatement' });
    await expect(insert('2', { S: 'b' })).rejects.toThrow('The local stack was told to answer');
    expect(await has('2')).toBe(false);
    planned({ action: 'ExecuteStatement', code: 'ConnectionReset', effect: 'after' });
    await expect(insert('2', { S: 'b' })).rejects.toThrow('ECONNRESET');
    expect(await has('2')).toBe(true);
  });

  const two = [{ S: 'a' }, { S: '1' }];
  it.each<[string, AttributeValue[]]>([
    [`SELECT * FROM "portal"`, two],
    [`UPDATE "portal" SET note = ? WHERE pk = ?`, two],
    [`DELETE FROM "portal" WHERE pk = ? AND sk = ?`, two],
    [`INSERT INTO "portal" VALUE {'pk': 'a', 'sk': ?}`, two],
    [`INSERT INTO "portal" VALUE {'pk': ?, 'sk': ?} RETURNING ALL OLD *`, two],
    [`INSERT INTO "portal" VALUE {'pk': ?, 'sk': ?}; DELETE FROM "portal"`, two],
    [`INSERT INTO "portal"."byPerson" VALUE {'pk': ?, 'sk': ?}`, two],
    [`INSERT INTO "portal" VALUE {'pk': ?, 'pk': ?}`, two],
    [`INSERT INTO "portal" VALUE {'pk': ?}`, two],
    [`INSERT INTO "portal" VALUE {'pk': ?, 'sk': ?, 'note': ?}`, two],
  ])('of another form is refused in words: %s', async (statement, parameters) => {
    await expect(send(statement, parameters)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('The local stack knows one statement'),
    });
    expect(await has('1')).toBe(false);
  });
});

describe('in a folder', () => {
  it('still has after a restart what was written before', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'local-stack-'));
    try {
      await start(join(folder, 'dynamodb'));
      expect(await createTable(client, 'portal')).toBe(true);
      await put('1');
      await stop();

      await start(join(folder, 'dynamodb'));
      expect(await createTable(client, 'portal')).toBe(false);
      expect(await has('1')).toBe(true);
      await stop();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
