import { randomUUID } from 'node:crypto';
import { Agent, createServer, request } from 'node:http';
import type { Server } from 'node:http';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { listen, stopListening } from '../../scripts/local/listen.ts';
import { createAlbVerifier } from '../../src/aws/alb-verifier.ts';
import { systemClock } from '../../src/clock.ts';
import { readEnvironment, serverEnvironment } from '../../src/config/environment.ts';
import { createApp } from '../../src/web/app.ts';
import { sourceFiles } from '../../src/web/files.ts';
import { issueOf, personOf, startPortal } from './portal-under-test.ts';
import type { PersonKey, PortalUnderTest } from './portal-under-test.ts';

/* What somebody whom the portal does not know can cause, and what somebody can who may do nothing. */

let portal: PortalUnderTest;
let server: Server;
let url: string;
let agent: Agent;
let keyFetches: number;
let storeReads: number;

beforeAll(async () => {
  portal = await startPortal();
  await portal.schedule();
  const environment = readEnvironment(serverEnvironment, portal.stack.environment);
  const services = {
    ...portal.services,
    verifier: createAlbVerifier({
      ...issueOf(portal.stack.environment),
      groupsClaim: environment.GROUPS_CLAIM,
      roles: { adminGroups: [], auditorGroups: [] },
      clock: systemClock,
      fetchKey: (address) => {
        keyFetches += 1;
        const pem = portal.signer.publicKey(address.slice(address.lastIndexOf('/') + 1));
        if (pem === null) return Promise.reject(new Error('no answer'));
        return Promise.resolve(new TextEncoder().encode(pem).buffer);
      },
    }),
    checkStore: () => {
      storeReads += 1;
      return portal.services.checkStore();
    },
  };
  server = createServer(createApp(services, environment, sourceFiles()));
  url = `http://127.0.0.1:${await listen(server, 0, 'PORT')}`;
  agent = new Agent({ keepAlive: true, maxSockets: 20 });
  // As soon as one person has been there, the load balancer's key is known.
  expect(await send('/', known('alice'))).toBe(200);
});

afterAll(async () => {
  agent.destroy();
  await stopListening(server);
  await portal.stop();
});

beforeEach(() => {
  keyFetches = 0;
  storeReads = 0;
});

function send(path: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}${path}`, { agent, headers });
    outgoing.once('error', reject);
    outgoing.once('response', (incoming) => {
      incoming.resume();
      incoming.once('end', () => {
        resolve(incoming.statusCode ?? 0);
      });
    });
    outgoing.end();
  });
}

function sendMany(
  times: number,
  path: string,
  headers: () => Readonly<Record<string, string>> = () => ({}),
): Promise<readonly number[]> {
  return Promise.all(Array.from({ length: times }, () => send(path, headers())));
}

function known(key: PersonKey): Readonly<Record<string, string>> {
  return { 'x-amzn-oidc-data': portal.signer.signIdentity(personOf(key)) };
}

/** A token like one of ours, by a key that nobody has published. */
function madeUp(): Readonly<Record<string, string>> {
  const [header = '', payload = '', signature = ''] = portal.signer
    .signIdentity(personOf('alice'))
    .split('.');
  const fields = JSON.parse(Buffer.from(header, 'base64url').toString()) as object;
  const other = Buffer.from(JSON.stringify({ ...fields, kid: randomUUID() })).toString('base64url');
  return { 'x-amzn-oidc-data': `${other}.${payload}.${signature}` };
}

describe('a stranger', () => {
  it.each([
    ['pages', '/', () => ({})],
    ['endpoints', '/endpoints/cvpn-endpoint-0123456789abcdef0', () => ({})],
    ['the page after signing out', '/signed-out', () => ({})],
    ['files that are not there', '/assets/x/y.js', () => ({})],
    ['readiness', '/readyz', () => ({})],
    ['health', '/healthz', () => ({})],
    ['pages with keys that are made up', '/', madeUp],
  ])('who asks five hundred times for %s causes little', async (_what, path, headers) => {
    await portal.takeLog();
    portal.later(61);
    const before = portal.stack.ec2.calls().length;
    await sendMany(500, path, headers);
    const { lines } = await portal.takeLog();
    // Two minutes of it, at the most, where one ends in between.
    expect(lines.length).toBeLessThanOrEqual(603);
    expect(keyFetches).toBeLessThanOrEqual(40);
    expect(portal.stack.ec2.calls()).toHaveLength(before);
    // Once a second, and five hundred requests are over in some.
    expect(storeReads).toBeLessThanOrEqual(30);
  });

  it('leaves the log to those who are signed in', async () => {
    await sendMany(700, '/nowhere');
    await portal.takeLog();
    expect(await send('/', known('alice'))).toBe(200);
    expect((await portal.takeLog()).lines).toContainEqual(
      expect.objectContaining({ msg: 'request', person: personOf('alice').subject }),
    );
  });

  it('is counted where not told of one by one', async () => {
    portal.later(61);
    await sendMany(700, '/nowhere');
    portal.later(61);
    await send('/nowhere');
    const { lines } = await portal.takeLog();
    const leftOut = lines
      .filter(({ msg }) => msg === 'lines about strangers were left out')
      .reduce((sum, line) => sum + Number(line['leftOut']), 0);
    expect(leftOut).toBeGreaterThan(300);
  });
});

describe('somebody who is signed in and may not', () => {
  it('fills the audit with a bounded number of refusals', async () => {
    const statuses = await sendMany(200, '/admin', () => known('bob'));
    expect(new Set(statuses)).toEqual(new Set([403]));
    const to = new Date(portal.stack.clock.now().getTime() + 3600_000);
    const range = { from: new Date(to.getTime() - 2 * 3600_000), to };
    const query = { range, endpointId: null, person: '', limit: 500, after: null };
    const { entries } = await portal.services.audit.page(query);
    const refused = entries.filter(({ outcome }) => outcome === 'not-permitted');
    expect(refused.length).toBeGreaterThanOrEqual(30);
    expect(refused.length).toBeLessThanOrEqual(60);
  });
});
