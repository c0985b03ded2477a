import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { minutesAfter } from '../../src/clock.ts';
import { anEndpointForPerson, aStatus, sampleIds } from '../builders/endpoint-for-person.ts';
import { hostileNames } from '../builders/usage-sample.ts';
import { textOf } from './page-text.ts';
import { portalNow, startUsagePortal } from './usage-portal.ts';
import type { UsagePortal } from './usage-portal.ts';

let portal: UsagePortal;
beforeAll(async () => {
  portal = await startUsagePortal({ endpoints: [anEndpointForPerson(aStatus())] });
  for (let nth = 0; nth < 120; nth += 1) {
    await portal.audit.append({
      at: minutesAfter(portalNow, -nth - 1),
      actor: { id: 'sub', name: hostileNames[nth % 2] ?? '' },
      address: '203.0.113.7',
      action: 'stop',
      endpointId: nth % 3 === 0 ? sampleIds.otherEndpoint : sampleIds.endpoint,
      detail: `entry-${nth.toString().padStart(3, '0')}`,
      outcome: nth % 5 === 0 ? 'not-permitted' : 'recorded',
      requestIds: [],
    });
  }
});
afterAll(() => portal.stop());

const entriesIn = (html: string): string[] => html.match(/entry-[0-9]{3}/g) ?? [];

async function allEntries(address: string): Promise<string[]> {
  const found: string[] = [];
  for (let next: string | null = address; next !== null;) {
    const { status, text } = await portal.as('dave').get(next);
    expect(status).toBe(200);
    found.push(...entriesIn(text));
    next = /rel="next" href="([^"]*after[^"]*)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? null;
  }
  return found;
}

describe('the audit page', () => {
  it('has every entry once, the newest first, page by page', async () => {
    expect(await allEntries('/admin/audit')).toEqual(
      Array.from({ length: 120 }, (_, nth) => `entry-${nth.toString().padStart(3, '0')}`),
    );
  });

  it('is filtered by endpoint and by a part of the name', async () => {
    const address = `/admin/audit?endpoint=${sampleIds.otherEndpoint}&person=hyperlink`;

    expect(await allEntries(address)).toHaveLength(20);
  });

  it('says that there is nothing in a month without entries', async () => {
    const { text } = await portal.as('carol').get('/admin/audit?month=2025-12');

    expect(textOf(text)).toContain('Nothing is noted for this choice.');
  });

  it('shows names as text', async () => {
    const { text } = await portal.as('carol').get('/admin/audit');

    expect(text).not.toContain('<script>alert');
    expect(text).toContain('&lt;script&gt;alert');
  });

  it.each(['month=0', 'endpoint=x', `person=${'x'.repeat(5000)}`, 'after=%0A', 'after=a&after=b'])(
    'answers %s with a page and the way back',
    async (query) => {
      const { status, text } = await portal.as('carol').get(`/admin/audit?${query}`);

      expect(status).toBe(400);
      expect(text).toContain('class="button button-primary" href="/admin/audit"');
    },
  );

  it.each(['!', '~', '2026-03-05', '9999', '2026-02-01T00:00:00.000Z%23x'])(
    'survives a place in the list that was made up: %s',
    async (after) => {
      expect((await portal.as('carol').get(`/admin/audit?after=${after}`)).status).toBe(200);
    },
  );
});
