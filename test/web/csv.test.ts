import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { minutesAfter } from '../../src/clock.ts';
import { rangeOfDay, rangeOfMonth } from '../../src/usage/calendar.ts';
import type { ConnectionRecord } from '../../src/usage/connection-record.ts';
import {
  anEndpoint,
  anEndpointForPerson,
  aStatus,
  sampleIds,
} from '../builders/endpoint-for-person.ts';
import { readCsv } from '../builders/rfc4180.ts';
import { accountsZone, usageSample } from '../builders/usage-sample.ts';
import { textOf } from './page-text.ts';
import { portalMonth, portalNow, startUsagePortal } from './usage-portal.ts';
import type { UsagePortal } from './usage-portal.ts';

const endpoints = [
  anEndpointForPerson(aStatus(), { name: '=Tokyo, "office"' }),
  anEndpointForPerson(aStatus(), {
    name: 'Osaka',
    endpoint: anEndpoint({ id: sampleIds.otherEndpoint }),
  }),
];
const own = usageSample(sampleIds.endpoint, portalMonth, portalNow, { seed: 1 });
const other = usageSample(sampleIds.otherEndpoint, portalMonth, portalNow, { seed: 2 });
const range = rangeOfMonth(portalMonth, accountsZone);

let portal: UsagePortal;
beforeAll(async () => {
  portal = await startUsagePortal({ endpoints });
});
afterAll(() => portal.stop());

async function rowsOf(address: string): Promise<Record<string, string>[]> {
  const { bytes } = await download(address);
  const text = bytes.toString('utf8');
  const [columns = [], ...rows] = readCsv(text.slice(1));
  return rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at] ?? ''])));
}

/** As it travels: what a client does with a byte order mark is its own affair. */
async function download(address: string) {
  const response = await portal.as('dave').get(address).responseType('blob');
  const bytes: unknown = response.body;
  if (!Buffer.isBuffer(bytes)) throw new Error('the answer is no file');
  return { response, bytes };
}

describe('the file of connections', () => {
  it('opens in Excel: UTF-8 with its mark, and a name with the month', async () => {
    const { bytes, response } = await download('/admin/usage.csv');

    expect(response.status).toBe(200);
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(response.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(response.headers['content-disposition']).toBe(
      'attachment; filename=connections-2026-03.csv',
    );
    expect(bytes.subarray(3).toString('utf8').split('\r\n')[0]).toBe(
      'endpoint_id,endpoint,connection_id,person,from,to,hours,sent_bytes,received_bytes,client_address,ending,seen_at',
    );
  });

  it('has every record of the month, as it was stored', async () => {
    const rows = await rowsOf('/admin/usage.csv');
    const records = [...own.connections, ...other.connections];
    const byId = new Map<string, ConnectionRecord>(
      records.map((record) => [record.connectionId, record]),
    );

    expect(rows).toHaveLength(records.length);
    for (const row of rows) {
      const record = byId.get(row['connection_id'] ?? '');

      expect(new Date(row['from'] ?? '')).toEqual(record?.from);
      expect(row['from']).toMatch(/\+09:00$/);
      expect(row['to'] === '' ? null : new Date(row['to'] ?? '')).toEqual(record?.to);
      expect(Number(row['sent_bytes'])).toBe(record?.ingressBytes);
    }
  });

  it('has no formula in it, and no name that is lost', async () => {
    const rows = await rowsOf('/admin/usage.csv');
    const people = new Set(rows.map(({ person }) => person));

    expect(people).toContain(`'=HYPERLINK("x")`);
    expect(people).toContain('<script>alert("1")</script>');
    expect(new Set(rows.map(({ endpoint }) => endpoint))).toEqual(
      new Set([`'=Tokyo, "office"`, 'Osaka']),
    );
    expect(
      rows.flatMap((row) => Object.values(row)).filter((cell) => /^[=+\-@]/.test(cell)),
    ).toEqual([]);
  });

  it('has the records of one endpoint, or of one person, with the same filters', async () => {
    const one = await rowsOf(`/admin/usage.csv?endpoint=${sampleIds.endpoint}`);
    const alice = await rowsOf('/admin/usage.csv?person=ALICE@example.com');
    const isAlice = ({ person }: ConnectionRecord): boolean => person === 'alice@example.com';

    expect(one).toHaveLength(own.connections.length);
    expect(alice).toHaveLength([...own.connections, ...other.connections].filter(isAlice).length);
  });

  it('has only some days where they are asked for', async () => {
    const rows = await rowsOf('/admin/usage.csv?month=2026-03&from=2026-03-04&to=2026-03-05');
    const from = rangeOfDay('2026-03-04', accountsZone).from;
    const { to } = rangeOfDay('2026-03-05', accountsZone);
    const expected = [...own.connections, ...other.connections].filter(
      (record) => record.from >= from && record.from < to,
    );

    expect(expected.length).toBeGreaterThan(0);
    expect(rows).toHaveLength(expected.length);
  });

  it.each(['from=2026-04-01', 'from=2026-03-05&to=2026-03-04', 'to=x', 'kind=money'])(
    'is refused with a page for %s',
    async (query) => {
      const { status, text } = await portal
        .as('carol')
        .get(`/admin/usage.csv?month=2026-03&${query}`);

      expect(status).toBe(400);
      expect(text).toContain('href="/admin/usage"');
    },
  );

  it('is whole, with its columns, where there is nothing', async () => {
    const { text } = await portal.as('carol').get('/admin/usage.csv?month=2025-06');

    expect(readCsv(text.replace('\uFEFF', ''))).toHaveLength(1);
  });
});

describe('the file of on-periods', () => {
  it('has every period that touches the month, and who asked for it', async () => {
    const rows = await rowsOf('/admin/usage.csv?kind=periods');

    expect(rows).toHaveLength(own.periods.length + other.periods.length);
    expect(new Set(rows.map((row) => row['started_by_kind']))).toEqual(
      new Set(['person', 'outside']),
    );
    expect(rows.some((row) => row['unobserved_until'] !== '')).toBe(true);
  });

  it('is refused for a person, whom it does not have, with what to do instead', async () => {
    const { status, text } = await portal
      .as('carol')
      .get('/admin/usage.csv?kind=periods&person=alice%40example.com');

    expect(status).toBe(400);
    expect(textOf(text)).toContain('Leave the person out to get them');
  });
});

describe('the file of the audit', () => {
  it('has every entry once, the newest first, by codes that no language changes', async () => {
    for (let nth = 0; nth < 520; nth += 1) {
      await portal.audit.append({
        at: minutesAfter(range.from, nth),
        actor: { id: 'sub', name: '@alice' },
        address: null,
        action: 'hold',
        endpointId: sampleIds.endpoint,
        detail: `number ${nth.toString()}`,
        outcome: 'recorded',
        requestIds: ['a', 'b'],
      });
    }
    const rows = await rowsOf('/admin/audit.csv?person=alice');

    expect(rows.map(({ detail }) => detail)).toEqual(
      Array.from({ length: 520 }, (_, index) => `number ${(519 - index).toString()}`),
    );
    expect(rows[0]).toMatchObject({
      actor: `'@alice`,
      action: 'hold',
      outcome: 'recorded',
      aws_request_ids: 'a b',
    });
  });
});

describe('a file where an answer may only be so long', () => {
  it('is refused with the sentence that says how to narrow it, and sent when it is narrow', async () => {
    const small = await startUsagePortal({ endpoints, limits: { longestAnswerBytes: 4_000 } });
    try {
      const whole = await small.as('carol').get('/admin/usage.csv');
      const day = await small
        .as('carol')
        .get('/admin/usage.csv?month=2026-03&from=2026-03-04&to=2026-03-04');

      expect(whole.status).toBe(400);
      expect(textOf(whole.text)).toContain('fewer days');
      expect(whole.headers['content-type']).toContain('text/html');
      expect(whole.headers['content-disposition']).toBeUndefined();
      expect(day.status).toBe(200);
      expect(Buffer.byteLength(JSON.stringify(day.text))).toBeLessThanOrEqual(4_000);
    } finally {
      await small.stop();
    }
  });
});
