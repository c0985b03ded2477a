import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';

import { sampleEndpoints, sampleSubnets } from '../../scripts/local/sample-world.ts';
import { catalogueOf } from '../../src/web/locales/index.ts';
import { textOf } from './page-text.ts';
import { personOf, startPortal } from './portal-under-test.ts';
import type { PortalUnderTest } from './portal-under-test.ts';

const tokyo = `/endpoints/${sampleEndpoints.tokyoOffice}`;
const osaka = `/endpoints/${sampleEndpoints.osakaLab}`;
const build = `/endpoints/${sampleEndpoints.buildNetwork}`;

let portal: PortalUnderTest;

beforeAll(async () => {
  portal = await startPortal({
    variables: { TIME_ZONE: 'Asia/Tokyo' },
    stack: { secondsToRoute: 10 },
  });
});

afterAll(() => portal.stop());

describe('before AWS has been read even once', () => {
  it('says so, and the page looks again by itself', async () => {
    const answer = await portal.as('alice').get('/');
    expect(answer.status).toBe(200);
    expect(textOf(answer.text)).toContain(catalogueOf('en').frame.home.notRead.title);
    expect(answer.text).toContain('data-live-every');
  });

  it('reads it on its own, without the schedule', async () => {
    await portal.settled();
    portal.later(2);
    expect(textOf((await portal.as('alice').get('/')).text)).toContain('Tokyo office');
    await portal.settled();
  });
});

describe('the overview', () => {
  beforeEach(async () => {
    portal.later(2);
    await portal.schedule();
  });

  it('shows somebody the endpoints of their groups and those of everyone', async () => {
    const page = textOf((await portal.as('alice').get('/')).text);
    expect(page).toContain('Tokyo office');
    expect(page).toContain('Build network');
    expect(page).not.toContain('Osaka lab');
    expect(page).not.toContain(sampleEndpoints.osakaLab);
  });

  it.each(['carol', 'dave'] as const)('shows %s all of them', async (person) => {
    const page = textOf((await portal.as(person).get('/')).text);
    for (const name of ['Tokyo office', 'Osaka lab', 'Build network']) expect(page).toContain(name);
  });

  it('says what to do to somebody who may use none', async () => {
    portal.stack.clientVpn.setTags(sampleEndpoints.buildNetwork, {
      'vpn-portal:managed': 'true',
      'vpn-portal:name': 'Build network',
      'vpn-portal:subnets': 'subnet-build',
      'vpn-portal:groups': 'no-such-group',
    });
    await portal.schedule();
    portal.later(2);
    const stranger = { ...personOf('alice'), subject: 'a-stranger', groups: [] };
    const page = textOf((await portal.as(stranger).get('/')).text);
    expect(page).toContain(catalogueOf('en').frame.home.empty.happened);
    portal.stack.clientVpn.setTags(sampleEndpoints.buildNetwork, {
      'vpn-portal:managed': 'true',
      'vpn-portal:name': 'Build network',
      'vpn-portal:subnets': 'subnet-build',
    });
    await portal.schedule();
    portal.later(2);
  });

  it('names what has to be corrected where an endpoint is tagged wrongly', async () => {
    const page = textOf((await portal.as('alice').get('/')).text);
    expect(page).toContain('Needs attention');
    expect(page).toContain('The tag vpn-portal:subnets contains “subnet-build”');
  });

  it('offers the default duration first, and one form for each endpoint that can be started', async () => {
    const html = (await portal.as('alice').get('/')).text;
    expect(html.match(/action="\/endpoints\/[^"]+\/lease"/g)).toEqual([`action="${tokyo}/lease"`]);
    expect(/<option value="(\d+)">/.exec(html)?.[1]).toBe('30');
  });

  it('sends its fragment: the same cards and nothing around them', async () => {
    const answer = await portal.as('alice').get('/fragments/home');
    expect(answer.status).toBe(200);
    expect(answer.type).toBe('text/html');
    expect(answer.text).toMatch(/^\s*<div\s+id="live"/);
    expect(answer.text).toContain('Tokyo office');
    expect(answer.text).not.toMatch(/<html|<header class="top"/);
  });
});

describe('the page of an endpoint', () => {
  it('has its state in words, its networks, and how to connect on each system', async () => {
    const page = textOf((await portal.as('alice').get(tokyo)).text);
    expect(page).toContain('Tokyo office');
    expect(page).toContain('Off');
    expect(page).toContain(sampleSubnets.tokyoA);
    for (const system of ['Windows', 'macOS', 'Linux', 'iPhone and Android']) {
      expect(page).toContain(system);
    }
  });

  it('links to the client that AWS provides', async () => {
    const html = (await portal.as('alice').get(tokyo)).text;
    expect(html).toContain('href="https://aws.amazon.com/vpn/client-vpn-download/"');
  });

  it('is told from the start to the end of an On, route by route', async () => {
    const alice = portal.as('alice');
    const look = async (): Promise<string> => {
      portal.later(6);
      await alice.get(tokyo);
      await portal.settled();
      portal.later(1.1);
      return textOf((await alice.get(tokyo)).text);
    };
    expect((await alice.post(`${tokyo}/lease`, { minutes: '60' })).status).toBe(303);
    await portal.settled();
    expect(await look()).toMatch(/Starting.*Asked for done.*Networks associating 0 of 2/);
    await look();
    expect(await look()).toMatch(/Networks associating 2 of 2 done.*Routes coming back [0-3] of 3/);
    await look();
    const ready = await look();
    expect(ready).toMatch(/\bOn\b/);
    expect(ready).toContain(catalogueOf('en').endpoint.ready.title);
    expect(ready).toContain('10.20.0.0/16');
    expect(ready).toContain('alice@example.com');
    portal.stack.clientVpn.connect(sampleEndpoints.tokyoOffice, 'alice@example.com');
    portal.later(60);
    await portal.schedule();
    portal.later(2);
    expect(textOf((await alice.get(tokyo)).text)).toContain('Connected now 1 connection');
  });

  it('names those who keep it on to an auditor, who is offered no button', async () => {
    const answer = await portal.as('dave').get(tokyo);
    const page = textOf(answer.text);
    expect(page).toContain('alice@example.com');
    expect(page).toContain(catalogueOf('en').endpoint.readOnly);
    expect(answer.text).not.toMatch(/action="\/endpoints/);
    expect(answer.text).not.toContain('client-configuration');
  });

  it('sends its fragment, which tells its state to the script', async () => {
    const answer = await portal.as('alice').get(`/fragments${tokyo}`);
    expect(answer.status).toBe(200);
    expect(answer.text).toMatch(/^\s*<div\s+id="live"/);
    expect(answer.text).toContain('data-state="on"');
    expect(answer.text).toMatch(/data-title="● On – Tokyo office/);
  });
});

describe('an endpoint of another group', () => {
  it.each([
    ['page', osaka],
    ['fragment', `/fragments${osaka}`],
    ['client configuration', `${osaka}/client-configuration`],
  ])('has no %s', async (_what, address) => {
    const answer = await portal.as('alice').get(address);
    expect(answer.status).toBe(404);
    expect(answer.text).not.toContain('Osaka lab');
  });

  it('answers the same as one that does not exist', async () => {
    const hidden = await portal.as('alice').get(osaka);
    const missing = await portal.as('alice').get('/endpoints/cvpn-endpoint-00000000000000000');
    const without = (html: string): string => textOf(html).replace(/[0-9a-f-]{36}/, '');
    expect(missing.status).toBe(404);
    expect(without(hidden.text)).toBe(without(missing.text));
  });

  it('is there for its own people', async () => {
    expect(textOf((await portal.as('bob').get(osaka)).text)).toContain('Osaka lab');
    expect((await portal.as('bob').get(tokyo)).status).toBe(404);
  });
});

describe('the languages', () => {
  it('follow the browser', async () => {
    const answer = await portal
      .as('alice')
      .get('/')
      .set('accept-language', 'ja-JP,ja;q=0.9,en;q=0.5');
    expect(answer.text).toContain('<html lang="ja"');
    expect(answer.text).toContain('利用できるエンドポイント');
  });

  it('fall back to English where the browser asks for none of them', async () => {
    const answer = await portal.as('alice').get('/').set('accept-language', 'fr');
    expect(answer.text).toContain('<html lang="en"');
  });

  it('are remembered when chosen, against what the browser asks for', async () => {
    const chosen = await portal.as('alice').get(`${tokyo}?lang=ja`).set('accept-language', 'en');
    expect(chosen.text).toContain('<html lang="ja"');
    const [cookie = ''] = [chosen.headers['set-cookie']].flat();
    expect(cookie).toMatch(/^language=ja; Max-Age=\d+; Path=\/; .*HttpOnly; SameSite=Lax/);
    const later = await portal
      .as('alice')
      .get('/')
      .set({ cookie: cookie.split(';')[0] ?? '', 'accept-language': 'en' });
    expect(later.text).toContain('<html lang="ja"');
  });

  it('set no cookie unless one is chosen', async () => {
    const answer = await portal.as('alice').get('/').set('accept-language', 'ja');
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it.each(['?lang=tlh', '?lang=', '?lang=en&lang=ja', '?lang=EN', '?lang=__proto__'])(
    'are refused where there is no such language: %s',
    async (query) => {
      const answer = await portal.as('alice').get(`/${query}`);
      expect(answer.status).toBe(400);
      expect(answer.headers['set-cookie']).toBeUndefined();
    },
  );

  it('ignore a remembered one that the pages do not have', async () => {
    const answer = await portal.as('alice').get('/').set('cookie', 'language=tlh');
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('<html lang="en"');
  });

  it.each(['en', 'ja'])('say what is wrong with an endpoint in %s', async (language) => {
    const answer = await portal.as('alice').get(build).set('accept-language', language);
    const said = catalogueOf(language === 'ja' ? 'ja' : 'en').policyProblem({
      code: 'subnet-malformed',
      tag: 'vpn-portal:subnets',
      value: 'subnet-build',
    });
    expect(textOf(answer.text)).toContain(said);
  });
});

describe('the time zone', () => {
  it('is the one that the browser has told', async () => {
    const answer = await portal.as('alice').get('/').set('cookie', 'time-zone=Europe/Berlin');
    expect(answer.text).toContain('data-time-zone="Europe/Berlin"');
  });

  it('is read with its slash encoded, too', async () => {
    const answer = await portal.as('alice').get('/').set('cookie', 'time-zone=Europe%2FBerlin');
    expect(answer.text).toContain('data-time-zone="Europe/Berlin"');
  });

  it.each(['', 'Mars/Olympus', '%', '"><script>', 'x'.repeat(5000), '../../etc/passwd'])(
    "is the deployment's where the cookie is of no use: %#",
    async (value) => {
      const answer = await portal.as('alice').get('/').set('cookie', `time-zone=${value}`);
      expect(answer.status).toBe(200);
      expect(answer.text).toContain('data-time-zone="Asia/Tokyo"');
    },
  );
});

describe('assets', () => {
  async function addressOf(name: string): Promise<string> {
    const { text } = await portal.as('alice').get('/');
    const address = new RegExp(`"(/assets/[0-9a-f]+/${name})"`).exec(text)?.[1];
    if (address === undefined) throw new Error(`the page names no ${name}`);
    return address;
  }

  it.each([
    ['portal.css', 'text/css'],
    ['live.js', 'text/javascript'],
    ['icon-[a-z-]+.svg', 'image/svg+xml'],
  ])('such as %s need no sign-in and are kept for a year', async (name, type) => {
    const answer = await request(portal.url).get(await addressOf(name));
    expect(answer.status).toBe(200);
    expect(answer.type).toBe(type);
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });

  it('are not kept under the address of another version', async () => {
    const answer = await request(portal.url).get('/assets/000000000000/portal.css');
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('public, max-age=0');
  });

  it('are answered without a word in the log, which only failures of theirs are worth', async () => {
    const address = await addressOf('portal.css');
    await portal.takeLog();
    for (let round = 0; round < 3; round += 1) {
      const answer = await fetch(`${portal.url}${address}`);
      expect((await answer.text()).length).toBeGreaterThan(1000);
    }
    expect((await portal.takeLog()).lines).toEqual([]);
  });

  it.each(['nothing.css', '..%2F..%2Fpackage.json', '', '%00', 'portal.css/'])(
    'that do not exist are not found, and that is not remembered: %s',
    async (name) => {
      const answer = await request(portal.url).get(`/assets/x/${name}`);
      expect(answer.status).toBe(404);
      expect(answer.headers['cache-control']).toBe('no-store');
    },
  );
});
