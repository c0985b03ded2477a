import { describe, expect, it } from '@jest/globals';
import { minutesAfter } from '../../src/clock.ts';
import type { ScheduleRuleState } from '../../src/lease/schedule-rule.ts';
import type { Language } from '../../src/web/locales/index.ts';
import { scheduleProblems, scheduleView } from '../../src/web/view-models/overview-schedule.ts';
import { wordingFor } from '../../src/web/view-models/viewer.ts';
import { carol, sampleNow } from '../builders/endpoint-for-person.ts';
import { frameInput } from '../builders/frame-input.ts';

const name = 'vpn-portal-reconciler';

/** @param ranBefore in minutes; `null` where the schedule has never run */
function told(
  state: ScheduleRuleState | null,
  options: { ranBefore?: number | null; dryRun?: boolean; language?: Language } = {},
) {
  const { dryRun = false, language = 'en', ranBefore = 1 } = options;
  const data = {
    now: sampleNow,
    rule: state === null ? null : { name, state },
    listing: {
      readAt: sampleNow,
      schedule: ranBefore === null ? null : { at: minutesAfter(sampleNow, -ranBefore), dryRun },
      endpoints: [],
    },
  };
  const wording = wordingFor(frameInput(carol, language));
  return {
    problems: scheduleProblems(data, wording),
    ...scheduleView(data, wording),
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

describe('what needs attention of the schedule', () => {
  it.each<[Language, ScheduleRuleState, string]>([
    ['en', 'disabled', 'until somebody enables it in EventBridge'],
    ['en', 'missing', 'correct RECONCILER_RULE_NAME'],
    ['ja', 'disabled', 'EventBridge で有効にするまで'],
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
