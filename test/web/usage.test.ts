import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  anEndpoint,
  anEndpointForPerson,
  aStatus,
  sampleIds,
} from '../builders/endpoint-for-person.ts';
import { textOf } from './page-text.ts';
import { startUsagePortal } from './usage-portal.ts';
import type { UsagePortal } from './usage-portal.ts';

let portal: UsagePortal;
beforeAll(async () => {
  portal = await startUsagePortal({
    endpoints: [
      anEndpointForPerson(aStatus()),
      anEndpointForPerson(aStatus(), {
        name: 'Osaka',
        endpoint: anEndpoint({ id: sampleIds.otherEndpoint }),
      }),
    ],
  });
});
afterAll(() => portal.stop());

const recordIds = (html: string): string[] =>
  [...html.matchAll(/<tr id="(cvpn-connection-[0-9a-f]+)"/g)].map(([, id = '']) => id);
const nextOf = (html: string): string | null =>
  /rel="next" href="([^"]*after[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? null;

async function allRecordIds(address: string): Promise<string[]> {
  const ids: string[] = [];
  for (let next: string | null = address; next !== null;) {
    const { status, text } = await portal.as('carol').get(next);
    expect(status).toBe(200);
    ids.push(...recordIds(text));
    next = nextOf(text);
  }
  return ids;
}

describe('the usage page', () => {
  it('is for administrators and auditors', async () => {
    expect((await portal.as('carol').get('/admin/usage')).status).toBe(200);
    expect((await portal.as('dave').get('/admin/usage')).status).toBe(200);
  });

  it('is this month’s unless another one is chosen', async () => {
    const now = await portal.as('carol').get('/admin/usage');
    const before = await portal.as('carol').get('/admin/usage?month=2026-02');

    expect(textOf(now.text)).toContain('March 2026 in figures');
    expect(textOf(before.text)).toContain('There are no figures for this month yet.');
  });

  it('shows every record of the month once, page by page, newest and oldest first', async () => {
    const newest = await allRecordIds('/admin/usage');
    const oldest = await allRecordIds('/admin/usage?order=oldest-first');

    expect(newest.length).toBeGreaterThan(100);
    expect(new Set(newest).size).toBe(newest.length);
    expect(oldest).toHaveLength(newest.length);
    expect(new Set(oldest)).toEqual(new Set(newest));
    expect(oldest[0]).not.toBe(newest[0]);
  });

  it('shows one endpoint’s records, or one person’s, or both', async () => {
    const one = await allRecordIds(`/admin/usage?endpoint=${sampleIds.otherEndpoint}`);
    const person = await allRecordIds('/admin/usage?person=Person2%40example.com');
    const both = await allRecordIds(
      `/admin/usage?person=person2%40example.com&endpoint=${sampleIds.otherEndpoint}`,
    );

    expect(person.length).toBeGreaterThan(0);
    expect(both).toEqual(person.filter((id) => one.includes(id)));
    expect(both.length).toBeLessThan(person.length);
  });

  it('finds a person whose name looks like a formula, and shows it as text', async () => {
    const { text } = await portal
      .as('carol')
      .get(`/admin/usage?person=${encodeURIComponent('=HYPERLINK("x")')}`);

    expect(recordIds(text).length).toBeGreaterThan(0);
    expect(text).toContain('=HYPERLINK(&#34;x&#34;)');
  });

  it('speaks Japanese', async () => {
    const { text } = await portal.as('carol').get('/admin/usage').set('accept-language', 'ja');

    expect(textOf(text)).toContain('2026年3月の集計');
  });

  it('marks itself in the navigation', async () => {
    const { text } = await portal.as('carol').get('/admin/usage');

    expect(text).toMatch(/href="\/admin\/usage" aria-current="page"/);
    expect(text.match(/aria-current="page"/g)).toHaveLength(1);
  });

  it('takes nothing but GET', async () => {
    expect((await portal.as('carol').post('/admin/usage')).status).toBe(405);
  });
});

describe('an address that cannot be used', () => {
  const long = 'x'.repeat(5000);
  it.each([
    ['month=March', 'month'],
    ['month=2026-13', 'month'],
    ['month=2026-03&month=2026-02', 'month'],
    ['month[]=2026-03', 'no error'],
    ['endpoint=cvpn-endpoint-', 'endpoint'],
    ['endpoint=cvpn-endpoint-ffffffffffffffff0', 'endpoint'],
    [`person=${long}`, 'person'],
    ['sort=money', 'order'],
    ['order=random', 'order'],
    ['after=%00', 'place'],
    ['after=2026-03-05T00:00:00.000Z_x', 'place'],
    ['after=2026-02-30T00:00:00.000Z_cvpn-connection-00000000', 'place'],
    ['after=1999-01-01T00:00:00.000Z_cvpn-connection-00000000', 'place'],
    ['after=9999-01-01T00:00:00.000Z_cvpn-connection-00000000', 'place'],
    [`after=${long}`, 'place'],
  ])('(%s) is a page that says what is wrong, and the way back', async (query, what) => {
    const { status, text } = await portal.as('carol').get(`/admin/usage?${query}`);

    expect(status).toBe(what === 'no error' ? 200 : 400);
    expect(what === 'no error' || textOf(text).includes(what)).toBe(true);
    expect(text.includes('class="button button-primary" href="/admin/usage"')).toBe(
      what !== 'no error',
    );
  });

  it('never is the portal’s own fault, whatever it is', async () => {
    const hostile = ['%F0%9F%92%A9', '%00', '"><script>', "' OR 1=1", '__proto__', '%ED%A0%80'];
    for (const name of ['month', 'endpoint', 'person', 'sort', 'order', 'after', 'people']) {
      for (const value of hostile) {
        const address = `/admin/usage?${name}=${encodeURI(value)}`;

        expect((await portal.as('carol').get(address)).status).toBeLessThan(500);
      }
    }
  });
});

describe('somebody without the capability', () => {
  it.each(['/admin', '/admin/usage', '/admin/usage.csv', '/admin/audit', '/admin/audit.csv'])(
    'is refused %s, and the audit says so once',
    async (address) => {
      const range = { from: new Date('2026-03-01Z'), to: new Date('2026-04-01Z') };
      const query = { range, endpointId: null, person: 'alice', limit: 1000, after: null };
      const before = (await portal.audit.page(query)).entries.length;
      const { status } = await portal.as('alice').get(`${address}?person=secret`);
      const { entries } = await portal.audit.page(query);

      expect(status).toBe(403);
      expect(entries).toHaveLength(before + 1);
      expect(entries.filter(({ detail }) => detail === `GET ${address}`)).toEqual([
        {
          at: new Date('2026-03-20T06:00:00Z'),
          actor: { id: 'sub-of-alice@example.com', name: 'alice@example.com' },
          address: '203.0.113.7',
          action: 'open-page',
          endpointId: null,
          detail: `GET ${address}`,
          outcome: 'not-permitted',
          requestIds: [],
        },
      ]);
    },
  );

  it('is not shown the way there', async () => {
    const { text } = await portal.as('alice').get('/history');

    expect(text).not.toContain('href="/admin');
    expect(text).toMatch(/href="\/history" aria-current="page"/);
  });
});

describe('what the audit notes of the endpoints’ pages', () => {
  const range = { from: new Date('2026-03-01Z'), to: new Date('2026-04-01Z') };
  const entriesOf = async (person: string) =>
    (
      await portal.audit.page({
        range,
        endpointId: sampleIds.endpoint,
        person,
        limit: 100,
        after: null,
      })
    ).entries;

  it('is who has downloaded a client configuration', async () => {
    const address = `/endpoints/${sampleIds.endpoint}/client-configuration`;

    expect((await portal.as('carol').get(address)).status).toBe(200);
    const entries = await entriesOf('carol');
    const action = 'download-configuration';
    expect(entries).toHaveLength(2);
    expect(entries).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ action, outcome: 'begun', detail: '' }),
        expect.objectContaining({ action, outcome: 'downloaded', detail: '' }),
      ]),
    );
  });

  it('is who was refused one', async () => {
    const address = `/endpoints/${sampleIds.endpoint}/client-configuration`;

    expect((await portal.as('dave').get(address)).status).toBe(403);
    expect(await entriesOf('dave')).toMatchObject([
      { action: 'download-configuration', outcome: 'not-permitted' },
    ]);
  });

  it('is an act that is refused, once', async () => {
    const before = (await entriesOf('alice')).length;
    const address = `/admin/endpoints/${sampleIds.endpoint}/stop`;

    expect((await portal.as('alice').post(address)).status).toBe(403);
    expect((await entriesOf('alice')).length).toBe(before + 1);
    expect((await entriesOf('alice'))[0]).toMatchObject({ action: 'stop' });
  });
});

describe('a form that no service hears of', () => {
  const lease = `/endpoints/${sampleIds.endpoint}/lease`;
  const range = { from: new Date('2026-03-01Z'), to: new Date('2026-04-01Z') };

  it.each([
    ['cross-site-request', 403, lease, 'request-lease', { 'sec-fetch-site': 'cross-site' }],
    ['wrong-content-type', 415, lease, 'request-lease', { 'content-type': 'application/json' }],
    ['malformed-id', 404, '/endpoints/nothing/lease/release', 'release-lease', {}],
    ['malformed-id', 404, '/admin/endpoints/%E0%A4%A/stop', 'stop', {}],
    ['page-not-found', 404, '/admin/nothing', 'send-request', {}],
    ['method-not-allowed', 405, '/history', 'send-request', {}],
  ] as const)(
    'is in the audit with what it was refused for: %s (%d)',
    async (outcome, status, address, action, headers) => {
      const person = 'carol';
      const query = { range, endpointId: null, person, limit: 100, after: null };
      const before = (await portal.audit.page(query)).entries.length;
      const answer = await portal.as(person).post(address, { minutes: '60' }).set(headers);
      expect(answer.status).toBe(status);
      const { entries } = await portal.audit.page(query);
      expect(entries).toHaveLength(before + 1);
      expect(entries).toContainEqual(
        expect.objectContaining({ action, outcome, detail: `POST ${address}` }),
      );
    },
  );

  it('is in nobody’s audit where nobody is signed in', async () => {
    const query = { range, endpointId: null, person: '', limit: 500, after: null };
    const before = (await portal.audit.page(query)).entries.length;
    const answer = await portal.as(null).post(lease).set({ 'sec-fetch-site': 'cross-site' });
    expect(answer.status).toBe(401);
    expect((await portal.audit.page(query)).entries).toHaveLength(before);
  });
});

describe('an audit that cannot be written', () => {
  it('changes no refusal, and is in the log', async () => {
    const broken = await startUsagePortal({
      auditOf: (audit) => ({ ...audit, append: () => Promise.reject(new Error('full')) }),
    });
    try {
      expect((await broken.as('alice').get('/admin/usage')).status).toBe(403);
      expect(broken.log.messages()).toContain('refusal not noted in the audit');
    } finally {
      await broken.stop();
    }
  });
});
