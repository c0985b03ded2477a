import { describe, expect, it } from '@jest/globals';
import { minutesAfter } from '../../src/clock.ts';
import type { EndpointStatus } from '../../src/lease/endpoint-status.ts';
import type { Policy } from '../../src/vpn/policy.ts';
import { confirmStopView } from '../../src/web/view-models/confirm-stop-view.ts';
import { endpointCard } from '../../src/web/view-models/endpoint-card.ts';
import { endpointView } from '../../src/web/view-models/endpoint-view.ts';
import {
  aHold,
  aLease,
  alice,
  anEndpointForPerson,
  aPolicy,
  aStatus,
  bob,
  carol,
  dave,
  onFor,
  sampleIds,
  sampleNow,
  seenOn,
} from '../builders/endpoint-for-person.ts';
import { frameInput } from '../builders/frame-input.ts';

const path = `/admin/endpoints/${sampleIds.endpoint}`;

function pageOf(status: EndpointStatus, principal = carol) {
  return endpointView({ ...frameInput(principal), endpoint: anEndpointForPerson(status) });
}

function cardOf(status: EndpointStatus, policy: Partial<Policy> = {}) {
  const endpoint = anEndpointForPerson(status, { policy: { ok: true, policy: aPolicy(policy) } });
  return endpointCard(endpoint, frameInput());
}

const busy = onFor(28, { connected: 2, seen: seenOn(2) });

describe('the administration of an endpoint', () => {
  it('offers an administrator a hold, with its times and the length of its reason', () => {
    const { administration } = pageOf(busy);

    expect(administration?.holdForm).toMatchObject({
      action: `${path}/hold`,
      kind: { choices: [{ value: 'on' }, { value: 'off' }] },
      reason: { longest: 200 },
    });
    expect(administration?.holdForm?.duration.choices.map(({ text }) => text)).toEqual([
      '1 hour',
      '2 hours',
      '4 hours',
      '8 hours',
      '1 day',
      '2 days',
      '7 days',
    ]);
  });

  it('leads an administrator to a stop that asks once more', () => {
    expect(pageOf(busy).administration?.stop?.link.href).toBe(`${path}/stop`);
  });

  it.each([
    ['an employee', alice],
    ['an auditor', dave],
  ])('is not there for %s', (_who, principal) => {
    const view = pageOf(onFor(28, { hold: aHold('on') }), principal);

    expect(view.administration).toBeNull();
    expect(view.releaseHold).toBeNull();
  });

  it('offers only what the person may do', () => {
    const mayStop = { ...carol, capabilities: new Set(['endpoint:stop'] as const) };
    const { administration, connections } = pageOf(busy, mayStop);

    expect(administration?.holdForm).toBeNull();
    expect(administration?.stop).not.toBeNull();
    expect(connections).toBeNull();
  });

  it('offers to release a hold only where there is one', () => {
    expect(pageOf(onFor(28, { hold: aHold('on') })).releaseHold?.action).toBe(
      `${path}/release-hold`,
    );
    expect(pageOf(busy).releaseHold).toBeNull();
  });
});

describe('the list of who is connected', () => {
  it('has a button for each connection for an administrator', () => {
    const rows = pageOf(busy).connections?.rows;

    expect(rows?.map(({ end, person, since }) => [person, since.text, end?.action])).toEqual([
      [alice.name, '10:42', `${path}/connections/${sampleIds.connectionA}/terminate`],
      [bob.name, '10:43', `${path}/connections/${sampleIds.connectionB}/terminate`],
    ]);
    expect(rows?.[0]?.end?.label).toBe('End connection of alice@example.com');
  });

  it('has no buttons for an auditor, nor a column for them', () => {
    const connections = pageOf(busy, dave).connections;

    expect(connections?.rows.map(({ end, person }) => [person, end])).toEqual([
      [alice.name, null],
      [bob.name, null],
    ]);
    expect(connections?.columns).toHaveLength(2);
  });

  it('is not there for an employee, who reads how many there are', () => {
    const view = pageOf(busy, alice);

    expect(view.connections).toBeNull();
    expect(view.card.facts).toContainEqual({
      label: 'Connected now',
      value: '2 connections',
      iso: null,
    });
    expect(JSON.stringify(view)).not.toContain(bob.name);
  });

  it('says how many more there are than it names, and nothing where it names all', () => {
    expect(pageOf(onFor(28, { connected: 7, seen: seenOn(2) })).connections?.more).toContain('5');
    expect(pageOf(busy).connections?.more).toBeNull();
  });

  it('says so where AWS names nobody', () => {
    const seen = seenOn(1);
    const unnamed = {
      ...seen,
      connections: seen.connections.map((connection) => ({ ...connection, person: '' })),
    };
    const { connections } = pageOf(onFor(28, { connected: 1, seen: unnamed }));

    expect(connections?.rows[0]?.person).toContain('does not name');
  });
});

describe('a hold', () => {
  it('is told with its end, who asked for it, and why', () => {
    expect(cardOf(onFor(28, { hold: aHold('on') })).hold).toEqual({
      kind: 'on',
      title: 'Held on until 12:52',
      by: 'Reason given by carol@example.com at 10:52',
      why: 'Maintenance of the file server',
    });
    expect(cardOf(busy).hold).toBeNull();
  });

  it.each(['off', 'stopping', 'on'] as const)(
    'off leaves nothing to turn on while the endpoint is %s',
    (state) => {
      const hold = aHold('off');
      const reason = { code: 'held-off', until: hold.until, by: carol.name, why: '' } as const;
      const card = cardOf(aStatus({ state, reason, hold, leases: [aLease(alice, 480)] }));

      expect(card.leaseForm).toBeNull();
      expect(card.longest).toBeNull();
      expect(card.next).toContain('cannot be turned on');
    },
  );

  it('off invites nobody to connect to what is still on', () => {
    expect(pageOf(onFor(28, { hold: aHold('off') }), alice).ready).toBeNull();
    expect(pageOf(onFor(28, { hold: aHold('on') }), alice).ready).not.toBeNull();
  });

  it('on leaves people their own leases', () => {
    expect(cardOf(onFor(28, { hold: aHold('on') })).leaseForm?.button).toBe('Extend');
  });

  it('that has ended leaves the button, although no pass has come by yet', () => {
    const reason = { code: 'held-off', until: sampleNow, by: carol.name, why: '' } as const;

    expect(cardOf(aStatus({ reason })).leaseForm?.button).toBe('Turn on');
  });

  it('keeps the page looking for its end', () => {
    expect(pageOf(aStatus({ hold: aHold('off') })).live.every).toBe(30);
    expect(pageOf(aStatus()).live.every).toBeNull();
  });
});

describe('when an endpoint goes off', () => {
  const goesOff = (status: EndpointStatus): string | undefined =>
    cardOf(status).facts.find(({ label }) => label === 'Goes off')?.value;

  it('is said as a time where it depends on nobody who is connected', () => {
    expect(goesOff(onFor(10, { offAt: minutesAfter(sampleNow, 40) }))).toBe(
      'about 11:42, unless someone connects',
    );
  });

  it('is said from the last use on where somebody is connected', () => {
    const connected = onFor(0, { leases: [], heldUntil: null, connected: 2, seen: seenOn(2) });

    expect(goesOff(connected)).toBe('30 minutes after the last use');
    expect(goesOff(busy)).toBe('30 minutes after the last use, not before 12:00');
  });

  it('is not said while it is off, or held off', () => {
    expect(goesOff(aStatus())).toBeUndefined();
    expect(goesOff(onFor(10, { hold: aHold('off') }))).toBeUndefined();
  });
});

describe('the latest hour', () => {
  const endsSoonAt = minutesAfter(sampleNow, 20);
  const soon = onFor(20, { endsSoonAt });

  it('is warned of, and whether those who are still connected are cut off', () => {
    expect(cardOf(soon).warnings).toEqual([
      'Every request ends at 11:22. Whoever is still connected then is not cut off.',
    ]);
    expect(cardOf(soon, { latestHourCutsOff: true }).warnings).toEqual([
      'It is turned off at 11:22, and whoever is still connected then is cut off.',
    ]);
  });

  it('is not warned of before, nor where nobody uses the endpoint, nor where it is held off', () => {
    expect(cardOf(busy).warnings).toEqual([]);
    expect(cardOf(aStatus({ endsSoonAt })).warnings).toEqual([]);
    expect(cardOf({ ...soon, hold: aHold('off') }).warnings).toEqual([]);
  });

  it('is warned of although a hold-on that ends before it stands', () => {
    const hold = aHold('on', { until: minutesAfter(sampleNow, 5) });

    expect(cardOf({ ...soon, hold }).warnings).toHaveLength(1);
  });

  it('bounds what is offered, and is offered once', () => {
    const latestHour = { hour: 12, minute: 15, timeZone: 'Asia/Tokyo' };
    const textsOf = (status: EndpointStatus) =>
      cardOf(status, { latestHour }).leaseForm?.choices.map(({ text }) => text);

    expect(textsOf(aStatus())).toEqual(['30 minutes', '1 hour', 'until 12:15']);
    expect(textsOf(onFor(40))).toEqual(['until 12:02', 'until 12:15']);
  });

  it('is named to whoever has asked for all of the time until then', () => {
    const latestHour = { hour: 12, minute: 15, timeZone: 'Asia/Tokyo' };
    const card = cardOf(onFor(73), { latestHour });

    expect(card.leaseForm).toBeNull();
    expect(card.longest).toContain('12:15');
  });
});

describe('silent connections', () => {
  const reason = { code: 'idle-grace', stopAt: minutesAfter(sampleNow, 9) } as const;
  const idle = onFor(0, { reason, leases: [], connected: 2, seen: seenOn(2) });

  it('are named as what does not keep an endpoint on', () => {
    expect(cardOf(idle, { silentMinutes: 120 }).warnings).toEqual([
      '2 connections are open, but nothing has moved there for 2 hours or longer, so that does not count as use.',
    ]);
  });

  it('are not spoken of where connections count, or there are none', () => {
    expect(cardOf(busy, { silentMinutes: 120 }).warnings).toEqual([]);
    expect(cardOf({ ...idle, connected: 0 }, { silentMinutes: 120 }).warnings).toEqual([]);
  });
});

describe('the page before a stop', () => {
  const confirm = (status: EndpointStatus) =>
    confirmStopView({ ...frameInput(carol), endpoint: anEndpointForPerson(status) });

  it('names who is cut off, whose leases end, and the hold that ends', () => {
    const { effects } = confirm({ ...busy, hold: aHold('on') });

    expect(effects?.connected.names).toEqual([
      'alice@example.com, since 10:42',
      'bob@example.com, since 10:43',
    ]);
    expect(effects?.leases.names).toEqual(['alice@example.com, until 11:30']);
    expect(effects?.hold).toContain('carol@example.com');
    expect(effects?.stop.action).toBe(`${path}/stop`);
  });

  it('does not say that nobody is connected before AWS has been read', () => {
    expect(confirm(onFor(28, { seen: null })).effects?.connected.none).toContain('not been read');
    expect(confirm(onFor(28)).effects?.connected.none).toBe('Nobody is connected.');
  });

  it('has nothing to press where there is nothing to stop, and a way back always', () => {
    expect(confirm(aStatus()).effects).toBeNull();
    expect(confirm(aStatus()).back.href).toBe(`/endpoints/${sampleIds.endpoint}`);
  });

  it('stops a start that is only asked for', () => {
    expect(confirm(aStatus({ leases: [aLease(bob, 30)] })).effects).not.toBeNull();
  });

  it('switches the language without leaving', () => {
    expect(confirm(busy).frame.languages[1]?.href).toBe(`${path}/stop?lang=ja`);
  });
});
