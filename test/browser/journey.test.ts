import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import { sampleEndpoints } from '../../scripts/local/sample-world.ts';
import { catalogueOf } from '../../src/web/locales/index.ts';
import type { Language } from '../../src/web/locales/index.ts';
import type { PersonKey, PortalUnderTest } from '../web/portal-under-test.ts';
import { expectAccessible, startBrowsing, tabTo } from './browsing.ts';
import type { Browsing } from './browsing.ts';
import { expectKeyboardReachesAll } from './keyboard.ts';
import { watch } from './layout-shifts.ts';
import * as steps from './steps.ts';

const tokyo = `/endpoints/${sampleEndpoints.tokyoOffice}`;
const build = `/endpoints/${sampleEndpoints.buildNetwork}`;

const phone = { width: 390, height: 740 };
const desk = { width: 1180, height: 740 };
/** What may move on the page of somebody who watches a start: the facts, by a few pixels now and then. */
const mostOfAStart = 0.03;
/** And where an endpoint that was off is started: what the Web Vitals call good. */
const mostOfAll = 0.1;

let browsing: Browsing;
let portal: PortalUnderTest;

beforeAll(async () => {
  browsing = await startBrowsing({ stack: { secondsToAssociate: 8, secondsToRoute: 4 } });
  ({ portal } = browsing);
});

afterEach(async () => {
  expect(await browsing.closeAll()).toEqual([]);
});

afterAll(() => browsing.stop());

describe.each<[PersonKey, Language, string, keyof typeof sampleEndpoints]>([
  ['alice', 'en', 'en-GB', 'tokyoOffice'],
  ['bob', 'ja', 'ja-JP', 'osakaLab'],
])('%s, in %s', (person, language, locale, endpoint) => {
  const words = catalogueOf(language);
  const id = sampleEndpoints[endpoint];

  it('turns an endpoint on, watches it become ready, downloads, and signs out', async () => {
    const { stack } = portal;
    const page = await browsing.open(person, { locale });
    expect(await page.locator('html').getAttribute('lang')).toBe(language);
    await expectAccessible(page);
    await page.clock.install();
    const all = await watch(await browsing.open(person, { locale, viewport: phone }), stack.url);

    const card = page.locator(`#endpoint-${id}`);
    await card.locator('button.button-primary').click();
    await page.waitForURL(new RegExp(`/endpoints/${id}`));
    expect(await page.title()).toContain(words.endpoint.states.starting);
    expect(await page.locator('#icon').getAttribute('href')).toContain('icon-starting.svg');
    await expectAccessible(page);
    const watched = [
      await watch(await browsing.open(person, { locale, viewport: phone }), page.url()),
      await watch(await browsing.open(person, { locale, viewport: desk }), page.url()),
    ];
    for (const each of [all, ...watched]) await each.lookAgain();
    // A mark on the document is gone when the page is loaded anew.
    await page.evaluate("document.documentElement.dataset.mark = 'kept'");
    await browsing.untilState(page, 'on');
    expect(await page.locator('html').getAttribute('data-mark')).toBe('kept');
    expect(await page.title()).toContain(`● ${words.endpoint.states.on}`);
    expect(await page.locator('#icon').getAttribute('href')).toContain('icon-on.svg');
    expect(await page.locator('#announcer').textContent()).toContain(words.endpoint.states.on);
    expect(await page.locator('#live').textContent()).toContain(words.endpoint.ready.title);
    await expectAccessible(page);
    for (const each of [all, ...watched]) await each.lookAgain();
    for (const each of watched) expect(await each.moved()).toBeLessThan(mostOfAStart);
    expect(await all.moved()).toBeLessThan(mostOfAll);

    const file = await steps.download(page);
    expect(file.name).toMatch(/^(?:Tokyo-office|Osaka-lab)\.ovpn$/);
    expect(file.text).toContain(`remote ${id}.prod.clientvpn.`);
    expect(file.text).toMatch(/\nauth-federate\nreneg-sec 0\n$/);

    await steps.signOut(page);
    expect(await page.locator('h1').textContent()).toBe(words.frame.signedOut.title);
    await expectAccessible(page);
    // Really signed out: the next page asks who is there.
    await page.goto(portal.stack.url);
    expect(page.url()).toContain('/local/sign-in');
  });
});

describe('a page', () => {
  it.each([
    ['that does not exist', '/nowhere'],
    ['of an endpoint that needs attention', build],
    ['with everything an employee may use', '/'],
    ['of an endpoint', tokyo],
  ])('is accessible, fits on a phone, and needs no mouse: one %s', async (_what, address) => {
    const page = await browsing.open('alice');
    await page.goto(`${portal.stack.url}${address}`);
    await expectAccessible(page);
    await expectKeyboardReachesAll(page);
  });

  it('can be had in the other language, and stays in it', async () => {
    const page = await browsing.open('alice');
    await page.locator('nav.languages a[lang="ja"]').click();
    expect(await page.locator('html').getAttribute('lang')).toBe('ja');
    await page.goto(`${portal.stack.url}${tokyo}`);
    expect(await page.locator('html').getAttribute('lang')).toBe('ja');
  });

  it('learns the time zone from the browser', async () => {
    const page = await browsing.open('alice', { timezoneId: 'America/New_York' });
    await page.reload();
    expect(await page.locator('html').getAttribute('data-time-zone')).toBe('America/New_York');
  });
});

describe('a session that has ended while a page was open', () => {
  it('is told on the page, with a link to sign in again', async () => {
    // Somebody needs it, so the page has something to wait for.
    await portal.as('alice').post(`${tokyo}/lease`, { minutes: '60' });
    portal.later(2);
    const page = await browsing.open('alice');
    await page.clock.install();
    await page.goto(`${portal.stack.url}${tokyo}`);
    portal.stack.alb.expireSessions();
    await page.clock.fastForward(60_000);
    const notice = page.locator('#notice');
    await notice.locator('a').waitFor();
    const { sessionEnded, signInAgain } = catalogueOf('en').frame;
    expect(await notice.textContent()).toBe(`${sessionEnded} ${signInAgain}`);
    await notice.locator('a').click();
    await page.waitForURL('**/local/sign-in*');
  });
});

describe('without a mouse', () => {
  it('an endpoint is given back and turned on with the keyboard alone', async () => {
    const page = await browsing.open('carol');
    await page.goto(`${portal.stack.url}/endpoints/${sampleEndpoints.osakaLab}`);
    await tabTo(page, 'form.lease button');
    await page.keyboard.press('Enter');
    await page.waitForURL(/revision=/);
    expect(await page.locator('#leases ~ table').textContent()).toContain('carol@example.com');
    await tabTo(page, 'form.release button');
    const asked = page.url();
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.href !== asked);
    expect(await page.locator('form.release').count()).toBe(0);
  });
});

describe('without JavaScript', () => {
  it('everything works: start, progress by reloading, download, sign-out', async () => {
    const page = await browsing.open('bob', { javaScriptEnabled: false });
    await steps.turnOn(page, sampleEndpoints.osakaLab);
    expect(page.url()).toContain('revision=');
    expect(await page.locator('button[data-notify]:visible').count()).toBe(0);
    expect(await page.locator('#leases ~ table').textContent()).toContain('bob@example.com');
    expect((await steps.download(page)).text).toContain('auth-federate');
    await steps.signOut(page);
  });
});
