import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { expect } from '@jest/globals';
import chromium from '@sparticuz/chromium';
import { chromium as playwright } from 'playwright-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

import { startPortal } from '../web/portal-under-test.ts';
import type { PersonKey, PortalUnderTest } from '../web/portal-under-test.ts';

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

/** Narrow, and as wide as a phone of today. */
const phones = [320, 390].map((width) => ({ width, height: 740 }));

/**
 * Lets a test await the looks of the page: each from its request until the page has made of the answer
 * what it does. While the network is at rest the page need not be, nor need it have asked already.
 */
const awaitLooks = `
  window.looks = Promise.resolve();
  {
    const { fetch, setTimeout } = window;
    window.fetch = async (...request) => {
      let isOver;
      const over = new Promise((resolve) => { isOver = resolve; });
      window.looks = window.looks.then(() => over);
      try {
        const response = await fetch(...request);
        // Read here as well, since not every answer is read by the page.
        const body = await response.text();
        response.text = async () => body;
        return response;
      } finally {
        // Behind all that the page does with the answer in the same turn.
        setTimeout(isOver);
      }
    };
  }
`;

/** Real browsers before a real portal. */
export interface Browsing {
  readonly portal: PortalUnderTest;
  /** A browser of its own for a person who has signed in, on the home page. */
  open(person: PersonKey, options?: BrowserContextOptions): Promise<Page>;
  /**
   * Lets some seconds pass, in the world and in the browser, and everything react to it.
   *
   * @param meanwhile happens when the world's time has passed, and before the page looks
   */
  wait(page: Page, seconds: number, meanwhile?: () => Promise<void>): Promise<void>;
  /** Takes all endpoints but one out of the portal's hands, so that a run of the schedule is short. */
  manageOnly(endpointId: string): void;
  /** Until the live part of the page says so, without a reload of the page. */
  untilState(page: Page, state: string): Promise<void>;
  /** Closes what was opened; answers with what the pages have complained of since the last time. */
  closeAll(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/**
 * In one single process it would end together with the first context that is closed. Without the rest
 * it draws its pages itself, where a graphics card would otherwise be imitated, and starts its
 * processes as copies of one: that is half of the work.
 */
const unwanted = [
  '--single-process',
  '--no-zygote',
  '--ignore-gpu-blocklist',
  '--in-process-gpu',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
];

export async function launchBrowser(): Promise<Browser> {
  const args = chromium.args.filter((argument) => !unwanted.includes(argument));
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: [...args, '--disable-gpu', '--disable-software-rasterizer'],
    headless: true,
  });
}

export async function startBrowsing(options: Parameters<typeof startPortal>[0]): Promise<Browsing> {
  const [portal, browser] = await Promise.all([startPortal(options), launchBrowser()]);
  await portal.schedule();
  let contexts: BrowserContext[] = [];
  /** An error of a script, or something that the page's policy forbids. */
  let complaints: string[] = [];

  async function wait(page: Page, seconds: number, meanwhile?: () => Promise<void>): Promise<void> {
    portal.later(seconds);
    await meanwhile?.();
    await page.clock.fastForward(seconds * 1000);
    await page.evaluate('window.looks');
    await portal.settled();
  }

  return {
    portal,
    wait,
    async open(person, contextOptions = {}) {
      const context = await browser.newContext({ locale: 'en-GB', ...contextOptions });
      contexts.push(context);
      // Long enough for a machine that is busy with something else.
      context.setDefaultTimeout(60_000);
      await context.addInitScript(awaitLooks);
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
      // What the page does to which the load balancer sends those whom it does not know.
      const signIn = `${portal.stack.url}/local/sign-in`;
      await context.request.post(signIn, { form: { person }, maxRedirects: 0 });
      await page.goto(portal.stack.url);
      return page;
    },
    manageOnly(endpointId) {
      const { clientVpn } = portal.stack;
      for (const { clientVpnEndpointId } of clientVpn.describeClientVpnEndpoints()) {
        if (clientVpnEndpointId !== endpointId) clientVpn.setTags(clientVpnEndpointId, {});
      }
    },
    async untilState(page, state) {
      for (let round = 0; round < 15; round += 1) {
        if ((await page.locator('#live').getAttribute('data-state')) === state) return;
        await wait(page, 6);
      }
      throw new Error(`the page never came to be ${state}`);
    },
    async closeAll() {
      await Promise.all(contexts.map((context) => context.close()));
      contexts = [];
      const found = complaints;
      complaints = [];
      return found;
    },
    async stop() {
      await browser.close();
      await portal.stop();
    },
  };
}

interface Finding {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** The rules that look at colours, which are all that differs between the colour schemes. */
const rulesOfColour = ['color-contrast', 'link-in-text-block'];

/** What axe finds in both colour schemes, and whether a phone would scroll sideways. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))");
  await page.evaluate(axeSource);
  for (const [colorScheme, options] of [
    ['light', { resultTypes: ['violations'] }],
    ['dark', { resultTypes: ['violations'], runOnly: rulesOfColour }],
  ] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await page.evaluate<{ violations: readonly Finding[] }>(
      `axe.run(${JSON.stringify(options)})`,
    );
    const found = violations.map(({ id, nodes }) => ({
      colorScheme,
      id,
      where: nodes.map(({ failureSummary, html }) => `${html} ${failureSummary ?? ''}`),
    }));
    expect(found).toEqual([]);
  }
  await expectFitsOnPhones(page);
}

export async function expectFitsOnPhones(page: Page): Promise<void> {
  const before = page.viewportSize();
  for (const phone of phones) {
    await page.setViewportSize(phone);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(phone.width);
  }
  if (before !== null) await page.setViewportSize(before);
}

/** Presses Tab until the element has the focus. */
export async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate<boolean>(`document.activeElement.matches('${selector}')`)) return;
  }
  throw new Error(`the keyboard does not reach ${selector}`);
}
