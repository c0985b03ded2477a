import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { sampleEndpoints, sampleSubnets } from './local/sample-world.ts';
import { openBrowser, startShownStack } from './preview/shown-stack.ts';

/*
 * Takes the pictures of the README from the running product: `npm run screenshots`, with a folder to
 * write them to if it is not docs/images.
 */

const folder = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, '..', 'docs/images'));
const office = `/endpoints/${sampleEndpoints.tokyoOffice}`;

async function signedIn(browser: Browser, url: string, person: string): Promise<Page> {
  const context = await browser.newContext({
    locale: 'en-GB',
    timezoneId: 'Asia/Tokyo',
    viewport: { width: 1180, height: 720 },
    deviceScaleFactor: 1.25,
  });
  await context.request.post(`${url}/local/sign-in`, { form: { person } });
  const page = await context.newPage();
  // Once for the time zone to be told, which the second look then shows.
  await page.goto(url);
  await page.goto(url);
  // A portal that has just started shows its endpoints when it has read them.
  await page.getByRole('link', { name: 'Tokyo office', exact: true }).waitFor();
  return page;
}

/** A page from its head down to the end of one of its parts. */
async function photograph(page: Page, name: string, upTo: string): Promise<void> {
  const part = await page.locator(upTo).boundingBox();
  if (part === null) throw new Error(`${name} has no ${upTo}`);
  await page.screenshot({
    path: path.join(folder, `${name}.png`),
    fullPage: true,
    clip: { x: 0, y: 0, width: 1180, height: part.y + part.height + 32 },
  });
}

mkdirSync(folder, { recursive: true });
const stack = await startShownStack();
const browser = await openBrowser();
try {
  const page = await signedIn(browser, stack.url, 'alice');
  await page.goto(`${stack.url}${office}`);
  // One of the two comes later, so that the picture shows a start in the middle.
  stack.clientVpn.delayNextAssociation(sampleSubnets.tokyoC, 20);
  await page.getByRole('button', { name: 'Turn on' }).click();
  await page.getByText('1 of 2', { exact: true }).waitFor({ timeout: 60_000 });
  await page.screenshot({ path: path.join(folder, 'starting.png') });

  await page.getByText('Ready to connect').waitFor({ timeout: 90_000 });
  const everything = await signedIn(browser, stack.url, 'carol');
  await everything.screenshot({ path: path.join(folder, 'home.png'), fullPage: true });

  stack.clientVpn.connect(sampleEndpoints.tokyoOffice, 'alice@example.com');
  await everything.goto(`${stack.url}${office}`);
  await everything.getByLabel('Keep it on, even if nobody uses it').check();
  await everything.getByLabel('For', { exact: true }).selectOption({ label: '4 hours' });
  await everything.getByLabel('Reason').fill('Maintenance of the file server');
  await everything.getByRole('button', { name: 'Hold', exact: true }).click();
  // The schedule comes once a minute, and the page follows by itself.
  const connected = everything.getByRole('button', { name: 'End connection' });
  await connected.waitFor({ timeout: 120_000 });
  await photograph(everything, 'administration', '#administration');
  await everything.getByRole('link', { name: 'Stop now' }).click();
  await everything.getByRole('heading', { name: 'Stop Tokyo office now?' }).waitFor();
  await everything.screenshot({ path: path.join(folder, 'stop.png') });

  await everything.goto(`${stack.url}/admin`);
  await everything.getByLabel('Reason').fill('The offices are moving: cut nobody off today');
  await everything.getByRole('button', { name: 'Pause stopping' }).click();
  const resume = everything.getByRole('button', { name: 'End the pause' });
  await resume.waitFor();
  await everything.screenshot({ path: path.join(folder, 'overview.png'), fullPage: true });
  // The other pictures are of an ordinary day.
  await resume.click();
  await resume.waitFor({ state: 'detached' });
  // Of the month before: this one may have just begun.
  await everything.goto(`${stack.url}/admin/usage`);
  await everything.getByRole('link', { name: /^Earlier: / }).click();
  await photograph(everything, 'usage', 'section[aria-labelledby="week"]');
  await everything.goto(`${stack.url}/admin/audit`);
  await photograph(everything, 'audit', 'tbody tr:nth-child(6)');

  await page.goto(`${stack.url}/history`);
  await page.screenshot({ path: path.join(folder, 'history.png') });
} finally {
  await browser.close();
  await stack.stop();
}
