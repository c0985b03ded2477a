import { describe, expect, it } from '@jest/globals';
import { minutesAfter } from '../../src/clock.ts';
import type { EndpointForPerson } from '../../src/lease/endpoint-directory.ts';
import type { EndpointStatus } from '../../src/lease/endpoint-status.ts';
import type { Reason } from '../../src/lease/reason.ts';
import { catalogueOf } from '../../src/web/locales/index.ts';
import { confirmStopView } from '../../src/web/view-models/confirm-stop-view.ts';
import { endpointCard } from '../../src/web/view-models/endpoint-card.ts';
import { endpointView } from '../../src/web/view-models/endpoint-view.ts';
import { errorView } from '../../src/web/view-models/error-view.ts';
import { homeView } from '../../src/web/view-models/home-view.ts';
import {
  aHold,
  alice,
  anAwsProblem,
  anEndpointForPerson,
  aPolicy,
  aStatus,
  carol,
  dave,
  gaveUp,
  onFor,
  sampleIds,
  sampleNow,
  seenOn,
  startingWith,
} from '../builders/endpoint-for-person.ts';
import { frameInput } from '../builders/frame-input.ts';

const words = catalogueOf('en').administration;
const dryRun = { at: minutesAfter(sampleNow, -1), dryRun: true };
const realRun = { ...dryRun, dryRun: false };

function cardOf(status: EndpointStatus, overrides: Partial<EndpointForPerson> = {}) {
  return endpointCard(anEndpointForPerson(status, overrides), frameInput());
}

function factOf(card: ReturnType<typeof cardOf>, wanted: string): string | undefined {
  return card.facts.find(({ label }) => label === wanted)?.value;
}

describe('an endpoint without authorization rules', () => {
  it('says so, whatever its state, and whom to tell', () => {
    for (const status of [aStatus(), startingWith(), onFor(20)]) {
      expect(cardOf({ ...status, lacksRules: true }).warnings).toEqual([words.lacksRules]);
      expect(cardOf(status).warnings).toEqual([]);
    }
  });
});

describe('an endpoint that cannot be managed', () => {
  const mistagged = aStatus({
    state: 'needs-attention',
    reason: { code: 'policy-invalid', problems: [] },
  });

  it('says that it is on and costs money while networks are associated', () => {
    const card = cardOf({ ...mistagged, connected: 2, seen: seenOn(2) });

    expect(card.warnings).toEqual([words.costs.mistagged]);
    expect(factOf(card, 'Connected now')).toBe('2 connections');
  });

  it('says nothing of money while nothing is associated', () => {
    expect(cardOf(mistagged).warnings).toEqual([]);
    expect(cardOf({ ...mistagged, seen: null }).warnings).toEqual([]);
    expect(factOf(cardOf(mistagged), 'Connected now')).toBeUndefined();
  });

  it('says that a part of it costs money where only a part can be associated', () => {
    const reason: Reason = { code: 'subnets-invalid', problems: [] };

    expect(cardOf({ ...mistagged, reason, seen: seenOn() }).warnings).toEqual([words.costs.partly]);
  });

  it('has a stop to confirm only while networks are associated', () => {
    const effectsOf = (status: EndpointStatus) =>
      confirmStopView({ ...frameInput(carol), endpoint: anEndpointForPerson(status) }).effects;

    expect(effectsOf(mistagged)).toBeNull();
    expect(effectsOf({ ...mistagged, seen: seenOn(2) })).not.toBeNull();
    // Nobody knows what is there.
    expect(effectsOf({ ...mistagged, seen: null })).not.toBeNull();
  });
});

describe('a dry run', () => {
  const pageOf = (principal: typeof carol, schedule: EndpointForPerson['schedule']) =>
    endpointView({
      ...frameInput(principal),
      endpoint: anEndpointForPerson(onFor(20), { schedule }),
    });
  const homeOf = (principal: typeof carol, schedule: EndpointForPerson['schedule']) =>
    homeView({ ...frameInput(principal), endpoints: [], readAt: sampleNow, schedule });

  it('is told to administrators and auditors on every page', () => {
    for (const principal of [carol, dave]) {
      expect(pageOf(principal, dryRun).dryRun?.title).toBe(words.dryRun.title);
      expect(homeOf(principal, dryRun).dryRun?.title).toBe(words.dryRun.title);
    }
    const endpoint = anEndpointForPerson(onFor(20), { schedule: dryRun });
    expect(confirmStopView({ ...frameInput(carol), endpoint }).dryRun).not.toBeNull();
  });

  it('is no banner to an employee, nor where there is none', () => {
    expect(pageOf(alice, dryRun).dryRun).toBeNull();
    expect(homeOf(alice, dryRun).dryRun).toBeNull();
    for (const schedule of [realRun, null]) {
      expect(pageOf(carol, schedule).dryRun).toBeNull();
      expect(homeOf(carol, schedule).dryRun).toBeNull();
    }
  });

  const { until } = aHold('on');
  const promises: readonly Reason[] = [
    { code: 'kept-on-by-lease', until },
    { code: 'connected', connected: 2 },
    { code: 'idle-grace', stopAt: until },
    { code: 'held-on', until, by: carol.name, why: '' },
  ];

  it.each(promises)('keeps “$code” from promising an end', (reason) => {
    const status = onFor(20, { reason, offAt: until });
    const rehearsed = cardOf(status, { schedule: dryRun });

    expect(rehearsed.next).toBe(words.dryRun.next);
    expect(factOf(rehearsed, 'Goes off')).toBe('not by itself (dry run)');
    const real = cardOf(status, { schedule: realRun });
    expect(real.next).not.toBe(words.dryRun.next);
    expect(factOf(real, 'Goes off')).toContain('about');
  });

  it.each<[string, EndpointStatus]>([
    ['an endpoint that is off', aStatus()],
    ['one that starts', startingWith()],
    [
      'one that AWS is taking down',
      aStatus({ state: 'stopping', reason: { code: 'disassociating' } }),
    ],
    [
      'one that could not be read',
      onFor(20, { reason: { code: 'reading-incomplete', problem: anAwsProblem() } }),
    ],
  ])('changes no word about %s', (_what, status) => {
    expect(cardOf(status, { schedule: dryRun }).next).toBe(
      cardOf(status, { schedule: realRun }).next,
    );
  });

  it('does not threaten to cut anybody off', () => {
    const policy = { ok: true, policy: aPolicy({ latestHourCutsOff: true }) } as const;
    const status = onFor(20, { endsSoonAt: minutesAfter(sampleNow, 20) });

    expect(cardOf(status, { policy, schedule: dryRun }).warnings[0]).toContain('is not cut off');
    expect(cardOf(status, { policy, schedule: realRun }).warnings[0]).toContain('is cut off');
  });
});

describe('an endpoint that an administrator has stopped', () => {
  const off = (since: number, overrides: Partial<EndpointStatus> = {}) =>
    cardOf(
      aStatus({
        stoppedAt: minutesAfter(sampleNow, -60),
        since: minutesAfter(sampleNow, since),
        ...overrides,
      }),
    ).stoppedBefore;

  it('says so when it is off, to whoever had asked for it', () => {
    expect(off(-55)).toBe(words.stoppedAt('10:02'));
  });

  it('does not where it has gone off by itself since, or was off before', () => {
    expect(off(1)).toBeNull();
    expect(off(-61)).toBeNull();
  });

  it('does not while it is on, or held off, or nobody has stopped it', () => {
    expect(off(-55, { state: 'on' })).toBeNull();
    expect(off(-55, { hold: aHold('off') })).toBeNull();
    expect(off(-55, { stoppedAt: null })).toBeNull();
    expect(off(-55, { since: null })).toBeNull();
  });
});

describe('an endpoint that is held off while people are connected', () => {
  const reason: Reason = { code: 'connected', connected: 2 };

  it('says that it waits for them to leave', () => {
    const inUse = onFor(0, { reason, leases: [], connected: 2, seen: seenOn(2) });

    expect(cardOf({ ...inUse, hold: aHold('off') }).next).toBe(words.held.offOnceUnused);
    expect(cardOf({ ...inUse, hold: aHold('on') }).next).not.toBe(words.held.offOnceUnused);
  });
});

describe('a latest hour that cuts people off', () => {
  const latestHour = { hour: 12, minute: 15, timeZone: 'Asia/Tokyo' };
  const at = minutesAfter(sampleNow, 73);
  const goesOff = (status: EndpointStatus, latestHourCutsOff = true) =>
    factOf(
      cardOf(status, { policy: { ok: true, policy: aPolicy({ latestHour, latestHourCutsOff }) } }),
      'Goes off',
    );
  const idleLater = onFor(73, { offAt: minutesAfter(sampleNow, 103) });

  it('is when it goes off, where it would otherwise go off later', () => {
    expect(goesOff(idleLater)).toBe('at 12:15, whoever is connected');
    expect(goesOff(idleLater, false)).toBe('about 12:45, unless someone connects');
  });

  it('is not, where it goes off before, or is held on beyond it', () => {
    expect(goesOff(onFor(10, { offAt: minutesAfter(sampleNow, 40) }))).toContain('about 11:42');
    const hold = aHold('on');
    const heldOn = { ...idleLater, hold, heldUntil: hold.until };
    expect(goesOff(heldOn)).toContain('about 12:45');
  });

  it('is not, where a lease goes on beyond it', () => {
    const leased = onFor(74, { offAt: minutesAfter(sampleNow, 104) });
    expect(goesOff(leased)).toBe('about 12:46, unless someone connects');
    const connected = { ...leased, offAt: null, connected: 2, seen: seenOn(2) };
    expect(goesOff(connected)).toContain('after the last use');
    expect(goesOff({ ...leased, heldUntil: at })).toBe('at 12:15, whoever is connected');
  });

  it('is said to those who are connected once it is near', () => {
    const connected = onFor(73, { connected: 2, seen: seenOn(2) });

    expect(goesOff({ ...connected, endsSoonAt: at })).toBe('at 12:15, whoever is connected');
    expect(goesOff(connected)).toContain('after the last use');
  });
});

describe('silent connections', () => {
  it('are not denied: nobody uses it, though somebody is connected', () => {
    const reason: Reason = { code: 'idle-grace', stopAt: minutesAfter(sampleNow, 9) };
    const idle = onFor(0, { reason, leases: [] });

    expect(cardOf({ ...idle, connected: 2, seen: seenOn(2) }).happening).toBe(words.unused);
    expect(cardOf(idle).happening).toContain('Nobody is connected');
  });
});

describe('a connection that is being ended', () => {
  const endpoint = anEndpointForPerson(onFor(20, { connected: 2, seen: seenOn(2) }), {
    ending: [sampleIds.connectionA],
  });
  const rowsFor = (principal: typeof carol) =>
    endpointView({ ...frameInput(principal), endpoint }).connections?.rows.map((row) => [
      row.ending,
      row.end !== null,
    ]);

  it('says so, and has no button any more', () => {
    expect(rowsFor(carol)).toEqual([
      [words.connections.ending, false],
      [null, true],
    ]);
    expect(rowsFor(dave)).toEqual([
      [words.connections.ending, false],
      [null, false],
    ]);
  });

  it('keeps the page looking for its end', () => {
    expect(endpointView({ ...frameInput(carol), endpoint }).live.every).toBe(3);
  });
});

describe('a click that came to nothing', () => {
  it('is told on the page that it leads to, and nowhere else', () => {
    const page = { ...frameInput(), endpoint: anEndpointForPerson(gaveUp) };

    expect(endpointView({ ...page, notDone: true }).notDone).toBe(catalogueOf('en').frame.notDone);
    expect(endpointView(page).notDone).toBeNull();
  });
});

describe('the way back from what a form has sent', () => {
  const linkFrom = (path: string, problem: Parameters<typeof errorView>[0]['problem']) =>
    errorView({ ...frameInput(), path, status: 400, problem }).link.href;
  const page = `/endpoints/${sampleIds.endpoint}`;

  it('is the endpoint’s page', () => {
    expect(linkFrom(`/admin${page}/hold`, { code: 'hold-kind-unknown' })).toBe(page);
    expect(linkFrom(`${page}/lease`, { code: 'minutes-not-offered', choices: [30] })).toBe(page);
  });

  it('is the overview where there is no such page, or nothing to correct there', () => {
    expect(linkFrom('/sign-out', { code: 'body-unreadable' })).toBe('/');
    expect(linkFrom(`/admin${page}/hold`, { code: 'not-permitted' })).toBe('/');
    expect(linkFrom('//evil.example/endpoints/x/', { code: 'hold-kind-unknown' })).toBe('/');
  });
});

describe('a hold-on without a lease', () => {
  it('is a start that can be stopped', () => {
    const status = aStatus({ state: 'starting', hold: aHold('on'), heldUntil: aHold('on').until });
    const { effects } = confirmStopView({
      ...frameInput(carol),
      endpoint: anEndpointForPerson(status),
    });

    expect(effects?.leases.names).toEqual([]);
    expect(effects?.hold).toContain(carol.name);
    expect(effects?.stop).toBeDefined();
  });
});
