import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { sampleEndpoints } from '../../scripts/local/sample-world.ts';
import { catalogueOf } from '../../src/web/locales/index.ts';
import { textOf } from './page-text.ts';
import { noticeIn, personOf, startPortal } from './portal-under-test.ts';
import type { PersonKey, PortalUnderTest } from './portal-under-test.ts';

const tokyo = `/endpoints/${sampleEndpoints.tokyoOffice}`;
const osaka = `/endpoints/${sampleEndpoints.osakaLab}`;
const build = `/endpoints/${sampleEndpoints.buildNetwork}`;

let portal: PortalUnderTest;

beforeAll(async () => {
  portal = await startPortal();
  await portal.schedule();
  portal.later(2);
});

afterAll(() => portal.stop());

async function pageOf(person: PersonKey, address: string): Promise<string> {
  return textOf((await portal.as(person).get(address)).text);
}

describe('asking for an endpoint', () => {
  it('leads to a page that knows of it, at once and without waiting for AWS', async () => {
    // Everybody has just looked, so a reading of before is shared for the rest of this second.
    expect(await pageOf('alice', tokyo)).toContain('Off');
    const answer = await portal.as('alice').post(`${tokyo}/lease`, { minutes: '60' });
    expect(answer.status).toBe(303);
    expect(answer.headers['location']).toMatch(new RegExp(`^${tokyo}\\?revision=\\d+$`));
    expect(answer.headers['cache-control']).toBe('no-store');
    const page = await pageOf('alice', String(answer.headers['location']));
    expect(page).toContain('Starting');
    expect(page).toContain(catalogueOf('en').endpoint.lease.cancel);
    await portal.settled();
  });

  it('shows each of many their own request, in whatever order they look', async () => {
    const people = Array.from({ length: 20 }, (_unused, index) => ({
      ...personOf('alice'),
      subject: `person-${index}`,
      email: `person-${index}@example.com`,
    }));
    const pages = await Promise.all(
      people.map(async (person) => {
        const browser = portal.as(person);
        await browser.get(tokyo);
        const { headers } = await browser.post(`${tokyo}/lease`, { minutes: '30' });
        return textOf((await browser.get(String(headers['location']))).text);
      }),
    );
    for (const [index, page] of pages.entries()) {
      expect(page).toContain('Starting');
      expect(page).toContain(`person-${index}@example.com you`);
    }
    await portal.settled();
    for (const person of people)
      expect((await portal.as(person).post(`${tokyo}/lease/release`)).status).toBe(303);
    await portal.settled();
  });

  it('never shortens what was asked for, and extends it', async () => {
    const endOf = async (): Promise<number> => {
      portal.later(2);
      const { text } = await portal.as('alice').get(tokyo);
      const iso = /alice@example\.com[^]*?<time[^>]*>[^]*?datetime="([^"]+)"/.exec(
        text.slice(text.indexOf('id="leases"')),
      )?.[1];
      return Date.parse(iso ?? '');
    };
    const hourly = await endOf();
    expect((await portal.as('alice').post(`${tokyo}/lease`, { minutes: '30' })).status).toBe(303);
    expect(await endOf()).toBe(hourly);
    expect((await portal.as('alice').post(`${tokyo}/lease`, { minutes: '120' })).status).toBe(303);
    expect((await endOf()) - hourly).toBeGreaterThan(59 * 60_000);
    await portal.settled();
  });

  it('writes one line to the log, with who and until when', async () => {
    await portal.takeLog();
    await portal.as('alice').post(`${tokyo}/lease`, { minutes: '30' });
    const { lines } = await portal.takeLog();
    expect(lines.filter(({ msg }) => msg === 'lease requested')).toEqual([
      expect.objectContaining({
        endpointId: sampleEndpoints.tokyoOffice,
        person: personOf('alice').subject,
        minutes: 30,
        until: expect.any(String),
      }),
    ]);
    await portal.settled();
  });

  it('takes the minutes that the endpoint offers, and no others', async () => {
    expect((await portal.as('bob').post(`${osaka}/lease`, { minutes: '30' })).status).toBe(400);
    const refused = await portal.as('bob').post(`${osaka}/lease`, { minutes: '45' });
    expect(textOf(refused.text)).toContain('15 minutes, 1 hour, 4 hours');
    expect((await portal.as('bob').post(`${osaka}/lease`, { minutes: '15' })).status).toBe(303);
    await portal.settled();
  });

  it('works from a browser without fetch metadata and from a form sent in chunks', async () => {
    const answer = await fetch(`${portal.url}${osaka}/lease`, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'x-amzn-oidc-data': portal.signer.signIdentity(personOf('bob')),
        origin: portal.stack.url,
        'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      },
      body: ReadableStream.from(['minu', 'tes=60'].map((piece) => Buffer.from(piece))),
      duplex: 'half',
    });
    expect(answer.status).toBe(303);
    await portal.settled();
  });

  it('has no effect on an endpoint whose tags do not parse: its page says what is wrong', async () => {
    const answer = await portal.as('alice').post(`${build}/lease`, { minutes: '30' });
    expect([answer.status, answer.headers['location']]).toEqual([303, build]);
    expect(await pageOf('alice', build)).toContain('Needs attention');
  });
});

describe('giving it back', () => {
  it('ends one’s own lease, at once', async () => {
    portal.later(2);
    expect(await pageOf('bob', osaka)).toContain(catalogueOf('en').endpoint.you);
    const answer = await portal.as('bob').post(`${osaka}/lease/release`);
    expect(answer.status).toBe(303);
    const page = await pageOf('bob', String(answer.headers['location']));
    expect(page).toContain(catalogueOf('en').endpoint.leases.none);
    await portal.settled();
  });

  it('leaves the leases of others alone', async () => {
    expect((await portal.as('carol').post(`${tokyo}/lease/release`)).status).toBe(303);
    portal.later(2);
    expect(await pageOf('alice', tokyo)).toContain('alice@example.com');
    await portal.settled();
  });

  it('is a success where there is nothing to give back', async () => {
    expect((await portal.as('bob').post(`${osaka}/lease/release`)).status).toBe(303);
    expect((await portal.as('bob').post(`${osaka}/lease/release`)).status).toBe(303);
    await portal.settled();
  });
});

describe('an endpoint of another group', () => {
  it.each(['/lease', '/lease/release'])('takes nothing at %s: it does not exist', async (what) => {
    const before = portal.stack.ec2.calls().length;
    const answer = await portal.as('alice').post(`${osaka}${what}`, { minutes: '15' });
    expect(answer.status).toBe(404);
    expect(answer.text).not.toContain('Osaka');
    await portal.settled();
    expect(portal.stack.ec2.calls()).toHaveLength(before);
  });

  it('does not tell by its choices that it exists', async () => {
    const answer = await portal.as('alice').post(`${osaka}/lease`, { minutes: '7' });
    expect(answer.status).toBe(404);
  });
});

describe('an auditor', () => {
  it.each([
    ['/lease', { minutes: '60' }],
    ['/lease', { minutes: 'nonsense' }],
    ['/lease/release', {}],
  ])('may look, and is refused at %s', async (what, form: Readonly<Record<string, string>>) => {
    await portal.takeLog();
    const answer = await portal.as('dave').post(`${tokyo}${what}`, form);
    expect(answer.status).toBe(403);
    expect(textOf(answer.text)).toContain(noticeIn('en', { code: 'not-permitted' }).happened);
    expect((await portal.takeLog()).lines).toContainEqual(
      expect.objectContaining({ reason: 'not-permitted', status: 403 }),
    );
  });

  it('sees every endpoint, and may not have its client configuration', async () => {
    for (const address of [tokyo, osaka, build])
      expect((await portal.as('dave').get(address)).status).toBe(200);
    expect((await portal.as('dave').get(`${tokyo}/client-configuration`)).status).toBe(403);
  });
});

describe('an administrator', () => {
  it('may ask for every endpoint', async () => {
    expect((await portal.as('carol').post(`${osaka}/lease`, { minutes: '15' })).status).toBe(303);
    expect((await portal.as('carol').post(`${osaka}/lease/release`)).status).toBe(303);
    await portal.settled();
  });
});
