import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { budgets } from '../../scripts/bench/figures/budgets.ts';
import { weighPage } from '../../scripts/bench/page-weight/weigh.ts';
import type { Weight } from '../../scripts/bench/page-weight/weigh.ts';
import { sampleEndpoints } from '../../scripts/local/sample-world.ts';
import { personOf, startPortal } from './portal-under-test.ts';
import type { PortalUnderTest } from './portal-under-test.ts';

let portal: PortalUnderTest;

beforeAll(async () => {
  portal = await startPortal();
  await portal.schedule();
});

afterAll(() => portal.stop());

function weigh(page: string): Promise<Weight> {
  const identity = portal.signer.signIdentity(personOf('carol'));
  return weighPage(new URL(page, portal.url), { 'x-amzn-oidc-data': identity });
}

describe.each([
  '/',
  `/endpoints/${sampleEndpoints.tokyoOffice}`,
  `/admin/endpoints/${sampleEndpoints.tokyoOffice}/stop`,
  '/history',
  '/admin',
  '/admin/usage',
  '/admin/audit',
  '/signed-out',
])('the page %s', (page) => {
  it('comes with its styles, icon and scripts, and keeps its budget', async () => {
    const { bytes, files } = await weigh(page);
    const names = files.map(({ address }) => address.split('/').at(-1));
    expect(names).toEqual(
      expect.arrayContaining([
        'portal.css',
        expect.stringMatching(/^icon-[a-z-]+\.svg$/),
        'live.js',
        'idiomorph.js',
      ]),
    );
    expect(bytes / 1024).toBeLessThanOrEqual(budgets.pageWeight.atMost);
  });

  it('is painted without waiting for a script', async () => {
    expect((await weigh(page)).blockingScripts).toEqual([]);
  });
});

describe('weighing a page', () => {
  it('counts what comes over the wire, which is less than what is in it', async () => {
    const { files } = await weigh('/');
    const styles = files.find(({ address }) => address.endsWith('/portal.css'));
    const answer = await fetch(new URL(styles?.address ?? '', portal.url));
    const { length } = await answer.text();
    expect(styles?.bytes).toBeGreaterThan(0);
    expect(styles?.bytes).toBeLessThan(length / 2);
  });
});

describe('a page', () => {
  async function ask(method: string, accepted: string): Promise<Response> {
    const identity = portal.signer.signIdentity(personOf('carol'));
    return fetch(new URL('/', portal.url), {
      method,
      headers: { 'x-amzn-oidc-data': identity, 'accept-encoding': accepted },
    });
  }
  const encodingOf = ({ headers }: Response): string | null => headers.get('content-encoding');

  it('is compressed in one piece, and is the same page', async () => {
    const compressed = await ask('GET', 'gzip, deflate, br');
    expect(encodingOf(compressed)).toBe('gzip');
    const plain = await (await ask('GET', 'identity')).text();
    expect(Number(compressed.headers.get('content-length'))).toBeLessThan(plain.length / 2);
    const withoutTime = (page: string): string => page.replaceAll(/\d+:\d\d/g, '');
    expect(withoutTime(await compressed.text())).toBe(withoutTime(plain));
  });

  it.each([
    ['GET', 'identity', null],
    ['GET', 'gzip;q=0', null],
    ['GET', 'br', 'br'],
    ['HEAD', 'gzip', null],
  ])('is sent to a %s that takes %s in the encoding %s', async (method, accepted, encoding) => {
    const answer = await ask(method, accepted);
    expect([answer.status, encodingOf(answer)]).toEqual([200, encoding]);
    expect(answer.headers.get('vary')?.toLowerCase()).toContain('accept-encoding');
    await answer.arrayBuffer();
  });
});
