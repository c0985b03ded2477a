import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';

import { sampleEndpoints } from '../../scripts/local/sample-world.ts';
import type { ErrorProblem } from '../../src/web/locales/error-problem.ts';
import { languages } from '../../src/web/locales/index.ts';
import { textOf } from './page-text.ts';
import { noticeIn, personOf, startPortal } from './portal-under-test.ts';
import type { PortalUnderTest } from './portal-under-test.ts';

const tokyo = `/endpoints/${sampleEndpoints.tokyoOffice}`;
const lease = `${tokyo}/lease`;
const release = `${lease}/release`;

let portal: PortalUnderTest;

beforeAll(async () => {
  portal = await startPortal();
  await portal.schedule();
});

afterAll(() => portal.stop());

function signedHeaders() {
  return { 'x-amzn-oidc-data': portal.signer.signIdentity(personOf('alice')) };
}

describe('a request that is no good', () => {
  const choices = [30, 60, 120, 240, 480];
  const notOffered: ErrorProblem = { code: 'minutes-not-offered', choices };
  const alice = () => portal.as('alice');
  const postRaw = (address: string, type: string, body: string) =>
    alice().post(address).type(type).send(body);

  const cases: readonly (readonly [string, number, ErrorProblem, () => request.Test])[] = [
    [
      'a malformed id',
      404,
      { code: 'malformed-id' },
      () => alice().get('/endpoints/cvpn-endpoint-1'),
    ],
    [
      'an id with capitals',
      404,
      { code: 'malformed-id' },
      () => alice().get(`/endpoints/${sampleEndpoints.tokyoOffice.toUpperCase()}`),
    ],
    [
      'a percent-encoding that is broken',
      404,
      { code: 'malformed-id' },
      () => alice().get('/endpoints/%E0%A4%A'),
    ],
    [
      'a broken percent-encoding in a fragment',
      404,
      { code: 'malformed-id' },
      () => alice().get('/fragments/endpoints/%'),
    ],
    ['an address without a page', 404, { code: 'page-not-found' }, () => alice().get('/nowhere')],
    ['a slash too many', 404, { code: 'page-not-found' }, () => alice().get(`${tokyo}/`)],
    ['an unknown language', 400, { code: 'unknown-language' }, () => alice().get('/?lang=xx')],
    ['minutes that are not offered', 400, notOffered, () => alice().post(lease, { minutes: '45' })],
    ['no minutes', 400, notOffered, () => alice().post(lease)],
    ['minutes below zero', 400, notOffered, () => alice().post(lease, { minutes: '-60' })],
    ['zero minutes', 400, notOffered, () => alice().post(lease, { minutes: '0' })],
    ['huge minutes', 400, notOffered, () => alice().post(lease, { minutes: '9'.repeat(400) })],
    ['minutes in another notation', 400, notOffered, () => alice().post(lease, { minutes: '6e1' })],
    ['minutes with a fraction', 400, notOffered, () => alice().post(lease, { minutes: '60.0' })],
    ['minutes with a blank', 400, notOffered, () => alice().post(lease, { minutes: ' 60' })],
    [
      'minutes twice',
      400,
      notOffered,
      () => postRaw(lease, 'application/x-www-form-urlencoded', 'minutes=60&minutes=60'),
    ],
    [
      'minutes as a nested field',
      400,
      notOffered,
      () => postRaw(lease, 'application/x-www-form-urlencoded', 'minutes[0]=60'),
    ],
    [
      'a body of 2 MB',
      413,
      { code: 'body-too-large' },
      () =>
        postRaw(lease, 'application/x-www-form-urlencoded', `minutes=${'6'.repeat(2 * 1024 ** 2)}`),
    ],
    [
      'a thousand fields',
      413,
      { code: 'body-too-large' },
      () => postRaw(lease, 'application/x-www-form-urlencoded', 'a=1&'.repeat(1000)),
    ],
    [
      'JSON',
      415,
      { code: 'wrong-content-type' },
      () => postRaw(lease, 'application/json', '{"minutes":60}'),
    ],
    [
      'a text that looks like a form',
      415,
      { code: 'wrong-content-type' },
      () => postRaw(lease, 'text/plain', 'minutes=60'),
    ],
    [
      'a body in a character set of its own',
      415,
      { code: 'wrong-content-type' },
      () => postRaw(lease, 'application/x-www-form-urlencoded; charset=utf-7', 'minutes=60'),
    ],
    [
      'a body that says it is compressed and is not',
      400,
      { code: 'body-unreadable' },
      () => alice().post(lease).type('form').set('content-encoding', 'gzip').send('minutes=60'),
    ],
    [
      'a method the page does not take',
      405,
      { code: 'method-not-allowed' },
      () => alice().post('/'),
    ],
    [
      'a POST to an endpoint',
      405,
      { code: 'method-not-allowed' },
      () => alice().post(tokyo, { minutes: '60' }),
    ],
    [
      'a POST for the client configuration',
      405,
      { code: 'method-not-allowed' },
      () => alice().post(`${tokyo}/client-configuration`),
    ],
  ];

  it.each(cases)(
    'gets a page that helps, and its status: %s',
    async (_what, status, problem, ask) => {
      for (const language of languages) {
        const answer = await ask().set('accept-language', language);
        expect(answer.status).toBe(status);
        // An unknown language is refused in the one that the browser asks for.
        const { title, happened, next } = noticeIn(language, problem);
        const page = textOf(answer.text);
        for (const sentence of [title, happened, next]) expect(page).toContain(sentence);
        expect(answer.text).toContain(`<html lang="${language}"`);
        expect(page).toContain(String(answer.headers['x-request-id']));
        expect(answer.headers['cache-control']).toBe('no-store');
      }
    },
  );

  it('changes nothing', async () => {
    const { lines } = await portal.takeLog();
    expect(lines.filter(({ msg }) => msg === 'lease requested')).toEqual([]);
    expect(textOf((await alice().get(tokyo)).text)).toContain('Off');
    expect(portal.stack.ec2.calls().map(({ action }) => action)).not.toContain(
      'AssociateClientVpnTargetNetwork',
    );
  });

  it('says in the log why it was refused, under the id on the page', async () => {
    await portal.takeLog();
    const answer = await alice().post(lease, { minutes: '45' });
    const { lines } = await portal.takeLog();
    const requestId: unknown = answer.headers['x-request-id'];
    expect(lines.filter((line) => line['requestId'] === requestId)).toEqual([
      expect.objectContaining({
        msg: 'request refused',
        status: 400,
        reason: 'minutes-not-offered',
      }),
      expect.objectContaining({ msg: 'request', method: 'POST', path: lease, status: 400 }),
    ]);
  });

  it('names no query in the log, where somebody may have put a secret', async () => {
    await portal.takeLog();
    await alice().get('/?token=hunter2&lang=xx');
    expect((await portal.takeLog()).text).not.toContain('hunter2');
  });

  it('is told which methods there are instead', async () => {
    expect((await alice().post(tokyo)).headers['allow']).toBe('GET, HEAD');
    const deleting = await request(portal.url).delete(lease).set(signedHeaders());
    expect(deleting.status).toBe(405);
    expect(deleting.headers['allow']).toBe('POST');
  });

  it('does not bring down the process: two hundred of them at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, () =>
        postRaw(lease, 'application/x-www-form-urlencoded', `minutes=${'6'.repeat(20_000)}`),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([413]));
    expect((await request(portal.url).get('/healthz')).status).toBe(200);
  });
});

describe('addresses that only take a POST', () => {
  it.each([
    [lease, `${tokyo}?not-done`],
    [release, `${tokyo}?not-done`],
    ['/sign-out', '/'],
  ])('lead on a GET of %s to a page, and change nothing', async (address, page) => {
    const answer = await portal.as('alice').get(address);
    expect(answer.status).toBe(303);
    expect(answer.headers['location']).toBe(page);
    expect(answer.headers['set-cookie']).toBeUndefined();
    const head = await portal.as('alice').head(address);
    expect([head.status, head.headers['location']]).toEqual([303, page]);
  });

  it('refuse a malformed id all the same', async () => {
    expect((await portal.as('alice').get('/endpoints/nonsense/lease')).status).toBe(404);
  });
});

describe('HEAD', () => {
  it.each(['/', tokyo, '/fragments/home', `${tokyo}/client-configuration`])(
    'of %s has the headers of the page and no body',
    async (address) => {
      const answer = await portal.as('alice').head(address);
      expect(answer.status).toBe(200);
      expect(answer.text).toBeFalsy();
      expect(answer.headers['cache-control']).toBe('no-store');
    },
  );
});

describe('a request from another site', () => {
  const forged = (headers: Readonly<Record<string, string>>) =>
    request(portal.url)
      .post(lease)
      .type('form')
      .send({ minutes: '60' })
      .redirects(0)
      .set({ ...signedHeaders(), ...headers });

  it.each(['cross-site', 'same-site', 'none', 'Same-Origin', 'same-origin, same-origin', ''])(
    'is refused when the browser says it is "%s"',
    async (site) => {
      await portal.takeLog();
      const answer = await forged({ 'sec-fetch-site': site });
      expect(answer.status).toBe(403);
      expect(textOf(answer.text)).toContain(noticeIn('en', { code: 'cross-site-request' }).title);
      expect((await portal.takeLog()).lines).toContainEqual(
        expect.objectContaining({ reason: 'cross-site-request', status: 403 }),
      );
    },
  );

  it.each(['https://evil.example', 'null', 'http://127.0.0.1', 'http://127.0.0.1:1'])(
    'is refused by its Origin where the browser does not say: %s',
    async (origin) => {
      expect((await forged({ origin })).status).toBe(403);
    },
  );

  it("is refused even with the portal's own Origin, when the browser says cross-site", async () => {
    const origin = portal.stack.url;
    expect((await forged({ origin, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  });

  it('is refused on the other forms, too', async () => {
    for (const address of [release, '/sign-out']) {
      const answer = await request(portal.url)
        .post(address)
        .set({ ...signedHeaders(), 'sec-fetch-site': 'cross-site' });
      expect(answer.status).toBe(403);
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
  });

  it.each([
    ['a frame', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }],
    ['a picture', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
    ['a script', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
    ['an object', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'object' }],
  ])('may not read a page into %s', async (_what, headers) => {
    const answer = await request(portal.url)
      .get(tokyo)
      .set({ ...signedHeaders(), 'sec-fetch-site': 'cross-site', ...headers });
    expect(answer.status).toBe(403);
  });

  it('may follow a link to a page', async () => {
    const answer = await request(portal.url)
      .get(tokyo)
      .set({
        ...signedHeaders(),
        'sec-fetch-site': 'cross-site',
        'sec-fetch-mode': 'navigate',
        'sec-fetch-dest': 'document',
      });
    expect(answer.status).toBe(200);
  });

  it('has left nothing behind', () => {
    expect(portal.stack.ec2.calls().map(({ action }) => action)).not.toContain(
      'AssociateClientVpnTargetNetwork',
    );
  });

  it.each([
    ["the portal's own Origin, from a browser without fetch metadata", true],
    ['neither, from something that is no browser', false],
  ])('is not what comes with %s', async (_what, withOrigin) => {
    const answer = await request(portal.url)
      .post(release)
      .redirects(0)
      .set({ ...signedHeaders(), ...(withOrigin ? { origin: portal.stack.url } : {}) });
    expect(answer.status).toBe(303);
  });
});

describe('every page', () => {
  it.each(['/', tokyo, '/nowhere', '/fragments/home', '/signed-out'])(
    'says to the browser what it may do with it: %s',
    async (address) => {
      const { headers } = await portal.as('alice').get(address);
      const policy = String(headers['content-security-policy']);
      expect(policy.split(';')).toEqual(
        expect.arrayContaining([
          "default-src 'none'",
          "script-src 'self'",
          "style-src 'self'",
          "base-uri 'none'",
          "frame-ancestors 'none'",
        ]),
      );
      expect(policy).not.toMatch(/unsafe|\*|data:|https?:\/\/(?!127\.0\.0\.1)/);
      expect(headers).toMatchObject({
        'strict-transport-security': 'max-age=31536000; includeSubDomains',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
        'cache-control': 'no-store',
      });
      expect(headers).not.toHaveProperty('x-powered-by');
      expect(headers).not.toHaveProperty('etag');
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    },
  );

  it.each(['/', tokyo, '/nowhere', '/signed-out'])(
    'keeps to it, with no inline script, style or handler: %s',
    async (address) => {
      const { text } = await portal.as('alice').get(address);
      expect(text).not.toMatch(/\son[a-z]+=|\sstyle=|<style|javascript:/i);
      for (const [tag] of text.matchAll(/<script[^>]*>/g)) expect(tag).toMatch(/src="\/assets\//);
    },
  );

  it('lets a form go where a sign-in leads, and nowhere else', async () => {
    const { headers } = await portal.as('alice').get('/');
    expect(String(headers['content-security-policy'])).toContain(
      `form-action 'self' ${new URL(portal.stack.url).origin}`,
    );
  });

  it('has an id of its own', async () => {
    const ids = new Set<unknown>();
    for (let round = 0; round < 5; round += 1) {
      ids.add((await portal.as('alice').get('/')).headers['x-request-id']);
    }
    expect(ids.size).toBe(5);
  });

  it('does not take an id from outside, which could forge lines of the log', async () => {
    const answer = await portal.as('alice').get('/').set('x-request-id', 'mine');
    expect(answer.headers['x-request-id']).not.toBe('mine');
  });

  it('shows a name with markup in it as text', async () => {
    const { clientVpn } = portal.stack;
    const id = 'cvpn-endpoint-0a1b2c3d4e5f600aa';
    clientVpn.addEndpoint({
      id,
      tags: {
        'vpn-portal:managed': 'true',
        'vpn-portal:subnets': 'subnet-0a1b2c3d4e5f61001',
        'vpn-portal:name': `<img src=x onerror="alert('1')">`,
      },
    });
    await portal.schedule();
    portal.later(2);
    for (const address of ['/', `/endpoints/${id}`]) {
      const { text } = await portal.as('alice').get(address);
      expect(text).not.toContain('<img');
      expect(text).toContain('&lt;img src=x onerror=&#34;');
    }
  });
});
