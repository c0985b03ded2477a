import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { minutesAfter } from '../../src/clock.ts';
import { aLease, alice, anEndpointForPerson, onFor } from '../builders/endpoint-for-person.ts';
import { aLeaseRecord } from '../builders/usage.ts';
import { samplePeople } from '../builders/usage-sample.ts';
import { textOf } from './page-text.ts';
import { portalNow, startUsagePortal } from './usage-portal.ts';
import type { UsagePortal } from './usage-portal.ts';

let portal: UsagePortal;
beforeAll(async () => {
  portal = await startUsagePortal({
    endpoints: [anEndpointForPerson(onFor(30, { leases: [aLease(alice, 30)] }))],
  });
});
afterAll(() => portal.stop());

const range = { from: new Date('2026-02-28T15:00:00Z'), to: new Date('2026-03-31T15:00:00Z') };

describe('one’s own history', () => {
  it('is there for everybody who is signed in, and for nobody else', async () => {
    expect((await portal.as('alice').get('/history')).status).toBe(200);
    expect((await portal.as('dave').get('/history')).status).toBe(200);
    expect((await portal.as(null).get('/history')).status).toBe(401);
  });

  it('has one’s own connections and nobody else’s', async () => {
    const { text } = await portal.as('alice').get('/history');
    const shown = [...text.matchAll(/<tr id="([^"]+)"/g)].map(([, id = '']) => id);
    const { connections } = await portal.usage.connectionsPage({
      of: { kind: 'person', person: 'alice@example.com' },
      range,
      order: 'newest-first',
      limit: 100,
      after: null,
    });

    expect(connections.length).toBeGreaterThan(0);
    expect(shown).toEqual(connections.map(({ connectionId }) => connectionId));
    for (const person of samplePeople.filter((name) => name.startsWith('person'))) {
      expect(text).not.toContain(person);
    }
  });

  it('shows the leases that one holds', async () => {
    const { text } = await portal.as('alice').get('/history');

    expect(textOf(text)).toContain('What you keep on Endpoint Asked for at On until Tokyo office');
  });

  it('shows the leases that are over, and how they ended, a page at a time', async () => {
    const nth = (minutes: number) => minutesAfter(portalNow, -minutes);
    const own = Array.from({ length: 12 }, (_, index) =>
      aLeaseRecord({
        person: 'Alice@example.com',
        from: nth(6_000 - index * 100),
        until: nth(5_950 - index * 100),
      }),
    );
    await portal.usage.writeLeases([
      ...own,
      aLeaseRecord({
        person: 'alice@example.com',
        from: nth(120),
        until: nth(-60),
        to: nth(30),
        ending: 'given-back',
      }),
      aLeaseRecord({ person: 'alice@example.com', from: nth(20), until: nth(-60) }),
      aLeaseRecord({ person: 'bob@example.com', from: nth(120), until: nth(60) }),
    ]);
    const first = await portal.as('alice').get('/history');
    const section = (html: string): string =>
      textOf(html.slice(html.indexOf('id="earlier"'), html.indexOf('id="records"')));
    expect(section(first.text).match(/Its time was over/g)).toHaveLength(8);
    expect(section(first.text).match(/You gave it back/g)).toHaveLength(1);
    const next = /href="(\/history\?asked=[^"]+#earlier)"/.exec(first.text)?.[1] ?? '';
    const second = await portal.as('alice').get(next.replaceAll('&amp;', '&'));
    expect(section(second.text).match(/Its time was over/g)).toHaveLength(4);
    const carols = await portal.as('carol').get('/history');
    expect(section(carols.text)).toContain('No earlier request of yours is recorded.');
  });

  it.each([
    'asked=x',
    'asked=2026-03-05T00:00:00.000Z_y',
    'after=x',
    'after=2026-03-05T00:00:00.000Z_y',
    'after=a&after=b',
  ])('answers %s with a page and the way back', async (query) => {
    const { status, text } = await portal.as('alice').get(`/history?${query}`);

    expect(status).toBe(400);
    expect(text).toContain('class="button button-primary" href="/history"');
  });

  it('is not shown for another person, whatever the address says', async () => {
    const own = await portal.as('alice').get('/history');
    const tried = await portal.as('alice').get('/history?person=carol%40example.com');
    const idsIn = (html: string): string[] => html.match(/<tr id="[^"]+"/g) ?? [];

    expect(idsIn(tried.text)).toEqual(idsIn(own.text));
  });
});
