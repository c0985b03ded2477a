import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { createTableInProcess } from '../../scripts/bench/history/table-in-process.ts';
import { createDynamoUsageStore } from '../../src/aws/dynamo-usage-store.ts';
import { dynamoTable } from '../../src/aws/dynamo-table.ts';
import { minutesAfter } from '../../src/clock.ts';
import { StoreError } from '../../src/errors.ts';
import { sampleNow } from '../builders/endpoint-for-person.ts';
import { connectionId } from '../builders/observation.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import { aConnectionRecord, aDayTotal, aMonthTotal, anOnPeriod } from '../builders/usage.ts';
import { createMemoryUsage, createMemoryUsageStore } from '../fakes/memory-usage-store.ts';
import { createDynaliteTable, tableName } from './store-under-test.ts';
import { describeUsageStore } from './usage-store-contract.ts';

const shared = createDynaliteTable();
describeUsageStore('on DynamoDB', {
  async start() {
    await shared.start();
    const table = dynamoTable(shared.client(), tableName);
    return { open: (deps) => createDynamoUsageStore(table, deps) };
  },
  stop: () => shared.stop(),
});

describeUsageStore('in memory', {
  start: () => {
    const usage = createMemoryUsage();
    return Promise.resolve({ open: (deps) => createMemoryUsageStore({ ...deps, usage }) });
  },
  stop: () => Promise.resolve(),
});

describeUsageStore('on the table of the benchmark', {
  start: () => {
    const { table } = createTableInProcess();
    return Promise.resolve({ open: (deps) => createDynamoUsageStore(table, deps) });
  },
  stop: () => Promise.resolve(),
});

describe('the items of the usage store', () => {
  const table = createDynaliteTable();
  const clock = createStoppedClock();
  const retention = { recordDays: 30, totalDays: 60 };
  const open = () =>
    createDynamoUsageStore(dynamoTable(table.client(), tableName), { clock, retention });

  beforeAll(() => table.start());
  afterAll(() => table.stop());
  beforeEach(() => {
    table.faults.clear();
  });

  it('say when they may be removed, and which form they have', async () => {
    const to = minutesAfter(sampleNow, 60);
    await open().write({
      connections: [aConnectionRecord({ to })],
      periods: [anOnPeriod({ to })],
      gaps: [],
    });
    await open().putDay(aDayTotal());
    await open().putMonth(aMonthTotal());
    const scan = new ScanCommand({ TableName: tableName, ConsistentRead: true });
    const { Items = [] } = await table.client().send(scan);
    const found = Items.map(({ expiresAt, pk, schemaVersion, sk }) => [
      `${pk?.S ?? ''} ${sk?.S ?? ''}`,
      new Date(Number(expiresAt?.N) * 1000).toISOString(),
      schemaVersion?.N,
    ]);
    const endpoint = 'cvpn-endpoint-0123456789abcdef0';
    expect(found.sort()).toEqual([
      [`TOTALS#2026-03 DAY#${endpoint}#2026-03-04`, '2026-06-01T00:00:00.000Z', '1'],
      [`TOTALS#2026-03 MONTH#${endpoint}`, '2026-06-01T00:00:00.000Z', '1'],
      [
        `USAGE#${endpoint}#2026-03 CONN#2026-03-04T02:02:00.000Z#${connectionId(1)}`,
        '2026-04-03T02:02:00.000Z',
        '1',
      ],
      [
        `USAGE#${endpoint}#2026-03 ON#2026-03-04T02:02:00.000Z#cvpn-assoc-0a1b2c3d4e5f60718`,
        '2026-04-03T03:02:00.000Z',
        '1',
      ],
    ]);
  });

  it('that cannot be written are a failure of the store, with its cause', async () => {
    table.faults.add({
      service: 'dynamodb',
      action: 'PutItem',
      code: 'AccessDeniedException',
      status: 400,
      times: 1_000,
      effect: 'before',
    });
    const connections = Array.from({ length: 100 }, (_, index) =>
      aConnectionRecord({ connectionId: connectionId(index + 10) }),
    );
    const failure: unknown = await open()
      .write({ connections, periods: [], gaps: [] })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StoreError);
    expect(failure).toMatchObject({ cause: { name: 'AccessDeniedException' } });
  });
});
