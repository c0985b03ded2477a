import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';

import { sampleEndpoints } from '../../scripts/local/sample-world.ts';
import { catalogueOf } from '../../src/web/locales/index.ts';
import type { Language } from '../../src/web/locales/index.ts';
import { expectAccessible, startBrowsing, tabTo } from './browsing.ts';
import type { Browsing } from './browsing.ts';

const id = sampleEndpoints.tokyoOffice;
const tokyo = `/endpoints/${id}`;
const name = 'Tokyo office';
const button = `#notify-${id}`;

let browsing: Browsing;

beforeAll(async () => {
  browsing = await startBrowsing({ stack: { secondsToAssociate: 8, secondsToRoute: 4 } });
  browsing.manageOnly(id);
});

afterEach(async () => {
  const { portal } = browsing;
  expect(await browsing.closeAll()).toEqual([]);
  // Off again, for the next one.
  await portal.as('carol').post(`/admin${tokyo}/stop`);
  for (let minute = 0; minute < 20; minute += 1) {
    const { text } = await portal.as('carol').get(tokyo);
    if (/id="live"[^>]*data-state="off"/.test(text)) return;
    portal.later(60);
    await portal.schedule();
    await portal.settled();
  }
  throw new Error('it never went off again');
});

afterAll(() => browsing.stop());

/**
 * The browser's own notifications, with a note of each. A Chromium without a window calls them
 * denied whatever it was granted; what it answers when it is asked is right, so that is what counts.
 */
const noteNotifications = `
  window.shown = [];
  const Real = window.Notification;
  window.Notification = class extends Real {
    static get permission() {
      return sessionStorage.getItem('answer of the browser') ?? 'default';
    }
    static async requestPermission() {
      const answer = await Real.requestPermission();
      sessionStorage.setItem('answer of the browser', answer);
      return answer;
    }
    constructor(title, options) {
      super(title, options);
      window.shown.push(title + ' | ' + options.body);
    }
  };
`;

const shown = (page: Page) => page.evaluate<readonly string[]>('window.shown');

/** Where Alice has just asked for half an hour, by the clock of the browser as well. */
async function starting(options: { locale?: string; permissions?: string[] } = {}): Promise<Page> {
  const { portal } = browsing;
  const { locale = 'en-GB', permissions = ['notifications'] } = options;
  const page = await browsing.open('alice', { locale, permissions, timezoneId: 'Asia/Tokyo' });
  await page.addInitScript(noteNotifications);
  await page.clock.install();
  await portal.as('alice').post(`${tokyo}/lease`, { minutes: '30' });
  await portal.settled();
  portal.later(2);
  await page.goto(`${portal.stack.url}${tokyo}`);
  return page;
}

/** Lets some seconds pass, with a run of the schedule, and the page look once after them. */
async function later(page: Page, seconds: number): Promise<void> {
  await browsing.wait(page, seconds, () => browsing.portal.schedule());
}

/** Until the tab says so. */
async function untilTitle(page: Page, start: string, everySeconds = 60): Promise<void> {
  for (let round = 0; round < 30; round += 1) {
    if ((await page.title()).startsWith(start)) return;
    await later(page, everySeconds);
  }
  throw new Error(`the tab never said ${start}, but ${await page.title()}`);
}

const untilOn = (page: Page) => untilTitle(page, '●', 6);
/** Within the ten minutes before it goes off, which are an hour away. */
const untilItsEnd = (page: Page) => untilTitle(page, '◕', 480);

describe.each<[Language, string]>([
  ['en', 'en-GB'],
  ['ja', 'ja-JP'],
])('whoever has asked to be notified, in %s', (language, locale) => {
  const words = catalogueOf(language).endpoint;

  it('is told when it is ready, and before it goes off, by title, icon and notification', async () => {
    const page = await starting({ locale });
    expect(await page.locator(button).textContent()).toBe(words.notify.ask);
    await page.locator(button).click();
    await page.locator(button, { hasText: words.notify.asked }).waitFor();
    expect(await shown(page)).toEqual([]);
    await expectAccessible(page);

    await untilOn(page);
    const ready = `${words.notify.ready.title(name)} | ${words.notify.ready.body}`;
    expect(await shown(page)).toEqual([ready]);
    expect(await page.locator(button).textContent()).toBe(words.notify.asked);

    await untilItsEnd(page);
    const [told, ...others] = (await shown(page)).slice(1);
    expect(told).toContain(words.notify.ending.title(name));
    expect(others).toEqual([]);
    expect(await page.locator('#icon').getAttribute('href')).toMatch(/icon-ending/);
    const announced = (await page.locator('#announcer').textContent()) ?? '';
    expect((await page.title()).slice(2)).toContain(announced.slice(`${name}: `.length));
    await expectAccessible(page);

    // Once: not with the next look, nor on the next page, nor when it is turned off as told.
    await later(page, 60);
    await untilTitle(page, '◑');
    expect(await shown(page)).toHaveLength(2);
  });
});

describe('a notification before the end', () => {
  it('comes again for another end, once somebody has asked for more time', async () => {
    const page = await starting();
    await page.locator(button).click();
    await untilOn(page);
    await untilItsEnd(page);
    expect(await shown(page)).toHaveLength(2);
    await browsing.portal.as('alice').post(`${tokyo}/lease`, { minutes: '30' });
    await untilTitle(page, '●');
    await untilItsEnd(page);
    expect(await shown(page)).toHaveLength(3);
  });

  it('comes on the page that somebody has gone on to', async () => {
    const page = await starting();
    await page.locator(button).click();
    await untilOn(page);
    await page.goto(`${browsing.portal.stack.url}/`);
    expect(await shown(page)).toEqual([]);
    await untilItsEnd(page);
    expect(await shown(page)).toEqual([expect.stringContaining('goes off soon')]);
  });

  it('is a word of the stop where an administrator gives no time for a warning', async () => {
    const { portal } = browsing;
    const page = await starting();
    await untilOn(page);
    await page.locator(button).click();
    await portal.as('carol').post(`/admin${tokyo}/stop`);
    await untilTitle(page, '◑');
    expect(await shown(page)).toEqual([expect.stringContaining(`${name} is going off`)]);
  });
});

describe('whoever has not asked', () => {
  it('is shown the title and the icon, and no notification', async () => {
    const page = await starting();
    await untilOn(page);
    await untilItsEnd(page);
    expect(await shown(page)).toEqual([]);
  });

  it('may ask once it is on, with the keyboard, and take it back', async () => {
    const words = catalogueOf('en').endpoint.notify;
    const page = await starting();
    await untilOn(page);
    expect(await page.locator(button).textContent()).toBe(words.askOfEnd);
    await tabTo(page, button);
    await page.keyboard.press('Enter');
    await page.locator(button, { hasText: words.asked }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator(button, { hasText: words.askOfEnd }).waitFor();
    await untilItsEnd(page);
    expect(await shown(page)).toEqual([]);
  });
});

describe('a browser', () => {
  it('that does not let the page notify says so once, and notifies of nothing', async () => {
    const { portal } = browsing;
    const page = await starting({ permissions: [] });
    await page.locator(button).click();
    const { refused } = catalogueOf('en').endpoint.notify;
    await page.locator(button, { hasText: refused }).waitFor();
    expect(await page.locator(button).isDisabled()).toBe(true);
    await untilOn(page);
    expect(await page.locator(button).textContent()).toBe(refused);
    expect(await shown(page)).toEqual([]);
    await page.goto(`${portal.stack.url}${tokyo}`);
    expect(await page.locator(button).isVisible()).toBe(false);
  });

  it('that knows no notifications is offered none', async () => {
    const { portal } = browsing;
    const page = await browsing.open('alice');
    await page.addInitScript('delete window.Notification');
    await page.clock.install();
    await portal.as('alice').post(`${tokyo}/lease`, { minutes: '30' });
    await portal.settled();
    portal.later(2);
    await page.goto(`${portal.stack.url}${tokyo}`);
    await untilOn(page);
    expect(await page.locator(button).count()).toBe(1);
    expect(await page.locator(button).isVisible()).toBe(false);
  });

  it('without JavaScript is offered none', async () => {
    const { portal } = browsing;
    await portal.as('alice').post(`${tokyo}/lease`, { minutes: '30' });
    const page = await browsing.open('alice', { javaScriptEnabled: false });
    await page.goto(`${portal.stack.url}${tokyo}`);
    expect(await page.locator(button).isVisible()).toBe(false);
  });
});
