import type { Page } from 'playwright-core';

/**
 * The browser's own record of what moves by itself. What moves because somebody has just pressed a key
 * or the mouse is not in it.
 */
const record = `
  window.moved = 0;
  new PerformanceObserver((list) => {
    for (const { hadRecentInput, value } of list.getEntries()) {
      if (!hadRecentInput) window.moved += value;
    }
  }).observe({ type: 'layout-shift', buffered: true });
`;

/** A page that is left open, to see what moves on it. */
export interface Watch {
  /** The page refreshes itself, as it does at once when its browser is online again. */
  lookAgain(): Promise<void>;
  /**
   * All that has moved since it was opened, as the Web Vitals count it: the part of the window that
   * moved, times the part of the window by which it did.
   */
  moved(): Promise<number>;
}

export async function watch(page: Page, address: string): Promise<Watch> {
  await page.addInitScript(record);
  await page.goto(address);

  /** Until what has changed is drawn, which is when the record is made. */
  async function drawn(): Promise<void> {
    const frame = 'new Promise((done) => requestAnimationFrame(done))';
    for (let frames = 0; frames < 3; frames += 1) await page.evaluate(frame);
  }

  return {
    async lookAgain() {
      const looked = page.waitForResponse((response) => response.url().includes('/fragments/'));
      await page.evaluate("window.dispatchEvent(new Event('online'))");
      await (await looked).finished();
      await drawn();
    },
    async moved() {
      await drawn();
      return page.evaluate<number>('window.moved');
    },
  };
}
