import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DisableRuleCommand } from '@aws-sdk/client-eventbridge';
import request from 'supertest';

import { localRuleName } from '../../scripts/local/stack.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { createDynamoPauseStore } from '../../src/aws/dynamo-pause-store.ts';
import { dynamoTable } from '../../src/aws/dynamo-table.ts';
import type { PauseStore } from '../../src/lease/pause-store.ts';
import type { ErrorProblem } from '../../src/web/locales/error-problem.ts';
import { catalogueOf, languages } from '../../src/web/locales/index.ts';
import { adminOfTokyo, startAdministeredPortal, tokyo } from './administration-under-test.ts';
import type { AdministeredPortal } from './administration-under-test.ts';
import { textOf } from './page-text.ts';
import { clientsFor, noticeIn, personOf } from './portal-under-test.ts';

const pausePath = '/admin/schedule/pause';
const resumePath = '/admin/schedule/resume';
const rulePath = '/admin/schedule/enable-rule';
const moving = { minutes: '120', reason: 'Moving the office' };
const words = catalogueOf('en').administration;

let portal: AdministeredPortal;
let aws: AwsClients;
let pauses: PauseStore;

beforeAll(async () => {
  portal = await startAdministeredPortal();
  aws = clientsFor(portal.stack.environment);
  pauses = createDynamoPauseStore(
    dynamoTable(aws.dynamo, portal.stack.environment['TABLE_NAME'] ?? ''),
  );
});
beforeEach(async () => {
  await pauses.set(null);
});
afterEach(() => {
  portal.stack.faults.clear();
});
afterAll(async () => {
  for (const client of [aws.ec2, aws.dynamo, aws.eventBridge]) client.destroy();
  await portal.stop();
});

const everyPage = [
  '/',
  tokyo,
  `${adminOfTokyo}/stop`,
  '/history',
  '/admin',
  '/admin/usage',
  '/admin/audit',
  '/nowhere',
];

describe('a pause', () => {
  it('is told at once on every page, and no more when it is taken back', async () => {
    const page = await portal.act('carol', pausePath, moving);
    expect(page).toContain('Stopping is paused until');
    for (const address of everyPage) {
      const said = await portal.pageOf('carol', address);
      expect([address, said]).toEqual([address, expect.stringContaining('Moving the office')]);
    }
    expect(await portal.audit(1)).toMatchObject([
      { action: 'pause-stopping', actor: { name: 'carol@example.com' }, outcome: 'recorded' },
    ]);

    const after = await portal.act('carol', resumePath);
    expect(after).not.toContain('Moving the office');
    for (const address of everyPage.filter((each) => each !== '/admin/audit')) {
      expect(await portal.pageOf('carol', address)).not.toContain('Moving the office');
    }
    expect(await portal.audit(1)).toMatchObject([
      { action: 'resume-stopping', outcome: 'recorded' },
    ]);
  });

  it('is told to everybody who is signed in, in what is refreshed, too, and to nobody else', async () => {
    await portal.act('carol', pausePath, moving);
    for (const person of ['alice', 'dave'] as const) {
      for (const address of ['/', tokyo, '/history', `/fragments${tokyo}`, '/fragments/home']) {
        expect(await portal.pageOf(person, address)).toContain('Stopping is paused until');
      }
    }
    const signedOut = await request(portal.url).get('/signed-out');
    expect(textOf(signedOut.text)).not.toContain('paused');
  });

  it('is told in Japanese, too', async () => {
    await portal.act('carol', pausePath, moving);
    const { text } = await portal.as('alice').get('/').set('accept-language', 'ja');
    expect(textOf(text)).toContain('自動停止を一時停止しています');
  });

  it('ends by itself', async () => {
    await portal.act('carol', pausePath, { ...moving, minutes: '30' });
    portal.later(29 * 60);
    expect(await portal.pageOf('alice', '/')).toContain('Moving the office');
    portal.later(2 * 60);
    expect(await portal.pageOf('alice', '/')).not.toContain('Moving the office');
  });

  it('may last seven days', async () => {
    await portal.act('carol', pausePath, { ...moving, minutes: '10080' });
    expect(await pauses.get()).toMatchObject({ reason: 'Moving the office' });
  });

  it('is offered on the overview to an administrator, and not to an auditor', async () => {
    const offered = await portal.as('carol').get('/admin');
    expect(offered.text).toContain(`action="${pausePath}"`);
    expect(offered.text).not.toContain(`action="${resumePath}"`);
    const read = await portal.as('dave').get('/admin');
    expect(read.text).not.toContain('/admin/schedule/');
    await portal.act('carol', pausePath, moving);
    expect((await portal.as('carol').get('/admin')).text).toContain(`action="${resumePath}"`);
    expect((await portal.as('dave').get('/admin')).text).not.toContain('/admin/schedule/');
  });

  it('that cannot be understood leaves the pages to say everything else', async () => {
    await portal.takeLog();
    await aws.dynamo.send(
      new PutItemCommand({
        TableName: portal.stack.environment['TABLE_NAME'],
        Item: { pk: { S: 'PAUSE' }, sk: { S: 'STOPPING' } },
      }),
    );
    expect(await portal.pageOf('alice', '/')).toContain('Tokyo office');
    const { lines } = await portal.takeLog();
    expect(lines.map(({ msg }) => msg)).toContain('the pause could not be read');
  });
});

const until: ErrorProblem = { code: 'pause-until-not-usable', longestDays: 7 };
const noReason: ErrorProblem = { code: 'pause-reason-missing' };
const tooLong: ErrorProblem = { code: 'pause-reason-too-long', longest: 200 };

/** Each leaves everything as it was, and says what to do next in both languages. */
const cases: readonly (readonly [string, ErrorProblem, Record<string, string>])[] = [
  ['no time', until, { reason: 'Because' }],
  ['a time that is none', until, { ...moving, minutes: 'soon' }],
  ['a time in the past', until, { ...moving, minutes: '-60' }],
  ['a time that is not on offer', until, { ...moving, minutes: '61' }],
  ['more than seven days', until, { ...moving, minutes: '10081' }],
  ['a month', until, { ...moving, minutes: '43200' }],
  ['no reason', noReason, { minutes: '60' }],
  ['a blank reason', noReason, { ...moving, reason: ' \n ' }],
  ['201 characters of reason', tooLong, { ...moving, reason: 'x'.repeat(201) }],
  ['5,000 kanji of reason', tooLong, { ...moving, reason: '理'.repeat(5000) }],
  ['a novel of a reason', tooLong, { ...moving, reason: '理'.repeat(50_000) }],
];

describe.each(languages)('in %s', (language) => {
  it.each(cases)(
    'a pause with %s is refused on a page of its own',
    async (_what, problem, form) => {
      const answer = await portal
        .as('carol')
        .post(pausePath, form)
        .set('accept-language', language);
      expect(answer.status).toBe(400);
      const notice = noticeIn(language, problem);
      const page = textOf(answer.text);
      for (const sentence of [notice.title, notice.happened, notice.next]) {
        expect(page).toContain(sentence);
      }
      expect(answer.text).toContain(
        `href="/admin#schedule">${catalogueOf(language).errors.schedule}</a>`,
      );
      expect(await pauses.get()).toBeNull();
    },
  );
});

const acts = [pausePath, resumePath, rulePath];

describe('whoever may not', () => {
  it.each(acts)('is refused at %s, and it is in the audit', async (path) => {
    await portal.act('carol', pausePath, moving);
    const before = await pauses.get();
    for (const person of ['alice', 'dave'] as const) {
      const answer = await portal.as(person).post(path, { ...moving, minutes: '60' });
      expect(answer.status).toBe(403);
      expect(textOf(answer.text)).toContain(noticeIn('en', { code: 'not-permitted' }).happened);
      expect(await portal.audit(1)).toMatchObject([
        { actor: { name: `${person}@example.com` }, outcome: 'not-permitted' },
      ]);
    }
    expect(await pauses.get()).toEqual(before);
  });
});

describe('a form of the schedule', () => {
  const token = () => ({ 'x-amzn-oidc-data': portal.signer.signIdentity(personOf('carol')) });
  const post = (path: string, headers: Readonly<Record<string, string>>) =>
    request(portal.url).post(path).set(headers).type('form').send(moving);

  it.each(acts)('at %s is refused from another site', async (path) => {
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
    ]) {
      const answer = await post(path, { ...token(), ...headers });
      expect([answer.status, textOf(answer.text)]).toEqual([
        403,
        expect.stringContaining(noticeIn('en', { code: 'cross-site-request' }).happened),
      ]);
    }
    expect(await pauses.get()).toBeNull();
  });

  it.each(acts)('at %s is refused without a signed identity', async (path) => {
    expect((await post(path, { 'sec-fetch-site': 'same-origin' })).status).toBe(401);
    expect(await pauses.get()).toBeNull();
  });

  it.each(acts)('at %s takes no other method than POST', async (path) => {
    for (const method of ['put', 'delete', 'patch'] as const) {
      const sender = request(portal.url);
      const answer = await sender[method](path).set({
        ...token(),
        'sec-fetch-site': 'same-origin',
      });
      expect([answer.status, answer.headers['allow']]).toEqual([405, 'POST']);
    }
  });

  it.each(acts)('at %s that a new sign-in turns into a GET came to nothing', async (path) => {
    const answer = await portal.as('carol').get(path);
    expect([answer.status, answer.headers['location']]).toEqual([303, '/admin?not-done']);
    const { notDone } = catalogueOf('en').frame;
    expect(await portal.pageOf('carol', '/admin?not-done')).toContain(notDone);
    expect(await portal.pageOf('carol', '/admin')).not.toContain(notDone);
  });

  it('is refused as JSON', async () => {
    const answer = await portal
      .as('carol')
      .post(pausePath)
      .type('application/json')
      .send(JSON.stringify(moving));
    expect(answer.status).toBe(415);
  });
});

describe('the rule of the schedule', () => {
  const disable = () => aws.eventBridge.send(new DisableRuleCommand({ Name: localRuleName }));
  const isEnabled = async () =>
    (await portal.pageOf('carol', '/admin?look-again')).includes(
      `Its rule ${localRuleName} is enabled.`,
    );

  it('is enabled again by an administrator, who reads so at once', async () => {
    expect(await portal.pageOf('carol', '/admin')).not.toContain(words.rule.enable);
    await disable();
    portal.later(31);
    expect(await portal.pageOf('carol', '/admin')).toContain(words.rule.enable);
    const page = await portal.act('carol', rulePath);
    expect(page).toContain(`Its rule ${localRuleName} is enabled.`);
    expect(page).not.toContain(words.rule.enable);
    // Of the same moment, as the case may be.
    const entries = await portal.audit(2);
    for (const [outcome, requestIds] of [
      ['recorded', []],
      ['done', [expect.stringMatching(/./)]],
    ]) {
      const entry = { action: 'enable-rule', detail: localRuleName, outcome, requestIds };
      expect(entries).toContainEqual(expect.objectContaining(entry));
    }
  });

  it('is not offered to an auditor', async () => {
    await disable();
    portal.later(31);
    const page = await portal.pageOf('dave', '/admin');
    expect(page).toContain('is disabled');
    expect(page).not.toContain(words.rule.enable);
    await portal.act('carol', rulePath);
  });

  it.each<[string, ErrorProblem, number, string, number]>([
    ['refuses', { code: 'rule-refused' }, 503, 'AccessDeniedException', 400],
    ['does not answer', { code: 'rule-not-confirmed' }, 503, 'Timeout', 0],
    ['knows of none', { code: 'rule-missing' }, 409, 'ResourceNotFoundException', 400],
  ])(
    'is said not to be enabled where EventBridge %s',
    async (_what, problem, status, code, http) => {
      await disable();
      portal.stack.faults.add({
        service: 'events',
        action: 'EnableRule',
        effect: 'before',
        code,
        status: http,
        times: 99,
      });
      for (const language of languages) {
        const answer = await portal.as('carol').post(rulePath).set('accept-language', language);
        expect(answer.status).toBe(status);
        const page = textOf(answer.text);
        const notice = noticeIn(language, problem);
        expect(page).toContain(notice.happened);
        expect(page).toContain(notice.next);
      }
      expect(await portal.audit(2)).toContainEqual(
        expect.objectContaining({ action: 'enable-rule', outcome: problem.code, requestIds: [] }),
      );
      portal.stack.faults.clear();
      expect(await isEnabled()).toBe(false);
      await portal.act('carol', rulePath);
      expect(await isEnabled()).toBe(true);
    },
  );
});
