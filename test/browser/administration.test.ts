import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';

import { sampleEndpoints } from '../../scripts/local/sample-world.ts';
import { catalogueOf } from '../../src/web/locales/index.ts';
import type { Language } from '../../src/web/locales/index.ts';
import { expectAccessible, startBrowsing, tabTo } from './browsing.ts';
import type { Browsing } from './browsing.ts';
import { expectKeyboardReachesAll } from './keyboard.ts';
import * as steps from './steps.ts';

const id = sampleEndpoints.tokyoOffice;
const tokyo = `/endpoints/${id}`;
const released = 'form#release-hold button';

let browsing: Browsing;

beforeAll(async () => {
  browsing = await startBrowsing({ stack: { secondsToAssociate: 8, secondsToRoute: 4 } });
  browsing.manageOnly(id);
});

afterEach(async () => {
  expect(await browsing.closeAll()).toEqual([]);
});

afterAll(() => browsing.stop());

/** A minute later, with the schedule's run in it. */
async function aMinuteLater(page: Page): Promise<void> {
  browsing.portal.later(60);
  await browsing.portal.schedule();
  await browsing.portal.settled();
  browsing.portal.later(2);
  await page.reload();
}

/**
 * Within some minutes, not in a certain one: the page asks by itself, too, and where it comes first
 * the portal takes the pass that the schedule would have taken.
 */
async function withinMinutes(page: Page, isSo: () => Promise<boolean>): Promise<void> {
  for (let minute = 0; minute < 6; minute += 1) {
    if (await isSo()) return;
    await aMinuteLater(page);
  }
  expect(await isSo()).toBe(true);
}

describe.each<[Language, string]>([
  ['en', 'en-GB'],
  ['ja', 'ja-JP'],
])('an administrator, in %s', (language, locale) => {
  const words = catalogueOf(language);

  it('holds an endpoint on, ends a connection, and stops it', async () => {
    const { portal } = browsing;
    const page = await browsing.open('carol', { locale });
    await page.clock.install();
    await page.goto(`${portal.stack.url}${tokyo}`);
    await expectAccessible(page);
    await expectKeyboardReachesAll(page);

    await steps.hold(page, { kind: 'on', minutes: 120, reason: 'Board meeting <b>today</b>' });
    expect(page.url()).toContain('revision=');
    expect(await page.locator('.hold').textContent()).toContain('Board meeting <b>today</b>');
    await browsing.untilState(page, 'on');
    expect(await page.title()).toContain(words.endpoint.states.on);
    await expectAccessible(page);

    const connection = portal.stack.clientVpn.connect(id, 'erin@example.com');
    const row = page.locator(`#connections-panel tr#${connection}`);
    await withinMinutes(page, async () => (await row.count()) > 0);
    await row.locator('button').click();
    await page.waitForURL(/revision=/);
    expect(await row.textContent()).toContain(words.administration.connections.ending);
    expect(await row.locator('button').count()).toBe(0);
    await expectAccessible(page);
    await withinMinutes(page, async () => (await row.count()) === 0);
    expect(await page.locator('#connections-panel').textContent()).toContain(
      words.administration.connections.none,
    );

    const other = portal.stack.clientVpn.connect(id, 'frank@example.com');
    await withinMinutes(page, async () => (await page.locator(`tr#${other}`).count()) > 0);
    await page.getByRole('link', { name: words.administration.stop.link }).click();
    await page.waitForURL(/\/stop$/);
    expect(await page.locator('.confirm').textContent()).toContain('frank@example.com');
    await expectAccessible(page);
    await page.locator('.button-stop').click();
    await page.waitForURL(/revision=/);
    expect(await page.locator('#live').getAttribute('data-state')).toBe('stopping');
    expect(await page.locator(released).count()).toBe(0);
    await expectAccessible(page);
    const state = page.locator('#live');
    await withinMinutes(page, async () => (await state.getAttribute('data-state')) === 'off');
  });

  it('reads on a page of its own what is wrong with a reason, and the way back', async () => {
    const page = await browsing.open('carol', { locale });
    await page.goto(`${browsing.portal.stack.url}${tokyo}`);
    // Past what the browser itself would refuse.
    await page.evaluate("document.querySelector('#hold-reason').removeAttribute('maxlength')");
    await page.locator('input[name="kind"][value="off"]').check();
    await page.locator('#hold-reason').fill('理'.repeat(5000));
    await page.locator('form[action$="/hold"] button').click();
    await page.locator('.message').waitFor();
    expect(await page.locator('.message').textContent()).toContain('200');
    await expectAccessible(page);
    await page.getByRole('link', { name: words.errors.endpoint }).click();
    await page.waitForURL(`**${tokyo}`);
    expect(await page.locator('.hold').count()).toBe(0);
  });
});

describe('the browser itself', () => {
  it('does not send a hold without its kind or its reason', async () => {
    const page = await browsing.open('carol');
    await page.goto(`${browsing.portal.stack.url}${tokyo}`);
    const button = page.locator('form[action$="/hold"] button');
    await button.click();
    expect(await page.locator('input[name="kind"]:invalid').count()).toBe(2);
    await page.locator('input[name="kind"][value="off"]').check();
    await button.click();
    expect(await page.locator('#hold-reason:invalid').count()).toBe(1);
    expect(page.url()).toBe(`${browsing.portal.stack.url}${tokyo}`);
  });

  it('keeps what is typed while the rest of the page is refreshed', async () => {
    const { portal } = browsing;
    await portal.as('alice').post(`${tokyo}/lease`, { minutes: '60' });
    portal.later(2);
    const page = await browsing.open('carol');
    await page.clock.install();
    await page.goto(`${portal.stack.url}${tokyo}`);
    await page.locator('#hold-reason').fill('Half a sent');
    await browsing.untilState(page, 'on');
    expect(await page.locator('#hold-reason').inputValue()).toBe('Half a sent');
    await portal.as('alice').post(`${tokyo}/lease/release`);
  });
});

describe('without a mouse', () => {
  it('an endpoint is held off, released and stopped with the keyboard alone', async () => {
    const { portal } = browsing;
    const page = await browsing.open('carol');
    await page.goto(`${portal.stack.url}${tokyo}`);
    await tabTo(page, 'input[name="kind"]');
    await page.keyboard.press('ArrowDown');
    expect(await page.locator('input[value="off"]').isChecked()).toBe(true);
    await tabTo(page, '#hold-reason');
    await page.keyboard.type('Rebuilding the network');
    await page.keyboard.press('Enter');
    await page.waitForURL(/revision=/);
    expect(await page.locator('.hold').textContent()).toContain('Rebuilding the network');
    expect(await page.locator('form.lease').count()).toBe(0);
    await expectAccessible(page);

    await tabTo(page, released);
    const held = page.url();
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.href !== held);
    expect(await page.locator('.hold').count()).toBe(0);

    await tabTo(page, 'a[href$="/stop"]');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/stop$/);
    await tabTo(page, '.confirm button, .confirm a');
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(tokyo));
  });
});

describe('without JavaScript', () => {
  it('a hold is put, told to others, and taken back', async () => {
    const { portal } = browsing;
    const page = await browsing.open('carol', { javaScriptEnabled: false });
    await page.goto(`${portal.stack.url}${tokyo}`);
    await steps.hold(page, { kind: 'off', reason: 'Fire drill' });
    const other = await browsing.open('alice', { javaScriptEnabled: false });
    expect(await other.locator(`#endpoint-${id} .hold`).textContent()).toContain('Fire drill');
    expect(await other.locator('form[action*="/admin/"]').count()).toBe(0);
    await steps.releaseHold(page);
    expect(await page.locator('.hold').count()).toBe(0);
  });

  it('a session that has ended on the way says that the click came to nothing', async () => {
    const { portal } = browsing;
    const page = await browsing.open('carol', { javaScriptEnabled: false });
    await page.goto(`${portal.stack.url}${tokyo}`);
    await page.locator('input[name="kind"][value="off"]').check();
    await page.locator('#hold-reason').fill('Too late');
    portal.stack.alb.expireSessions();
    await page.locator('form[action$="/hold"] button').click();
    await page.locator('button[value="carol"]').click();
    await page.waitForURL(/not-done/);
    expect(await page.locator('#not-done').textContent()).toBe(catalogueOf('en').frame.notDone);
    expect(await page.locator('.hold').count()).toBe(0);
  });
});
