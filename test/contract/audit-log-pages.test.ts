import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { AuditEntry, AuditLog, AuditQuery } from '../../src/audit/audit-log.ts';
import { createDynamoAuditLog } from '../../src/aws/dynamo-audit-log.ts';
import { dynamoTable } from '../../src/aws/dynamo-table.ts';
import { minutesAfter, secondsAfter } from '../../src/clock.ts';
import { alice, bob, sampleNow } from '../builders/endpoint-for-person.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import type { StoppedClock } from '../builders/stopped-clock.ts';
import { anotherEndpointId, createDynaliteTable, tableName } from './store-under-test.ts';
import type { DynaliteTable } from './store-under-test.ts';

const always = { from: new Date('2020-01-01T00:00:00Z'), to: new Date('2027-01-01T00:00:00Z') };
const everything: AuditQuery = {
  range: always,
  endpointId: null,
  person: '',
  limit: 50,
  after: null,
};

describe('the pages of the audit log', () => {
  const endpointId = anotherEndpointId();
  let table: DynaliteTable;
  let clock: StoppedClock;
  let log: AuditLog;
  let itemsRead = 0;

  beforeAll(async () => {
    table = createDynaliteTable();
    await table.start();
  });
  afterAll(() => table.stop());
  beforeEach(async () => {
    await table.stop();
    table = createDynaliteTable();
    await table.start();
    clock = createStoppedClock();
    itemsRead = 0;
    const document = dynamoTable(table.client(), tableName);
    document.client.middlewareStack.add(
      (next) => async (input) => {
        const answer = await next(input);
        if ('ScannedCount' in answer.output) itemsRead += answer.output.ScannedCount ?? 0;
        return answer;
      },
      { step: 'initialize', name: 'itemsRead' },
    );
    log = createDynamoAuditLog(document, { clock, retentionDays: 400 });
  });

  function entry(minutes: number, overrides: Partial<AuditEntry> = {}): AuditEntry {
    return {
      at: minutesAfter(sampleNow, minutes),
      actor: { id: alice.id, name: alice.name },
      address: '203.0.113.7',
      action: 'request-lease',
      endpointId,
      detail: String(minutes),
      outcome: 'confirmed',
      requestIds: [],
      ...overrides,
    };
  }
  async function append(entries: readonly AuditEntry[]): Promise<void> {
    for (const each of entries) await log.append(each);
  }
  async function paged(query: AuditQuery): Promise<readonly (readonly AuditEntry[])[]> {
    const pages: (readonly AuditEntry[])[] = [];
    let after: string | null = null;
    do {
      const page = await log.page({ ...query, after });
      pages.push(page.entries);
      after = page.next;
    } while (after !== null && pages.length < 100);
    return pages;
  }

  it('answer every entry as it was written, the newest first', async () => {
    const entries = [
      entry(0, { endpointId: null, address: null, requestIds: ['one', 'two'] }),
      entry(40 * 24 * 60, { action: 'open-page', outcome: 'not-permitted' }),
      entry(-40 * 24 * 60),
    ];
    await append(entries);
    expect(await paged(everything)).toEqual([[entries[1], entries[0], entries[2]]]);
    const range = { from: entries[0]?.at ?? sampleNow, to: entries[1]?.at ?? sampleNow };
    expect(await paged({ ...everything, range })).toEqual([[entries[0]]]);
    const empty = { from: range.to, to: range.from };
    expect(await paged({ ...everything, range: empty })).toEqual([[]]);
  });

  it('answer every entry once, also those of one millisecond', async () => {
    const entries = Array.from({ length: 11 }, (_, index) => entry(0, { detail: String(index) }));
    await append(entries);
    for (const limit of [1, 3, 10, 11]) {
      const pages = await paged({ ...everything, limit });
      expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
      const details = pages.flat().map(({ detail }) => Number(detail));
      expect(details.toSorted((a, b) => a - b)).toEqual(entries.map((_, index) => index));
    }
  });

  it('are of one endpoint, or of the people whose name holds a part', async () => {
    const elsewhere = anotherEndpointId();
    await append([
      entry(1),
      entry(2, { endpointId: elsewhere }),
      entry(3, { actor: { id: bob.id, name: bob.name } }),
      entry(4, { endpointId: null }),
    ]);
    const details = async (query: Partial<AuditQuery>) =>
      (await paged({ ...everything, ...query })).flat().map(({ detail }) => detail);
    expect(await details({ endpointId: elsewhere })).toEqual(['2']);
    expect(await details({ endpointId })).toEqual(['3', '1']);
    expect(await details({ person: ' ALICE@' })).toEqual(['4', '2', '1']);
    expect(await details({ person: 'alice', endpointId })).toEqual(['1']);
    expect(await details({ person: 'mallory' })).toEqual([]);
  });

  it('show nothing that has outlived its retention, although it still stands there', async () => {
    await append([entry(0), entry(60)]);
    clock.advance(400 * 86_400 + 1_800);
    expect((await paged(everything)).flat().map(({ detail }) => detail)).toEqual(['60']);
    clock.advance(86_400);
    expect((await paged(everything)).flat()).toEqual([]);
  });

  it('read little more than they show', async () => {
    const entries = Array.from({ length: 60 }, (_, index) =>
      entry(0, { at: secondsAfter(sampleNow, index) }),
    );
    await append(entries);
    const { entries: shown, next } = await log.page({ ...everything, limit: 5 });
    expect(shown).toHaveLength(5);
    expect(itemsRead).toBeLessThanOrEqual(7);
    itemsRead = 0;
    const second = await log.page({ ...everything, limit: 5, after: next });
    expect(second.entries[0]).toEqual(entries[54]);
    expect(itemsRead).toBeLessThanOrEqual(7);
  });

  it.each(['', 'zzz', '0', '2026-03-04T02:02:00.000Z#\u0000'])(
    'take any text for a place, and fail by none (%j)',
    async (after) => {
      await append([entry(-60)]);
      expect((await log.page({ ...everything, after })).entries.length).toBeLessThanOrEqual(1);
    },
  );
});
