import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { languages } from '../src/web/locales/index.ts';
import { audit, categories, wanted } from './lighthouse/audit.ts';
import type { Scores, Setting } from './lighthouse/audit.ts';
import { visits } from './lighthouse/pages.ts';
import type { Visit } from './lighthouse/pages.ts';
import { sampleEndpoints, sampleSubnets } from './local/sample-world.ts';
import type { LocalStack } from './local/stack.ts';
import { openBrowser, startShownStack } from './preview/shown-stack.ts';

/*
 * Lighthouse over every page of the running product, as each kind of person sees it, in both languages:
 * `npm run lighthouse`. Words take only the pages whose names contain one of them. Ends with 1 where a
 * page is below what `scripts/lighthouse/audit.ts` wants.
 */

const secondsForAll = 24 * 60 * 60;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Of a server that listens to an address, not to a pipe.
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The cookie of somebody who has signed in. */
async function signIn(stack: LocalStack, person: string): Promise<string> {
  const answer = await fetch(`${stack.url}/local/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ person }),
  });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0];
  if (cookie === undefined) throw new Error(`${person} could not sign in`);
  return cookie;
}

async function turnOn(stack: LocalStack, cookie: string, endpointId: string): Promise<void> {
  const address = `${stack.url}/endpoints/${endpointId}/lease`;
  const answer = await fetch(address, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie, 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ minutes: '240' }),
  });
  if (answer.status !== 303) throw new Error(`${address} answered ${String(answer.status)}`);
}

/** One endpoint on and in use, one that starts for as long as anybody looks; the others as they are. */
async function prepare(stack: LocalStack, cookies: ReadonlyMap<string, string>): Promise<void> {
  const cookieOf = (person: string): string => cookies.get(person) ?? '';
  stack.clientVpn.delayNextAssociation(sampleSubnets.osakaA, secondsForAll);
  await turnOn(stack, cookieOf('bob'), sampleEndpoints.osakaLab);
  await turnOn(stack, cookieOf('alice'), sampleEndpoints.tokyoOffice);
  for (let look = 0; ; look += 1) {
    const answer = await fetch(`${stack.url}/endpoints/${sampleEndpoints.tokyoOffice}`, {
      headers: { cookie: cookieOf('alice') },
    });
    if (/id="live"[^>]*data-state="on"/.test(await answer.text())) break;
    if (look === 120) throw new Error('the endpoint never came to be on');
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  stack.clientVpn.connect(sampleEndpoints.tokyoOffice, 'alice@example.com');
}

/** Whoever looks next has this session and nothing else: each look is a first visit. */
async function becomeSomebody(browser: Browser, url: string, cookie: string | null): Promise<void> {
  const tools = await browser.newBrowserCDPSession();
  await tools.send('Storage.clearCookies');
  if (cookie !== null) {
    const [name = '', value = ''] = cookie.split('=');
    await tools.send('Storage.setCookies', { cookies: [{ name, value, url, httpOnly: true }] });
  }
  await tools.detach();
}

const columns = [26, 4, 8, ...categories.map((category) => category.length + 2)];

function line(cells: readonly string[]): string {
  return cells
    .map((cell, at) => cell.padEnd(columns[at] ?? 0))
    .join(' ')
    .trimEnd();
}

function isGood({ of }: Scores): boolean {
  return categories.every((category) => of[category] >= wanted[category]);
}

function settingsOf({ isWide }: Visit): readonly Setting[] {
  return isWide ? ['phone', 'desktop'] : ['phone'];
}

const words = process.argv.slice(2);
const chosen = visits.filter(
  ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
);
const port = await freePort();
const stack = await startShownStack();
const browser = await openBrowser([`--remote-debugging-port=${String(port)}`]);
let below = 0;
try {
  const cookies = new Map<string, string>();
  for (const person of ['alice', 'bob', 'carol', 'dave']) {
    cookies.set(person, await signIn(stack, person));
  }
  await prepare(stack, cookies);
  console.log(line(['page', '', 'setting', ...categories]));
  for (const visit of chosen) {
    for (const language of languages) {
      for (const setting of settingsOf(visit)) {
        const cookie = visit.person === null ? null : (cookies.get(visit.person) ?? null);
        const url = `${stack.url}${visit.address}`;
        await becomeSomebody(browser, stack.url, cookie);
        const scores = await audit(url, visit, { port, setting, language });
        const figures = categories.map((category) => String(scores.of[category]));
        console.log(line([visit.name, language, setting, ...figures]));
        if (isGood(scores)) continue;
        below += 1;
        for (const fault of scores.faults) console.log(`    ${fault}`);
      }
    }
  }
  const least = categories.map((category) => `${category} ${String(wanted[category])}`).join(', ');
  console.log(below === 0 ? `all of them reach ${least}` : `${String(below)} are below ${least}`);
} finally {
  await browser.close();
  await stack.stop();
}
if (below > 0) process.exitCode = 1;
