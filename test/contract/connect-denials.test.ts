import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { ConnectDenial, ConnectDenials } from '../../src/audit/connect-denials.ts';
import { denialReasons } from '../../src/audit/connect-denials.ts';
import { createDynamoConnectDenials } from '../../src/aws/dynamo-connect-denials.ts';
import { dynamoTable } from '../../src/aws/dynamo-table.ts';
import { daysAfter, secondsAfter } from '../../src/clock.ts';
import { sampleIds, sampleNow } from '../builders/endpoint-for-person.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import { createMemoryConnectDenials } from '../fakes/memory-connect-denials.ts';
import { createDynaliteTable, tableName } from './store-under-test.ts';

const clock = createStoppedClock();
const table = createDynaliteTable();
let onDynamo: ConnectDenials;
const inMemory = createMemoryConnectDenials(clock);

beforeAll(async () => {
  await table.start();
  onDynamo = createDynamoConnectDenials(dynamoTable(table.client(), tableName), { clock });
});
afterAll(() => table.stop());

const denial = (seconds: number, overrides: Partial<ConnectDenial> = {}): ConnectDenial => ({
  at: secondsAfter(sampleNow, seconds),
  endpointId: sampleIds.endpoint,
  person: 'alice@example.com',
  reason: 'no-lease',
  ...overrides,
});

describe.each([
  ['on DynamoDB', () => onDynamo],
  ['in memory', () => inMemory],
])('the last denials %s', (_name, denials) => {
  it('are none before the first', async () => {
    expect(await denials().last(10)).toEqual([]);
  });

  it('are answered as they were written, the newest first, and no more than asked for', async () => {
    const nobody = denial(-30, { endpointId: null, person: '', reason: 'request-malformed' });
    const others = denialReasons.map((reason, index) => denial(-10 + index / 10, { reason }));
    for (const each of [nobody, ...others]) await denials().append(each);
    expect(await denials().last(100)).toEqual([...others.toReversed(), nobody]);
    expect(await denials().last(2)).toEqual(others.toReversed().slice(0, 2));
  });

  it('are both there where two come at the same moment', async () => {
    const at = secondsAfter(sampleNow, 20);
    await denials().append(denial(0, { at }));
    await denials().append(denial(0, { at }));
    expect(
      (await denials().last(3)).filter((each) => each.at.getTime() === at.getTime()),
    ).toHaveLength(2);
  });

  it('are not those of more than thirty days ago', async () => {
    const tooOld = denial(0, { at: secondsAfter(daysAfter(sampleNow, -30), -1), person: 'old' });
    const oldest = denial(0, { at: secondsAfter(daysAfter(sampleNow, -30), 1), person: 'oldest' });
    await denials().append(tooOld);
    await denials().append(oldest);
    const people = (await denials().last(1_000)).map(({ person }) => person);
    expect(people).toContain('oldest');
    expect(people).not.toContain('old');
  });
});
