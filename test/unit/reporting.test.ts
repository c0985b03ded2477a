import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { noIntent } from '../../src/lease/endpoint-record.ts';
import type { Intent } from '../../src/lease/endpoint-record.ts';
import type { Reason } from '../../src/lease/reason.ts';
import { nothingReported } from '../../src/notify/reported.ts';
import type { Reported } from '../../src/notify/reported.ts';
import type { Decision } from '../../src/reconcile/decision.ts';
import { reportOn } from '../../src/reconcile/reporting.ts';
import type { PassToReport, Report } from '../../src/reconcile/reporting.ts';
import { aMoment, aReason, anIntent, anyObservation, anyRecord } from '../builders/arbitraries.ts';
import { anAwsProblem, carol, sampleIds, sampleNow } from '../builders/endpoint-for-person.ts';
import { aRecord, aStartIntent, aStopIntent, ago, ahead } from '../builders/endpoint-record.ts';
import { detailOf, eventTypes, typesOf } from '../builders/events.ts';
import {
  anIncompleteObservation,
  anObservation,
  anOnObservation,
  anotherAssociation,
  connectionId,
} from '../builders/observation.ts';

type Told = Pick<Decision, 'state' | 'reason'>;

const gone = anObservation();
const there = anOnObservation();
const problem = anAwsProblem({
  kind: 'not-allowed',
  message: 'User: arn:aws:sts::1:x at 10.1.2.3',
});

const off: Told = { state: 'off', reason: { code: 'nobody-needs-it' } };
const starting: Told = { state: 'starting', reason: { code: 'lease-held', until: ahead(30) } };
const on: Told = { state: 'on', reason: { code: 'kept-on-by-lease', until: ahead(30) } };
const stopping: Told = { state: 'stopping', reason: { code: 'idle', since: ago(30), silent: 0 } };
const attention = (reason: Reason): Told => ({ state: 'needs-attention', reason });
const gaveUp = attention({ code: 'gave-up', problem, retryAt: ahead(15) });
const withoutRoutes = attention({ code: 'routes-not-restored', failed: 1, message: 'no' });
const stopFailed = attention({ code: 'stop-failed', problem });
const overdue = attention({ code: 'stop-overdue', since: ago(9) });
const brokenTags = attention({
  code: 'policy-invalid',
  problems: [{ code: 'subnets-missing', tag: 'vpn-portal:subnets', value: 'secret?' }],
});
const badSubnets = attention({
  code: 'subnets-invalid',
  problems: [{ code: 'subnet-too-small', subnetId: sampleIds.subnetA, detail: '/28' }],
});
const unread: Reason = { code: 'reading-incomplete', problem };

const told = (reported: Partial<Reported>): Reported => ({ ...nothingReported, ...reported });
const start = (id = 'start-1'): Intent => aStartIntent({ id });

function aPassToReport(overrides: Partial<PassToReport> = {}): PassToReport {
  return {
    passId: 'pass-1',
    now: sampleNow,
    record: aRecord(),
    name: 'Tokyo office',
    observation: there,
    decision: on,
    intent: noIntent,
    startedBy: { kind: 'person', id: 'sub-of-alice', name: 'alice@example.com' },
    ended: [],
    ...overrides,
  };
}

/** What a pass tells those who were told so before. */
function after(
  before: Partial<Reported>,
  decision: Told,
  more: Partial<PassToReport> = {},
): Report {
  const { record = aRecord(), ...rest } = more;
  return reportOn(
    aPassToReport({ decision, ...rest, record: { ...record, reported: told(before) } }),
  );
}

/** Pass after pass: the types that each of them tells. */
function story(
  ...passes: readonly (readonly [Told, Partial<PassToReport>?])[]
): readonly (readonly string[])[] {
  let reported: Reported | null = told({ phase: 'off' });
  return passes.map(([decision, more = {}], index) => {
    const record = { ...(more.record ?? aRecord()), reported };
    const pass = { ...more, passId: `pass-${index}`, decision, record };
    const report = reportOn(aPassToReport(pass));
    ({ reported } = report);
    return typesOf(report.events);
  });
}

const firstDetail = ({ events }: Report) => events.slice(0, 1).map(detailOf)[0];

describe('a start', () => {
  it('is told when it is begun, with who wants it', () => {
    const report = after({ phase: 'off' }, starting, { observation: gone, intent: start() });
    expect(typesOf(report.events)).toEqual(['endpoint-starting']);
    expect(firstDetail(report)).toEqual({
      version: 1,
      id: 'pass-1-starting',
      at: sampleNow.toISOString(),
      endpointId: sampleIds.endpoint,
      endpointName: 'Tokyo office',
      startedBy: { kind: 'person', name: 'alice@example.com' },
    });
    expect(report.reported).toEqual(told({ phase: 'starting', startId: 'start-1' }));
  });

  it('is told with nobody’s name where it was switched on outside', () => {
    const report = after({ phase: 'off' }, starting, { startedBy: { kind: 'outside' } });
    expect(firstDetail(report)).toMatchObject({ startedBy: { kind: 'outside', name: null } });
  });

  it('is told once, however often it is tried, and from whatever it waits for', () => {
    const more = { observation: gone, intent: start() };
    const waiting: Told = { state: 'starting', reason: { code: 'waiting-for-the-stop' } };
    const again: Told = {
      state: 'starting',
      reason: { code: 'trying-again', problem, retryAt: ahead(1) },
    };
    expect(
      story(
        [waiting, { observation: there, intent: aStopIntent() }],
        [starting, more],
        [again, more],
        [starting, { ...more, intent: start('start-2') }],
      ),
    ).toEqual([['endpoint-starting'], [], [], []]);
  });

  it('is told again after a stop', () => {
    const more = { observation: gone, intent: start() };
    expect(story([starting, more], [off, { observation: gone }], [starting, more]).flat()).toEqual([
      'endpoint-starting',
      'endpoint-stopped',
      'endpoint-starting',
    ]);
  });

  it('is told where the networks of one that was on have gone', () => {
    const before = { phase: 'on', startId: 'start-1' } as const;
    const report = after(before, starting, { observation: gone, intent: start() });
    expect(typesOf(report.events)).toEqual(['endpoint-starting']);
  });

  it('is not told of one that is on and lacks a route, whose start goes on', () => {
    const before = { phase: 'on', startId: 'start-1', trouble: 'routes-not-restored' } as const;
    const report = after(before, starting, { intent: start() });
    expect(report).toEqual({ reported: told(before), events: [] });
  });

  it('is told of another start of one that is on', () => {
    const before = { phase: 'on', startId: 'start-1' } as const;
    const report = after(before, starting, { intent: start('start-2') });
    expect(typesOf(report.events)).toEqual(['endpoint-starting']);
    const withoutStart = after({ phase: 'on' }, starting);
    expect(typesOf(withoutStart.events)).toEqual(['endpoint-starting']);
  });
});

describe('being ready', () => {
  const before = { phase: 'starting', startId: 'start-1' } as const;
  const record = aRecord({ intent: aStartIntent({ since: ago(6) }) });

  it('is told with how long it took, and until when', () => {
    const report = after(before, on, { record });
    expect(typesOf(report.events)).toEqual(['endpoint-ready']);
    expect(firstDetail(report)).toMatchObject({
      id: 'pass-1-ready',
      startedBy: { kind: 'person', name: 'alice@example.com' },
      until: ahead(30).toISOString(),
      startSeconds: 360,
    });
    expect(report.reported).toEqual(told({ phase: 'on' }));
  });

  it('by a hold is told with its end', () => {
    const held: Told = {
      state: 'on',
      reason: { code: 'held-on', until: ahead(90), by: 'Carol', why: 'A demonstration' },
    };
    expect(firstDetail(after(before, held, { record }))).toMatchObject({
      until: ahead(90).toISOString(),
    });
  });

  it('has no end, and took no time, where nobody has asked for it', () => {
    const grace: Told = { state: 'on', reason: { code: 'idle-grace', stopAt: ahead(9) } };
    const report = after({ phase: 'off' }, grace);
    expect(firstDetail(report)).toMatchObject({ until: null, startSeconds: null });
  });

  it('took no negative time where one clock is behind', () => {
    const late = aRecord({ intent: aStartIntent({ since: ahead(1) }) });
    expect(firstDetail(after(before, on, { record: late }))).toMatchObject({ startSeconds: 0 });
  });

  it('is told once, and not of one that was found on', () => {
    expect(story([starting], [on], [on])).toEqual([['endpoint-starting'], ['endpoint-ready'], []]);
    expect(reportOn(aPassToReport())).toEqual({ reported: told({ phase: 'on' }), events: [] });
  });

  it('is told where a route is missing, which is told as well, and once', () => {
    const more = { intent: start() };
    expect(
      story([starting, more], [withoutRoutes, more], [withoutRoutes, more], [starting, more], [on]),
    ).toEqual([
      ['endpoint-starting'],
      ['endpoint-ready', 'endpoint-needs-attention'],
      [],
      [],
      ['endpoint-recovered'],
    ]);
  });

  it('is told again where a stop was begun, and came to nothing', () => {
    expect(story([starting], [on], [stopping], [on]).flat()).toEqual([
      'endpoint-starting',
      'endpoint-ready',
      'endpoint-stopping',
      'endpoint-ready',
    ]);
  });
});

describe('a stop', () => {
  it('is told with its cause, once', () => {
    const report = after({ phase: 'on' }, stopping);
    expect(typesOf(report.events)).toEqual(['endpoint-stopping']);
    expect(firstDetail(report)).toMatchObject({
      id: 'pass-1-stopping',
      reason: 'idle',
      by: null,
    });
    const disassociating: Told = { state: 'stopping', reason: { code: 'disassociating' } };
    expect(after({ phase: 'stopping' }, disassociating).events).toEqual([]);
  });

  it('is told with the administrator who has said so', () => {
    const byCarol: Told = {
      state: 'stopping',
      reason: { code: 'stopped-by-an-administrator', by: 'Carol' },
    };
    expect(firstDetail(after({ phase: 'on' }, byCarol))).toMatchObject({
      reason: 'stopped-by-an-administrator',
      by: 'Carol',
    });
  });

  it('is over when the endpoint is off, which is told once', () => {
    expect(
      story([starting], [on], [stopping], [off, { observation: gone }], [off]).slice(2),
    ).toEqual([['endpoint-stopping'], ['endpoint-stopped'], []]);
  });

  it('outside is told as what it has led to', () => {
    expect(typesOf(after({ phase: 'on' }, off, { observation: gone }).events)).toEqual([
      'endpoint-stopped',
    ]);
  });

  it('is not told of an endpoint that was found off', () => {
    const report = reportOn(aPassToReport({ decision: off, observation: gone }));
    expect(report).toEqual({ reported: told({ phase: 'off' }), events: [] });
  });

  it.each(['on', 'stopping'] as const)(
    'that ends among broken tags is told where it was %s',
    (phase) => {
      const report = after({ phase }, brokenTags, { observation: gone });
      expect(typesOf(report.events)).toEqual(['endpoint-stopped', 'endpoint-needs-attention']);
    },
  );

  it('is not told of a start that has to wait for better subnets', () => {
    const report = after({ phase: 'starting' }, badSubnets, { observation: gone });
    expect(typesOf(report.events)).toEqual(['endpoint-needs-attention']);
  });
});

describe('a start that was given up', () => {
  const more = { observation: gone, intent: start() };

  it('is told with AWS’s code and the next try, and nothing of AWS’s message', () => {
    const report = after({ phase: 'starting', startId: 'start-1' }, gaveUp, more);
    expect(typesOf(report.events)).toEqual(['endpoint-start-failed']);
    const { code, kind, operation } = problem;
    expect(firstDetail(report)).toMatchObject({
      id: 'pass-1-start-failed',
      startedBy: { kind: 'person' },
      problem: { code, kind, operation },
      nextTryAt: ahead(15).toISOString(),
    });
    expect(report.events[0]?.detail).not.toContain('arn:aws');
    expect(report.reported).toEqual(
      told({ phase: 'failed', startId: 'start-1', trouble: 'gave-up' }),
    );
  });

  it('is told once, although it is tried now and then, and gets on a little', () => {
    const associating: Told = { state: 'starting', reason: { code: 'associating' } };
    expect(
      story([starting, more], [gaveUp, more], [gaveUp, more], [associating, more], [gaveUp, more]),
    ).toEqual([['endpoint-starting'], ['endpoint-start-failed'], [], [], []]);
  });

  it('is told once more where somebody asks again, and it fails again', () => {
    const again = { ...more, intent: start('start-2') };
    expect(story([gaveUp, more], [starting, again], [gaveUp, again]).flat()).toEqual([
      'endpoint-start-failed',
      'endpoint-starting',
      'endpoint-start-failed',
    ]);
    expect(story([gaveUp, more], [gaveUp, again]).flat()).toEqual([
      'endpoint-start-failed',
      'endpoint-start-failed',
    ]);
  });

  it('has recovered when it works in the end', () => {
    expect(story([gaveUp, more], [starting, more], [on])).toEqual([
      ['endpoint-start-failed'],
      [],
      ['endpoint-ready', 'endpoint-recovered'],
    ]);
  });

  it('has recovered when nobody wants it any more', () => {
    const report = after({ phase: 'failed', trouble: 'gave-up' }, off, { observation: gone });
    expect(typesOf(report.events)).toEqual(['endpoint-stopped', 'endpoint-recovered']);
    expect(report.events.map(detailOf)[1]).toMatchObject({ reason: 'gave-up', state: 'off' });
    expect(report.reported).toEqual(told({ phase: 'off' }));
  });
});

describe('what needs attention', () => {
  it.each([
    ['a stop that AWS refuses', stopFailed, { code: problem.code, kind: 'not-allowed' }, []],
    ['a stop that nobody carries out', overdue, null, []],
    [
      'a mistake in the tags',
      brokenTags,
      null,
      [{ code: 'subnets-missing', subject: 'vpn-portal:subnets' }],
    ],
    [
      'a subnet that AWS would refuse',
      badSubnets,
      null,
      [{ code: 'subnet-too-small', subject: sampleIds.subnetA }],
    ],
  ])('is told once: %s', (_, decision, told, mistakes) => {
    const report = after({ phase: 'on' }, decision);
    expect(typesOf(report.events)).toEqual(['endpoint-needs-attention']);
    expect(firstDetail(report)).toMatchObject({
      id: 'pass-1-needs-attention',
      reason: decision.reason.code,
      problem: told,
      mistakes,
    });
    const { reported } = report;
    expect(reported).toMatchObject({ phase: 'on', trouble: decision.reason.code });
    const again = reportOn(aPassToReport({ decision, record: aRecord({ reported }) }));
    expect(again).toEqual({ reported, events: [] });
  });

  it('is told again where it is something else', () => {
    expect(story([overdue], [stopFailed])).toEqual([
      ['endpoint-needs-attention'],
      ['endpoint-needs-attention'],
    ]);
  });

  it('is over when the endpoint has come to rest, and not before', () => {
    expect(story([on], [stopFailed], [stopping], [off, { observation: gone }])).toEqual([
      ['endpoint-ready'],
      ['endpoint-needs-attention'],
      ['endpoint-stopping'],
      ['endpoint-stopped', 'endpoint-recovered'],
    ]);
  });

  it('is not told to be over where nothing was told', () => {
    expect(typesOf(after({ phase: 'starting' }, on).events)).toEqual(['endpoint-ready']);
  });
});

describe('a pass that could not read', () => {
  it('tells nothing, and takes nothing back', () => {
    const before = { phase: 'on', trouble: 'stop-failed' } as const;
    const decision: Told = { state: 'needs-attention', reason: unread };
    const observation = anIncompleteObservation();
    expect(after(before, decision, { observation })).toEqual({
      reported: told(before),
      events: [],
    });
    const unknown = reportOn(aPassToReport({ decision, observation }));
    expect(unknown).toEqual({ reported: null, events: [] });
  });

  it('a second time, before a stop, does not take the stop back', () => {
    const stays: Told = { state: 'on', reason: unread };
    expect(after({ phase: 'stopping' }, stays).events).toEqual([]);
  });
});

describe('a connection that an administrator has ended', () => {
  const wish = {
    connectionId: connectionId(1),
    by: { id: carol.id, name: carol.name },
    at: ago(1),
  };
  const ended = [{ wish, person: 'alice@example.com' }];

  it('is told with both names, under an id of the wish', () => {
    const report = after({ phase: 'on' }, on, { ended });
    expect(typesOf(report.events)).toEqual(['connection-ended']);
    expect(firstDetail(report)).toMatchObject({
      id: `${connectionId(1)}-ended-${ago(1).getTime()}`,
      connectionId: connectionId(1),
      person: 'alice@example.com',
      by: carol.name,
    });
  });

  it('is the same event where it is decided again, in another pass', () => {
    const first = after({ phase: 'on' }, on, { ended, passId: 'one' });
    const second = after({ phase: 'on' }, on, { ended, passId: 'other' });
    expect(second.events).toEqual(first.events);
  });

  it('is told whatever else the pass could not read', () => {
    const report = after({ phase: 'on' }, { state: 'on', reason: unread }, { ended });
    expect(typesOf(report.events)).toEqual(['connection-ended']);
  });
});

describe('whatever a pass finds', () => {
  const anyPass = fc.record({
    record: anyRecord,
    observation: anyObservation,
    intent: anIntent(aMoment),
    decision: fc.record({
      state: fc.constantFrom('off', 'starting', 'on', 'stopping', 'needs-attention'),
      reason: aReason(aMoment),
    }),
  });

  it('its events are as documented, each under an id of its own', () => {
    fc.assert(
      fc.property(anyPass, (found) => {
        const { events } = reportOn(aPassToReport(found));
        typesOf(events);
        expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
      }),
    );
  });

  it('is not told a second time', () => {
    fc.assert(
      fc.property(anyPass, (found) => {
        const { reported } = reportOn(aPassToReport(found));
        const again = aPassToReport({ ...found, record: { ...found.record, reported } });
        expect(reportOn(again)).toEqual({ reported, events: [] });
      }),
    );
  });

  it('has types that are all known to the documents', () => {
    expect(eventTypes).toHaveLength(12);
  });
});

describe('an endpoint with one network of two', () => {
  it('that is taken away, while a start goes on for it, is still on', () => {
    const before = { phase: 'on', startId: 'start-1', trouble: 'routes-not-restored' } as const;
    const observation = anObservation({ associations: [anotherAssociation()] });
    expect(after(before, starting, { observation, intent: start() }).events).toEqual([]);
  });
});
