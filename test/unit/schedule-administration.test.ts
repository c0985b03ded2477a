import { beforeEach, describe, expect, it } from '@jest/globals';

import type { AuditWriter } from '../../src/audit/audit-log.ts';
import { daysAfter, secondsAfter } from '../../src/clock.ts';
import { StoreError } from '../../src/errors.ts';
import type { PauseStore } from '../../src/lease/pause-store.ts';
import { createScheduleAdministration } from '../../src/lease/schedule-administration.ts';
import type { PauseWish, ScheduleOutcome } from '../../src/lease/schedule-administration.ts';
import type { RuleEnabling, ScheduleRule } from '../../src/lease/schedule-rule.ts';
import { alice, aPause, carol, dave, sampleNow } from '../builders/endpoint-for-person.ts';
import { ago, ahead } from '../builders/endpoint-record.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import { createMemoryAuditLog } from '../fakes/memory-audit-log.ts';
import type { MemoryAuditLog } from '../fakes/memory-audit-log.ts';
import { createMemoryStores } from '../fakes/memory-stores.ts';
import type { MemoryStores } from '../fakes/memory-stores.ts';

const by = { id: carol.id, name: carol.name };
const moving: PauseWish = { until: ahead(60), reason: 'Moving the office' };

let stores: MemoryStores;
let audit: MemoryAuditLog;
/** How often the rule was asked to be enabled. */
let enabled: number;

beforeEach(() => {
  stores = createMemoryStores();
  audit = createMemoryAuditLog();
  enabled = 0;
});

function ruleThat(answer: RuleEnabling): ScheduleRule {
  return {
    name: 'vpn-portal-reconciler',
    state: () => Promise.resolve('disabled'),
    enable: () => {
      enabled += 1;
      return Promise.resolve(answer);
    },
  };
}

const administrationOver = (
  deps: {
    readonly pauses?: Pick<PauseStore, 'set'>;
    readonly audit?: AuditWriter;
    readonly rule?: ScheduleRule | null;
  } = {},
) =>
  createScheduleAdministration({
    pauses: stores.pauses,
    rule: null,
    audit,
    clock: createStoppedClock(),
    ...deps,
  });

const outcomes = () => audit.entries.map(({ outcome }) => outcome);
const unreachable = () => Promise.reject(new StoreError('away'));

describe('a pause', () => {
  it('is stored, and stands in the audit', async () => {
    const wish = { ...moving, reason: '  Moving the office ' };
    expect(await administrationOver().pause(carol, wish)).toEqual({ kind: 'recorded' });
    expect(await stores.pauses.get()).toEqual({ ...moving, by, at: sampleNow });
    expect(audit.entries).toEqual([
      {
        at: sampleNow,
        address: null,
        actor: by,
        action: 'pause-stopping',
        endpointId: null,
        detail: `until ${ahead(60).toISOString()}: Moving the office`,
        outcome: 'recorded',
        requestIds: [],
      },
    ]);
  });

  it('replaces the one before it', async () => {
    await stores.pauses.set(aPause());
    await administrationOver().pause(carol, moving);
    expect(await stores.pauses.get()).toMatchObject(moving);
  });

  const inSevenDays = daysAfter(sampleNow, 7);

  it('may last seven days, and its reason 200 characters', async () => {
    const wish = { until: inSevenDays, reason: 'x'.repeat(200) };
    expect(await administrationOver().pause(carol, wish)).toEqual({ kind: 'recorded' });
    expect(await stores.pauses.get()).toMatchObject(wish);
  });

  const badTime: ScheduleOutcome = { kind: 'until-not-usable', longestDays: 7 };
  const badReason: ScheduleOutcome = { kind: 'reason-not-usable', longest: 200 };

  it.each<[string, Partial<PauseWish>, ScheduleOutcome]>([
    ['a time that is none', { until: null }, badTime],
    ['now', { until: sampleNow }, badTime],
    ['a time in the past', { until: ago(1) }, badTime],
    ['more than seven days', { until: secondsAfter(inSevenDays, 0.001) }, badTime],
    ['no reason', { reason: '' }, badReason],
    ['a blank reason', { reason: ' \n ' }, badReason],
    ['too long a reason', { reason: 'x'.repeat(201) }, badReason],
  ])('is refused with %s, and that stands in the audit', async (_what, wrong, outcome) => {
    await stores.pauses.set(aPause());
    expect(await administrationOver().pause(carol, { ...moving, ...wrong })).toEqual(outcome);
    expect(await stores.pauses.get()).toEqual(aPause());
    expect(outcomes()).toEqual([outcome.kind]);
  });

  it('is not written into the audit at length', async () => {
    await administrationOver().pause(carol, { until: null, reason: 'x'.repeat(9000) });
    expect(audit.entries[0]?.detail).toBe(`until no time: ${'x'.repeat(200)}`);
  });
});

describe('the end of a pause', () => {
  it('is stored, and stands in the audit', async () => {
    await stores.pauses.set(aPause());
    expect(await administrationOver().resume(carol)).toEqual({ kind: 'recorded' });
    expect(await stores.pauses.get()).toBeNull();
    expect(audit.entries).toMatchObject([{ action: 'resume-stopping', outcome: 'recorded' }]);
  });

  it('is a success where there is none', async () => {
    expect(await administrationOver().resume(carol)).toEqual({ kind: 'recorded' });
  });
});

describe('enabling the rule', () => {
  it('stands in the audit before it is asked for, and with AWS’s id after', async () => {
    const rule = ruleThat({ kind: 'enabled', requestId: 'request-1' });
    expect(await administrationOver({ rule }).enableRule(carol)).toEqual({ kind: 'recorded' });
    expect(enabled).toBe(1);
    const entry = { action: 'enable-rule', detail: rule.name, endpointId: null };
    expect(audit.entries).toMatchObject([
      { ...entry, outcome: 'recorded', requestIds: [] },
      { ...entry, outcome: 'done', requestIds: ['request-1'] },
    ]);
  });

  it.each<[RuleEnabling, ScheduleOutcome['kind']]>([
    [{ kind: 'missing' }, 'rule-missing'],
    [{ kind: 'refused' }, 'rule-refused'],
    [{ kind: 'not-confirmed' }, 'rule-not-confirmed'],
  ])('that came to %j is told, and stands in the audit', async (answer, kind) => {
    const rule = ruleThat(answer);
    expect(await administrationOver({ rule }).enableRule(carol)).toEqual({ kind });
    expect(outcomes()).toEqual(['recorded', kind]);
  });

  it('is refused where the portal knows of no rule', async () => {
    expect(await administrationOver().enableRule(carol)).toEqual({ kind: 'rule-missing' });
    expect(outcomes()).toEqual(['rule-missing']);
  });
});

describe.each([
  ['an employee', alice],
  ['an auditor', dave],
])('%s', (_who, principal) => {
  it('can do none of it, and the attempt stands in the audit', async () => {
    await stores.pauses.set(aPause());
    const rule = ruleThat({ kind: 'enabled', requestId: 'request-1' });
    const administration = administrationOver({ rule });
    const refused = { kind: 'not-permitted' };
    expect(await administration.pause(principal, moving)).toEqual(refused);
    expect(await administration.resume(principal)).toEqual(refused);
    expect(await administration.enableRule(principal)).toEqual(refused);
    expect(await stores.pauses.get()).toEqual(aPause());
    expect(enabled).toBe(0);
    expect(
      audit.entries.map(({ action, actor, outcome }) => [actor.name, action, outcome]),
    ).toEqual(
      ['pause-stopping', 'resume-stopping', 'enable-rule'].map((action) => [
        principal.name,
        action,
        'not-permitted',
      ]),
    );
  });
});

describe('an act on the schedule', () => {
  it('is not done where the audit cannot have it', async () => {
    const rule = ruleThat({ kind: 'enabled', requestId: 'request-1' });
    const administration = administrationOver({ audit: { append: unreachable }, rule });
    await stores.pauses.set(aPause());
    await expect(administration.pause(carol, moving)).rejects.toThrow(StoreError);
    await expect(administration.resume(carol)).rejects.toThrow(StoreError);
    await expect(administration.enableRule(carol)).rejects.toThrow(StoreError);
    expect(await stores.pauses.get()).toEqual(aPause());
    expect(enabled).toBe(0);
  });

  it('that the store has refused stands in the audit as failed', async () => {
    const administration = administrationOver({ pauses: { set: unreachable } });
    await expect(administration.pause(carol, moving)).rejects.toThrow(StoreError);
    expect(outcomes()).toEqual(['recorded', 'failed']);
  });
});
