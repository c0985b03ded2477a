import { describe, expect, it } from '@jest/globals';

import { passMeasurements, runMeasurements } from '../../src/metrics/pass-measurements.ts';
import type { EndpointRecord } from '../../src/lease/endpoint-record.ts';
import type { Reason } from '../../src/lease/reason.ts';
import type { PassReport } from '../../src/reconcile/pass-report.ts';
import type { OpenPeriod, UsageCursor } from '../../src/usage/on-period.ts';
import type { AssociationId } from '../../src/vpn/ids.ts';
import { anAwsProblem, sampleIds, sampleNow } from '../builders/endpoint-for-person.ts';
import {
  aDecision,
  aPass,
  aRecord,
  aStartIntent,
  aStopIntent,
  aTrouble,
  ago,
  found,
} from '../builders/endpoint-record.ts';
import { anObservation, anOnObservation } from '../builders/observation.ts';

const endpoint = sampleIds.endpoint;

interface Told {
  readonly before?: Partial<EndpointRecord>;
  readonly decided?: PassReport['decided'];
  readonly found?: Partial<PassReport['found']>;
}

/** Of a pass that found the endpoint off, and left it so, unless said otherwise. */
function measured({ before = {}, decided = aDecision(), found: left = {} }: Told = {}) {
  const record = aRecord({ lastPass: aPass(), ...before });
  const off = found({}, anObservation(), {
    state: 'off',
    reason: { code: 'nobody-needs-it' },
  });
  // As a pass does that adds no start to them.
  const findings = { ...off, startSeconds: record.startSeconds, ...left };
  return passMeasurements({ before: record, decided, found: findings });
}

const values = (told: Told): Readonly<Record<string, number>> =>
  Object.fromEntries(measured(told).map(({ name, value }) => [name, value]));

const inState = (state: 'on' | 'starting' | 'needs-attention', reason: Reason) => ({
  lastPass: aPass({ at: sampleNow, state, reason }),
});

const gaveUp = aTrouble({ gaveUp: true });
const gaveUpReason: Reason = { code: 'gave-up', problem: anAwsProblem(), retryAt: sampleNow };
const routesMissing: Reason = { code: 'routes-not-restored', failed: 1, message: '' };

describe('a pass', () => {
  it('that finds nothing to tell counts itself, and no more', () => {
    expect(measured()).toEqual([{ name: 'Passes', value: 1, of: null }]);
  });
});

describe('a start', () => {
  it('counts when its intent is new', () => {
    expect(measured({ found: { intent: aStartIntent() } })).toContainEqual({
      name: 'Starts',
      value: 1,
      of: endpoint,
    });
  });

  it('counts where another one follows at once', () => {
    const told = {
      before: { intent: aStartIntent() },
      found: { intent: aStartIntent({ id: '2' }) },
    };
    expect(values(told)).toHaveProperty('Starts', 1);
  });

  it('does not count again in the passes after', () => {
    const told = { before: { intent: aStartIntent() }, found: { intent: aStartIntent() } };
    expect(values(told)).not.toHaveProperty('Starts');
  });

  it('does not count where somebody has switched it on elsewhere', () => {
    const told = { found: { intent: aStartIntent({ origin: 'outside' }) } };
    expect(values(told)).not.toHaveProperty('Starts');
  });

  it('that is over tells how long it took, as the pass itself has found', () => {
    const startSeconds = [200, 300];
    const before = aRecord({ startSeconds, intent: aStartIntent({ since: ago(7) }) });
    const findings = found(before, anOnObservation(), { state: 'on' });
    expect(passMeasurements({ before, decided: aDecision(), found: findings })).toContainEqual({
      name: 'TimeToReady',
      value: 420,
      of: endpoint,
    });
  });

  it('tells no time while it goes on, and none twice', () => {
    const startSeconds = [200, 300];
    const goingOn = aRecord({ startSeconds, intent: aStartIntent() });
    const isOver = aRecord({ startSeconds });
    for (const before of [goingOn, isOver]) {
      const findings = found(before, anOnObservation(), { state: 'on' }, before.intent);
      const names = passMeasurements({ before, decided: aDecision(), found: findings }).map(
        ({ name }) => name,
      );
      expect(names).not.toContain('TimeToReady');
    }
  });
});

describe('a start that fails', () => {
  it('counts when it is given up', () => {
    const told = {
      before: { intent: aStartIntent({ trouble: aTrouble() }) },
      found: {
        ...inState('needs-attention', gaveUpReason),
        intent: aStartIntent({ trouble: gaveUp }),
      },
    };
    expect(values(told)).toMatchObject({ StartFailures: 1, NeedsAttention: 1 });
  });

  it('counts when its routes are not back, without any call having failed', () => {
    const told = {
      before: { intent: aStartIntent() },
      found: { ...inState('needs-attention', routesMissing), intent: aStartIntent() },
    };
    expect(values(told)).toMatchObject({ StartFailures: 1, NeedsAttention: 1 });
  });

  it('does not count again while it stays so', () => {
    const given = { intent: aStartIntent({ trouble: gaveUp }) };
    const missing = { ...inState('needs-attention', routesMissing), intent: aStartIntent() };
    expect(values({ before: given, found: given })).not.toHaveProperty('StartFailures');
    expect(values({ before: missing, found: missing })).not.toHaveProperty('StartFailures');
  });

  it('counts again where somebody has asked again', () => {
    const told = {
      before: { intent: aStartIntent({ trouble: gaveUp }) },
      found: { intent: aStartIntent({ id: '2', trouble: gaveUp }) },
    };
    expect(values(told)).toMatchObject({ Starts: 1, StartFailures: 1 });
  });

  it('does not count while it is tried again', () => {
    const told = {
      before: { intent: aStartIntent() },
      found: { intent: aStartIntent({ trouble: aTrouble() }) },
    };
    expect(values(told)).not.toHaveProperty('StartFailures');
    expect(values(told)).not.toHaveProperty('NeedsAttention');
  });
});

describe('a stop', () => {
  const stopping = (because: 'idle' | 'held-off' | 'requested' | 'latest-hour') =>
    aDecision({
      action: { kind: 'disassociate', associations: [sampleIds.associationA], because },
      intent: aStopIntent(),
      state: 'stopping',
    });

  it.each(['idle', 'held-off', 'requested', 'latest-hour'] as const)(
    'counts by its cause when its intent is new: %s',
    (because) => {
      const told = { decided: stopping(because), found: { intent: aStopIntent() } };
      expect(measured(told)).toContainEqual({ name: 'Stops', value: 1, of: because });
    },
  );

  it('does not count again in the passes after', () => {
    const told = {
      before: { intent: aStopIntent() },
      decided: stopping('idle'),
      found: { intent: aStopIntent() },
    };
    expect(values(told)).not.toHaveProperty('Stops');
  });

  it('does not count where it was abandoned', () => {
    expect(values({ decided: stopping('idle') })).not.toHaveProperty('Stops');
  });

  it('does not count where the schedule is only awaited', () => {
    expect(values({ found: { intent: aStopIntent() } })).not.toHaveProperty('Stops');
  });

  it('of a failed association is none', () => {
    const decided = aDecision({
      action: { kind: 'disassociate', associations: [sampleIds.associationA], because: 'failed' },
    });
    const told = { decided, found: { intent: aStartIntent() } };
    expect(values(told)).not.toHaveProperty('Stops');
  });
});

describe('the hours', () => {
  const period = (associationId: AssociationId, minutesAgo: number): OpenPeriod => ({
    associationId,
    subnetId: sampleIds.subnetA,
    from: ago(minutesAgo),
    startedBy: { kind: 'portal' },
    unobservedSince: null,
    stopping: null,
    recorded: true,
  });
  const both = [period(sampleIds.associationA, 150), period(sampleIds.associationB, 90)];
  const cursor = (minutesAgo: number | null, periods: readonly OpenPeriod[]): UsageCursor => ({
    recordedAt: minutesAgo === null ? null : ago(minutesAgo),
    periods,
    connectionsOpen: false,
    since: null,
  });
  const lastPass = aPass({ at: sampleNow, state: 'on' });

  it('are those of every network since the last reading', () => {
    const told = {
      before: { usage: cursor(3, both) },
      found: { lastPass, usage: cursor(0, both) },
    };
    expect(values(told)['NetworkHours']).toBeCloseTo((2 * 3) / 60);
    expect(measured(told)).toContainEqual({ name: 'HoursOn', value: 2.5, of: endpoint });
  });

  it('begin with the network, where it is newer than the last reading', () => {
    const fresh = [period(sampleIds.associationA, 2)];
    const told = {
      before: { usage: cursor(3, []) },
      found: { lastPass, usage: cursor(0, fresh) },
    };
    expect(values(told)['NetworkHours']).toBeCloseTo(2 / 60);
  });

  it('begin with the network in the very first pass', () => {
    const told = { found: { lastPass, usage: cursor(0, both) } };
    expect(values(told)['NetworkHours']).toBeCloseTo(240 / 60);
  });

  it('are left to the next pass where the history could not be written', () => {
    const told = {
      before: { usage: cursor(3, both) },
      found: { lastPass, usage: cursor(3, both) },
    };
    expect(values(told)).not.toHaveProperty('NetworkHours');
    expect(values(told)).toHaveProperty('HoursOn', 2.5);
  });

  it('do not count a network that has gone', () => {
    const told = {
      before: { usage: cursor(3, both) },
      found: { lastPass, usage: cursor(0, both.slice(1)) },
    };
    expect(values(told)['NetworkHours']).toBeCloseTo(3 / 60);
    expect(values(told)).toHaveProperty('HoursOn', 1.5);
  });

  it('are none before the first reading, nor while nothing is there', () => {
    for (const usage of [cursor(null, both), cursor(0, [])]) {
      expect(values({ found: { lastPass, usage } })).not.toHaveProperty('NetworkHours');
    }
    const unseen = { found: { lastPass: null, usage: cursor(null, both) } };
    expect(values(unseen)).not.toHaveProperty('HoursOn');
    expect(values({ found: { lastPass, usage: cursor(0, []) } })).not.toHaveProperty('HoursOn');
  });
});

describe('a run of the schedule', () => {
  it('tells its endpoints and how long it took, and the zeros that alarms go by', () => {
    expect(runMeasurements({ passed: 4, failed: 1, seconds: 2.5 })).toEqual([
      { name: 'EndpointsPassed', value: 4, of: null },
      { name: 'EndpointsFailed', value: 1, of: null },
      { name: 'RunSeconds', value: 2.5, of: null },
      { name: 'HoursOn', value: 0, of: null },
      { name: 'NeedsAttention', value: 0, of: null },
    ]);
  });
});
