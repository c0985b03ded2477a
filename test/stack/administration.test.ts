import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { textOf } from '../web/page-text.ts';
import { startOfficePortal } from './office-portal.ts';
import type { OfficePortal } from './office-portal.ts';
import { auditOf, changesOf, networksOf } from './world.ts';

/* What administrators do, from the form to AWS: the act itself is always the schedule's. */

const alice = 'alice@example.com';
const bob = 'bob@example.com';
const idleMinutes = 30;

let portal: OfficePortal;

beforeAll(async () => {
  portal = await startOfficePortal();
});

afterAll(() => portal.stop());

describe('an administrator who holds an endpoint on', () => {
  const wish = { kind: 'on', minutes: '120', reason: 'Maintenance of the plant' };

  it('keeps it on past its idle grace, and not past the end of the hold and one more', async () => {
    const one = await portal.office();
    await portal.act('hold', one, wish);
    await portal.passRarely(118);
    expect(portal.isOn(one)).toBe(true);
    const page = await portal.pageOf('alice', one);
    expect(page).toContain('Maintenance of the plant');
    expect(page).toContain('carol@example.com');
    await portal.passRarely(idleMinutes - 2);
    expect(portal.isOn(one)).toBe(true);
    await portal.pass(6);
    expect(portal.isOn(one)).toBe(false);
  });

  it('who takes it back gives it one more idle grace, and no more', async () => {
    const one = await portal.office();
    await portal.act('hold', one, wish);
    await portal.pass(5);
    await portal.act('release-hold', one);
    await portal.passRarely(idleMinutes + 3);
    expect(portal.isOn(one)).toBe(false);
    expect(
      (await auditOf(portal.aws, one.id)).map(({ action, outcome }) => [action, outcome]),
    ).toEqual([
      ['hold', 'recorded'],
      ['release-hold', 'recorded'],
      ['disassociate', 'begun'],
      ['disassociate', 'done'],
    ]);
  });

  it('turns one on that was off', async () => {
    const one = await portal.office();
    await portal.passRarely(idleMinutes);
    expect(portal.isOn(one)).toBe(false);
    await portal.act('hold', one, wish);
    await portal.pass(3);
    expect(networksOf(portal.stack, one)).toEqual(['associated', 'associated']);
  });
});

describe('an administrator who holds an endpoint off', () => {
  const wish = { kind: 'off', minutes: '240', reason: 'The licence has run out' };

  it('cuts nobody off, and has it off as soon as nobody is connected, leases or not', async () => {
    const one = await portal.office();
    await portal.send('alice', `/endpoints/${one.id}/lease`, { minutes: '480' });
    const connection = portal.stack.clientVpn.connect(one.id, alice);
    await portal.act('hold', one, wish);
    await portal.passRarely(idleMinutes + 5);
    expect(portal.statusOf(one, connection)).toBe('active');
    expect(portal.isOn(one)).toBe(true);
    portal.stack.clientVpn.disconnect(connection);
    await portal.pass(2);
    expect(portal.isOn(one)).toBe(false);
    expect(await portal.pageOf('alice', one)).toContain('The licence has run out');
  });

  it('lets nobody turn it on until the hold ends', async () => {
    const one = await portal.office();
    await portal.act('hold', one, wish);
    await portal.pass(2);
    await portal.send('alice', `/endpoints/${one.id}/lease`, { minutes: '60' });
    expect(await portal.pageOf('alice', one)).toContain('The licence has run out');
    await portal.pass(3);
    expect(portal.isOn(one)).toBe(false);
    portal.later(240 * 60);
    await portal.send('alice', `/endpoints/${one.id}/lease`, { minutes: '60' });
    await portal.pass(3);
    expect(portal.isOn(one)).toBe(true);
  });
});

describe('an administrator who stops an endpoint now', () => {
  it('reads first who is connected; then they are cut off, and their leases are void', async () => {
    const one = await portal.office();
    await portal.send('alice', `/endpoints/${one.id}/lease`, { minutes: '480' });
    const connection = portal.stack.clientVpn.connect(one.id, alice);
    await portal.pass(1);
    const confirmation = await portal.as('carol').get(`/admin/endpoints/${one.id}/stop`);
    expect(textOf(confirmation.text)).toContain(alice);
    expect(portal.isOn(one)).toBe(true);

    await portal.act('stop', one);
    // The portal itself has not done it, nor can it.
    expect(portal.isOn(one)).toBe(true);
    expect(await portal.pageOf('alice', one)).toContain('carol@example.com');
    await portal.pass(1);
    expect(portal.isOn(one)).toBe(false);
    expect(portal.statusOf(one, connection)).toBe('terminated');
    await portal.passRarely(10);
    expect(portal.isOn(one)).toBe(false);
    expect(await auditOf(portal.aws, one.id)).toMatchObject([
      { actor: { name: 'carol@example.com' }, action: 'stop', outcome: 'recorded' },
      { action: 'disassociate', detail: 'stopped-by-an-administrator', outcome: 'begun' },
      { action: 'disassociate', detail: 'stopped-by-an-administrator', outcome: 'done' },
    ]);
  });

  it('does not keep off whoever asks after that', async () => {
    const one = await portal.office();
    await portal.act('stop', one);
    await portal.pass(2);
    expect(portal.isOn(one)).toBe(false);
    await portal.send('alice', `/endpoints/${one.id}/lease`, { minutes: '60' });
    await portal.pass(3);
    expect(portal.isOn(one)).toBe(true);
  });

  it('is not one of the employees, nor an auditor', async () => {
    const one = await portal.office();
    for (const person of ['alice', 'dave'] as const) {
      const { status } = await portal.as(person).post(`/admin/endpoints/${one.id}/stop`);
      expect(status).toBe(403);
    }
    await portal.pass(2);
    expect(portal.isOn(one)).toBe(true);
    expect((await auditOf(portal.aws, one.id)).map(({ outcome }) => outcome)).toEqual([
      'not-permitted',
      'not-permitted',
    ]);
  });
});

describe('an administrator who ends one connection', () => {
  it('ends that one, and no other; the endpoint stays on', async () => {
    const one = await portal.office();
    const gone = portal.stack.clientVpn.connect(one.id, alice);
    const stays = portal.stack.clientVpn.connect(one.id, bob);
    await portal.pass(1);
    await portal.act(`connections/${gone}/terminate`, one);
    expect(portal.statusOf(one, gone)).toBe('active');
    await portal.pass(1);
    portal.later(5);
    expect(portal.statusOf(one, gone)).toBe('terminated');
    expect(portal.statusOf(one, stays)).toBe('active');
    await portal.pass(3);
    expect(changesOf(portal.stack, one)).toEqual(['TerminateClientVpnConnections']);
    expect(portal.statusOf(one, stays)).toBe('active');
    expect(await auditOf(portal.aws, one.id)).toMatchObject([
      { actor: { name: 'carol@example.com' }, action: 'terminate', detail: gone },
      { actor: { name: 'schedule' }, action: 'terminate-connection', outcome: 'done' },
    ]);
  });

  it('that has just gone by itself reads so, and nothing is asked of AWS', async () => {
    const one = await portal.office();
    const gone = portal.stack.clientVpn.connect(one.id, alice);
    await portal.pass(1);
    portal.stack.clientVpn.disconnect(gone);
    await portal.pass(1);
    const answer = await portal
      .as('carol')
      .post(`/admin/endpoints/${one.id}/connections/${gone}/terminate`);
    expect(answer.status).toBe(409);
    await portal.pass(2);
    expect(changesOf(portal.stack, one)).toEqual([]);
  });
});

describe('two administrators at once', () => {
  it('who want opposite things leave one state, and both acts in the audit', async () => {
    const one = await portal.office();
    const on = { kind: 'on', minutes: '60', reason: 'A demonstration' };
    await Promise.all([portal.act('hold', one, on), portal.act('stop', one)]);
    const entries = await auditOf(portal.aws, one.id);
    expect(entries.map(({ action }) => action).sort()).toEqual(['hold', 'stop']);
    expect(entries.map(({ outcome }) => outcome)).toEqual(['recorded', 'recorded']);
    await portal.pass(3);
    const settled = portal.isOn(one);
    const networks = networksOf(portal.stack, one);
    expect(networks).toEqual(settled ? ['associated', 'associated'] : []);
    await portal.pass(3);
    expect(portal.isOn(one)).toBe(settled);
  });
});
