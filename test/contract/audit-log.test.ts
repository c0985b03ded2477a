import { ScanCommand } from '@aws-sdk/client-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { auditActions } from '../../src/audit/audit-log.ts';
import type { AuditEntry, AuditLog } from '../../src/audit/audit-log.ts';
import { createDynamoAuditLog } from '../../src/aws/dynamo-audit-log.ts';
import { dynamoTable } from '../../src/aws/dynamo-table.ts';
import { StoreError } from '../../src/errors.ts';
import { parseEndpointId } from '../../src/vpn/ids.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import { createMemoryAuditLog } from '../fakes/memory-audit-log.ts';
import { anEntry, describeAuditLog } from './audit-log-contract.ts';
import { anotherEndpointId, createDynaliteTable, tableName } from './store-under-test.ts';
import type { DynaliteTable } from './store-under-test.ts';

type Item = Record<string, AttributeValue>;

/** Every item of the table, through a client that knows nothing of logs. */
async function itemsOf(table: DynaliteTable): Promise<readonly Item[]> {
  const items: Item[] = [];
  let from: Item | undefined;
  do {
    const page = await table.client().send(
      new ScanCommand({
        TableName: tableName,
        ConsistentRead: true,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return items;
}

const text = z.object({ S: z.string() }).transform(({ S }) => S);
const form = z
  .object({
    at: text.transform((at) => new Date(at)),
    actor: z.object({ M: z.object({ id: text, name: text }) }).transform(({ M }) => M),
    action: text.pipe(z.enum(auditActions)),
    endpointId: text.transform((id, context) => {
      const parsed = parseEndpointId(id);
      if (parsed !== null) return parsed;
      context.issues.push({ code: 'custom', message: 'no endpoint id', input: id });
      return z.NEVER;
    }),
    address: z.union([text, z.object({ NULL: z.literal(true) }).transform(() => null)]),
    detail: text,
    outcome: text,
    requestIds: z.object({ L: z.array(text) }).transform(({ L }) => L),
    pk: text,
    sk: text,
    schemaVersion: z.object({ N: z.literal('1') }),
    expiresAt: z.object({ N: z.string() }),
  })
  .strict();

function entryIn(item: Item): AuditEntry {
  const { address, action, actor, at, detail, endpointId, outcome, requestIds } = form.parse(item);
  return { at, actor, address, action, endpointId, detail, outcome, requestIds };
}

const settings = { clock: createStoppedClock(), retentionDays: 400 };
const memory = createMemoryAuditLog();
describeAuditLog('in memory', {
  start: () => Promise.resolve(memory),
  entries: () => Promise.resolve(memory.entries),
  stop: () => Promise.resolve(),
});

const shared = createDynaliteTable();
describeAuditLog('on DynamoDB', {
  async start() {
    await shared.start();
    return createDynamoAuditLog(dynamoTable(shared.client(), tableName), settings);
  },
  entries: async () => (await itemsOf(shared)).map(entryIn),
  stop: () => shared.stop(),
});

describe('the items of the audit log', () => {
  const table = createDynaliteTable();
  let log: AuditLog;

  beforeAll(async () => {
    await table.start();
    log = createDynamoAuditLog(dynamoTable(table.client(), tableName), settings);
  });
  afterAll(() => table.stop());
  beforeEach(() => {
    table.faults.clear();
  });

  it('stand by month, in the order of time, and say which form they have', async () => {
    const at = new Date('2026-01-31T23:59:59.999Z');
    const id = anotherEndpointId();
    await log.append(anEntry(id, { at, requestIds: ['request-1'] }));
    const uuid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';
    expect(await itemsOf(table)).toEqual([
      {
        pk: { S: 'AUDIT#2026-01' },
        sk: { S: expect.stringMatching(new RegExp(`^2026-01-31T23:59:59\\.999Z#${uuid}$`)) },
        schemaVersion: { N: '1' },
        at: { S: '2026-01-31T23:59:59.999Z' },
        actor: { M: { id: { S: 'sub-of-carol@example.com' }, name: { S: 'carol@example.com' } } },
        action: { S: 'hold' },
        address: { S: '203.0.113.7' },
        endpointId: { S: id },
        detail: { S: 'on until 2026-03-04T04:00:00.000Z: Maintenance' },
        outcome: { S: 'recorded' },
        requestIds: { L: [{ S: 'request-1' }] },
        // 400 days later, in whole seconds.
        expiresAt: { N: String(Date.parse('2027-03-08T00:00:00Z') / 1000) },
      },
    ]);
  });

  it('are written once, and are no failure, where the answer was lost', async () => {
    const before = await itemsOf(table);
    table.faults.add({
      service: 'dynamodb',
      action: 'ExecuteStatement',
      code: 'ConnectionReset',
      status: 500,
      times: 1,
      effect: 'after',
    });
    await log.append(anEntry(anotherEndpointId()));
    expect(table.faults.pending()).toEqual([]);
    expect(await itemsOf(table)).toHaveLength(before.length + 1);
  });

  it('that cannot be written are a failure of the store, with its cause', async () => {
    table.faults.add({
      service: 'dynamodb',
      action: '*',
      code: 'AccessDeniedException',
      status: 400,
      times: 1,
      effect: 'before',
    });
    const failure: unknown = await log
      .append(anEntry(anotherEndpointId()))
      .catch((e: unknown) => e);
    expect(failure).toBeInstanceOf(StoreError);
    expect(failure).toMatchObject({ cause: { name: 'AccessDeniedException' } });
  });
});
