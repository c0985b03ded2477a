import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { minutesAfter } from '../src/clock.ts';
import { languages } from '../src/web/locales/index.ts';
import {
  aLease,
  alice,
  anEndpoint,
  anEndpointForPerson,
  aStatus,
  gaveUp,
  sampleIds,
  seenOn,
} from '../test/builders/endpoint-for-person.ts';
import { portalNow, startUsagePortal } from '../test/web/usage-portal.ts';
import { openBrowser } from './preview/shown-stack.ts';

/*
 * Shows the pages with figures, with sample data: `node scripts/usage-preview.ts FOLDER` writes each as
 * HTML and as pictures, in both languages, light and dark, wide and narrow, and as it prints. A word
 * after the folder takes only the pictures whose names contain it.
 */

const pages = {
  history: ['alice', '/history'],
  overview: ['carol', '/admin'],
  usage: ['carol', '/admin/usage'],
  'usage-person': ['carol', '/admin/usage?person=alice%40example.com'],
  'usage-empty': ['carol', '/admin/usage?month=2025-11'],
  audit: ['dave', '/admin/audit'],
  error: ['carol', '/admin/usage?month=March'],
  refused: ['alice', '/admin/usage'],
} as const;

const views = [
  { name: 'wide', width: 1180, colorScheme: 'light', print: false },
  { name: 'dark', width: 1180, colorScheme: 'dark', print: false },
  { name: 'phone', width: 390, colorScheme: 'light', print: false },
  { name: 'phone-dark', width: 390, colorScheme: 'dark', print: false },
  { name: 'narrow', width: 320, colorScheme: 'light', print: false },
  { name: 'print', width: 800, colorScheme: 'light', print: true },
] as const;

const [folder = 'usage-preview', only = ''] = process.argv.slice(2);
const seen = { ...seenOn(2), at: minutesAfter(portalNow, -1) };
const portal = await startUsagePortal({
  endpoints: [
    anEndpointForPerson(
      aStatus({
        state: 'on',
        reason: { code: 'kept-on-by-lease', until: minutesAfter(portalNow, 90) },
        since: minutesAfter(portalNow, -190),
        leases: [{ ...aLease(alice, 0), until: minutesAfter(portalNow, 90) }],
        connected: 2,
        seen,
      }),
    ),
    anEndpointForPerson(
      { ...gaveUp, lacksRules: true },
      {
        name: 'Osaka branch',
        endpoint: anEndpoint({ id: sampleIds.otherEndpoint }),
        ownLease: null,
      },
    ),
  ],
});
for (const [action, outcome, requestIds] of [
  ['request-lease', 'confirmed', []],
  ['hold', 'reason-not-usable', []],
  ['associate', 'done', ['b25f48e8-84fd-4b1c-9e35-0123456789ab']],
  ['stop', 'not-permitted', []],
  ['disassociate', 'failed', []],
] as const) {
  const isPortal = action === 'associate' || action === 'disassociate';
  await portal.audit.append({
    at: minutesAfter(portalNow, -30),
    actor: isPortal
      ? { id: 'schedule', name: 'schedule' }
      : { id: 'sub', name: 'alice@example.com' },
    address: isPortal ? null : '203.0.113.7',
    action,
    endpointId: sampleIds.endpoint,
    detail: action === 'request-lease' ? 'until 2026-03-20T07:30:00.000Z' : '',
    outcome,
    requestIds,
  });
}
await portal.as('alice').get('/admin');
const browser = await openBrowser();
await mkdir(folder, { recursive: true });
try {
  for (const language of languages) {
    for (const { colorScheme, name: view, print, width } of views) {
      for (const [name, [person, address]] of Object.entries(pages)) {
        const file = `${name}-${language}-${view}`;
        if (!file.includes(only)) continue;
        const context = await browser.newContext({
          colorScheme,
          locale: language,
          timezoneId: 'Asia/Tokyo',
          viewport: { width, height: 800 },
          extraHTTPHeaders: { 'x-amzn-oidc-data': person, 'accept-language': language },
        });
        const page = await context.newPage();
        if (print) await page.emulateMedia({ media: 'print' });
        await page.goto(`${portal.url}${address}`);
        const overflow = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        if (overflow !== 0) console.log(`${file}: ${String(overflow)} pixels too wide`);
        if (view === 'wide')
          await writeFile(path.join(folder, `${file}.html`), await page.content());
        const picture = { path: path.join(folder, `${file}.png`), fullPage: true } as const;
        // Now and then Chromium is not ready for it, and is a moment later.
        await page.screenshot(picture).catch(() => page.screenshot(picture));
        await context.close();
      }
    }
  }
} finally {
  await browser.close();
  await portal.stop();
}
