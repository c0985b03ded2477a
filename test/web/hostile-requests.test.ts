import { Agent, request } from 'node:http';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { personOf, startPortal } from './portal-under-test.ts';
import type { PersonKey, PortalUnderTest } from './portal-under-test.ts';
import { routesOf } from './routes-of.ts';
import type { AppRoute } from './routes-of.ts';
import { anyText } from '../builders/any-text.ts';

/*
 * Whatever a stranger, or somebody who is signed in, sends to whichever route: ten thousand requests,
 * most of them like one that a page of ours would send, with something hostile in some places.
 */

const cases = Number(process.env['PROPERTY_RUNS'] ?? 10_000);
const seed = Number(process.env['PROPERTY_SEED'] ?? 20_260_304);
const atOnce = 8;

let portal: PortalUnderTest;
let routes: readonly AppRoute[];
let agent: Agent;
const tokens = new Map<PersonKey, string>();

beforeAll(async () => {
  portal = await startPortal();
  await portal.schedule();
  agent = new Agent({ keepAlive: true, maxSockets: 8 });
  routes = routesOf(portal.app);
  for (const key of ['alice', 'bob', 'carol', 'dave'] as const) {
    tokens.set(key, portal.signer.signIdentity(personOf(key)));
  }
});

afterAll(async () => {
  agent.destroy();
  await portal.stop();
});

/** Answered as it is, this would be an element, or a handler, of the page. */
const markup = ['<hostile-1>', '"><hostile-2>', "'><hostile-3 onload=a>", '</script><hostile-4>'];
const unanswerable = /<hostile-\d|<\/script><host/;

const text = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...markup) },
  { weight: 2, arbitrary: anyText({ maxLength: 40 }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '',
      '0',
      '-1',
      '1e309',
      '999999999999999999999',
      'NaN',
      'null',
      '__proto__',
      'constructor',
      'prototype[polluted]',
      '../../../../etc/passwd',
      '..%2f..%2fsrc',
      '%00',
      '\u0000',
      '//evil.example',
      'https://evil.example/',
      'javascript:alert(1)',
      '\r\nset-cookie: a=b',
      '=1+1',
      '${7*7}',
      '<%= 7*7 %>',
      '{"$gt":""}',
      "' OR 1=1 --",
      '2026-13',
      '2026-02-30',
      '2026-11',
      'Asia/Tokyo',
      'ja',
      'true',
      '\ud800',
      '\u202etxt.exe',
      'cvpn-endpoint-0123456789abcdef0',
      'cvpn-connection-0123456789abcdef0',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('a', '(', ' ', '-', '0', 'あ').map((c) => c.repeat(3000)),
  },
);

/** What forms and addresses carry, and what none of ours does. */
const fieldName = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      ...['minutes', 'kind', 'reason', 'month', 'endpoint', 'person', 'sort', 'order', 'after'],
      ...['lang', 'day', 'from', 'to', 'people', 'known', 'revision', 'limit', 'confirm', 'until'],
      ...['not-done', 'look-again'],
    ),
  },
  { weight: 1, arbitrary: text },
);
const fields: fc.Arbitrary<readonly [string, string][]> = fc.array(fc.tuple(fieldName, text), {
  maxLength: 4,
});

/** As our own forms send it, but for words of people's own. */
const usable: fc.Arbitrary<readonly [string, string][]> = text.map((reason) => [
  ['minutes', '60'],
  ['kind', 'on'],
  ['reason', reason],
]);

/** As a header may carry it: whatever else is in a header ends at the load balancer. */
const headerText = text.map((value) =>
  value.replace(/[^\t\x20-\x7e\x80-\xff]/g, '').slice(0, 2000),
);
/** Those that the portal reads, with what nobody has chosen. */
const cookies = fc
  .array(
    fc.tuple(
      fc.constantFrom('time-zone', 'language', 'time-zone', 'other'),
      fc.oneof(
        headerText,
        headerText.map(encodeURIComponent),
        fc.constantFrom('Asia/Tokyo', 'ASIA/tokyo', '+09:00', 'Etc/GMT+99', 'ja', 'JA', 'en-x'),
      ),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join('; '));

const anyHeaders = fc.dictionary(
  fc.constantFrom(
    ...['accept-language', 'cookie', 'user-agent', 'referer', 'origin', 'x-forwarded-for'],
    ...['x-forwarded-proto', 'x-amzn-trace-id', 'x-amzn-oidc-identity', 'if-none-match', 'range'],
    ...['x-requested-with', 'x-http-method-override', 'accept', 'accept-encoding', 'fragment'],
    ...['x-amzn-oidc-accesstoken', 'sec-fetch-site', 'content-type', 'forwarded'],
  ),
  headerText,
  { maxKeys: 3 },
);
const headers = fc.oneof(
  { weight: 2, arbitrary: anyHeaders },
  {
    weight: 1,
    arbitrary: fc
      .tuple(anyHeaders, cookies)
      .map(([others, cookie]): Record<string, string> => ({ ...others, cookie })),
  },
);

const encoding = fc.constantFrom<(value: string) => string>(
  (value) => encodeURIComponent(value.toWellFormed()),
  (value) => encodeURIComponent(encodeURIComponent(value.toWellFormed().slice(0, 300))),
  (value) => value.replace(/[^!-~]|[?#]/g, ''),
  (value) => `%${value.replace(/[^!-~]|[?#]/g, '').slice(0, 5)}`,
);

interface Hostile {
  readonly routeIndex: number;
  readonly method: string | null;
  readonly parameters: readonly string[];
  readonly encode: (value: string) => string;
  readonly query: readonly [string, string][];
  readonly form: readonly [string, string][];
  readonly headers: Readonly<Record<string, string>>;
  readonly person: PersonKey | null;
  readonly token: string | null;
}

const known = ['known endpoint', 'known connection'];
const hostile: fc.Arbitrary<Hostile> = fc.record({
  routeIndex: fc.nat({ max: 999 }),
  method: fc.option(fc.constantFrom('GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'), {
    nil: null,
    freq: 2,
  }),
  parameters: fc.array(
    fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: text }),
    { minLength: 3, maxLength: 3 },
  ),
  encode: encoding,
  query: fields,
  form: fc.oneof(fields, usable),
  headers,
  person: fc.option(fc.constantFrom<PersonKey>('alice', 'bob', 'carol', 'dave'), {
    nil: null,
    freq: 6,
  }),
  token: fc.oneof(
    { weight: 5, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: headerText },
  ),
});

interface Answer {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string;
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function requestOf(one: Hostile): Sent {
  const route = routes[one.routeIndex % routes.length];
  if (route === undefined) throw new Error('the app has no routes');
  const endpoints = portal.stack.clientVpn.describeClientVpnEndpoints();
  const endpoint = endpoints[one.form.length % endpoints.length];
  let place = 0;
  const path = route.path.replace(/:\w+/g, () => {
    const value = one.parameters[(place += 1) - 1] ?? '';
    if (value === known[0]) return endpoint?.clientVpnEndpointId ?? '';
    if (value === known[1]) return 'cvpn-connection-0123456789abcdef0';
    return one.encode(value);
  });
  const query = new URLSearchParams([...one.query]).toString();
  const method = one.method ?? route.method;
  const isForm = method === 'POST' || method === 'PUT' || method === 'PATCH';
  const token = one.token ?? (one.person === null ? undefined : tokens.get(one.person));
  return {
    method,
    // What is longer than 16 KB with its headers is Node's own to refuse.
    path: (query === '' ? path : `${path}?${query}`).slice(0, 6000),
    headers: {
      ...(isForm ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      'sec-fetch-site': 'same-origin',
      ...one.headers,
      ...(token === undefined ? {} : { 'x-amzn-oidc-data': token }),
    },
    body: isForm ? new URLSearchParams([...one.form]).toString() : '',
  };
}

function send(sent: Sent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { body, headers: head, method, path } = sent;
    const outgoing = request(new URL(portal.url), { agent, method, path, headers: head });
    outgoing.once('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.once('error', reject);
      incoming.once('end', () => {
        const answered = Buffer.concat(chunks).toString();
        const { rawHeaders, statusCode = 0 } = incoming;
        resolve({ status: statusCode, headers: rawHeaders, body: answered });
      });
    });
    outgoing.once('error', (error) => {
      reject(new Error(JSON.stringify(sent).slice(0, 300), { cause: error }));
    });
    outgoing.end(body);
  });
}

function headerOf({ headers: raw }: Answer, name: string): string | undefined {
  const index = raw.findIndex((each, at) => at % 2 === 0 && each.toLowerCase() === name);
  return index === -1 ? undefined : raw[index + 1];
}

/** What is wrong with an answer; empty where nothing is. */
function faultsOf(sent: Sent, answer: Answer): readonly string[] {
  const faults: string[] = [];
  // On a busy machine the table may answer too late for whoever asks whether it answers.
  const isNotReady = answer.status === 503 && sent.path.startsWith('/readyz');
  const isFault = answer.status >= 500 || answer.status < 200;
  if (isFault && !isNotReady) faults.push(`status ${answer.status}`);
  const type = headerOf(answer, 'content-type') ?? '';
  const isPage = type.startsWith('text/html');
  if (isPage && unanswerable.test(answer.body)) faults.push('markup is answered as it was sent');
  if (headerOf(answer, 'x-content-type-options') !== 'nosniff') faults.push('may be sniffed');
  if (/\b49\b/.test(answer.body) && /7\*7/.test(decodeURIComponent(sent.body))) {
    faults.push('a template is filled in');
  }
  const cookies = answer.headers.filter((each, at) => at % 2 === 0 && /^set-cookie$/i.test(each));
  const names = cookies.length > 0 ? (headerOf(answer, 'set-cookie') ?? '') : '';
  if (/^a=b/.test(names)) faults.push('a header is injected');
  const location = headerOf(answer, 'location');
  if (location !== undefined) {
    const target = new URL(location, 'https://portal.test');
    const isOurs = target.origin === 'https://portal.test' && !location.startsWith('//');
    const isSignOut = location.includes('/logout?');
    if (!isOurs && !isSignOut) faults.push(`leads to ${location}`);
  }
  if (isPage && headerOf(answer, 'content-security-policy') === undefined) {
    faults.push('a page without a Content-Security-Policy');
  }
  return faults;
}

describe('whatever is sent to whichever route', () => {
  it('is answered without a fault of ours, markup, foreign address, or injected header', async () => {
    const waiting = fc.sample(hostile, { numRuns: cases, seed }).map(requestOf);
    const found: string[] = [];
    const answered = new Map<number, number>();
    const sender = async (): Promise<void> => {
      for (let one = waiting.pop(); one !== undefined && found.length === 0; one = waiting.pop()) {
        const answer = await send(one);
        const faults = faultsOf(one, answer);
        answered.set(answer.status, (answered.get(answer.status) ?? 0) + 1);
        if (faults.length > 0)
          found.push(`${faults.join(', ')}: ${JSON.stringify(one).slice(0, 400)}`);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, sender));
    expect(found).toEqual([]);
    expect([...answered.values()].reduce((sum, times) => sum + times, 0)).toBe(cases);
    // Not all of it ends at the door.
    for (const status of [200, 303, 400, 401, 404, 405, 413]) {
      expect({ status, times: answered.get(status) }).toMatchObject({
        status,
        times: expect.any(Number),
      });
    }
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('polluted');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();

    // Every line of the log is one line, and none carries what proves who somebody is.
    await portal.settled();
    const { lines, text: log } = await portal.takeLog();
    expect(lines.length).toBeGreaterThan(1000);
    for (const token of tokens.values()) expect(log).not.toContain(token.slice(0, 60));
  });
});
