import { createServer, request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { samplePeople } from '../../scripts/local/alb/people.ts';
import { createAlbStandIn } from '../../scripts/local/alb/stand-in.ts';
import type { AlbStandIn } from '../../scripts/local/alb/stand-in.ts';
import { listen, stopListening } from '../../scripts/local/listen.ts';
import type { RunningPortal } from '../../scripts/local/stack.ts';
import { startEchoPortal } from './local-stack-echo-portal.ts';
import type { Echo } from './local-stack-echo-portal.ts';

const config = {
  albArn:
    'arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:loadbalancer/app/portal/50dc6c495c0c9188',
  clientId: 'theclientid',
  issuer: 'https://cognito-idp.ap-northeast-1.amazonaws.com/ap-northeast-1_localpool',
  region: 'ap-northeast-1',
};

let portal: RunningPortal;
let alb: AlbStandIn;
let target: URL | null;

beforeAll(async () => {
  portal = await startEchoPortal({}, { clock: { now: () => new Date() }, fetchAlbPublicKey: fail });
  alb = createAlbStandIn({
    target: () => target,
    people: samplePeople,
    config,
    idleTimeoutSeconds: 0.3,
  });
  await alb.listen(0);
});

beforeEach(() => {
  target = portal.url;
});

afterAll(async () => {
  await alb.stop();
  await portal.stop();
});

function fail(): never {
  throw new Error('the echo portal verifies nothing');
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Unlike fetch, sends headers and paths exactly as given, and follows no redirect. */
function send(
  path: string,
  options: { method?: string; headers?: readonly string[]; body?: string } = {},
): Promise<Answer> {
  const { method = 'GET', headers = [], body = '' } = options;
  return new Promise((resolve, reject) => {
    const { hostname, port, host } = new URL(alb.origin());
    const request = httpRequest(
      { hostname, port, path, method, headers: ['Host', host, ...headers] },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

const formHeaders = ['Content-Type', 'application/x-www-form-urlencoded'] as const;

async function signIn(person: string): Promise<string> {
  const answer = await send('/local/sign-in', {
    method: 'POST',
    headers: formHeaders,
    body: `person=${person}`,
  });
  return answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

async function echoOf(path: string, headers: readonly string[] = []): Promise<Echo> {
  const answer = await send(path, { headers });
  expect(answer.status).toBe(200);
  return JSON.parse(answer.body) as Echo;
}

function valuesOf(echo: Echo, wanted: string): string[] {
  return echo.rawHeaders.filter(
    (_value, index) => echo.rawHeaders[index - 1]?.toLowerCase() === wanted && index % 2 === 1,
  );
}

function oidcNames(echo: Echo): string[] {
  return echo.rawHeaders.filter(
    (name, index) => index % 2 === 0 && name.toLowerCase().startsWith('x-amzn-oidc-'),
  );
}

async function inPlaceOfThePortal(server: Server, use: () => Promise<void>): Promise<void> {
  target = new URL(`http://127.0.0.1:${await listen(server, 0, 'PORT')}`);
  try {
    await use();
  } finally {
    await stopListening(server);
  }
}

describe('the rules of the listener', () => {
  it.each(['/healthz', '/signed-out', '/assets/style.css', '/healthz?x=1'])(
    'lets %s through unsigned without a session',
    async (path) => {
      const echo = await echoOf(path);
      expect(echo.url).toBe(path);
      expect(oidcNames(echo)).toEqual([]);
    },
  );

  it('lets a public page through unsigned even when somebody is signed in', async () => {
    expect(oidcNames(await echoOf('/signed-out', ['Cookie', await signIn('alice')]))).toEqual([]);
  });

  it('denies a fragment without a session instead of sending to the sign-in page', async () => {
    const answer = await send('/fragments/endpoints');
    expect(answer.status).toBe(401);
    expect(answer.headers['server']).toBe('awselb/2.0');
    expect(answer.headers.location).toBeUndefined();
  });

  it('signs a fragment for somebody who has a session', async () => {
    const echo = await echoOf('/fragments/endpoints', ['Cookie', await signIn('alice')]);
    expect(oidcNames(echo)).toHaveLength(3);
  });

  it.each([
    ['GET', '/'],
    ['GET', '/endpoints/x?lang=ja'],
    ['POST', '/endpoints/x/lease'],
    ['GET', '/healthz/more'],
    ['GET', '/assets'],
    ['GET', '/Healthz'],
    ['GET', '/locale'],
  ])(
    'sends %s %s without a session to the sign-in page and remembers where',
    async (method, path) => {
      const answer = await send(path, { method });
      expect(answer.status).toBe(302);
      expect(answer.headers.location).toBe(`/local/sign-in?return=${encodeURIComponent(path)}`);
    },
  );

  it('does not take an invented cookie for a session', async () => {
    const answer = await send('/', { headers: ['Cookie', 'AWSELBAuthSessionCookie-0=invented'] });
    expect(answer.status).toBe(302);
  });

  it('finds its cookie among others, even behind a stale one of the same name', async () => {
    const cookie = await signIn('bob');
    const header = `lang=ja; AWSELBAuthSessionCookie-0=stale; ${cookie}; theme=dark`;
    expect((await send('/', { headers: ['Cookie', header] })).status).toBe(200);
  });

  it('asks everybody to sign in again once the sessions have expired', async () => {
    const cookie = await signIn('alice');
    expect((await send('/', { headers: ['Cookie', cookie] })).status).toBe(200);
    alb.expireSessions();
    expect((await send('/', { headers: ['Cookie', cookie] })).status).toBe(302);
    expect((await send('/fragments/x', { headers: ['Cookie', cookie] })).status).toBe(401);
  });

  it('answers 503 while the portal has not started', async () => {
    target = null;
    expect((await send('/healthz')).status).toBe(503);
  });
});

describe('the headers on their way to the portal', () => {
  it('removes every identity header from outside, in any letter case and however often', async () => {
    const forged = [
      ...['x-amzn-oidc-data', 'forged', 'X-AMZN-OIDC-DATA', 'forged', 'X-Amzn-Oidc-Data', 'forged'],
      ...['X-Amzn-Oidc-Identity', 'forged', 'x-amzn-oidc-accesstoken', 'forged'],
      ...['x-amzn-oidc-something-new', 'forged'],
    ];
    const unsigned = await echoOf('/healthz', forged);
    expect(oidcNames(unsigned)).toEqual([]);
    expect(unsigned.rawHeaders).not.toContain('forged');

    const signed = await echoOf('/', [...forged, 'Cookie', await signIn('alice')]);
    expect(
      oidcNames(signed)
        .map((name) => name.toLowerCase())
        .sort(),
    ).toEqual(['x-amzn-oidc-accesstoken', 'x-amzn-oidc-data', 'x-amzn-oidc-identity']);
    expect(signed.rawHeaders).not.toContain('forged');
    expect(valuesOf(signed, 'x-amzn-oidc-identity')).toEqual([samplePeople[0]?.subject]);
  });

  it('says where the request came from, behind what earlier proxies said', async () => {
    const echo = await echoOf('/healthz', [
      ...['X-Forwarded-For', '203.0.113.7', 'x-forwarded-for', '198.51.100.2'],
      ...['X-Forwarded-Proto', 'gopher', 'X-Forwarded-Port', '1'],
    ]);
    expect(valuesOf(echo, 'x-forwarded-for')).toEqual(['203.0.113.7, 198.51.100.2, 127.0.0.1']);
    expect(valuesOf(echo, 'x-forwarded-proto')).toEqual(['http']);
    expect(valuesOf(echo, 'x-forwarded-port')).toEqual([new URL(alb.origin()).port]);
  });

  it('begins a trace, and keeps the root of one that began before', async () => {
    const [fresh] = valuesOf(await echoOf('/healthz'), 'x-amzn-trace-id');
    expect(fresh).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    const before = 'Root=1-67891233-abcdef012345678912345678';
    const [joined] = valuesOf(
      await echoOf('/healthz', ['X-Amzn-Trace-Id', before]),
      'x-amzn-trace-id',
    );
    expect(joined).toMatch(new RegExp(`^Self=1-[0-9a-f]{8}-[0-9a-f]{24};${before}$`));
  });

  it('keeps the host and drops what belongs to the connection', async () => {
    const echo = await echoOf('/healthz', [
      'Connection',
      'close, X-Mine',
      'X-Mine',
      '1',
      'TE',
      'x',
    ]);
    expect(valuesOf(echo, 'host')).toEqual([new URL(alb.origin()).host]);
    expect(valuesOf(echo, 'x-mine')).toEqual([]);
    expect(valuesOf(echo, 'te')).toEqual([]);
    expect(valuesOf(echo, 'connection')).toEqual(['keep-alive']);
  });

  it.each([
    ['with its length', ['Content-Length', '5']],
    ['in chunks', ['Transfer-Encoding', 'chunked']],
  ])('hands on a body sent %s, also of a DELETE', async (_how, framing) => {
    const answer = await send('/healthz', { method: 'DELETE', headers: framing, body: 'hello' });
    expect(JSON.parse(answer.body)).toMatchObject({ method: 'DELETE', body: 'hello' });
  });
});

describe('the answers on their way back', () => {
  it('keeps several cookies apart and takes Secure from them, for this listener has no TLS', async () => {
    const server = createServer((_request, response) => {
      response.setHeader('Set-Cookie', [
        'AWSELBAuthSessionCookie-0=; Path=/; Secure; HttpOnly',
        'secure=yes; HttpOnly;secure',
      ]);
      response.end();
    });
    await inPlaceOfThePortal(server, async () => {
      const answer = await send('/healthz');
      expect(answer.headers['set-cookie']).toEqual([
        'AWSELBAuthSessionCookie-0=; Path=/; HttpOnly',
        'secure=yes; HttpOnly',
      ]);
    });
  });

  it('answers HEAD with the length and no body', async () => {
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-length': 1234 });
      response.end();
    });
    await inPlaceOfThePortal(server, async () => {
      const answer = await send('/healthz', { method: 'HEAD' });
      expect(answer.headers['content-length']).toBe('1234');
      expect(answer.body).toBe('');
    });
  });

  it('passes the first part of an answer on before there is a second', async () => {
    let finish: () => void = () => undefined;
    const server = createServer((_request, response) => {
      response.write('first');
      finish = () => response.end('second');
    });
    await inPlaceOfThePortal(server, async () => {
      const parts: string[] = [];
      await new Promise<void>((resolve) => {
        httpRequest(`${alb.origin()}/healthz`, (response) => {
          response.on('data', (chunk: Buffer) => {
            parts.push(chunk.toString());
            finish();
          });
          response.on('end', resolve);
        }).end();
      });
      expect(parts).toEqual(['first', 'second']);
    });
  });

  it('answers 502 with a page of its own when nothing listens', async () => {
    target = new URL('http://127.0.0.1:9');
    const answer = await send('/healthz', { method: 'POST', body: 'x' });
    expect(answer.status).toBe(502);
    expect(answer.body).toContain('502 Bad Gateway');
  });

  it('answers 504 when the portal says nothing', async () => {
    await inPlaceOfThePortal(
      createServer(() => undefined),
      async () => {
        expect((await send('/healthz')).status).toBe(504);
      },
    );
  });

  it('does not let a cut answer look complete', async () => {
    const server = createServer((_request, response) => {
      response.write('half');
      setTimeout(() => response.destroy(), 20);
    });
    await inPlaceOfThePortal(server, async () => {
      await expect(send('/healthz')).rejects.toThrow(/aborted|ECONNRESET/);
    });
  });

  it('survives a client that goes away in the middle of its body', async () => {
    const port = Number(new URL(alb.origin()).port);
    await new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write('POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf');
        setTimeout(() => {
          socket.resetAndDestroy();
          resolve();
        }, 30);
      });
    });
    expect((await send('/healthz')).status).toBe(200);
  });
});

describe('signing in', () => {
  it('offers every sample person and the way back, without a script', async () => {
    const answer = await send('/local/sign-in?return=%2Fendpoints%2Fx%3Fa%3D1%26b%3D%22');
    expect(answer.status).toBe(200);
    for (const { key } of samplePeople) expect(answer.body).toContain(`value="${key}"`);
    expect(answer.body).toContain('name="return" value="/endpoints/x?a=1&amp;b=%22"');
    expect(answer.body).not.toMatch(/<script|style=/);
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
  });

  it.each(['alice', 'bob', 'carol', 'dave'])('lets %s in and leads back', async (person) => {
    const answer = await send('/local/sign-in', {
      method: 'POST',
      headers: formHeaders,
      body: `person=${person}&return=${encodeURIComponent('/endpoints/x?a=1')}`,
    });
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe('/endpoints/x?a=1');
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(/^AWSELBAuthSessionCookie-0=[\w-]{43}; Path=\/; HttpOnly$/),
    ]);
  });

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/.//evil.example',
    'javascript:alert(1)',
    'endpoints',
  ])('leads to the front page instead of %j', async (elsewhere) => {
    const answer = await send('/local/sign-in', {
      method: 'POST',
      headers: formHeaders,
      body: `person=alice&return=${encodeURIComponent(elsewhere)}`,
    });
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe('/');
  });

  it('refuses somebody it does not know and names those it does', async () => {
    const answer = await send('/local/sign-in', {
      method: 'POST',
      headers: formHeaders,
      body: 'person=%3Cb%3Emallory',
    });
    expect(answer.status).toBe(400);
    expect(answer.body).toContain('There is no person &quot;&lt;b&gt;mallory&quot;.');
    expect(answer.body).toContain('alice, bob, carol, dave');
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('signs nobody in for another site', async () => {
    const answer = await send('/local/sign-in', {
      method: 'POST',
      headers: [...formHeaders, 'Sec-Fetch-Site', 'cross-site'],
      body: 'person=alice',
    });
    expect(answer.status).toBe(403);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('refuses a method it has no use for', async () => {
    const answer = await send('/local/sign-in', { method: 'DELETE' });
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe('GET, HEAD, POST');
  });
});

describe('signing out at the address of Cognito', () => {
  const logout = (clientId: string, logoutUri: string): string =>
    `/local/logout?client_id=${clientId}&logout_uri=${encodeURIComponent(logoutUri)}`;

  it('leads on to the page that says so', async () => {
    const answer = await send(logout(config.clientId, `${alb.origin()}/signed-out`));
    expect(answer.status).toBe(302);
    expect(answer.headers.location).toBe(`${alb.origin()}/signed-out`);
  });

  it('leads nowhere else, and not for another client', async () => {
    expect((await send(logout(config.clientId, 'https://evil.example/'))).status).toBe(400);
    expect((await send(logout(config.clientId, `${alb.origin()}/signed-out/`))).status).toBe(400);
    expect((await send(logout('another', `${alb.origin()}/signed-out`))).status).toBe(400);
    expect((await send('/local/logout')).status).toBe(400);
  });

  it('leaves the session to the portal, which expires the cookies', async () => {
    const cookie = await signIn('alice');
    await send(logout(config.clientId, `${alb.origin()}/signed-out`), {
      headers: ['Cookie', cookie],
    });
    expect((await send('/', { headers: ['Cookie', cookie] })).status).toBe(200);
  });
});
