import { execFile } from 'node:child_process';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { compileCache } from '../compile-cache.ts';
import { createDynamoUsageStore } from '../../src/aws/dynamo-usage-store.ts';
import { dynamoTable } from '../../src/aws/dynamo-table.ts';
import { minutesAfter, systemClock } from '../../src/clock.ts';
import { createTotals } from '../../src/usage/totals-service.ts';
import { dayAfter, dayOf, monthAfter, monthOf, rangeOfDay } from '../../src/usage/calendar.ts';
import { sampleIds } from '../builders/endpoint-for-person.ts';
import { aConnectionRecord, anOnPeriod } from '../builders/usage.ts';
import { createDynaliteTable, tableName } from './store-under-test.ts';

const timeZone = 'Asia/Tokyo';
// The tenth of the last month: whole, and never of another month anywhere.
const month = monthAfter(monthOf(systemClock.now(), timeZone), -1);
const day = dayAfter(`${month}-01`, 9);

interface Ended {
  readonly code: number;
  readonly said: readonly string[];
  readonly complained: string;
}

describe('the command that recomputes a month', () => {
  const table = createDynaliteTable();

  beforeAll(() => table.start());
  afterAll(() => table.stop());

  function run(args: readonly string[], changed: Record<string, string> = {}): Promise<Ended> {
    const script = path.join(import.meta.dirname, '../../scripts/recompute-usage.ts');
    const env = {
      ...compileCache,
      AWS_REGION: 'ap-northeast-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_DYNAMODB: table.endpoint(),
      TABLE_NAME: tableName,
      TIME_ZONE: timeZone,
      ...changed,
    };
    return new Promise((resolve) => {
      execFile(process.execPath, [script, ...args], { env }, (error, stdout, stderr) => {
        const code = error === null ? 0 : Number(error.code);
        resolve({ code, said: stdout.split('\n').filter(Boolean), complained: stderr });
      });
    });
  }

  it('says what it has changed, and then that nothing has', async () => {
    const store = createDynamoUsageStore(dynamoTable(table.client(), tableName), {
      clock: systemClock,
      retention: { recordDays: 400, totalDays: 1_100 },
    });
    const totals = createTotals({ store, clock: systemClock, timeZone, billing: 'pro-rated' });
    const { from } = rangeOfDay(day, timeZone);
    const span = { from: minutesAfter(from, 600), to: minutesAfter(from, 690) };
    await store.write({ connections: [], gaps: [], periods: [anOnPeriod(span)] });
    await totals.recompute(sampleIds.endpoint, month);
    await store.write({ connections: [aConnectionRecord(span)], gaps: [], periods: [] });

    const first = await run(['--month', month]);
    expect(first).toEqual({
      code: 0,
      complained: '',
      said: [
        `${sampleIds.endpoint}: the figures of 1 day have changed in ${month}.`,
        `  ${day}: 1 connection, was: 0 connections; ` +
          'connected for 1.50 hours, was: connected for 0.00 hours; 1 person, was: 0 people.',
      ],
    });
    const { people } = (await store.months(month))[0] ?? {};
    expect(people).toMatchObject([{ person: 'alice@example.com', connectionSeconds: 5_400 }]);

    const again = await run(['--month', month, '--endpoint', sampleIds.endpoint]);
    expect(again.said).toEqual([`${sampleIds.endpoint}: nothing in ${month} has changed.`]);
    const other = await run(['--month', month, '--endpoint', sampleIds.otherEndpoint]);
    expect(other.said).toEqual([`${sampleIds.otherEndpoint}: nothing in ${month} has changed.`]);
  });

  it('leaves alone what it has no records of any more, and says so', async () => {
    const before = monthAfter(dayOf(systemClock.now(), timeZone).slice(0, 7), -1);
    const { said } = await run(['--month', before], { USAGE_RETENTION_DAYS: '1' });
    expect(said[0]).toBe(`${sampleIds.endpoint}: nothing in ${before} has changed.`);
    expect(said[1]).toContain('have outlived USAGE_RETENTION_DAYS');
  });

  it.each([
    [[], '--month says which month'],
    [['--month', 'October'], '--month takes a month such as 2026-10, not "October".'],
    [['--month', '2026-10', '--endpoint', 'office'], 'not "office"'],
    [['--moth', '2026-10'], "Unknown option '--moth'"],
    [['2026-10'], 'Unexpected argument'],
  ])('refuses %j with a sentence', async (args, sentence) => {
    const { code, complained, said } = await run(args);
    expect(complained).toContain(sentence);
    expect(complained).not.toContain('    at ');
    expect({ code, said }).toEqual({ code: 2, said: [] });
  });

  it('says which variable is missing', async () => {
    const { code, complained } = await run(['--month', month], { TABLE_NAME: '' });
    expect(complained).toContain('TABLE_NAME');
    expect(complained).not.toContain('    at ');
    expect(code).toBe(1);
  });
});
