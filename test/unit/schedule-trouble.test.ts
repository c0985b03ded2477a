import { describe, expect, it } from '@jest/globals';

import { minutesAfter } from '../../src/clock.ts';
import { afterLook, afterRun, isLate } from '../../src/notify/schedule-trouble.ts';
import type { ScheduleHealth, ScheduleTrouble } from '../../src/notify/schedule-trouble.ts';
import { sampleNow } from '../builders/endpoint-for-person.ts';
import { ago } from '../builders/endpoint-record.ts';
import { detailOf, typesOf } from '../builders/events.ts';

const run = (minutesAgo: number, failed: boolean) => ({ startedAt: ago(minutesAgo), failed });
const trouble = (overrides: Partial<ScheduleTrouble> = {}): ScheduleTrouble => ({
  kind: 'failing',
  since: ago(3),
  told: false,
  ...overrides,
});
const ranAgo = (minutes: number) => ({ at: ago(minutes), dryRun: false });
const health = (overrides: Partial<ScheduleHealth> = {}): ScheduleHealth => ({
  lastRun: ranAgo(0),
  trouble: null,
  events: [],
  ...overrides,
});

describe('a run of the schedule', () => {
  it('that went well after others changes nothing', () => {
    expect(afterRun(health(), run(0, false), sampleNow)).toBeNull();
  });

  it('that fails is remembered, and nobody is told of one', () => {
    expect(afterRun(health(), run(0, true), sampleNow)).toEqual({
      trouble: { kind: 'failing', since: sampleNow, told: false },
      event: null,
    });
  });

  it('that fails, as all have for three minutes, is told', () => {
    const change = afterRun({ trouble: trouble() }, run(0, true), sampleNow);
    expect(change?.trouble).toEqual(trouble({ told: true }));
    const { event = null } = change ?? {};
    expect(event === null ? [] : typesOf([event])).toEqual(['schedule-in-trouble']);
    expect(event === null ? null : detailOf(event)).toEqual({
      version: 1,
      id: `schedule-in-trouble-failing-${ago(3).getTime()}`,
      at: sampleNow.toISOString(),
      kind: 'failing',
      since: ago(3).toISOString(),
    });
  });

  it('that fails is not told before, and not a second time', () => {
    const young = trouble({ since: minutesAfter(ago(3), 0.01) });
    expect(afterRun({ trouble: young }, run(0, true), sampleNow)).toBeNull();
    expect(afterRun({ trouble: trouble({ told: true }) }, run(0, true), sampleNow)).toBeNull();
  });

  it('that goes well ends what nobody was told of in silence', () => {
    const change = afterRun({ trouble: trouble() }, run(0, false), sampleNow);
    expect(change).toEqual({ trouble: null, event: null });
  });

  it.each(['failing', 'late'] as const)('that goes well ends a schedule that was %s', (kind) => {
    const change = afterRun({ trouble: trouble({ kind, told: true }) }, run(0, false), sampleNow);
    expect(change?.trouble).toBeNull();
    const { event = null } = change ?? {};
    expect(event === null ? [] : typesOf([event])).toEqual(['schedule-recovered']);
    expect(event === null ? null : detailOf(event)).toMatchObject({
      kind,
      since: ago(3).toISOString(),
    });
  });
});

describe('a look at the last run', () => {
  it('that is more than three minutes ago finds the schedule late, and tells it', () => {
    const change = afterLook(health({ lastRun: ranAgo(3.1) }), sampleNow);
    expect(change?.trouble).toEqual({ kind: 'late', since: ago(3.1), told: true });
    const { event = null } = change ?? {};
    expect(event === null ? [] : typesOf([event])).toEqual(['schedule-in-trouble']);
    expect(event === null ? null : detailOf(event)).toMatchObject({ kind: 'late' });
  });

  it('finds it late although a run has failed before, of which nobody was told', () => {
    const change = afterLook(health({ lastRun: ranAgo(4), trouble: trouble() }), sampleNow);
    expect(change?.trouble).toMatchObject({ kind: 'late', told: true });
  });

  it.each<[string, Partial<ScheduleHealth>]>([
    ['that is three minutes ago', { lastRun: ranAgo(3) }],
    ['where there was none yet', { lastRun: null }],
    ['where it was told', { lastRun: ranAgo(9), trouble: trouble({ kind: 'late', told: true }) }],
  ])('%s finds nothing', (_, known) => {
    expect(afterLook(health(known), sampleNow)).toBeNull();
  });

  it('knows what is late', () => {
    expect([isLate(ranAgo(3.1), sampleNow), isLate(ranAgo(3), sampleNow)]).toEqual([true, false]);
    expect(isLate(null, sampleNow)).toBe(false);
  });
});
