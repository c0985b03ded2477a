import { Agent, createServer, get } from 'node:http';
import { z } from 'zod';
import { systemClock } from '../../src/clock.ts';
import type { SamplePerson } from '../local/alb/people.ts';
import { sampleGroups } from '../local/alb/people.ts';
import { createTokenSigner } from '../local/alb/token-signer.ts';
import { listen } from '../local/listen.ts';
import { sampleEndpoints } from '../local/sample-world.ts';
import { answerQuestions } from './child-process.ts';

/*
 * As many browsers as it is asked for, each with a tab open on the page of one endpoint and somebody
 * else signed in, and the load balancer before the portal, which signs what each request brings.
 * A tab looks as `views/assets/live.js` does: after each answer it waits as long as the page says.
 */

const variables = z
  .object({ ALB_ARN: z.string(), COGNITO_CLIENT_ID: z.string(), COGNITO_ISSUER: z.string() })
  .parse(process.env);
const signer = createTokenSigner(
  {
    albArn: variables.ALB_ARN,
    clientId: variables.COGNITO_CLIENT_ID,
    issuer: variables.COGNITO_ISSUER,
  },
  systemClock,
);
const keys = createServer((request, response) => {
  response.end(signer.publicKey((request.url ?? '').slice(1)) ?? '');
});
const keysPort = await listen(keys, 0, 'PORT');
// The load balancer's connections to the portal. It closes one that nobody has used for a minute, which
// is before the portal would.
const agent = new Agent({ keepAlive: true, maxFreeSockets: Infinity, timeout: 60_000 });

const endpoint = `/endpoints/${sampleEndpoints.tokyoOffice}`;
const fragment = `/fragments${endpoint}`;

function personOf(number: number): SamplePerson {
  return {
    key: `person-${number}`,
    displayName: `Person ${number}`,
    role: { english: '', japanese: '' },
    subject: `17d4da48-a0e1-7005-3c2f-${String(number).padStart(12, '0')}`,
    email: `person-${number}@example.com`,
    groups: [sampleGroups.everyone, sampleGroups.tokyo],
  };
}

const identityOf = (number: number): Record<string, string> => ({
  'x-amzn-oidc-data': signer.signIdentity(personOf(number)),
  'sec-fetch-site': 'same-origin',
  'x-forwarded-for': '203.0.113.7',
});

/** The first of them asks for the endpoint. */
async function pressStart(url: string): Promise<void> {
  const answer = await fetch(`${url}${endpoint}/lease`, {
    method: 'POST',
    headers: identityOf(0),
    body: new URLSearchParams({ minutes: '60' }),
    redirect: 'manual',
  });
  if (answer.status !== 303) throw new Error(`the request was answered ${answer.status}`);
}

function secondsToldIn(page: string): number | null {
  const [, every] = /data-live-every="(\d+)"/.exec(page) ?? [];
  return every === undefined ? null : Number(every);
}

/** What the region says of itself: after how many seconds to look again, and what state it shows. */
async function lookOnce(url: string): Promise<{ every: number | null; state: string }> {
  const page = await (await fetch(`${url}${fragment}`, { headers: identityOf(0) })).text();
  return {
    every: secondsToldIn(page),
    state: /data-state="([a-z-]+)"/.exec(page)?.[1] ?? '',
  };
}

const wish = z.object({
  url: z.url(),
  tabs: z.number(),
  everySeconds: z.number(),
  openedWithinSeconds: z.number(),
});
type Wish = z.output<typeof wish>;

let close = (): void => undefined;
let latencies: number[] = [];
/** By what came instead of the answer. */
let failures: Record<string, number> = {};

function failed(how: string): void {
  failures[how] = (failures[how] ?? 0) + 1;
}

/** One in so many tabs reads how soon to look again, for all of them: this process cannot read that much. */
const tabsPerReader = 100;

/** Opens the tabs, one after the other within so long, and lets them look until they are closed. */
function open(url: URL, { openedWithinSeconds, tabs, ...told }: Omit<Wish, 'url'>): void {
  let { everySeconds } = told;
  let isOpen = true;
  const target = new URL(fragment, url);
  const look = (number: number): void => {
    if (!isOpen) return;
    const again = (): void => {
      setTimeout(look, everySeconds * 1000, number);
    };
    const reads = number % tabsPerReader === 0;
    const headers = {
      ...identityOf(number),
      accept: 'text/html',
      'accept-encoding': reads ? 'identity' : 'gzip, br',
    };
    const startedAt = performance.now();
    get(target, { agent, headers }, (response) => {
      let page = '';
      if (reads) response.setEncoding('utf8').on('data', (text: string) => (page += text));
      else response.resume();
      response.once('end', () => {
        if (response.statusCode === 200) latencies.push(performance.now() - startedAt);
        else failed(`status ${response.statusCode ?? 0}`);
        if (reads) everySeconds = secondsToldIn(page) ?? everySeconds;
        again();
      });
    }).once('error', ({ message }) => {
      failed(message);
      again();
    });
  };
  for (let number = 0; number < tabs; number += 1) {
    setTimeout(look, (number / tabs) * openedWithinSeconds * 1000, number);
  }
  close = () => {
    isOpen = false;
  };
}

answerQuestions({
  keys: () => `http://127.0.0.1:${keysPort}/`,
  start: (url) => pressStart(z.url().parse(url)).then(() => null),
  look: (url) => lookOnce(z.url().parse(url)),
  open: (about) => {
    const { url, ...tabs } = wish.parse(about);
    open(new URL(url), tabs);
    return null;
  },
  forget: () => {
    latencies = [];
    failures = {};
    return null;
  },
  close: () => {
    close();
    return { latencies, failures };
  },
});
