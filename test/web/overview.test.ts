import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  alice,
  anEndpointForPerson,
  onFor,
  sampleIds,
  seenOn,
} from '../builders/endpoint-for-person.ts';
import { textOf } from './page-text.ts';
import { portalNow, startUsagePortal } from './usage-portal.ts';
import type { UsagePortal } from './usage-portal.ts';

let portal: UsagePortal;
beforeAll(async () => {
  portal = await startUsagePortal({
    endpoints: [anEndpointForPerson(onFor(30, { seen: seenOn(1), connected: 1 }))],
    schedule: { at: new Date(portalNow.getTime() - 600_000), dryRun: false },
  });
});
afterAll(() => portal.stop());

describe('the overview', () => {
  it('shows an administrator everything at a glance', async () => {
    const { status, text } = await portal.as('carol').get('/admin');
    const said = textOf(text);

    expect(status).toBe(200);
    expect(said).toContain('The schedule has not run for 10 minutes');
    expect(said).toContain(`${alice.name}, since`);
    expect(said).toContain('March 2026 so far');
    expect(text).toContain(`href="/endpoints/${sampleIds.endpoint}"`);
    expect(text).toContain('href="/admin/usage?month=2026-03"');
  });

  it('shows an auditor the same, and no way to change anything', async () => {
    const { status, text } = await portal.as('dave').get('/admin');

    expect(status).toBe(200);
    expect(text).not.toContain('Open, hold or stop');
    expect(text.match(/<form/g)).toHaveLength(1);
  });

  it('says that nobody was turned away, until somebody is, and then who and why', async () => {
    const quiet = textOf((await portal.as('carol').get('/admin')).text);
    expect(quiet).toContain('Nobody was turned away.');

    const at = new Date(portalNow.getTime() - 60_000);
    const person = 'eve@example.com';
    await portal.denials.append({
      at,
      endpointId: sampleIds.endpoint,
      person,
      reason: 'not-in-group',
    });
    const { status, text } = await portal.as('carol').get('/admin');

    expect(status).toBe(200);
    expect(textOf(text)).toContain(`${person}, at Tokyo office: not in any group of the endpoint`);
    expect(text).toContain(`<time datetime="${at.toISOString()}">`);
    expect(textOf(text)).not.toContain('Nobody was turned away.');
  });

  it('has hours and no money where there are no prices', async () => {
    const bare = await startUsagePortal({ prices: null });
    try {
      const { text } = await bare.as('carol').get('/admin');

      expect(textOf(text)).not.toContain('$');
      expect(textOf(text)).toContain('PRICE_ASSOCIATION_HOUR');
    } finally {
      await bare.stop();
    }
  });
});
