import { describe, expect, it } from '@jest/globals';

import { hourMs, minuteMs, officeLife } from '../../scripts/bench/cost/office.ts';
import { costPolicies } from '../../scripts/bench/cost/policies.ts';
import { replay } from '../../scripts/bench/cost/replay.ts';
import type { Outcome } from '../../scripts/bench/cost/replay.ts';
import { aNeed, lived, on } from './cost-lives.ts';

const onMinutes = ({ associations }: Outcome): number =>
  associations.reduce((sum, { from, to }) => sum + to - from, 0) / minuteMs;
const connectedMinutes = ({ connectionsMs }: Outcome): readonly number[] =>
  connectionsMs.map((milliseconds) => milliseconds / minuteMs);

describe('one person in one week', () => {
  it('waits for as long as AWS takes, and works for as long as they want', () => {
    const outcome = lived('idle 30', aNeed());
    expect(outcome.waiting.times).toBe(1);
    expect(outcome.waiting.minutes).toBeGreaterThanOrEqual(5);
    expect(outcome.waiting.minutes).toBeLessThanOrEqual(10);
    expect(connectedMinutes(outcome)).toEqual([60]);
  });

  it('leaves it on for the grace, and AWS takes its time to turn it off', () => {
    const outcome = lived('idle 30', aNeed());
    const beyondTheStart = onMinutes(outcome) - outcome.waiting.minutes;
    // The schedule comes every minute, so that a stop is up to one late.
    expect(beyondTheStart).toBeGreaterThanOrEqual(60 + 30 + 2);
    expect(beyondTheStart).toBeLessThanOrEqual(60 + 30 + 1 + 4);
  });

  it('costs nothing where they do not come', () => {
    const outcome = lived('idle 30');
    expect(onMinutes(outcome)).toBe(0);
    expect(outcome.waiting).toEqual({ minutes: 0, times: 0, gaveUp: 0 });
  });

  it('does not wait after having asked ahead', () => {
    const outcome = lived('idle 30', aNeed({ askedAt: on(1, 10) - 15 * minuteMs }));
    expect(outcome.waiting.times).toBe(0);
    expect(onMinutes(outcome)).toBeGreaterThan(15 + 60 + 30);
  });

  it('does not wait within the grace after somebody else', () => {
    const later = aNeed({ person: 'bob', at: on(1, 11.5) });
    expect(lived('idle 30', aNeed(), later).waiting.times).toBe(1);
    expect(lived('idle 15', aNeed(), later).waiting.times).toBe(2);
  });

  it('keeps it on while the connection that they have forgotten is there', () => {
    const forgotten = aNeed({ forgottenUntil: on(2, 9) });
    const outcome = lived('idle 30', forgotten);
    expect(onMinutes(outcome)).toBeGreaterThan(23 * 60);
    expect(connectedMinutes(outcome)[0]).toBeGreaterThan(22 * 60);
  });

  it('does not keep it on so where silent connections do not count', () => {
    const outcome = lived('idle 30, silent 60', aNeed({ forgottenUntil: on(2, 9) }));
    expect(onMinutes(outcome)).toBeLessThan(60 + 60 + 30 + 20);
    expect(connectedMinutes(outcome)[0]).toBeLessThan(60 + 60 + 30 + 10);
  });

  it('is cut off at ten in the evening, asks again, and works to the end', () => {
    const outcome = lived('idle 30, 22:00', aNeed({ at: on(1, 21), minutes: 120 }));
    expect(outcome.waiting.times).toBe(2);
    expect(outcome.connectionsMs).toHaveLength(2);
    expect(connectedMinutes(outcome).reduce((sum, each) => sum + each)).toBe(120);
    expect(outcome.associations).toHaveLength(2);
  });

  it('is not cut off where there is no such hour', () => {
    expect(lived('idle 30', aNeed({ at: on(1, 21), minutes: 120 })).connectionsMs).toHaveLength(1);
  });
});

describe('always on', () => {
  it('costs every hour, and lets nobody wait', () => {
    const outcome = lived('always on', aNeed());
    expect(onMinutes(outcome)).toBe(7 * 24 * 60);
    expect(outcome.waiting.times).toBe(0);
  });
});

describe('never off', () => {
  it('costs every hour from the first request on', () => {
    const outcome = lived('never off', aNeed());
    expect(outcome.associations).toEqual([{ from: on(1, 10), to: on(7, 0) }]);
    expect(outcome.waiting.times).toBe(1);
  });
});

describe('office hours', () => {
  it('are on five days a week, whether anybody comes or not', () => {
    const outcome = lived('office hours');
    expect(outcome.associations.map(({ from }) => from)).toEqual(
      [0, 1, 2, 3, 4].map((day) => on(day, 8) - 10 * minuteMs),
    );
    expect(onMinutes(outcome) / 5 / 60).toBeCloseTo(12.2, 0);
  });

  it('do not let anybody wait who comes in them', () => {
    const early = aNeed({ at: on(1, 8) });
    expect(lived('office hours', early, aNeed({ person: 'bob' })).waiting.times).toBe(0);
  });

  it('let those go on who are still at work at their end', () => {
    const outcome = lived('office hours', aNeed({ at: on(1, 19), minutes: 180 }));
    expect(connectedMinutes(outcome)).toEqual([180]);
  });

  it('send away who comes at the weekend, after a patient hour', () => {
    const outcome = lived('office hours', aNeed({ at: on(6, 10) }));
    expect(outcome.waiting).toEqual({ minutes: 60, times: 1, gaveUp: 1 });
    expect(outcome.connectionsMs).toEqual([]);
  });

  it('let those in who have come shortly before', () => {
    const outcome = lived('office hours', aNeed({ at: on(1, 7.5) }));
    expect(outcome.waiting.gaveUp).toBe(0);
    expect(outcome.waiting.minutes).toBeGreaterThan(20);
    expect(outcome.connectionsMs).toEqual([hourMs]);
  });
});

describe('the minutes that the replay leaves out', () => {
  const policies = costPolicies(2).map((policy) => [policy.name, policy] as const);
  const life = officeLife({ seed: 4, people: 12, weeks: 2, forgottenPercent: 25 });

  it.each(policies)('change nothing with %s', (_name, policy) => {
    const options = { seed: 4, patienceMinutes: 60 };
    const quick = replay(life, policy, options);
    const thorough = replay(life, policy, { ...options, everyMinute: true });
    expect(quick).toEqual(thorough);
    expect(quick.associations.length).toBeGreaterThan(0);
  });
});
