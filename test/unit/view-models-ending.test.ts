import { describe, expect, it } from '@jest/globals';

import { minutesAfter, secondsAfter } from '../../src/clock.ts';
import type { EndpointForPerson } from '../../src/lease/endpoint-directory.ts';
import type { EndpointStatus } from '../../src/lease/endpoint-status.ts';
import type { Pause } from '../../src/lease/pause.ts';
import type { Language } from '../../src/web/locales/index.ts';
import { endpointCard } from '../../src/web/view-models/endpoint-card.ts';
import { endpointView } from '../../src/web/view-models/endpoint-view.ts';
import { homeView } from '../../src/web/view-models/home-view.ts';
import {
  aHold,
  alice,
  anEndpointForPerson,
  aPause,
  aPolicy,
  aStatus,
  gaveUp,
  onFor,
  sampleNow,
  seenOn,
  startingWith,
} from '../builders/endpoint-for-person.ts';
import { frameInput } from '../builders/frame-input.ts';

const inTime = (minutes: number) => minutesAfter(sampleNow, minutes);

/** Nobody is there, and it goes off in so many minutes. */
function idleFor(minutes: number, overrides: Partial<EndpointStatus> = {}): EndpointStatus {
  const stopAt = inTime(minutes);
  const reason = { code: 'idle-grace', stopAt } as const;
  return aStatus({ state: 'on', reason, seen: seenOn(), offAt: stopAt, ...overrides });
}

const inputWith = (pause: Pause | null = null, language: Language = 'en') => ({
  ...frameInput(alice, language),
  pause,
});

function cardOf(
  status: EndpointStatus,
  overrides: Partial<EndpointForPerson> = {},
  pause: Pause | null = null,
) {
  return endpointCard(anEndpointForPerson(status, overrides), inputWith(pause));
}

describe('that it goes off soon', () => {
  it('is told from ten minutes before, with what would keep it on', () => {
    expect(cardOf(idleFor(10)).ending).toEqual({
      iso: inTime(10).toISOString(),
      short: 'Off at 11:12',
      announcement: 'Tokyo office: Off at 11:12',
      body: 'About 11:12, unless someone connects or asks for it before.',
    });
    const later = secondsAfter(inTime(10), 1);
    expect(cardOf({ ...idleFor(10), offAt: later }).ending).toBeNull();
  });

  it('is told of what should have gone off by now', () => {
    expect(cardOf(idleFor(-1)).ending).not.toBeNull();
  });

  it('is told of a lease that nobody uses, by when its grace ends', () => {
    const ending = cardOf(onFor(5, { offAt: inTime(8) })).ending;
    expect(ending?.iso).toBe(inTime(8).toISOString());
    expect(cardOf(onFor(5, { offAt: inTime(35) })).ending).toBeNull();
  });

  it('is told of a latest hour that cuts people off', () => {
    const policy = aPolicy({
      latestHour: { hour: 11, minute: 10, timeZone: 'Asia/Tokyo' },
      latestHourCutsOff: true,
    });
    const status = aStatus({
      state: 'on',
      reason: { code: 'connected', connected: 1 },
      connected: 1,
      seen: seenOn(1),
      endsSoonAt: inTime(8),
    });
    const withPolicy = { policy: { ok: true, policy } } as const;
    expect(cardOf(status, withPolicy).ending?.body).toBe('At 11:10, whoever is connected.');
    const leavesThem = { ok: true, policy: { ...policy, latestHourCutsOff: false } } as const;
    expect(cardOf(status, { policy: leavesThem }).ending).toBeNull();
  });

  it.each<[string, EndpointStatus]>([
    ['is off', aStatus()],
    ['is starting', startingWith()],
    ['has failed', gaveUp],
    ['is connected to', onFor(5, { connected: 1, offAt: null })],
    ['is held off', idleFor(5, { hold: aHold('off') })],
  ])('is not told of one that %s', (_what, status) => {
    expect(cardOf(status).ending).toBeNull();
  });

  it('is not told in a dry run, nor of what a pause keeps on', () => {
    const schedule = { at: sampleNow, dryRun: true };
    expect(cardOf(idleFor(5), { schedule }).ending).toBeNull();
    expect(cardOf(idleFor(5), {}, aPause()).ending).toBeNull();
    expect(cardOf(idleFor(5), {}, aPause({ until: inTime(5) })).ending).not.toBeNull();
  });
});

describe('the tab', () => {
  it.each<[Language, string, string]>([
    ['en', '◕ Off at 11:07 – Tokyo office', '● On – Tokyo office'],
    ['ja', '◕ 11:07 にオフ – Tokyo office', '● オン – Tokyo office'],
  ])('shows in %s that it goes off soon, by its title and its icon', (language, soon, on) => {
    for (const [minutes, title, icon] of [
      [5, soon, '/assets/icon-ending.svg'],
      [20, on, '/assets/icon-on.svg'],
    ] as const) {
      const endpoint = anEndpointForPerson(idleFor(minutes));
      const input = inputWith(null, language);
      const page = endpointView({ ...input, endpoint });
      const home = homeView({
        ...input,
        endpoints: [endpoint],
        readAt: sampleNow,
        schedule: null,
      });
      for (const { frame, live } of [page, home]) {
        expect(frame.title).toBe(`${title} · ${frame.product}`);
        expect(frame.icon).toBe(icon);
        expect(live).toMatchObject({ title: frame.title, icon, state: 'on' });
      }
    }
  });
});

describe('the button that asks for notifications', () => {
  const askOf = (...card: Parameters<typeof cardOf>) => cardOf(...card).notify?.ask;

  it('is there while it starts, and while one may be using it', () => {
    expect(askOf(startingWith())).toBe('Notify me when it is ready, and before it goes off');
    expect(askOf(onFor(30))).toBe('Notify me before it goes off');
  });

  it('is not there where there is nothing to wait for, nor for whoever may not use it', () => {
    expect(askOf(aStatus())).toBeUndefined();
    expect(askOf(aStatus({ state: 'stopping', reason: { code: 'disassociating' } }))).toBe(
      undefined,
    );
    expect(askOf(onFor(30), { mayUse: false })).toBeUndefined();
  });
});
