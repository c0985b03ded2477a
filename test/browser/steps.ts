import { readFileSync } from 'node:fs';

import type { Page } from 'playwright-core';

/*
 * What people do on the pages, a step at a time: where it is done says which page it is done on. Each
 * ends on the page that it leads to, and none says what has to be read there.
 */

/** Sends a form by its button, and waits for the page after it. */
async function send(page: Page, button: string): Promise<void> {
  const before = page.url();
  await page.locator(button).click();
  await page.waitForURL((url) => url.href !== before);
}

/** Sends a form that leads back to the page that it is on. */
async function sendFromHere(page: Page, button: string): Promise<void> {
  const loaded = page.waitForEvent('load');
  await page.locator(button).click();
  await loaded;
}

/** On the home page: turns an endpoint on. */
export function turnOn(page: Page, endpointId: string): Promise<void> {
  return send(page, `#endpoint-${endpointId} form.lease button`);
}

/** On an endpoint's page: needs it longer, or turns it on from there. */
export async function needFor(page: Page, minutes: number): Promise<void> {
  await page.locator('form.lease select').selectOption(String(minutes));
  await send(page, 'form.lease button');
}

/** On an endpoint's page. */
export function giveBack(page: Page): Promise<void> {
  return send(page, 'form.release button');
}

/** On an endpoint's page: the client configuration, with the name that it is saved under. */
export async function download(
  page: Page,
): Promise<{ readonly name: string; readonly text: string }> {
  const downloading = page.waitForEvent('download');
  await page.locator('a[href$="/client-configuration"]').click();
  const file = await downloading;
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
}

/** On an endpoint's page, as an administrator; for as long as the page proposes unless given. */
export async function hold(
  page: Page,
  wanted: { readonly kind: 'on' | 'off'; readonly minutes?: number; readonly reason: string },
): Promise<void> {
  const { kind, minutes, reason } = wanted;
  await page.locator(`input[name="kind"][value="${kind}"]`).check();
  if (minutes !== undefined) await page.locator('#hold-minutes').selectOption(String(minutes));
  await page.locator('#hold-reason').fill(reason);
  await send(page, 'form[action$="/hold"] button');
}

/** On an endpoint's page, as an administrator. */
export function releaseHold(page: Page): Promise<void> {
  return send(page, 'form#release-hold button');
}

/** On an endpoint's page, as an administrator: ends somebody's connection. */
export function endConnection(page: Page, connectionId: string): Promise<void> {
  return send(page, `#connections-panel tr#${connectionId} button`);
}

/** On an endpoint's page, as an administrator, over the page that asks once more. */
export async function stopNow(page: Page): Promise<void> {
  await page.locator('a[href$="/stop"]').click();
  await page.waitForURL(/\/stop$/);
  await send(page, '.button-stop');
}

/** On any page. */
export async function signOut(page: Page): Promise<void> {
  await page.locator('form[action="/sign-out"] button').click();
  await page.waitForURL('**/signed-out');
}

/** On the overview. */
export async function pauseStopping(page: Page, reason: string): Promise<void> {
  await page.locator('form[action="/admin/schedule/pause"] [name="reason"]').fill(reason);
  await sendFromHere(page, 'form[action="/admin/schedule/pause"] button');
}

/** On the overview. */
export function resumeStopping(page: Page): Promise<void> {
  return sendFromHere(page, 'form[action="/admin/schedule/resume"] button');
}

/** On the overview, where it says that the rule is disabled. */
export function enableRule(page: Page): Promise<void> {
  return sendFromHere(page, 'form[action="/admin/schedule/enable-rule"] button');
}
