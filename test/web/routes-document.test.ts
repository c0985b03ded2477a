import { readFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { sampleEndpoints } from '../../scripts/local/sample-world.ts';
import { tableUnder } from '../builders/markdown-table.ts';
import { startPortal } from './portal-under-test.ts';
import type { PersonKey, PortalUnderTest } from './portal-under-test.ts';
import { routesOf } from './routes-of.ts';

/* The table of routes in the architecture document, held against the app. */

const architecture = path.join(import.meta.dirname, '../../docs/architecture.md');
const table = tableUnder(readFileSync(architecture, 'utf8'), '<!-- routes -->').map(
  ([route = '', who = '']) => {
    const [method = '', address = ''] = route.split(' ');
    return { route, method, address, who };
  },
);

let portal: PortalUnderTest;

beforeAll(async () => {
  portal = await startPortal();
  await portal.schedule();
});

afterAll(() => portal.stop());

/** What the sample people are. */
const mayUse: Readonly<Record<string, readonly PersonKey[]>> = {
  'endpoint:use': ['alice', 'carol'],
  'endpoint:hold': ['carol'],
  'endpoint:stop': ['carol'],
  'connection:terminate': ['carol'],
  'schedule:pause': ['carol'],
  'usage:read': ['carol', 'dave'],
  'audit:read': ['carol', 'dave'],
};
const everybody = ['alice', 'carol', 'dave'] as const satisfies readonly PersonKey[];

const filledIn = (address: string): string =>
  address
    .replace('{id}', sampleEndpoints.tokyoOffice)
    .replace('{connectionId}', 'cvpn-connection-0123456789abcdef0');

async function statusFor(person: PersonKey, method: string, address: string): Promise<number> {
  const browser = portal.as(person);
  const at = filledIn(address);
  const { status } = await (method === 'POST' ? browser.post(at) : browser.get(at));
  return status;
}

describe('the table of routes', () => {
  it('has every route, and no other', () => {
    const inTheApp = routesOf(portal.app).map(
      ({ method, path: at }) => `${method} ${at.replaceAll(/:(\w+)/g, '{$1}')}`,
    );
    // Where a session ended between a page and its button, the browser comes back with a GET.
    const waysBack = inTheApp
      .filter((route) => route.startsWith('POST '))
      .map((route) => route.replace('POST ', 'GET '));
    const documented = table.map(({ route }) => route);
    const expected = inTheApp.filter(
      (route) => !waysBack.includes(route) || documented.includes(route),
    );
    expect([...documented].sort()).toEqual([...new Set(expected)].sort());
  });

  it('knows for each whom it is for', () => {
    const known = ['anybody', 'who is signed in', ...Object.keys(mayUse)];
    expect(table.filter(({ who }) => !known.includes(who))).toEqual([]);
  });

  it('says of which a stranger gets an answer', async () => {
    const answers = [];
    for (const { address, method, route } of table) {
      const { status } = await fetch(`${portal.url}${filledIn(address)}`, { method });
      answers.push([route, status === 401]);
    }
    expect(answers).toEqual(table.map(({ route, who }) => [route, who !== 'anybody']));
  });

  it('says of which somebody who is signed in gets an answer', async () => {
    const refused = [];
    for (const { address, method, route, who } of table.filter((row) => row.who !== 'anybody')) {
      for (const person of everybody) {
        const status = await statusFor(person, method, address);
        const isRefused = status === 403;
        const isFor = mayUse[who]?.includes(person) ?? true;
        expect([200, 303, 400, 403, 404, 409]).toContain(status);
        if (isRefused === isFor) refused.push(`${route} for ${person}: ${status}`);
      }
    }
    expect(refused).toEqual([]);
  });
});
