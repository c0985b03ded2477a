import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';

import type { Language } from '../../src/web/locales/index.ts';
import type { UsagePerson, UsagePortal } from '../web/usage-portal.ts';
import { startUsagePortal } from '../web/usage-portal.ts';
import { expectAccessible, expectFitsOnPhones, launchBrowser } from './browsing.ts';
import { expectKeyboardReachesAll } from './keyboard.ts';

let portal: UsagePortal;
let browser: Browser;

beforeAll(async () => {
  [portal, browser] = await Promise.all([startUsagePortal(), launchBrowser()]);
});

afterAll(async () => {
  await browser.close();
  await portal.stop();
});

describe('a page of a month of use', () => {
  it.each<[UsagePerson, string, Language, Language]>([
    ['alice', '/history', 'en', 'ja'],
    ['carol', '/admin', 'ja', 'en'],
    ['dave', '/admin/usage?person=', 'en', 'ja'],
    ['carol', '/admin/usage?month=2025-11&person=', 'ja', 'en'],
    ['dave', '/admin/audit?person=', 'ja', 'en'],
    ['alice', '/admin/audit', 'en', 'ja'],
  ])(
    'is accessible, needs no mouse, and fits on a phone: for %s %s in %s, and in %s',
    async (person, address, language, other) => {
      const context = await browser.newContext({
        extraHTTPHeaders: { 'x-amzn-oidc-data': person, 'accept-language': language },
      });
      const page = await context.newPage();
      await page.goto(`${portal.url}${address}`);
      await expectAccessible(page);
      await expectKeyboardReachesAll(page);

      await page.locator(`nav.languages a[lang="${other}"]`).click();
      await page.waitForURL(/lang=/);
      expect(await page.locator('html').getAttribute('lang')).toBe(other);
      await expectFitsOnPhones(page);
      await context.close();
    },
    90_000,
  );
});
