import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { beforeEach, describe, expect, it } from '@jest/globals';
import { NonRetryableFetchError } from 'aws-jwt-verify/error';
import fc from 'fast-check';

import { samplePeople } from '../../scripts/local/alb/people.ts';
import { createTokenSigner } from '../../scripts/local/alb/token-signer.ts';
import { createAlbVerifier } from '../../src/aws/alb-verifier.ts';
import { secondsAfter } from '../../src/clock.ts';
import type { Principal } from '../../src/identity/principal.ts';
import { IdentityError } from '../../src/identity/verifier.ts';
import type { IdentityVerifier } from '../../src/identity/verifier.ts';

/** The verifier, with tokens that are really signed. */

const albArn =
  'arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:loadbalancer/app/portal/50dc6c495c0c9188';
const foreignAlb = albArn.replace('111122223333', '444455556666');
const clientId = 'theclientid';
const issuer = 'https://cognito-idp.ap-northeast-1.amazonaws.com/ap-northeast-1_pool';

// The library compares with the wall clock, so the tests live in the present.
const realNow = new Date();
const inTwoMinutes = Math.floor(secondsAfter(realNow, 120).getTime() / 1000);
const epochAfter = (seconds: number): number =>
  Math.floor(secondsAfter(realNow, seconds).getTime() / 1000);
const aMinuteAgo = Math.floor(secondsAfter(realNow, -60).getTime() / 1000);

const keyPair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ours = { kid: randomUUID(), ...keyPair() };
const pemOf = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();

type Fields = Readonly<Record<string, unknown>>;

const goodHeader: Fields = {
  typ: 'JWT',
  kid: ours.kid,
  alg: 'ES256',
  iss: issuer,
  client: clientId,
  signer: albArn,
  exp: inTwoMinutes,
};
const goodPayload: Fields = {
  sub: 'subject-1',
  email: 'alice@example.com',
  email_verified: 'true',
  username: 'IdentityCenter_alice@example.com',
  'custom:groups': '[tokyo, everyone]',
  exp: inTwoMinutes,
  iss: issuer,
};

/** As AWS writes it: base64url, and padded all the same. */
function padded(part: Fields | Buffer): string {
  const bytes = Buffer.isBuffer(part) ? part : Buffer.from(JSON.stringify(part));
  return bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}

function unpadded(part: Fields | Buffer): string {
  return padded(part).replaceAll('=', '');
}

function tokenOf(
  header: Fields = {},
  payload: Fields = {},
  options: { encode?: typeof padded; key?: KeyObject } = {},
): string {
  const { encode = padded, key = ours.privateKey } = options;
  const all = { ...goodHeader, ...header };
  const signed = `${encode(all)}.${encode({ ...goodPayload, ...payload })}`;
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${encode(signature)}`;
}

let now: Date;
let fetched: string[];
let keys: Map<string, string>;
/** That the key service has answered for, with the status 404. */
let unknownKeys: Set<string>;
let verifier: IdentityVerifier;

beforeEach(() => {
  now = realNow;
  fetched = [];
  unknownKeys = new Set();
  keys = new Map([[ours.kid, pemOf(ours.publicKey)]]);
  verifier = createAlbVerifier({
    albArn,
    clientId,
    issuer,
    groupsClaim: 'custom:groups',
    roles: { adminGroups: ['admins'], auditorGroups: ['auditors'] },
    clock: { now: () => now },
    fetchKey: (url) => {
      fetched.push(url);
      const kid = url.slice(url.lastIndexOf('/') + 1);
      if (unknownKeys.has(kid))
        return Promise.reject(new NonRetryableFetchError(url, 'status 404'));
      const pem = keys.get(kid);
      if (pem === undefined) return Promise.reject(new Error('no answer'));
      return Promise.resolve(new TextEncoder().encode(pem).buffer);
    },
  });
});

const verify = (token: string | undefined): Promise<Principal> => verifier.verify(token);

async function problemOf(token: string | undefined): Promise<string> {
  const failure: unknown = await verify(token).then(
    () => 'nothing',
    (error: unknown) => error,
  );
  if (!(failure instanceof IdentityError)) throw new Error(`no such error: ${String(failure)}`);
  // Whoever logs this logs no token with it.
  expect(failure.message).not.toContain('eyJ');
  return failure.problem;
}

describe('a token of our load balancer', () => {
  it('says who sent the request', async () => {
    expect(await verify(tokenOf())).toEqual({
      id: 'subject-1',
      name: 'alice@example.com',
      groups: ['tokyo', 'everyone'],
      capabilities: new Set(['endpoint:use']),
    });
    expect(fetched).toEqual([
      `https://public-keys.auth.elb.ap-northeast-1.amazonaws.com/${ours.kid}`,
    ]);
  });

  it('is good with padding and without, as it was signed', async () => {
    for (const sub of ['1', '12', '123']) {
      expect(await verify(tokenOf({}, { sub }))).toMatchObject({ id: sub });
      expect(await verify(tokenOf({}, { sub }, { encode: unpadded }))).toMatchObject({ id: sub });
    }
  });

  it('is one of the local load balancer, for everybody who signs in there', async () => {
    const signer = createTokenSigner({ albArn, clientId, issuer }, { now: () => now });
    for (const person of samplePeople) {
      const token = signer.signIdentity(person);
      const header = JSON.parse(
        Buffer.from(token.split('.')[0] ?? '', 'base64url').toString(),
      ) as Record<string, string>;
      const kid = header['kid'] ?? '';
      keys.set(kid, signer.publicKey(kid) ?? '');
      expect(await verify(token)).toMatchObject({
        id: person.subject,
        name: person.email,
        groups: person.groups,
      });
    }
  });

  it('needs no type, and a key id of whatever version of a UUID', async () => {
    expect(await verify(tokenOf({ typ: undefined }))).toMatchObject({ id: 'subject-1' });
    const kid = '12345678-1234-1234-1234-123456789012';
    keys.set(kid, pemOf(ours.publicKey));
    expect(await verify(tokenOf({ kid }))).toMatchObject({ id: 'subject-1' });
  });

  it('costs one look for its key, however many come, also at once', async () => {
    await Promise.all(Array.from({ length: 50 }, () => verify(tokenOf())));
    await verify(tokenOf({}, { sub: 'subject-2' }));
    expect(fetched).toHaveLength(1);
  });

  it('gives the name by e-mail address, else by user name, else by subject', async () => {
    const nameWith = async (payload: Fields) => (await verify(tokenOf({}, payload))).name;
    expect(await nameWith({ email: undefined })).toBe('IdentityCenter_alice@example.com');
    expect(await nameWith({ email: undefined, username: undefined })).toBe('subject-1');
    expect(await nameWith({ email: '' })).toBe('IdentityCenter_alice@example.com');
    expect(await nameWith({ email: ' ', username: '' })).toBe('subject-1');
  });
});

describe('the groups', () => {
  it.each<[string, unknown, string[]]>([
    ['a list of several', '[tokyo, everyone]', ['tokyo', 'everyone']],
    ['a list of one', '[tokyo]', ['tokyo']],
    ['one bare', 'tokyo', ['tokyo']],
    ['several bare', 'tokyo,everyone', ['tokyo', 'everyone']],
    ['an empty list', '[]', []],
    ['an empty text', '', []],
    ['a list of nothing', '[, ,]', []],
    ['none', undefined, []],
    ['something else', ['tokyo'], []],
    ['something else again', { tokyo: true }, []],
    ['brackets within', '[a[1], b]', ['a[1]', 'b']],
  ])('are read from %s', async (_, claim, groups) => {
    expect((await verify(tokenOf({}, { 'custom:groups': claim }))).groups).toEqual(groups);
  });

  it('are those of the claim alone', async () => {
    const payload = { 'custom:groups': undefined, groups: '[admins]', 'cognito:groups': 'admins' };
    expect(await verify(tokenOf({}, payload))).toMatchObject({
      groups: [],
      capabilities: new Set(['endpoint:use']),
    });
  });

  it('give capabilities', async () => {
    const capabilities = async (groups: string) =>
      (await verify(tokenOf({}, { 'custom:groups': groups }))).capabilities;
    expect(await capabilities('[tokyo, admins]')).toEqual(
      new Set([
        'endpoint:use',
        'endpoint:see-all',
        'endpoint:hold',
        'endpoint:stop',
        'connection:terminate',
        'schedule:pause',
        'usage:read',
        'audit:read',
      ]),
    );
    expect(await capabilities('auditors')).toEqual(
      new Set(['endpoint:see-all', 'usage:read', 'audit:read']),
    );
    expect(await capabilities('[admins x]')).toEqual(new Set(['endpoint:use']));
  });
});

describe('a token that is not ours is refused before a key is asked for', () => {
  const long = (length: number) => tokenOf({}, { note: 'x'.repeat(length) });

  it.each<[string, string, () => string | undefined]>([
    ['no token', 'missing', () => undefined],
    ['an empty one', 'missing', () => ''],
    ['a word', 'malformed', () => 'token'],
    ['two parts', 'malformed', () => tokenOf().split('.').slice(0, 2).join('.')],
    ['four parts', 'malformed', () => `${tokenOf()}.x`],
    ['no JSON', 'malformed', () => `${padded(Buffer.from('x'))}.${padded({})}.`],
    ['a list for a header', 'malformed', () => `W10=.${padded(goodPayload)}.x`],
    ['no header', 'malformed', () => tokenOf().replace(/^[^.]*/, '')],
    ['an oversized one', 'malformed', () => long(20_000)],
    ['another type', 'malformed', () => tokenOf({ typ: 'JWE' })],
    ['no key id', 'malformed', () => tokenOf({ kid: undefined })],
    ['a key id that is a path', 'malformed', () => tokenOf({ kid: '../../x' })],
    ['no expiry in the header', 'malformed', () => tokenOf({ exp: undefined })],
    ['an expiry in words', 'malformed', () => tokenOf({ exp: String(inTwoMinutes) })],
    ['no signer', 'malformed', () => tokenOf({ signer: undefined })],
    ['an expired header', 'expired', () => tokenOf({ exp: aMinuteAgo })],
    ['another signer', 'wrong-signer', () => tokenOf({ signer: foreignAlb })],
    ['another client', 'wrong-client', () => tokenOf({ client: 'another' })],
    ['another issuer', 'wrong-issuer', () => tokenOf({ iss: `${issuer}2` })],
    ['no algorithm', 'wrong-algorithm', () => tokenOf({ alg: 'none' })],
    ['a shared secret', 'wrong-algorithm', () => tokenOf({ alg: 'HS256' })],
    ['another curve', 'wrong-algorithm', () => tokenOf({ alg: 'ES384' })],
    ['no algorithm in disguise', 'wrong-algorithm', () => tokenOf({ alg: 'None' })],
  ])('(%s: %s)', async (_, problem, token) => {
    expect(await problemOf(token())).toBe(problem);
    expect(fetched).toEqual([]);
  });

  it('with an expiry that is just now', async () => {
    now = new Date(inTwoMinutes * 1000 - 1);
    expect(await verify(tokenOf())).toMatchObject({ id: 'subject-1' });
    now = new Date(inTwoMinutes * 1000);
    expect(await problemOf(tokenOf())).toBe('expired');
  });

  it('although it is just small enough otherwise', async () => {
    expect(await verify(long(11_000))).toMatchObject({ id: 'subject-1' });
  });
});

describe('a token with our header is refused', () => {
  it('when it was signed with another key', async () => {
    const { privateKey } = keyPair();
    expect(await problemOf(tokenOf({}, {}, { key: privateKey }))).toBe('bad-signature');
  });

  it('when its key is that of another load balancer, whatever it says of itself', async () => {
    const theirs = { kid: randomUUID(), ...keyPair() };
    keys.set(theirs.kid, pemOf(theirs.publicKey));
    const token = tokenOf({ signer: foreignAlb, kid: theirs.kid }, {}, { key: theirs.privateKey });
    expect(await problemOf(token)).toBe('wrong-signer');
    const claimed = tokenOf({ kid: ours.kid }, {}, { key: theirs.privateKey });
    expect(await problemOf(claimed)).toBe('bad-signature');
  });

  it('when it was not signed at all', async () => {
    const [header, payload] = tokenOf().split('.');
    expect(await problemOf(`${header ?? ''}.${payload ?? ''}.`)).toBe('malformed');
  });

  it('when the public key was taken for a shared secret', async () => {
    const signed = `${padded({ ...goodHeader, alg: 'HS256' })}.${padded(goodPayload)}`;
    const signature = createHmac('sha256', pemOf(ours.publicKey)).update(signed).digest();
    expect(await problemOf(`${signed}.${padded(signature)}`)).toBe('wrong-algorithm');
  });

  it.each<[string, string, Fields]>([
    ['an expired payload', 'expired', { exp: aMinuteAgo }],
    ['a payload without expiry', 'expired', { exp: undefined }],
    ['another issuer in the payload', 'wrong-issuer', { iss: `${issuer}2` }],
    ['no issuer in the payload', 'wrong-issuer', { iss: undefined }],
    ['no subject', 'no-subject', { sub: undefined }],
    ['an empty subject', 'no-subject', { sub: '' }],
  ])('with %s (%s)', async (_, problem, payload) => {
    expect(await problemOf(tokenOf({}, payload))).toBe(problem);
  });

  it('when its padding was taken away or put there after it was signed', async () => {
    // A payload whose length asks for padding.
    const lengths = ['1', '12', '123'].map((sub) => tokenOf({}, { sub }));
    const asSigned = lengths.find((token) => token.split('.')[1]?.endsWith('=') === true) ?? '';
    expect(await verify(asSigned)).toBeDefined();
    const [header, payload, signature] = asSigned.split('.');
    const stripped = `${header ?? ''}.${(payload ?? '').replaceAll('=', '')}.${signature ?? ''}`;
    expect(await problemOf(stripped)).toBe('bad-signature');
    const [bareHeader, barePayload, bareSignature] = tokenOf(
      {},
      { sub: '1'.repeat(lengths.indexOf(asSigned) + 1) },
      { encode: unpadded },
    ).split('.');
    const filled = Buffer.from(barePayload ?? '', 'base64url').toString('base64');
    const repadded = filled.replaceAll('+', '-').replaceAll('/', '_');
    const changed = `${bareHeader ?? ''}.${repadded}.${bareSignature ?? ''}`;
    expect(['bad-signature', 'malformed']).toContain(await problemOf(changed));
  });

  it('when a single character of it was changed, wherever', async () => {
    const token = tokenOf();
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: token.length - 1 }),
        fc.constantFrom('A', 'z', '5', '-', '.', '='),
        async (at, character) => {
          const [, , signature = ''] = token.split('.');
          const isSame = token[at] === character;
          // The last character of a signature carries bits that mean nothing.
          const isInTail = at >= token.length - 3 && signature.endsWith('=');
          if (isSame || isInTail) return;
          const altered = token.slice(0, at) + character + token.slice(at + 1);
          expect(await problemOf(altered)).not.toBe('missing');
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a token that was verified before', () => {
  it('is believed again, to the letter', async () => {
    const token = tokenOf();
    const first = await verify(token);
    expect(await verify(token)).toBe(first);
  });

  it('is not believed when a letter of it has changed', async () => {
    const token = tokenOf();
    await verify(token);
    const [header = '', payload = '', signature = ''] = token.split('.');
    const other = tokenOf({}, { sub: 'somebody-else' }).split('.')[1] ?? '';
    expect(await problemOf(`${header}.${other}.${signature}`)).toBe('bad-signature');
    expect(await problemOf(`${header}.${payload}.A${signature.slice(1)}`)).toBe('bad-signature');
  });

  it.each([
    ['header', 30, { exp: epochAfter(30) }, {}],
    ['payload', 30, {}, { exp: epochAfter(30) }],
  ])('is not believed when its %s has expired', async (_part, seconds, header, payload) => {
    const token = tokenOf(header, payload);
    await verify(token);
    now = secondsAfter(realNow, seconds + 1);
    expect(await problemOf(token)).toBe('expired');
  });

  it('does not push the memory beyond its bound', async () => {
    const oldest = tokenOf({}, { sub: 'subject-0' });
    const first = await verify(oldest);
    for (let count = 1; count <= 500; count += 1) {
      await verify(tokenOf({}, { sub: `subject-${count}` }));
    }
    const again = await verify(oldest);
    expect(again).toEqual(first);
    expect(again).not.toBe(first);
  });
});

describe('a key', () => {
  const stranger = () => tokenOf({ kid: randomUUID() });

  it('that cannot be had is not asked for again for ten seconds', async () => {
    const token = stranger();
    expect(await problemOf(token)).toBe('keys-unavailable');
    now = secondsAfter(realNow, 9);
    expect(await problemOf(token)).toBe('keys-unavailable');
    expect(fetched).toHaveLength(1);
    now = secondsAfter(realNow, 10);
    expect(await problemOf(token)).toBe('keys-unavailable');
    expect(fetched).toHaveLength(2);
  });

  it('that the key service does not know is told apart from one that it does not answer for', async () => {
    const kid = randomUUID();
    unknownKeys.add(kid);
    expect(await problemOf(tokenOf({ kid }))).toBe('unknown-key');
    expect(await problemOf(tokenOf({ kid }))).toBe('unknown-key');
    expect(fetched).toHaveLength(1);
  });

  it('that others have pushed out of the verifier is not fetched again', async () => {
    await verify(tokenOf());
    for (let count = 0; count < 3; count += 1) {
      const other = { kid: randomUUID(), ...keyPair() };
      keys.set(other.kid, pemOf(other.publicKey));
      await verify(tokenOf({ kid: other.kid }, {}, { key: other.privateKey }));
    }
    expect(await verify(tokenOf({}, { sub: 'subject-2' }))).toMatchObject({ id: 'subject-2' });
    expect(fetched).toHaveLength(4);
  });

  it('that turns up is taken', async () => {
    const kid = randomUUID();
    const token = tokenOf({ kid });
    await problemOf(token);
    keys.set(kid, pemOf(ours.publicKey));
    now = secondsAfter(realNow, 60);
    expect(await verify(token)).toMatchObject({ id: 'subject-1' });
  });

  it('is asked for twenty times a minute at most, whatever strangers make up', async () => {
    for (let count = 0; count < 150; count += 1) {
      expect(await problemOf(stranger())).toBe('keys-unavailable');
    }
    expect(fetched).toHaveLength(20);
    now = secondsAfter(realNow, 60);
    expect(await problemOf(stranger())).toBe('keys-unavailable');
    expect(fetched).toHaveLength(21);
  });

  it('that is there already is used while strangers are held off', async () => {
    await verify(tokenOf());
    for (let count = 0; count < 30; count += 1) await problemOf(stranger());
    expect(await verify(tokenOf())).toMatchObject({ id: 'subject-1' });
  });

  it('that is no key makes nobody known', async () => {
    const kid = randomUUID();
    keys.set(kid, '<html>not found</html>');
    await expect(verify(tokenOf({ kid }))).rejects.toThrow(IdentityError);
  });

  it('of another kind than ES256 has makes nobody known, and is not asked for again', async () => {
    for (const { privateKey, publicKey } of [
      generateKeyPairSync('rsa', { modulusLength: 2048 }),
      generateKeyPairSync('ec', { namedCurve: 'P-384' }),
    ]) {
      const kid = randomUUID();
      keys.set(kid, pemOf(publicKey));
      fetched = [];
      expect(await problemOf(tokenOf({ kid }, {}, { key: privateKey }))).toBe('unknown-key');
      expect(await problemOf(tokenOf({ kid }, {}, { key: privateKey }))).toBe('unknown-key');
      expect(fetched).toHaveLength(1);
    }
  });

  it('may be changed by the load balancer at any time', async () => {
    await verify(tokenOf());
    const next = { kid: randomUUID(), ...keyPair() };
    keys.set(next.kid, pemOf(next.publicKey));
    const token = tokenOf({ kid: next.kid }, {}, { key: next.privateKey });
    expect(await verify(token)).toMatchObject({ id: 'subject-1' });
    expect(await verify(tokenOf())).toMatchObject({ id: 'subject-1' });
    expect(fetched).toHaveLength(2);
  });
});
