import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AlbJwtVerifier } from 'aws-jwt-verify';
import { AlbJwksCache } from 'aws-jwt-verify/alb-cache';
import { decodeProtectedHeader } from 'jose';
import { samplePeople } from '../../scripts/local/alb/people.ts';
import { createAlbStandIn } from '../../scripts/local/alb/stand-in.ts';
import type { AlbStandIn } from '../../scripts/local/alb/stand-in.ts';
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
let realTime = new Date();

beforeAll(async () => {
  portal = await startEchoPortal(
    {},
    { clock: { now: () => new Date() }, fetchAlbPublicKey: () => Promise.reject(new Error()) },
  );
  alb = createAlbStandIn({
    target: () => portal.url,
    people: samplePeople,
    config,
    clock: { now: () => realTime },
  });
  await alb.listen(0);
});

afterAll(async () => {
  await alb.stop();
  await portal.stop();
});

async function signIn(person: string): Promise<string> {
  const answer = await fetch(`${alb.origin()}/local/sign-in`, {
    method: 'POST',
    body: new URLSearchParams({ person }),
    redirect: 'manual',
  });
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

async function identityOf(cookie: string): Promise<Record<string, string>> {
  const answer = await fetch(`${alb.origin()}/`, { headers: { cookie } });
  const echo = JSON.parse(await answer.text()) as Echo;
  return Object.fromEntries(
    echo.rawHeaders.flatMap((name, index) =>
      index % 2 === 0 ? [[name.toLowerCase(), echo.rawHeaders[index + 1] ?? '']] : [],
    ),
  );
}

async function tokenOf(person: string): Promise<string> {
  return (await identityOf(await signIn(person)))['x-amzn-oidc-data'] ?? '';
}

function decoded(part: string | undefined): unknown {
  return JSON.parse(Buffer.from(part ?? '', 'base64url').toString()) as unknown;
}

function verifier(
  expected: { albArn: string; clientId: string; issuer: string } = config,
  onFetch: (url: string) => void = () => undefined,
) {
  return AlbJwtVerifier.create(expected, {
    jwksCache: new AlbJwksCache({
      fetcher: {
        fetch(url) {
          onFetch(url);
          return alb.fetchPublicKey(url);
        },
      },
    }),
  });
}

describe('x-amzn-oidc-data', () => {
  it('is accepted by a verifier that looks at signer, client and issuer', async () => {
    const payload = await verifier().verify(await tokenOf('alice'));
    expect(payload).toEqual({
      sub: samplePeople[0]?.subject,
      email: 'alice@example.com',
      email_verified: 'true',
      username: 'IdentityCenter_alice@example.com',
      'custom:groups': `[${samplePeople[0]?.groups.join(', ') ?? ''}]`,
      exp: Math.floor(realTime.getTime() / 1000) + 120,
      iss: config.issuer,
    });
  });

  it.each([
    ['signer', { ...config, albArn: config.albArn.replace('50dc', '50dd') }],
    ['client', { ...config, clientId: 'another' }],
    ['issuer', { ...config, issuer: `${config.issuer}2` }],
  ])('is refused by a verifier that expects another %s', async (_field, expected) => {
    await expect(verifier(expected).verify(await tokenOf('alice'))).rejects.toThrow();
  });

  it('has every field of the header that AWS sends', async () => {
    const header = decoded((await tokenOf('bob')).split('.')[0]);
    expect(header).toEqual({
      typ: 'JWT',
      kid: expect.stringMatching(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      alg: 'ES256',
      iss: config.issuer,
      client: config.clientId,
      signer: config.albArn,
      exp: Math.floor(realTime.getTime() / 1000) + 120,
    });
  });

  it('pads its parts, and signs them with the padding', async () => {
    const tokens = await Promise.all(['alice', 'bob', 'carol', 'dave'].map(tokenOf));
    for (const token of tokens) {
      for (const part of token.split('.')) expect(part).toMatch(/^(?:[\w-]{4})*[\w-]{2,4}={0,2}$/);
      for (const part of token.split('.')) expect(part.length % 4).toBe(0);
    }
    // 64 bytes of signature always need two.
    const padded = tokens[0] ?? '';
    expect(padded).toMatch(/==$/);
    await expect(verifier().verify(padded)).resolves.toBeDefined();
    const [header = '', payload = '', signature = ''] = padded.split('.');
    const unpadded = `${header.replaceAll('=', '')}.${payload.replaceAll('=', '')}.${signature}`;
    expect(unpadded).not.toBe(padded);
    await expect(verifier().verify(unpadded)).rejects.toThrow(/signature/i);
  });

  it('is signed afresh for each request, in real time', async () => {
    const cookie = await signIn('carol');
    const expiry = async (): Promise<unknown> =>
      decodeProtectedHeader(
        ((await identityOf(cookie))['x-amzn-oidc-data'] ?? '').replaceAll('=', ''),
      )['exp'];
    const before = await expiry();
    realTime = new Date(realTime.getTime() + 60_000);
    expect(await expiry()).toBe(Number(before) + 60);
    realTime = new Date();
  });

  it('is refused when two minutes have passed', async () => {
    realTime = new Date(Date.now() - 121_000);
    const token = await tokenOf('dave');
    realTime = new Date();
    await expect(verifier().verify(token)).rejects.toThrow(/expired/i);
  });
});

describe('the public keys', () => {
  it('are asked for at the address of AWS, once for many tokens', async () => {
    const asked: string[] = [];
    const oneVerifier = verifier(config, (url) => asked.push(url));
    const tokens = [await tokenOf('alice'), await tokenOf('bob')];
    for (const token of tokens) await oneVerifier.verify(token);
    const { kid } = decodeProtectedHeader((tokens[0] ?? '').replaceAll('=', ''));
    expect(asked).toEqual([
      `https://public-keys.auth.elb.ap-northeast-1.amazonaws.com/${kid ?? ''}`,
    ]);
  });

  it('change, and those of before can still be had', async () => {
    const before = await tokenOf('alice');
    alb.rotateKey();
    const after = await tokenOf('alice');
    expect(decoded(after.split('.')[0])).not.toMatchObject({
      kid: decodeProtectedHeader(before.replaceAll('=', '')).kid,
    });
    await expect(verifier().verify(after)).resolves.toBeDefined();
    await expect(verifier().verify(before)).resolves.toBeDefined();
  });

  it('are PEM', async () => {
    const token = await tokenOf('alice');
    const { kid } = decodeProtectedHeader(token.replaceAll('=', ''));
    const answer = await fetch(`${alb.origin()}/local/public-keys/${kid ?? ''}`);
    expect(await answer.text()).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
  });

  it('are not there for a key id that nobody signed with, or of another Region', async () => {
    const unknown = '/00000000-0000-4000-8000-000000000000';
    const keysOf = (region: string): string =>
      `https://public-keys.auth.elb.${region}.amazonaws.com${unknown}`;
    await expect(alb.fetchPublicKey(keysOf('ap-northeast-1'))).rejects.toThrow(/404/);
    await expect(alb.fetchPublicKey(keysOf('us-east-1'))).rejects.toThrow(/no keys of/);
  });
});

describe('x-amzn-oidc-accesstoken', () => {
  it('looks like the one of Cognito and stays the same until it expires', async () => {
    const cookie = await signIn('alice');
    const token = (await identityOf(cookie))['x-amzn-oidc-accesstoken'] ?? '';
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256' });
    expect(decoded(token.split('.')[1])).toMatchObject({
      token_use: 'access',
      client_id: config.clientId,
      iss: config.issuer,
      sub: samplePeople[0]?.subject,
      'cognito:groups': ['ap-northeast-1_localpool_IdentityCenter'],
    });
    expect((await identityOf(cookie))['x-amzn-oidc-accesstoken']).toBe(token);

    realTime = new Date(realTime.getTime() + 3_600_000);
    expect((await identityOf(cookie))['x-amzn-oidc-accesstoken']).not.toBe(token);
    realTime = new Date();
  });
});
