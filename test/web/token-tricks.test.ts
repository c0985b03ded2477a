import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { createServer, request } from 'node:http';
import type { Server } from 'node:http';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NonRetryableFetchError } from 'aws-jwt-verify/error';

import { listen, stopListening } from '../../scripts/local/listen.ts';
import { createAlbVerifier } from '../../src/aws/alb-verifier.ts';
import { systemClock } from '../../src/clock.ts';
import { readEnvironment, serverEnvironment } from '../../src/config/environment.ts';
import { createApp } from '../../src/web/app.ts';
import { sourceFiles } from '../../src/web/files.ts';
import { textOf } from './page-text.ts';
import { issueOf, personOf, startPortal } from './portal-under-test.ts';
import type { PortalUnderTest } from './portal-under-test.ts';

/*
 * Every trick that has worked on some library of tokens, or on an app behind some load balancer,
 * through the real app over HTTP. The keys are the test's own, so that what is signed is its choice.
 */

let portal: PortalUnderTest;
let server: Server;
let url: string;

type Fields = Readonly<Record<string, unknown>>;
type Encode = (part: Buffer) => string;

interface Key {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const curve = (namedCurve: string): Key => ({
  kid: randomUUID(),
  ...generateKeyPairSync('ec', { namedCurve }),
});
const ours = curve('P-256');
/** Of a load balancer of somebody else's: AWS publishes its key in the same place as ours. */
const foreign = curve('P-256');
/** In no place where the portal looks. */
const attackers = curve('P-256');
const larger = curve('P-384');
const rsa: Key = {
  kid: randomUUID(),
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }),
};
const edwards: Key = { kid: randomUUID(), ...generateKeyPairSync('ed25519') };
const published = new Map([ours, foreign, larger, rsa, edwards].map((key) => [key.kid, key]));

const pemOf = ({ publicKey }: Key): string =>
  publicKey.export({ type: 'spki', format: 'pem' }).toString();
const alice = personOf('alice');
const administrators = personOf('carol').groups.join(', ');
const foreignAlb =
  'arn:aws:elasticloadbalancing:ap-northeast-1:999999999999:loadbalancer/app/vpn-portal/0a1b2c3d4e5f6789';

beforeAll(async () => {
  portal = await startPortal();
  await portal.schedule();
  portal.later(2);
  const environment = readEnvironment(serverEnvironment, portal.stack.environment);
  const verifier = createAlbVerifier({
    ...issueOf(portal.stack.environment),
    groupsClaim: environment.GROUPS_CLAIM,
    roles: { adminGroups: environment.ADMIN_GROUPS, auditorGroups: environment.AUDITOR_GROUPS },
    clock: systemClock,
    fetchKey: (address) => {
      const key = published.get(address.slice(address.lastIndexOf('/') + 1));
      return key === undefined
        ? Promise.reject(new NonRetryableFetchError(address, 'status 404'))
        : Promise.resolve(new TextEncoder().encode(pemOf(key)).buffer);
    },
  });
  // As the container takes them.
  const options = { maxHeaderSize: 65_536 };
  server = createServer(
    options,
    createApp({ ...portal.services, verifier }, environment, sourceFiles()),
  );
  url = `http://127.0.0.1:${await listen(server, 0, 'PORT')}`;
});

afterAll(async () => {
  await stopListening(server);
  await portal.stop();
});

const inSeconds = (seconds: number): number =>
  Math.floor(systemClock.now().getTime() / 1000) + seconds;
const unpadded: Encode = (part) => part.toString('base64url');
/** As AWS writes it. */
const padded: Encode = (part) => part.toString('base64').replaceAll('+', '-').replaceAll('/', '_');
const json = (fields: unknown): Buffer => Buffer.from(JSON.stringify(fields));

function headerOf(changed: Fields = {}): Fields {
  const { albArn, clientId, issuer } = issueOf(portal.stack.environment);
  const own = { typ: 'JWT', kid: ours.kid, alg: 'ES256', iss: issuer, client: clientId };
  return { ...own, signer: albArn, exp: inSeconds(120), ...changed };
}

/** Carol's groups: whoever got through with it would be an administrator. */
function payloadOf(changed: Fields = {}): Fields {
  const { issuer } = issueOf(portal.stack.environment);
  const claims = { sub: alice.subject, email: alice.email, 'custom:groups': `[${administrators}]` };
  return { ...claims, exp: inSeconds(120), iss: issuer, ...changed };
}

type Sign = (content: Buffer) => Buffer;
const es256 =
  ({ privateKey }: Key): Sign =>
  (content) =>
    sign('sha256', content, { key: privateKey, dsaEncoding: 'ieee-p1363' });

function token(
  header: Fields = {},
  payload: Fields = {},
  { encode = padded, signing = es256(ours) }: { encode?: Encode; signing?: Sign } = {},
): string {
  const content = `${encode(json(headerOf(header)))}.${encode(json(payloadOf(payload)))}`;
  return `${content}.${encode(signing(Buffer.from(content)))}`;
}

/** One that is good, with something else in the place of one of its three parts. */
function tampered(part: 0 | 1 | 2, by: (text: string) => string): string {
  const parts = token().split('.');
  parts[part] = by(parts[part] ?? '');
  return parts.join('.');
}

const hmacWith =
  (secret: string | Buffer): Sign =>
  (content) =>
    createHmac('sha256', secret).update(content).digest();
const nothing: Sign = () => Buffer.alloc(0);
/** The longest token that is good has its parts padded; so much is left to add to the claims. */
const filling = (length: number): Fields => ({ note: 'x'.repeat(length) });

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** With Node's own client, which sends a header as often as it is told to. */
function ask(headers: readonly string[], path = '/admin'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}${path}`, {
      headers: ['host', new URL(url).host, ...headers],
    });
    outgoing.once('error', reject);
    outgoing.once('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.once('end', () => {
        const body = Buffer.concat(chunks).toString();
        resolve({ status: incoming.statusCode ?? 0, body });
      });
    });
    outgoing.end();
  });
}

const identity = 'x-amzn-oidc-data';

/** What was done, what the log says of it, and the token. */
type Trick = readonly [string, string, () => string];

const noSignature: readonly Trick[] = [
  ...['none', 'None', 'NONE', 'nOnE', ''].map((alg): Trick => [
    `alg "${alg}" and no signature`,
    'wrong-algorithm',
    () => token({ alg }, {}, { signing: nothing }),
  ]),
  ['alg none above a good signature', 'wrong-algorithm', () => token({ alg: 'none' })],
  ['no alg', 'malformed', () => token({ alg: undefined })],
  ['alg as a list', 'malformed', () => token({ alg: ['ES256', 'none'] })],
  ['a good header and no signature', 'malformed', () => token({}, {}, { signing: nothing })],
  ['two parts', 'malformed', () => token().split('.').slice(0, 2).join('.')],
  [
    'a signature of zeros',
    'bad-signature',
    () => token({}, {}, { signing: () => Buffer.alloc(64) }),
  ],
  ['a signature of one byte', 'malformed', () => token({}, {}, { signing: () => Buffer.alloc(1) })],
  [
    'a signature in the other form, DER',
    'malformed',
    () => token({}, {}, { signing: (content) => sign('sha256', content, ours.privateKey) }),
  ],
];

const otherAlgorithms: readonly Trick[] = [
  ...['ES384', 'ES512', 'ES256K', 'RS256', 'PS256', 'EdDSA', 'HS256', 'es256', 'ES256 '].map(
    (alg): Trick => [`alg ${JSON.stringify(alg)}`, 'wrong-algorithm', () => token({ alg })],
  ),
  [
    'RS256 with a published RSA key',
    'wrong-algorithm',
    () =>
      token(
        { alg: 'RS256', kid: rsa.kid },
        {},
        { signing: (content) => sign('sha256', content, rsa.privateKey) },
      ),
  ],
  [
    'ES256, signed with a published RSA key',
    'unknown-key',
    () =>
      token(
        { kid: rsa.kid },
        {},
        { signing: (content) => sign('sha256', content, rsa.privateKey) },
      ),
  ],
  [
    'ES256, signed with a published Ed25519 key',
    'unknown-key',
    () =>
      token(
        { kid: edwards.kid },
        {},
        { signing: (content) => sign(null, content, edwards.privateKey) },
      ),
  ],
  [
    'ES256, signed with a published key of another curve',
    'unknown-key',
    () => token({ kid: larger.kid }, {}, { signing: es256(larger) }),
  ],
];

const keyConfusion: readonly Trick[] = [
  ['the PEM', () => pemOf(ours)] as const,
  ['the PEM without its last line end', () => pemOf(ours).trimEnd()] as const,
  ['the DER', () => ours.publicKey.export({ type: 'spki', format: 'der' })] as const,
  ['nothing', () => ''] as const,
].flatMap(([what, secret]): readonly Trick[] => [
  [
    `HS256 with ${what} of the public key for a secret`,
    'wrong-algorithm',
    () => token({ alg: 'HS256' }, {}, { signing: hmacWith(secret()) }),
  ],
  // Half as long as what an ES256 signature is.
  [
    `an HMAC with ${what} of the public key under ES256`,
    'malformed',
    () => token({}, {}, { signing: hmacWith(secret()) }),
  ],
]);

const keysOfTheirOwn: readonly Trick[] = [
  [
    'in jwk',
    'bad-signature',
    () => withOwnKey({ jwk: attackers.publicKey.export({ format: 'jwk' }) }),
  ],
  ['at jku', 'bad-signature', () => withOwnKey({ jku: 'https://evil.example/keys' })],
  ['at x5u', 'bad-signature', () => withOwnKey({ x5u: 'https://evil.example/key.pem' })],
  ['in x5c', 'bad-signature', () => withOwnKey({ x5c: [pemOf(attackers)] })],
  ['under a key id that nobody published', 'unknown-key', () => withOwnKey({ kid: attackers.kid })],
  ['under no key id', 'malformed', () => withOwnKey({ kid: undefined })],
  ['under a key id that is a path', 'malformed', () => withOwnKey({ kid: `../${ours.kid}` })],
  [
    'under a key id that is an address',
    'malformed',
    () => withOwnKey({ kid: 'https://evil.example' }),
  ],
  ['under a key id with a query', 'malformed', () => withOwnKey({ kid: `${ours.kid}?x` })],
  ['under a key id with a line end', 'malformed', () => withOwnKey({ kid: `${ours.kid}\n` })],
  ['under a key id for a database', 'malformed', () => withOwnKey({ kid: "' OR 1=1 --" })],
];

function withOwnKey(header: Fields): string {
  return token(header, {}, { signing: es256(attackers) });
}

const foreigners: readonly Trick[] = [
  [
    'a load balancer of another account, which signs what it is',
    'wrong-signer',
    () => token({ kid: foreign.kid, signer: foreignAlb }, {}, { signing: es256(foreign) }),
  ],
  [
    'one that signs with its key under the id of ours',
    'bad-signature',
    () => token({}, {}, { signing: es256(foreign) }),
  ],
  ['no signer', 'malformed', () => token({ signer: undefined })],
  ['several signers', 'malformed', () => token({ signer: [headerOf()['signer'], foreignAlb] })],
  [
    'a signer with more behind it',
    'wrong-signer',
    () => token({ signer: `${String(headerOf()['signer'])}/x` }),
  ],
  [
    'a signer in capitals',
    'wrong-signer',
    () => token({ signer: String(headerOf()['signer']).toUpperCase() }),
  ],
  ['an empty signer', 'wrong-signer', () => token({ signer: '' })],
  ['another client', 'wrong-client', () => token({ client: 'another' })],
  ['several clients', 'malformed', () => token({ client: [headerOf()['client'], 'another'] })],
  [
    'a client in the payload alone',
    'malformed',
    () => token({ client: undefined }, { client: headerOf()['client'], aud: headerOf()['client'] }),
  ],
  ['another issuer', 'wrong-issuer', () => token({ iss: 'https://evil.example' })],
  [
    'another issuer in the payload',
    'wrong-issuer',
    () => token({}, { iss: 'https://evil.example' }),
  ],
  [
    'an issuer with a slash more',
    'wrong-issuer',
    () => token({ iss: `${String(headerOf()['iss'])}/` }),
  ],
  ['no issuer in the payload', 'wrong-issuer', () => token({}, { iss: undefined })],
  ['another type', 'malformed', () => token({ typ: 'at+jwt' })],
];

const outOfTime: readonly Trick[] = [
  [
    'a header that has expired over a payload that has not',
    'expired',
    () => token({ exp: inSeconds(-1) }),
  ],
  [
    'a payload that has expired under a header that has not',
    'expired',
    () => token({}, { exp: inSeconds(-1) }),
  ],
  ['no expiry in the header', 'malformed', () => token({ exp: undefined })],
  ['no expiry in the payload', 'expired', () => token({}, { exp: undefined })],
  ['an expiry in words', 'malformed', () => token({ exp: String(inSeconds(120)) })],
  [
    'an expiry in words in the payload',
    'malformed',
    () => token({}, { exp: String(inSeconds(120)) }),
  ],
  ['an expiry of null', 'malformed', () => token({ exp: null })],
  ['an expiry as a list', 'malformed', () => token({ exp: [inSeconds(120)] })],
  ['a payload that is not good yet', 'malformed', () => token({}, { nbf: inSeconds(600) })],
  [
    'an expiry beyond every number',
    'malformed',
    () => {
      const header = JSON.stringify(headerOf()).replace(/"exp":\d+/, '"exp":1e999');
      const content = `${padded(Buffer.from(header))}.${padded(json(payloadOf()))}`;
      return `${content}.${padded(es256(ours)(Buffer.from(content)))}`;
    },
  ],
];

const misshapen: readonly Trick[] = [
  ['11 KB more than there may be', 'malformed', () => token({}, filling(12_000))],
  [
    'a header nested two thousand deep',
    'malformed',
    () => tampered(0, () => padded(Buffer.from('['.repeat(2000)))),
  ],
  [
    'a payload nested two thousand deep',
    'malformed',
    () => tampered(1, () => padded(Buffer.from(`${'['.repeat(2000)}${']'.repeat(2000)}`))),
  ],
  ['a thousand dots', 'malformed', () => '.'.repeat(1000)],
  ['five parts, as of an encrypted one', 'malformed', () => `${token()}.x.y`],
  ['padding taken away after it was signed', 'bad-signature', () => withoutPadding()],
  [
    'padding added after it was signed',
    'malformed',
    () => `${token({}, {}, { encode: unpadded })}====`,
  ],
  ['a header that is a list', 'malformed', () => tampered(0, () => padded(json([headerOf()])))],
  ['a header that is null', 'malformed', () => tampered(0, () => padded(Buffer.from('null')))],
  [
    'a header with a prototype',
    'malformed',
    () => tampered(0, () => padded(Buffer.from(`{"__proto__":${JSON.stringify(headerOf())}}`))),
  ],
  [
    'a header that is no text',
    'malformed',
    () => tampered(0, () => padded(Buffer.from([0xff, 0xfe, 0x00]))),
  ],
  [
    'a payload that is another',
    'bad-signature',
    () => tampered(1, () => padded(json(payloadOf({ sub: 'x' })))),
  ],
  ['a payload that is null', 'malformed', () => tampered(1, () => padded(Buffer.from('null')))],
  ['a subject that is a number', 'malformed', () => token({}, { sub: 1 })],
  ['a subject that is a list', 'malformed', () => token({}, { sub: [alice.subject] })],
  ['no subject', 'no-subject', () => token({}, { sub: undefined })],
  ['an access token in its place', 'malformed', () => portal.signer.signAccessToken(alice).token],
  ['Bearer before it', 'malformed', () => `Bearer ${token()}`],
  ['quotes around it', 'malformed', () => `"${token()}"`],
];

/** Of a token in which something was padded. */
function withoutPadding(): string {
  const asSigned = ['', '1', '12', '123']
    .map((note) => token({}, { note }))
    .find((each) => each.split('.')[1]?.endsWith('=') === true);
  if (asSigned === undefined) throw new Error('nothing was padded');
  return asSigned
    .split('.')
    .map((part, at) => (at === 1 ? part.replaceAll('=', '') : part))
    .join('.');
}

const tricks: readonly (readonly [string, readonly Trick[]])[] = [
  ['without a signature', noSignature],
  ['by another algorithm', otherAlgorithms],
  ['with the public key for a secret', keyConfusion],
  ['with a key of one’s own,', keysOfTheirOwn],
  ['of, or for, somebody else', foreigners],
  ['out of its time', outOfTime],
  ['out of shape', misshapen],
];

describe('a token that is what AWS sends', () => {
  it.each([
    ['with padding', padded],
    ['without padding', unpadded],
  ])('makes an administrator of somebody in that group, %s', async (_how, encode) => {
    const answer = await ask([identity, token({}, {}, { encode })]);
    expect(answer.status).toBe(200);
    expect(textOf(answer.body)).toContain(alice.email);
  });

  it('may be as long as the load balancer allows', async () => {
    expect((await ask([identity, token({}, filling(10_000))])).status).toBe(200);
  });

  it('may say more than is known, in the header and in the payload', async () => {
    const answer = await ask([identity, token({ new: [1] }, { new: { of: 'them' } })]);
    expect(answer.status).toBe(200);
  });
});

describe.each(tricks)('a token %s', (_kind, table) => {
  it.each(table)('gets nowhere: %s (%s)', async (_what, problem, make) => {
    const made = make();
    await portal.takeLog();
    const answer = await ask([identity, made]);
    expect(answer.status).toBe(401);
    expect(answer.body).not.toContain(alice.email);
    const { lines, text } = await portal.takeLog();
    expect(lines.find(({ msg }) => msg === 'request refused')).toMatchObject({ detail: problem });
    for (const part of made.split('.').filter((piece) => piece.length > 40)) {
      expect(text).not.toContain(part.slice(0, 40));
    }
  });
});

describe('the header of a token', () => {
  const good = (): string => token();

  it.each<[string, () => readonly string[]]>([
    ['twice, the same', () => [identity, good(), identity, good()]],
    ['twice, the good one first', () => [identity, good(), identity, withOwnKey({})]],
    ['twice, the good one last', () => [identity, withOwnKey({}), identity, good()]],
    ['twice, an empty one first', () => [identity, '', identity, good()]],
    ['twice in one', () => [identity, `${good()},${good()}`]],
    ['under a name with underscores', () => [identity.replaceAll('-', '_'), good()]],
    ['under another name', () => ['x-forwarded-oidc-data', good()]],
    ['as a bearer', () => ['authorization', `Bearer ${good()}`]],
    ['in a cookie', () => ['cookie', `${identity}=${good()}`]],
    ['as the access token', () => ['x-amzn-oidc-accesstoken', good()]],
  ])('counts once and under its own name: not %s', async (_how, headers) => {
    expect((await ask(headers())).status).toBe(401);
  });

  it('counts in whatever capitals', async () => {
    expect((await ask(['X-Amzn-Oidc-Data', good()])).status).toBe(200);
  });

  it('does not count in the address', async () => {
    expect((await ask([], `/admin?${identity}=${good()}`)).status).toBe(401);
  });

  it('that is longer than all headers may be is refused before the app', async () => {
    expect((await ask([identity, 'x'.repeat(70_000)])).status).toBe(431);
  });
});

describe('a token from outside the load balancer', () => {
  /** Through the load balancer's stand-in, as somebody on the internet would. */
  async function throughTheBalancer(headers: Readonly<Record<string, string>>): Promise<Response> {
    return fetch(`${portal.stack.url}/admin`, { headers, redirect: 'manual' });
  }

  async function session(person: string): Promise<string> {
    const answer = await fetch(`${portal.stack.url}/local/sign-in`, {
      method: 'POST',
      body: new URLSearchParams({ person, return: '/' }),
      redirect: 'manual',
    });
    return answer.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0] ?? '')
      .join('; ');
  }

  it('is overwritten there for somebody who has no session, who is sent to sign in', async () => {
    const carols = portal.signer.signIdentity(personOf('carol'));
    const answer = await throughTheBalancer({ [identity]: carols });
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toContain('/local/sign-in');
  });

  it('is overwritten there for somebody who has one, who stays who they are', async () => {
    const carols = portal.signer.signIdentity(personOf('carol'));
    const cookie = await session('alice');
    // Alice may not see the overview.
    expect((await throughTheBalancer({ cookie, [identity]: carols })).status).toBe(403);
    expect((await throughTheBalancer({ cookie: await session('carol') })).status).toBe(200);
  });

  it('is believed by the portal itself, which cannot know, for as long as it is good', async () => {
    // That nobody but the load balancer reaches the portal is the network's to see to.
    expect((await ask([identity, token()])).status).toBe(200);
    expect((await ask([identity, token({ exp: inSeconds(-1) })])).status).toBe(401);
  });
});
