import { describe, expect, it } from '@jest/globals';
import { minutesAfter } from '../../src/clock.ts';
import type { Principal } from '../../src/identity/principal.ts';
import type { Pause } from '../../src/lease/pause.ts';
import type { ScheduleRuleState } from '../../src/lease/schedule-rule.ts';
import type { Language } from '../../src/web/locales/index.ts';
import { scheduleProblems, scheduleView } from '../../src/web/view-models/overview-schedule.ts';
import { wordingFor } from '../../src/web/view-models/viewer.ts';
import { alice, aPause, carol, dave, sampleNow } from '../builders/endpoint-for-person.ts';
import { frameInput } from '../builders/frame-input.ts';

const name = 'vpn-portal-reconciler';

/** @param ranBefore in minutes; `null` where the schedule has never run */
function told(
  state: ScheduleRuleState | null,
  options: {
    ranBefore?: number | null;
    failingFor?: number | null;
    dryRun?: boolean;
    language?: Language;
    pause?: Pause | null;
    principal?: Principal;
  } = {},
) {
  const {
    dryRun = false,
    failingFor = null,
    language = 'en',
    pause = null,
    principal = carol,
    ranBefore = 1,
  } = options;
  const data = {
    now: sampleNow,
    rule: state === null ? null : { name, state },
    listing: {
      readAt: sampleNow,
      schedule: ranBefore === null ? null : { at: minutesAfter(sampleNow, -ranBefore), dryRun },
      ...(failingFor === null ? {} : { failingSince: minutesAfter(sampleNow, -failingFor) }),
      endpoints: [],
    },
  };
  const input = { ...frameInput(principal, language), ...data, pause };
  const wording = wordingFor(input);
  return {
    problems: scheduleProblems(input, wording),
    ...scheduleView(input, wording),
  };
}

describe('the schedule on the overview', () => {
  it.each<[Language, ScheduleRuleState, string]>([
    ['en', 'enabled', `Its rule ${name} is enabled.`],
    ['en', 'disabled', `Its rule ${name} is disabled.`],
    ['en', 'missing', `EventBridge has no rule ${name}.`],
    ['en', 'unknown', `Whether its rule ${name} is enabled could not be read.`],
    ['ja', 'enabled', `ルール ${name} は有効です。`],
    ['ja', 'disabled', `ルール ${name} は無効になっています。`],
    ['ja', 'missing', `EventBridge にルール ${name} がありません。`],
    ['ja', 'unknown', `ルール ${name} が有効かどうかを読み込めませんでした。`],
  ])('says in %s of a rule that is %s how it is', (language, state, sentence) => {
    expect(told(state, { language }).sentences.join(' ')).toContain(sentence);
    expect(told(state, { language, ranBefore: null }).sentences.join(' ')).toContain(sentence);
  });

  it.each<Language>(['en', 'ja'])(
    'says in %s nothing of a rule that it is not told of',
    (language) => {
      for (const ranBefore of [1, 10, null]) {
        const { problems, sentences, state } = told(null, { language, ranBefore });

        expect([...problems, ...sentences, state].join(' ')).not.toMatch(
          /\brule|ルール|EventBridge/,
        );
      }
    },
  );

  it.each<[Language, string, RegExp]>([
    ['en', 'Failing', /failed for 10 minutes/],
    ['ja', '失敗', /10 分.*失敗/],
  ])('says in %s that its runs fail', (language, state, sentence) => {
    const failing = told(null, { language, failingFor: 10 });
    expect(failing).toMatchObject({ tone: 'bad', state });
    expect(failing.problems).toEqual([expect.stringMatching(sentence)]);
  });

  it('is fine with a rule that is enabled, and with one that could not be read', () => {
    for (const state of ['enabled', 'unknown', null] as const) {
      expect(told(state)).toMatchObject({ problems: [], tone: 'good', state: 'It runs' });
    }
  });

  it('is switched off with a rule that is disabled, though it ran a minute ago', () => {
    expect(told('disabled')).toMatchObject({ tone: 'bad', state: 'Switched off' });
    expect(told('disabled', { dryRun: true })).toMatchObject({ tone: 'bad' });
    expect(told('disabled', { language: 'ja' })).toMatchObject({ tone: 'bad', state: '無効' });
  });

  it('still runs where the rule is missing and something else runs it', () => {
    expect(told('missing')).toMatchObject({ tone: 'good', state: 'It runs' });
    expect(told('missing', { ranBefore: 10 })).toMatchObject({ tone: 'bad', state: 'Overdue' });
  });
});

describe('a pause on the overview', () => {
  it('is the state of a schedule that runs, with its end', () => {
    const { sentences, state, tone } = told('enabled', { pause: aPause() });
    expect([tone, state]).toEqual(['moving', 'Stopping is paused']);
    expect(sentences[0]).toBe('Nothing is turned off by itself until 12:52.');
    expect(told('enabled', { pause: aPause({ until: sampleNow }) })).toMatchObject({
      tone: 'good',
      state: 'It runs',
    });
  });

  it('hides nothing that is wrong with it', () => {
    const pause = aPause();
    expect(told('disabled', { pause })).toMatchObject({ tone: 'bad', state: 'Switched off' });
    expect(told('enabled', { pause, ranBefore: 10 })).toMatchObject({ tone: 'bad' });
    expect(told('enabled', { pause, dryRun: true })).toMatchObject({ state: 'Dry run' });
  });
});

describe('enabling the rule', () => {
  it('is offered to an administrator, where it is disabled and nowhere else', () => {
    expect(told('disabled').enableRule).toMatchObject({
      action: '/admin/schedule/enable-rule',
      button: 'Enable the rule',
    });
    expect(told('disabled', { ranBefore: null }).enableRule).not.toBeNull();
    for (const state of ['enabled', 'missing', 'unknown', null] as const) {
      expect(told(state).enableRule).toBeNull();
    }
  });

  it('is offered neither to an auditor nor to an employee', () => {
    expect(told('disabled', { principal: dave }).enableRule).toBeNull();
    expect(told('disabled', { principal: alice }).enableRule).toBeNull();
  });
});

describe('what needs attention of the schedule', () => {
  it.each<[Language, ScheduleRuleState, string]>([
    ['en', 'disabled', 'until somebody enables it.'],
    ['en', 'missing', 'correct RECONCILER_RULE_NAME'],
    ['ja', 'disabled', '有効にするまで'],
    ['ja', 'missing', 'RECONCILER_RULE_NAME を修正'],
  ])('is in %s a rule that is %s, whenever it ran, and nothing beside', (language, state, what) => {
    for (const ranBefore of [0, 10, null]) {
      const { problems } = told(state, { language, ranBefore });

      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain(what);
      expect(problems[0]).toContain(name);
    }
  });

  it('is not to be looked for in a rule that is known to be enabled', () => {
    for (const ranBefore of [10, null]) {
      const [problem] = told('enabled', { ranBefore }).problems;

      expect(problem).toContain('Its rule is enabled');
      expect(problem).not.toContain('Check');
    }
  });

  it('may be in a rule of which nobody knows', () => {
    for (const ranBefore of [10, null]) {
      expect(told('unknown', { ranBefore }).problems[0]).toContain(
        'Check that its rule is enabled',
      );
    }
  });
});
