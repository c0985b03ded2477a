import { describe, expect, it } from '@jest/globals';
import { minutesAfter } from '../../src/clock.ts';
import type { EndpointForPerson } from '../../src/lease/endpoint-directory.ts';
import type { EndpointStatus } from '../../src/lease/endpoint-status.ts';
import { endpointCard } from '../../src/web/view-models/endpoint-card.ts';
import {
  aLease,
  alice,
  anAwsProblem,
  anEndpointForPerson,
  aPolicy,
  aStart,
  aStatus,
  bob,
  dave,
  gaveUp,
  onFor,
  sampleIds,
  sampleNow,
  startingWith,
} from '../builders/endpoint-for-person.ts';
import { frameInput } from '../builders/frame-input.ts';

function cardOf(
  status: EndpointStatus,
  overrides: Partial<EndpointForPerson> = {},
  principal = alice,
) {
  return endpointCard(anEndpointForPerson(status, overrides), frameInput(principal));
}

describe('the button of an endpoint', () => {
  it('turns it on when it is off, with the policy’s choices, the default first', () => {
    const { leaseForm } = cardOf(aStatus(), {
      policy: { ok: true, policy: aPolicy({ leaseMinutes: [120, 30] }) },
    });

    expect(leaseForm).toMatchObject({
      action: `/endpoints/${sampleIds.endpoint}/lease`,
      button: 'Turn on',
      primary: true,
      choices: [
        { minutes: 120, text: '2 hours' },
        { minutes: 30, text: '30 minutes' },
      ],
    });
  });

  it('extends one’s own lease when it is on, and says until when', () => {
    const { leaseForm } = cardOf(onFor(28));

    expect(leaseForm).toMatchObject({ button: 'Extend', primary: true });
    expect(leaseForm?.choices[0]).toEqual({ minutes: 30, text: 'until 11:32' });
  });

  it('does not offer an extension that would end before one’s own lease', () => {
    const minutes = cardOf(onFor(100)).leaseForm?.choices.map((choice) => choice.minutes);

    expect(minutes).toEqual([120, 240, 480]);
  });

  it('gives way to a sentence where the longest time has been asked for already', () => {
    const card = cardOf(onFor(480));

    expect(card.leaseForm).toBeNull();
    expect(card.longest).toContain('longest');
  });

  it('keeps it on for somebody whom another one’s lease serves so far', () => {
    const card = cardOf(onFor(28, { leases: [aLease(bob, 28)] }));

    expect(card.leaseForm).toMatchObject({ button: 'Keep it on' });
    expect(card.longest).toBeNull();
    expect(card.releaseForm).toBeNull();
  });

  it('takes one’s own lease back', () => {
    expect(cardOf(onFor(28)).releaseForm).toMatchObject({
      action: `/endpoints/${sampleIds.endpoint}/lease/release`,
      button: 'I’m done',
    });
    expect(cardOf(startingWith()).releaseForm?.button).toBe('Cancel my request');
  });

  it('starts again while it is being stopped', () => {
    const status = aStatus({ state: 'stopping', reason: { code: 'disassociating' } });

    expect(cardOf(status).leaseForm).toMatchObject({ button: 'Turn on again', primary: true });
  });

  it('tries again after starting was given up', () => {
    expect(cardOf(gaveUp).leaseForm?.button).toBe('Try again');
  });

  it('is not there while tags or subnets have to be corrected', () => {
    const problems = [
      { code: 'subnet-not-found', subnetId: sampleIds.subnetA, detail: '' },
    ] as const;
    const status = aStatus({
      state: 'needs-attention',
      reason: { code: 'subnets-invalid', problems },
    });

    expect(cardOf(status).leaseForm).toBeNull();
  });

  it.each([
    ['off', aStatus()],
    ['starting', startingWith(aStart(), [aLease(bob, 30)])],
    ['on', onFor(28, { leases: [aLease(bob, 28)] })],
    ['in need of attention', gaveUp],
  ])('is not there for an auditor when it is %s, and a sentence says so', (_state, status) => {
    const card = cardOf(status, { mayUse: false }, dave);

    expect(card.leaseForm).toBeNull();
    expect(card.releaseForm).toBeNull();
    expect(card.download).toBeNull();
    expect(card.readOnly).toContain('not turn it on or off');
  });
});

describe('the configuration', () => {
  it.each([
    ['off', aStatus()],
    ['on', onFor(28)],
    ['in need of attention', gaveUp],
  ])('can be downloaded while the endpoint is %s', (_state, status) => {
    expect(cardOf(status).download?.href).toBe(
      `/endpoints/${sampleIds.endpoint}/client-configuration`,
    );
  });
});

describe('what an endpoint says', () => {
  it('has no word about reading only for somebody who may use it', () => {
    expect(cardOf(aStatus()).readOnly).toBeNull();
  });

  it('names what is wrong with its tags, each in a sentence', () => {
    const problems = [
      { code: 'subnets-missing', tag: 'vpn-portal:subnets', value: '' },
      { code: 'idle-minutes-invalid', tag: 'vpn-portal:idle-minutes', value: 'soon' },
    ] as const;
    const card = cardOf(
      aStatus({ state: 'needs-attention', reason: { code: 'policy-invalid', problems } }),
      { mayUse: false, policy: { ok: false, name: 'Lab', groups: null, problems } },
    );

    expect(card.problems?.sentences).toEqual([
      expect.stringContaining('vpn-portal:subnets'),
      expect.stringContaining('soon'),
    ]);
    expect(card.readOnly).toBeNull();
  });

  it('quotes AWS only where AWS said something', () => {
    expect(cardOf(gaveUp).quote?.text).toBe(anAwsProblem().message);
    expect(cardOf(aStatus()).quote).toBeNull();
  });

  it('says until when it stays on, for whom, and when it goes off after that', () => {
    const facts = cardOf(
      onFor(90, { leases: [aLease(bob, 90), aLease(alice, 28)], connected: 2 }),
    ).facts.map(({ label, value }) => `${label}: ${value}`);

    expect(facts).toEqual([
      'Stays on until at least: 12:32',
      'Goes off: 30 minutes after the last use, not before 13:02',
      'Asked for by: you, bob@example.com',
      'Connected now: 2 connections',
    ]);
  });

  it('does not say that it stays on while it is not on', () => {
    const labels = cardOf(startingWith()).facts.map(({ label }) => label);

    expect(labels).toContain('Asked for until');
    expect(labels).not.toContain('Stays on until at least');
  });

  it('says when it goes off where nobody needs it any more', () => {
    const stopAt = minutesAfter(sampleNow, 12);
    const reason = { code: 'idle-grace', stopAt } as const;
    const { facts } = cardOf(onFor(0, { reason, leases: [], offAt: stopAt }));

    expect(facts).toContainEqual({
      label: 'Goes off',
      value: 'about 11:14, unless someone connects',
      iso: stopAt.toISOString(),
    });
  });

  it('says who started it only where it was not the portal', () => {
    expect(cardOf(aStatus()).startedOutside).toBeNull();
    expect(cardOf(onFor(5, { startedOutside: true })).startedOutside).toContain('outside');
  });
});

describe('an endpoint that is off', () => {
  it('says how long a start takes here, once that is known', () => {
    const values = cardOf({ ...aStatus(), usualSeconds: 420 }).facts.map(({ value }) => value);

    expect(values).toContain('about 7 minutes');
  });

  it('says what is usual at AWS before that', () => {
    const values = cardOf(aStatus()).facts.map(({ value }) => value);

    expect(values).toContain('5 to 10 minutes');
  });
});
