import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';

import type { ErrorProblem } from '../../src/web/locales/error-problem.ts';
import { catalogueOf, languages } from '../../src/web/locales/index.ts';
import {
  adminOfTokyo,
  hold,
  osaka,
  startAdministeredPortal,
  tokyo,
} from './administration-under-test.ts';
import type { AdministeredPortal } from './administration-under-test.ts';
import { textOf } from './page-text.ts';
import { noticeIn, personOf } from './portal-under-test.ts';

const gone = 'cvpn-connection-0fffffffffffffff0';
const tooLong: ErrorProblem = { code: 'hold-reason-too-long', longest: 200 };
const until: ErrorProblem = { code: 'hold-until-not-usable', longestDays: 30 };

let portal: AdministeredPortal;
let before: object;

beforeAll(async () => {
  portal = await startAdministeredPortal();
  await portal.act('carol', `${adminOfTokyo}/hold`, hold);
  before = await portal.wishes();
});

afterAll(() => portal.stop());

/** Each leaves what is wished as it was, and says what to do next in both languages. */
const cases: readonly (readonly [string, number, ErrorProblem, string, Record<string, string>])[] =
  [
    ['an unknown time', 400, until, '/hold', { ...hold, minutes: '61' }],
    ['a time that is none', 400, until, '/hold', { ...hold, minutes: 'soon' }],
    ['a time in the past', 400, until, '/hold', { ...hold, minutes: '-60' }],
    ['no time', 400, until, '/hold', { kind: 'on', reason: 'Because' }],
    ['neither on nor off', 400, { code: 'hold-kind-unknown' }, '/hold', { ...hold, kind: '' }],
    ['another kind', 400, { code: 'hold-kind-unknown' }, '/hold', { ...hold, kind: 'up' }],
    ['no reason', 400, { code: 'hold-reason-missing' }, '/hold', { ...hold, reason: '' }],
    ['a blank reason', 400, { code: 'hold-reason-missing' }, '/hold', { ...hold, reason: ' \n' }],
    ['201 characters of reason', 400, tooLong, '/hold', { ...hold, reason: 'x'.repeat(201) }],
    ['5,000 characters of reason', 400, tooLong, '/hold', { ...hold, reason: 'x'.repeat(5000) }],
    ['5,000 kanji of reason', 400, tooLong, '/hold', { ...hold, reason: '理'.repeat(5000) }],
    ['a novel of a reason', 400, tooLong, '/hold', { ...hold, reason: '理'.repeat(50_000) }],
    [
      'too many fields',
      413,
      { code: 'body-too-large' },
      '/hold',
      Object.fromEntries(Array.from({ length: 30 }, (_unused, index) => [`f${index}`, 'x'])),
    ],
    [
      'a connection that is gone',
      409,
      { code: 'connection-gone' },
      `/connections/${gone}/terminate`,
      {},
    ],
    [
      'a connection that is none',
      404,
      { code: 'malformed-id' },
      '/connections/everybody/terminate',
      {},
    ],
  ];

describe.each(languages)('in %s', (language) => {
  it.each(cases)('%s is refused on a page of its own', async (_what, status, problem, at, form) => {
    const answer = await portal
      .as('carol')
      .post(`${adminOfTokyo}${at}`, form)
      .set('accept-language', language);
    expect(answer.status).toBe(status);
    const notice = noticeIn(language, problem);
    const page = textOf(answer.text);
    expect(page).toContain(notice.title);
    expect(page).toContain(notice.happened);
    expect(page).toContain(notice.next);
    expect(await portal.wishes()).toEqual(before);
  });
});

describe('a page that refuses a form', () => {
  it.each(cases.filter(([, status]) => status === 400 || status === 409))(
    'leads back to the endpoint: %s',
    async (_what, _status, _problem, at, form) => {
      const { text } = await portal.as('carol').post(`${adminOfTokyo}${at}`, form);
      expect(text).toMatch(
        new RegExp(`<a class="button button-primary" href="${tokyo}">Go back to the endpoint</a>`),
      );
    },
  );

  it('leads back from a lease’s form, too', async () => {
    const { text } = await portal.as('alice').post(`${tokyo}/lease`, { minutes: '7' });
    expect(text).toContain(`href="${tokyo}">Go back to the endpoint</a>`);
  });
});

const acts: readonly (readonly [string, Record<string, string>])[] = [
  ['/hold', hold],
  ['/hold', { kind: 'nonsense' }],
  ['/release-hold', {}],
  ['/stop', {}],
  [`/connections/${gone}/terminate`, {}],
];

describe('whoever may not', () => {
  it.each(acts)('is refused at %s, and it is in the audit', async (at, form) => {
    for (const person of ['alice', 'dave'] as const) {
      // A pass that somebody's look at a page has set going writes its own in between.
      const refusals = async (): Promise<number> =>
        (await portal.audit(500)).filter(
          ({ actor, outcome }) =>
            outcome === 'not-permitted' && JSON.stringify(actor).includes(`${person}@example.com`),
        ).length;
      const earlier = await refusals();
      const answer = await portal.as(person).post(`${adminOfTokyo}${at}`, form);
      expect(answer.status).toBe(403);
      expect(textOf(answer.text)).toContain(noticeIn('en', { code: 'not-permitted' }).happened);
      expect(await refusals()).toBe(earlier + 1);
    }
    expect(await portal.wishes()).toEqual(before);
  });

  it.each(acts)('learns nothing of an endpoint of another group at %s', async (at, form) => {
    const answer = await portal.as('alice').post(`/admin${osaka}${at}`, form);
    expect(answer.status).toBe(404);
    expect(answer.text).not.toContain('Osaka');
  });

  it('does not see the page before a stop', async () => {
    expect((await portal.as('alice').get(`${adminOfTokyo}/stop`)).status).toBe(403);
    expect((await portal.as('dave').get(`${adminOfTokyo}/stop`)).status).toBe(403);
    const hidden = await portal.as('alice').get(`/admin${osaka}/stop`);
    expect([hidden.status, hidden.text.includes('Osaka')]).toEqual([404, false]);
  });
});

describe('an administrator’s form', () => {
  const token = () => ({ 'x-amzn-oidc-data': portal.signer.signIdentity(personOf('carol')) });
  const post = (at: string, headers: Readonly<Record<string, string>>) =>
    request(portal.url)
      .post(`${adminOfTokyo}${at}`)
      .set({ ...token(), ...headers })
      .type('form')
      .send(hold);

  it.each(acts)('at %s is refused from another site', async (at) => {
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ]) {
      const answer = await post(at, headers);
      expect([answer.status, textOf(answer.text)]).toEqual([
        403,
        expect.stringContaining(noticeIn('en', { code: 'cross-site-request' }).happened),
      ]);
    }
    expect(await portal.wishes()).toEqual(before);
  });

  it.each(acts)('at %s is refused without a signed identity', async (at) => {
    const answer = await request(portal.url)
      .post(`${adminOfTokyo}${at}`)
      .set({ 'sec-fetch-site': 'same-origin' });
    expect(answer.status).toBe(401);
    expect(await portal.wishes()).toEqual(before);
  });

  it('is refused as JSON', async () => {
    const answer = await portal
      .as('carol')
      .post(`${adminOfTokyo}/hold`)
      .type('application/json')
      .send(JSON.stringify(hold));
    expect(answer.status).toBe(415);
    expect(await portal.wishes()).toEqual(before);
  });

  it.each([
    ['/hold', 'POST'],
    ['/release-hold', 'POST'],
    ['/stop', 'GET, HEAD, POST'],
    [`/connections/${gone}/terminate`, 'POST'],
  ])('at %s takes no other method than %s', async (at, allow) => {
    for (const method of ['put', 'delete', 'patch'] as const) {
      const sender = request(portal.url);
      const answer = await sender[method](`${adminOfTokyo}${at}`).set({
        ...token(),
        'sec-fetch-site': 'same-origin',
      });
      expect([answer.status, answer.headers['allow']]).toEqual([405, allow]);
    }
    expect(await portal.wishes()).toEqual(before);
  });

  it.each(['/hold', '/release-hold', `/connections/${gone}/terminate`])(
    'at %s that a new sign-in turns into a GET is said to have come to nothing',
    async (at) => {
      const answer = await portal.as('carol').get(`${adminOfTokyo}${at}`);
      expect([answer.status, answer.headers['location']]).toEqual([303, `${tokyo}?not-done`]);
      const page = await portal.pageOf('carol', `${tokyo}?not-done`);
      expect(page).toContain(catalogueOf('en').frame.notDone);
      expect(await portal.pageOf('carol', tokyo)).not.toContain(catalogueOf('en').frame.notDone);
      expect(await portal.wishes()).toEqual(before);
    },
  );

  it.each(['/admin/endpoints/nonsense/hold', '/admin/endpoints/nonsense/stop'])(
    'at %s names no endpoint',
    async (address) => {
      expect((await portal.as('carol').post(address, hold)).status).toBe(404);
      expect((await portal.as('carol').get(address)).status).toBe(404);
    },
  );
});

describe('a dry run', () => {
  let rehearsing: AdministeredPortal;

  beforeAll(async () => {
    rehearsing = await startAdministeredPortal({ RECONCILER_DRY_RUN: 'true' });
  });

  afterAll(() => rehearsing.stop());

  const { dryRun } = catalogueOf('en').administration;

  it.each(['/', tokyo, `${adminOfTokyo}/stop`])(
    'is told to an administrator at the top of %s',
    async (address) => {
      const page = await rehearsing.pageOf('carol', address);
      expect(page).toContain(dryRun.title);
      expect(page).toContain(dryRun.text);
    },
  );

  it('is told to an auditor, and not to an employee, who can do nothing about it', async () => {
    for (const address of ['/', tokyo]) {
      expect(await rehearsing.pageOf('dave', address)).toContain(dryRun.title);
      expect(await rehearsing.pageOf('alice', address)).not.toContain(dryRun.title);
    }
  });

  it('promises nobody that an endpoint goes off', async () => {
    await rehearsing.act('alice', `${tokyo}/lease`, { minutes: '60' });
    const page = await rehearsing.until('alice', tokyo, 'Ready to connect');
    expect(page).toContain(dryRun.next);
    expect(page).toContain('Goes off not by itself (dry run)');
  });
});
