import { describe, expect, it } from '@jest/globals';

import { minutesAfter } from '../../src/clock.ts';
import type { EndpointStatus } from '../../src/lease/endpoint-status.ts';
import type { Pause } from '../../src/lease/pause.ts';
import { catalogueOf } from '../../src/web/locales/index.ts';
import { endpointCard } from '../../src/web/view-models/endpoint-card.ts';
import { pauseBanner, pausingView } from '../../src/web/view-models/pause-view.ts';
import type { Viewer } from '../../src/web/view-models/viewer.ts';
import { wordingFor } from '../../src/web/view-models/viewer.ts';
import {
  aHold,
  alice,
  anEndpointForPerson,
  aPause,
  aPolicy,
  aStatus,
  carol,
  dave,
  onFor,
  sampleNow,
  seenOn,
} from '../builders/endpoint-for-person.ts';
import { frameInput } from '../builders/frame-input.ts';

const inTime = (minutes: number) => minutesAfter(sampleNow, minutes);
const over = aPause({ until: sampleNow });
const words = catalogueOf('en').administration.pause;
/** What Carol's pause of 110 minutes ends at. */
const end = '12:52';

function inputOf(principal: Viewer['principal'], pause: Pause | null) {
  const input = { ...frameInput(principal), pause };
  return { input, wording: wordingFor(input) };
}

describe('the banner of a pause', () => {
  it.each([alice, dave, carol])('tells %j until when, why, and who says so', (person) => {
    const { input, wording } = inputOf(person, aPause());
    expect(pauseBanner(input, wording)).toEqual({
      title: `Stopping is paused until ${end}`,
      text: words.meaning,
      by: 'Reason given by carol@example.com at 10:52',
      why: 'Moving the office',
    });
  });

  it('is not there without a pause, after its end, or for whoever is not signed in', () => {
    for (const [person, pause] of [
      [alice, null],
      [alice, over],
      [null, aPause()],
    ] as const) {
      const { input, wording } = inputOf(person, pause);
      expect(pauseBanner(input, wording)).toBeNull();
    }
  });
});

describe('the form of a pause', () => {
  const viewOf = (person: Viewer['principal'], pause: Pause | null) => {
    const { input, wording } = inputOf(person, pause);
    return pausingView(input, wording);
  };

  it('offers an administrator times up to seven days, and asks for a reason', () => {
    expect(viewOf(carol, null)).toMatchObject({
      form: { action: '/admin/schedule/pause', reason: { longest: 200 }, hint: words.ends },
      resume: null,
    });
    const choices = viewOf(carol, null)?.form.duration.choices ?? [];
    expect(choices.at(0)).toEqual({ minutes: 30, text: '30 minutes' });
    expect(choices.at(-1)).toEqual({ minutes: 7 * 24 * 60, text: '7 days' });
  });

  it('offers to end a pause while there is one', () => {
    expect(viewOf(carol, aPause())).toMatchObject({
      form: { hint: words.replaces },
      resume: { action: '/admin/schedule/resume', button: words.resume },
    });
    expect(viewOf(carol, over)?.resume).toBeNull();
  });

  it('is not there for an auditor or an employee', () => {
    expect(viewOf(dave, aPause())).toBeNull();
    expect(viewOf(alice, null)).toBeNull();
  });
});

function told(status: Partial<EndpointStatus>, pause: Pause | null, policy = aPolicy()) {
  const endpoint = anEndpointForPerson(
    aStatus({ state: 'on', seen: seenOn(status.connected), ...status }),
    { policy: { ok: true, policy } },
  );
  const card = endpointCard(endpoint, { ...frameInput(), pause });
  const { next, warnings } = card;
  return { next, warnings, off: card.facts.find(({ label }) => label === 'Goes off')?.value };
}

describe('an endpoint that would go off during a pause', () => {
  const stopAt = inTime(20);
  const idle = { reason: { code: 'idle-grace', stopAt }, offAt: stopAt } as const;
  const paused = 'It does not go off before 12:52, because stopping is paused.';
  const off = '30 minutes after the last use, not before 12:52';

  it('promises that of nobody', () => {
    expect(told(idle, aPause())).toMatchObject({ next: paused, off });
    expect(told(idle, null).off).toContain('about 11:22');
    expect(told(idle, over).off).toContain('about 11:22');
    expect(told(idle, null).next).not.toContain('paused');
  });

  it('promises it as ever where the pause ends before', () => {
    const pause = aPause({ until: inTime(19) });
    expect(told(idle, pause)).toEqual(told(idle, null));
    expect(told(idle, aPause({ until: inTime(20) }))).toEqual(told(idle, null));
    expect(told(idle, aPause({ until: inTime(21) })).next).toContain('because stopping is paused');
  });

  it('says so of one that is connected to, and of one that is kept on', () => {
    const connected = { reason: { code: 'connected', connected: 1 }, connected: 1 } as const;
    expect(told(connected, aPause())).toMatchObject({ next: paused, off });
    expect(told(onFor(60), aPause()).next).toBe(paused);
    const longer = onFor(120, { offAt: inTime(150) });
    expect(told(longer, aPause())).toEqual(told(longer, null));
  });

  it('names the later of the pause and what is asked for', () => {
    const busy = onFor(120, { connected: 1 });
    expect(told(busy, aPause()).off).toBe('30 minutes after the last use, not before 13:32');
  });

  it('leaves it to the reason where that says so itself', () => {
    const { by, reason: why, until } = aPause();
    const waiting = { code: 'stopping-paused', until, by: by.name, why } as const;
    expect(told({ reason: waiting }, aPause())).toMatchObject({
      next: catalogueOf('en').reason(waiting, wordingFor(frameInput()).format).next,
      off,
    });
  });

  it('says nothing of it where an administrator holds it off, but that it does not go off', () => {
    const held = { hold: aHold('off'), reason: { code: 'connected', connected: 1 } } as const;
    expect(told(held, aPause())).toMatchObject({ next: paused, off: undefined });
  });
});

describe('a latest hour during a pause', () => {
  const policy = aPolicy({
    latestHour: { hour: 11, minute: 15, timeZone: 'Asia/Tokyo' },
    latestHourCutsOff: true,
  });
  const busy = {
    reason: { code: 'connected', connected: 1 },
    connected: 1,
    endsSoonAt: inTime(13),
  } as const;

  it('cuts nobody off, and says so', () => {
    expect(told(busy, null, policy).off).toBe('at 11:15, whoever is connected');
    expect(told(busy, null, policy).warnings[0]).toContain('is cut off');
    expect(told(busy, aPause(), policy).off).toBe(
      '30 minutes after the last use, not before 12:52',
    );
    expect(told(busy, aPause(), policy).warnings[0]).toContain('is not cut off');
  });

  it('cuts off as ever after a pause', () => {
    const pause = aPause({ until: inTime(13) });
    expect(told(busy, pause, policy)).toMatchObject({ off: 'at 11:15, whoever is connected' });
  });
});
