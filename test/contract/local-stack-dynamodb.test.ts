import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
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
