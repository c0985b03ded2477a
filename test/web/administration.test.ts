import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { sampleEndpoints, sampleSubnets } from '../../scripts/local/sample-world.ts';
import { catalogueOf } from '../../src/web/locales/index.ts';
import {
  adminOfTokyo,
  hold,
  osaka,
  startAdministeredPortal,
  tokyo,
} from './administration-under-test.ts';
import type { AdministeredPortal } from './administration-under-test.ts';
import { textOf } from './page-text.ts';
import { personOf } from './portal-under-test.ts';

const { administration: words, endpoint: endpointWords } = catalogueOf('en');
const inTokyo = sampleEndpoints.tokyoOffice;

let portal: AdministeredPortal;

beforeAll(async () => {
  portal = await startAdministeredPortal();
});

afterAll(() => portal.stop());

describe('holding an endpoint on', () => {
  it('starts it, and says until when, by whom and why to everybody', async () => {
    const page = await portal.act('carol', `${adminOfTokyo}/hold`, hold);
    expect(page).toContain('Starting');
    expect(page).toContain('Held on until');
    portal.later(2);
    const told = await portal.pageOf('alice', tokyo);
    expect(told).toContain('Held on until');
    expect(told).toContain('Reason given by carol@example.com');
    expect(told).toContain(hold.reason);
    expect(await portal.until('alice', tokyo, 'Ready to connect')).toContain(
      'carol@example.com holds it on until',
    );
  });

  it('keeps it on for longer than anybody’s use', async () => {
    portal.later(60 * 60);
    await portal.schedule();
    expect(await portal.pageOf('alice', tokyo)).toContain('Ready to connect');
  });

  it('says when it goes off if nothing changes', async () => {
    expect(await portal.pageOf('alice', tokyo)).toMatch(
      /Goes off about \d\d:\d\d(?: tomorrow)?, unless someone connects/,
    );
  });

  it('is taken back with a click, and then the idle grace begins', async () => {
    const page = await portal.act('carol', `${adminOfTokyo}/release-hold`);
    expect(page).not.toContain('Held on until');
    portal.later(60);
    await portal.schedule();
    portal.later(2);
    expect(await portal.pageOf('alice', tokyo)).toContain('Nobody is connected, and nobody has');
  });

  it('can be taken back twice', async () => {
    expect(await portal.act('carol', `${adminOfTokyo}/release-hold`)).not.toContain('Held on');
  });
});

describe('who is connected', () => {
  let connections: string[] = [];

  beforeAll(async () => {
    await portal.act('alice', `${tokyo}/lease`, { minutes: '60' });
    connections = ['alice@example.com', 'erin@example.com'].map((person) =>
      portal.stack.clientVpn.connect(inTokyo, person),
    );
    portal.later(60);
    await portal.schedule();
    portal.later(2);
  });

  it('is named to an administrator, with a button for each', async () => {
    const { text } = await portal.as('carol').get(tokyo);
    for (const id of connections) {
      expect(text).toContain(`action="${adminOfTokyo}/connections/${id}/terminate"`);
    }
    expect(textOf(text)).toContain('erin@example.com');
  });

  it('is named to an auditor, who has nothing to press', async () => {
    const { text } = await portal.as('dave').get(tokyo);
    expect(text).toContain('erin@example.com');
    expect(text).not.toContain('/admin/endpoints/');
  });

  it('is a number to an employee', async () => {
    const { text } = await portal.as('alice').get(tokyo);
    expect(textOf(text)).toContain('Connected now 2 connections');
    expect(text).not.toContain('erin@example.com');
    expect(text).not.toContain('/admin/endpoints/');
  });

  it('is ended one at a time, which the page says at once and the schedule does', async () => {
    const [first = '', second = ''] = connections;
    const page = await portal.act('carol', `${adminOfTokyo}/connections/${first}/terminate`);
    expect(page).toContain(words.connections.ending);
    expect(page.split(words.connections.end).length - 1).toBe(1);
    // The run that ends it has looked before, the next one sees it gone.
    portal.later(60);
    await portal.schedule();
    portal.later(60);
    await portal.schedule();
    portal.later(2);
    const after = (await portal.as('carol').get(tokyo)).text;
    expect(after).not.toContain(first);
    expect(after).toContain(second);
    expect(await portal.audit(2)).toMatchObject([
      { action: 'terminate', actor: { name: 'carol@example.com' }, outcome: 'recorded' },
      { action: 'terminate-connection', detail: expect.stringContaining(first), outcome: 'done' },
    ]);
  });
});

describe('stopping an endpoint', () => {
  it('asks once more, and names who is connected and whose requests end', async () => {
    const { status, text } = await portal.as('carol').get(`${adminOfTokyo}/stop`);
    expect(status).toBe(200);
    const page = textOf(text);
    expect(page).toContain('Stop Tokyo office now?');
    expect(page).toMatch(/erin@example\.com, since \d\d:\d\d/);
    expect(page).toMatch(/alice@example\.com, until \d\d:\d\d/);
    expect(text).toContain(`<form method="post" action="${adminOfTokyo}/stop">`);
    expect(text).toContain(`href="${tokyo}"`);
  });

  it('changes nothing by being asked', async () => {
    const before = await portal.wishes();
    await portal.as('carol').get(`${adminOfTokyo}/stop`);
    expect(await portal.wishes()).toEqual(before);
  });

  it('ends the requests of others, cuts off who is connected, and says why', async () => {
    expect(await portal.act('carol', `${adminOfTokyo}/stop`)).toContain('Stopping');
    portal.later(2);
    const told = await portal.pageOf('alice', tokyo);
    expect(told).toContain('carol@example.com has stopped it.');
    expect(told).toContain(endpointWords.leases.none);
    const off = await portal.until('alice', tokyo, 'Nobody needs it');
    expect(off).toContain('An administrator stopped it at');
    const actions = portal.stack.ec2.calls().map(({ action }) => action);
    expect(actions).toContain('DisassociateClientVpnTargetNetwork');
  });

  it('says that there is nothing to stop where it is off', async () => {
    const { text } = await portal.as('carol').get(`${adminOfTokyo}/stop`);
    expect(textOf(text)).toContain(words.confirmStop.nothing);
    expect(text).not.toContain('action="/admin/');
  });

  it('keeps nobody from asking again', async () => {
    expect(await portal.act('alice', `${tokyo}/lease`, { minutes: '60' })).toContain('Starting');
    expect(await portal.until('alice', tokyo, 'Ready to connect')).not.toContain(
      'An administrator stopped it',
    );
  });
});

describe('holding an endpoint off', () => {
  const held = { ...hold, kind: 'off', reason: 'The network is being rebuilt' };

  it('turns it off once nobody is connected, and explains that in place of a form', async () => {
    const connection = portal.stack.clientVpn.connect(inTokyo, 'alice@example.com');
    portal.later(60);
    await portal.schedule();
    const page = await portal.act('carol', `${adminOfTokyo}/hold`, held);
    expect(page).toContain('Held off until');
    portal.later(60);
    await portal.schedule();
    portal.later(2);
    const told = await portal.pageOf('alice', tokyo);
    expect(told).toContain(words.held.offOnceUnused);
    expect(told).not.toContain('Ready to connect');
    portal.stack.clientVpn.disconnect(connection);
    const off = await portal.until('alice', tokyo, 'It cannot be turned on before that');
    expect(off).toContain(held.reason);
    await portal.until('alice', tokyo, 'Off');
    expect((await portal.as('alice').get(tokyo)).text).not.toContain(`action="${tokyo}/lease"`);
  });

  it('lets nobody turn it on, not even with a form of before', async () => {
    for (const person of ['alice', 'carol'] as const) {
      const answer = await portal.as(person).post(`${tokyo}/lease`, { minutes: '60' });
      expect([answer.status, answer.headers['location']]).toEqual([303, tokyo]);
      expect(await portal.pageOf(person, tokyo)).toContain('holds it off until');
    }
    expect(await portal.wishes()).toMatchObject({ held: { kind: 'off' } });
  });

  it('leaves the other endpoints alone', async () => {
    expect(await portal.act('bob', `${osaka}/lease`, { minutes: '15' })).toContain('Starting');
    await portal.act('bob', `${osaka}/lease/release`);
  });

  it('is told in Japanese too', async () => {
    const answer = await portal.as('alice').get(tokyo).set('accept-language', 'ja');
    expect(textOf(answer.text)).toContain('それまではオンにできません');
    expect(textOf(answer.text)).toContain(held.reason);
  });
});

describe('an endpoint whose tags break while it is on', () => {
  it('says that it costs money, and is stopped by an administrator all the same', async () => {
    await portal.act('carol', `${adminOfTokyo}/release-hold`);
    await portal.act('alice', `${tokyo}/lease`, { minutes: '60' });
    await portal.until('alice', tokyo, 'Ready to connect');
    const { clientVpn } = portal.stack;
    const tags = clientVpn
      .describeClientVpnEndpoints()
      .find(({ clientVpnEndpointId }) => clientVpnEndpointId === inTokyo)?.tags;
    clientVpn.setTags(inTokyo, { ...tags, 'vpn-portal:idle-minutes': 'soon' });
    const told = await portal.until('alice', tokyo, 'Needs attention');
    expect(told).toContain(words.costs.mistagged);
    await portal.act('carol', `${adminOfTokyo}/stop`);
    const page = await portal.until('carol', tokyo, '0 of 2 target networks');
    expect(page).not.toContain(words.costs.mistagged);
    clientVpn.setTags(inTokyo, { ...tags });
    await portal.until('alice', tokyo, 'Nobody needs it');
  });
});

describe('an endpoint without authorization rules', () => {
  it('says so to everybody who connects', async () => {
    const id = 'cvpn-endpoint-0a1b2c3d4e5f60009';
    portal.stack.clientVpn.addEndpoint({
      id,
      tags: {
        'vpn-portal:managed': 'true',
        'vpn-portal:name': 'Bare',
        'vpn-portal:subnets': sampleSubnets.osakaA,
      },
    });
    portal.later(60);
    await portal.schedule();
    portal.later(2);
    const bare = `/endpoints/${id}`;
    await portal.act('alice', `${bare}/lease`, { minutes: '60' });
    await portal.until('alice', bare, 'Ready to connect');
    expect(await portal.until('alice', bare, words.lacksRules)).toContain('Ready to connect');
    expect(await portal.pageOf('alice', tokyo)).not.toContain(words.lacksRules);
  });
});

describe('two administrators at once', () => {
  it('who want opposite things get one of them, and both are in the audit', async () => {
    const erin = { ...personOf('carol'), subject: 'erin', email: 'erin@example.com' };
    const answers = await Promise.all([
      portal.as('carol').post(`${adminOfTokyo}/hold`, { ...hold, kind: 'on' }),
      portal.as(erin).post(`${adminOfTokyo}/hold`, { ...hold, kind: 'off' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    await portal.settled();
    const entries = await portal.audit(20);
    const holds = entries.filter(({ action }) => action === 'hold').slice(-2);
    expect(holds.map(({ outcome }) => outcome)).toEqual(['recorded', 'recorded']);
    expect(new Set(holds.map(({ actor }) => (actor as { name: string }).name))).toEqual(
      new Set(['carol@example.com', 'erin@example.com']),
    );
    const { held } = (await portal.wishes()) as { held: { kind: string } };
    portal.later(2);
    expect(await portal.pageOf('alice', tokyo)).toContain(`Held ${held.kind} until`);
  });
});
