import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { createDynamoNightStore } from '../../src/aws/dynamo-night-store.ts';
import { createDynamoScheduleTrouble } from '../../src/aws/dynamo-schedule-trouble.ts';
import { dynamoTable } from '../../src/aws/dynamo-table.ts';
import type { NightStore } from '../../src/notify/night.ts';
import { aPendingEvent } from '../builders/events.ts';
import { createDynaliteTable, tableName } from './store-under-test.ts';

const table = createDynaliteTable();
let store: NightStore;
const waiting = async () =>
  (await createDynamoScheduleTrouble(dynamoTable(table.client(), tableName)).load()).events;

beforeAll(async () => {
  await table.start();
  store = createDynamoNightStore(dynamoTable(table.client(), tableName));
});
afterAll(() => table.stop());

/* The tests follow each other. */
describe('the day on which it was last told what stayed on overnight', () => {
  const event = aPendingEvent({ id: 'endpoints-stayed-on-2026-03-04' });

  it('is none before the first', async () => {
    expect(await store.lastDay()).toBeNull();
  });

  it('is stored with its event by one of several that come at once', async () => {
    const told = await Promise.all([1, 2, 3].map(() => store.tell('2026-03-04', event)));
    expect(told.filter(Boolean)).toHaveLength(1);
    expect(await store.lastDay()).toBe('2026-03-04');
    expect(await waiting()).toEqual([event]);
  });

  it('is not stored a second time, nor an earlier one', async () => {
    const other = aPendingEvent({ id: 'other' });
    expect(await store.tell('2026-03-04', other)).toBe(false);
    expect(await store.tell('2026-03-03', other)).toBe(false);
    expect(await waiting()).toEqual([event]);
  });

  it('gives its event to whoever delivers what the schedule has to tell', async () => {
    await store.settleEvents([event.id]);
    await store.settleEvents([event.id]);
    expect(await waiting()).toEqual([]);
  });

  it('is stored without an event where nothing stayed on', async () => {
    expect(await store.tell('2026-03-05', null)).toBe(true);
    expect(await store.lastDay()).toBe('2026-03-05');
    expect(await waiting()).toEqual([]);
  });
});
