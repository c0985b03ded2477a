import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { policyTags } from '../../src/vpn/policy.ts';
import { startOfficePortal } from './office-portal.ts';
import type { OfficePortal } from './office-portal.ts';
import { auditOf, changesOf } from './world.ts';
import type { OfficeEndpoint } from './world.ts';

/* What the tags say of connections that are silent, and of the evening. */

const alice = 'alice@example.com';
const idleMinutes = 30;

let portal: OfficePortal;

beforeAll(async () => {
  portal = await startOfficePortal();
});

afterAll(() => portal.stop());

describe('a connection that is silent', () => {
  const silentMinutes = 15;
  const tags = { [policyTags.silentMinutes]: silentMinutes.toString() };

  it('does not keep an endpoint on that says after how long it no longer counts', async () => {
    const one = await portal.office(tags);
    const connection = portal.stack.clientVpn.connect(one.id, alice);
    await portal.passRarely(idleMinutes + 5);
    expect(portal.isOn(one)).toBe(true);

    portal.stack.clientVpn.setSilent(connection, true);
    await portal.pass(silentMinutes);
    await portal.passRarely(idleMinutes - 2);
    expect(portal.statusOf(one, connection)).toBe('active');
    await portal.pass(5);
    expect(portal.isOn(one)).toBe(false);
    expect(portal.statusOf(one, connection)).toBe('terminated');
    expect(await auditOf(portal.aws, one.id)).toMatchObject([
      { action: 'disassociate', detail: 'idle, silent connections: 1', outcome: 'begun' },
      { action: 'disassociate', detail: 'idle, silent connections: 1', outcome: 'done' },
    ]);
  });

  it('counts again from the moment that it moves', async () => {
    const one = await portal.office(tags);
    const connection = portal.stack.clientVpn.connect(one.id, alice);
    portal.stack.clientVpn.setSilent(connection, true);
    await portal.pass(silentMinutes);
    await portal.passRarely(idleMinutes - 5);
    portal.stack.clientVpn.setSilent(connection, false);
    await portal.passRarely(idleMinutes + silentMinutes);
    expect(portal.statusOf(one, connection)).toBe('active');
    expect(changesOf(portal.stack, one)).toEqual([]);
  });

  it('keeps an endpoint on that says nothing of silence', async () => {
    const one = await portal.office();
    const connection = portal.stack.clientVpn.connect(one.id, alice);
    portal.stack.clientVpn.setSilent(connection, true);
    await portal.passRarely(2 * idleMinutes);
    expect(portal.statusOf(one, connection)).toBe('active');
  });
});

describe('a latest hour', () => {
  /** On the hour, three hours from now at the most: its tag, and the minutes until then. */
  function inTheEvening(): { readonly offAt: string; readonly minutes: number } {
    const now = portal.stack.clock.now();
    const hour = new Date(now);
    hour.setUTCHours(now.getUTCHours() + 3, 0, 0, 0);
    return {
      offAt: `${hour.toISOString().slice(11, 16)} UTC`,
      minutes: Math.ceil((hour.getTime() - now.getTime()) / 60_000),
    };
  }

  async function connectedUntilThen(
    more: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly one: OfficeEndpoint; readonly connection: string }> {
    const { minutes, offAt } = inTheEvening();
    const one = await portal.office({ [policyTags.offAt]: offAt, ...more });
    await portal.send('alice', `/endpoints/${one.id}/lease`, { minutes: '480' });
    const connection = portal.stack.clientVpn.connect(one.id, alice);
    // Five minutes before the hour.
    portal.later((minutes - 9) * 60);
    await portal.pass(2);
    return { one, connection };
  }

  it('ends leases and warns, and cuts off nobody who is still connected', async () => {
    const { connection, one } = await connectedUntilThen();
    const page = await portal.pageOf('alice', one);
    expect(page).toMatch(/Every request ends at \d\d:00(?: tomorrow)?\. .* is not cut off\./);
    await portal.passRarely(idleMinutes + 10);
    expect(portal.statusOf(one, connection)).toBe('active');
    portal.stack.clientVpn.disconnect(connection);
    await portal.passRarely(idleMinutes + 3);
    expect(portal.isOn(one)).toBe(false);
    expect(await auditOf(portal.aws, one.id)).toMatchObject([
      { detail: 'idle', outcome: 'begun' },
      { detail: 'idle', outcome: 'done' },
    ]);
  });

  it('cuts them off where the endpoint says so, and not a minute early', async () => {
    const { connection, one } = await connectedUntilThen({ [policyTags.offAtCutsOff]: 'true' });
    expect(portal.statusOf(one, connection)).toBe('active');
    await portal.pass(10);
    expect(portal.statusOf(one, connection)).toBe('terminated');
    expect(portal.isOn(one)).toBe(false);
    const [entry] = await auditOf(portal.aws, one.id);
    expect(entry).toMatchObject({ action: 'disassociate', detail: 'latest-hour' });
    expect(String(entry?.['at'])).toMatch(/T\d\d:0[0-2]:/);
  });

  it('leaves on what an administrator holds on, those who are connected too', async () => {
    const { connection, one } = await connectedUntilThen({ [policyTags.offAtCutsOff]: 'true' });
    const reason = 'The move of the data centre';
    await portal.act('hold', one, { kind: 'on', minutes: '60', reason });
    await portal.passRarely(40);
    expect(portal.statusOf(one, connection)).toBe('active');
  });

  it('lets people turn it on again after that', async () => {
    const { one } = await connectedUntilThen({ [policyTags.offAtCutsOff]: 'true' });
    await portal.pass(15);
    expect(portal.isOn(one)).toBe(false);
    await portal.send('alice', `/endpoints/${one.id}/lease`, { minutes: '60' });
    await portal.passRarely(20);
    expect(portal.isOn(one)).toBe(true);
  });
});
