import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import chromium from '@sparticuz/chromium';
import { chromium as playwright } from 'playwright-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

import { sampleEndpoints } from '../../scripts/local/sample-world.ts';
import { catalogueOf } from '../../src/web/locales/index.ts';
import type { Language } from '../../src/web/locales/index.ts';
import { startPortal } from '../web/portal-under-test.ts';
import type { PersonKey, PortalUnderTest } from '../web/portal-under-test.ts';

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

const tokyo = `/endpoints/${sampleEndpoints.tokyoOffice}`;
const build = `/endpoints/${sampleEndpoints.buildNetwork}`;
/** Wide enough for a phone of today. */
const phone = { width: 360, height: 740 };

let portal: PortalUnderTest;
let browser: Browser;
let contexts: BrowserContext[] = [];
/** What a page complained of: an error of a script, or something that its policy forbids. */
let complaints: string[] = [];

beforeAll(async () => {
  [portal, browser] = await Promise.all([
    startPortal({ stack: { secondsToAssociate: 8, secondsToRoute: 4 } }),
    playwright.launch({
      executablePath: await chromium.executablePath(),
      // In one single process it ends together with the first context that is closed.
      args: chromium.args.filter((argument) => argument !== '--single-process'),
      headless: true,
    }),
  ]);
  await portal.schedule();
});

afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()));
  contexts = [];
  const found = complaints;
  complaints = [];
  expect(found).toEqual([]);
});

afterAll(async () => {
  await browser.close();
  await portal.stop();
});

/** A browser of its own for a person, who has signed in where the load balancer sends people. */
async function open(person: PersonKey, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  contexts.push(context);
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // Answers that are errors on purpose are announced there, too.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      complaints.push(message.text());
    }
  });
  page.on('request', (request) => {
    if (new URL(request.url()).hostname !== '127.0.0.1') complaints.push(request.url());
  });
  await page.goto(portal.stack.url);
  await page.locator(`button[value="${person}"]`).click();
  await page.waitForURL(`${portal.stack.url}/`);
  return page;
}

/** Lets some seconds pass, in the world and in the browser, and everything react to it. */
async function wait(page: Page, seconds: number): Promise<void> {
  portal.later(seconds);
  await page.clock.fastForward(seconds * 1000);
  await page.waitForLoadState('networkidle');
  await portal.settled();
}

/** Until the live part of the page says so, without a reload of the page. */
async function untilState(page: Page, state: string): Promise<void> {
  for (let round = 0; round < 15; round += 1) {
    if ((await page.locator('#live').getAttribute('data-state')) === state) return;
    await wait(page, 6);
  }
  throw new Error(`the page never came to be ${state}`);
}

interface Finding {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** What axe finds in both colour schemes, and whether a phone would scroll sideways. */
async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))");
  await page.evaluate(axeSource);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await page.evaluate<{ violations: readonly Finding[] }>(
      "axe.run({ resultTypes: ['violations'] })",
    );
    const found = violations.map(({ id, nodes }) => ({
      colorScheme,
      id,
      where: nodes.map(({ failureSummary, html }) => `${html} ${failureSummary ?? ''}`),
    }));
    expect(found).toEqual([]);
  }
  const before = page.viewportSize();
  await page.setViewportSize(phone);
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(phone.width);
  if (before !== null) await page.setViewportSize(before);
}

describe.each<[PersonKey, Language, string, keyof typeof sampleEndpoints]>([
  ['alice', 'en', 'en-GB', 'tokyoOffice'],
  ['bob', 'ja', 'ja-JP', 'osakaLab'],
])('%s, in %s', (person, language, locale, endpoint) => {
  const words = catalogueOf(language);
  const id = sampleEndpoints[endpoint];

  it('turns an endpoint on, watches it become ready, downloads, and signs out', async () => {
    const page = await open(person, { locale });
    expect(await page.locator('html').getAttribute('lang')).toBe(language);
    await expectAccessible(page);
    await page.clock.install();

    const card = page.locator(`#endpoint-${id}`);
    await card.locator('button.button-primary').click();
    await page.waitForURL(new RegExp(`/endpoints/${id}`));
    expect(await page.title()).toContain(words.endpoint.states.starting);
    expect(await page.locator('#icon').getAttribute('href')).toContain('icon-starting.svg');
    await expectAccessible(page);
    // A mark on the document is gone when the page is loaded anew.
    await page.evaluate("document.documentElement.dataset.mark = 'kept'");
    await untilState(page, 'on');
    expect(await page.locator('html').getAttribute('data-mark')).toBe('kept');
    expect(await page.title()).toContain(`● ${words.endpoint.states.on}`);
    expect(await page.locator('#icon').getAttribute('href')).toContain('icon-on.svg');
    expect(await page.locator('#announcer').textContent()).toContain(words.endpoint.states.on);
    expect(await page.locator('#live').textContent()).toContain(words.endpoint.ready.title);
    await expectAccessible(page);

    const downloading = page.waitForEvent('download');
    await page.locator('a[href$="/client-configuration"]').click();
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(/^(?:Tokyo-office|Osaka-lab)\.ovpn$/);
    const file = readFileSync(await download.path(), 'utf8');
    expect(file).toContain(`remote ${id}.prod.clientvpn.`);
    expect(file).toMatch(/\nauth-federate\nreneg-sec 0\n$/);

    await page.locator('form[action="/sign-out"] button').click();
    await page.waitForURL('**/signed-out');
    expect(await page.locator('h1').textContent()).toBe(words.frame.signedOut.title);
    await expectAccessible(page);
    // Really signed out: the next page asks who is there.
    await page.goto(portal.stack.url);
    expect(page.url()).toContain('/local/sign-in');
  }, 40_000);
});

describe('a page', () => {
  it.each([
    ['that does not exist', '/nowhere'],
    ['of an endpoint that needs attention', build],
  ])('is accessible, and fits on a phone: one %s', async (_what, address) => {
    const page = await open('alice');
    await page.goto(`${portal.stack.url}${address}`);
    await expectAccessible(page);
  });

  it('can be had in the other language, and stays in it', async () => {
    const page = await open('alice');
    await page.locator('nav.languages a[lang="ja"]').click();
    expect(await page.locator('html').getAttribute('lang')).toBe('ja');
    await page.goto(`${portal.stack.url}${tokyo}`);
    expect(await page.locator('html').getAttribute('lang')).toBe('ja');
  });

  it('learns the time zone from the browser', async () => {
    const page = await open('alice', { timezoneId: 'America/New_York' });
    await page.reload();
    expect(await page.locator('html').getAttribute('data-time-zone')).toBe('America/New_York');
  });
});

describe('a session that has ended while a page was open', () => {
  it('is told on the page, with a link to sign in again', async () => {
    // Somebody needs it, so the page has something to wait for.
    await portal.as('alice').post(`${tokyo}/lease`, { minutes: '60' });
    portal.later(2);
    const page = await open('alice');
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
    const page = await open('carol');
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

  async function tabTo(page: Page, selector: string): Promise<void> {
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press('Tab');
      if (await page.evaluate<boolean>(`document.activeElement.matches('${selector}')`)) return;
    }
    throw new Error(`the keyboard does not reach ${selector}`);
  }
});

describe('without JavaScript', () => {
  it('everything works: start, progress by reloading, download, sign-out', async () => {
    const page = await open('bob', { javaScriptEnabled: false });
    const card = page.locator(`#endpoint-${sampleEndpoints.osakaLab}`);
    await card.locator('form.lease button').click();
    await page.waitForURL(/revision=/);
    expect(await page.locator('button[data-notify]:visible').count()).toBe(0);
    expect(await page.locator('#leases ~ table').textContent()).toContain('bob@example.com');
    const downloading = page.waitForEvent('download');
    await page.locator('a[href$="/client-configuration"]').click();
    expect(readFileSync(await (await downloading).path(), 'utf8')).toContain('auth-federate');
    await page.locator('form[action="/sign-out"] button').click();
    await page.waitForURL('**/signed-out');
  });
});
