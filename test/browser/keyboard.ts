import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';

/**
 * Notes what somebody can use, in the order of the page, and answers with how many there are. Of the
 * choices of a group the keyboard goes to one.
 */
const note = `(() => {
  const usable = 'a[href], button, input:not([type=hidden]), select, summary, [tabindex="0"]';
  const groups = new Set();
  const found = [...document.querySelectorAll(usable)].filter((element) => {
    if (element.disabled || !element.checkVisibility()) return false;
    if (element.type !== 'radio') return true;
    if (groups.has(element.name)) return false;
    groups.add(element.name);
    return true;
  });
  window.usable = found;
  document.activeElement?.blur();
  return found.length;
})()`;

const focused = `(() => {
  const { activeElement } = document;
  return {
    isDate: activeElement?.type === 'date',
    nth: window.usable.indexOf(activeElement),
    isShown: getComputedStyle(activeElement).outlineStyle !== 'none',
    what: activeElement?.outerHTML.slice(0, 200),
  };
})()`;

interface Focused {
  /** A field for a date is one after the other its year, month, day and calendar. */
  readonly isDate: boolean;
  readonly nth: number;
  readonly isShown: boolean;
  readonly what: string;
}

/** That Tab alone leads through everything that can be used, in order, and shows where it is. */
export async function expectKeyboardReachesAll(page: Page): Promise<void> {
  const usable = await page.evaluate<number>(note);
  expect(usable).toBeGreaterThan(0);
  let last: Focused | null = null;
  for (let nth = 0; nth < usable; nth += 1) {
    let now: Focused;
    do {
      await page.keyboard.press('Tab');
      now = await page.evaluate<Focused>(focused);
    } while (last !== null && last.isDate && now.nth === last.nth);
    expect(now).toMatchObject({ nth, isShown: true });
    last = now;
  }
}
