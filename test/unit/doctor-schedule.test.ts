import { describe, expect, it } from '@jest/globals';

import { judgePrices } from '../../scripts/doctor/prices.ts';
import { judgeLastRun, judgeScheduleRule } from '../../scripts/doctor/schedule.ts';
import { secondsAfter } from '../../src/clock.ts';
import { now, onlyOf, outcomesOf } from './doctor-samples.ts';

describe('the rule of the schedule', () => {
  it.each([
    ['ENABLED', 'ok'],
    ['ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS', 'ok'],
    ['DISABLED', 'problem'],
    ['of an unknown state', 'problem'],
    [null, 'problem'],
  ])('%s is: %s', (state, outcome) => {
    expect(outcomesOf(judgeScheduleRule('every-minute', state))).toEqual([outcome]);
  });

  it('is mended by one command', () => {
    const { fix } = onlyOf(judgeScheduleRule('every-minute', 'DISABLED'));
    expect(fix).toBe('aws events enable-rule --name every-minute');
  });
});

describe('the last run', () => {
  const ago = (seconds: number, dryRun = false) => ({ at: secondsAfter(now, -seconds), dryRun });

  it.each([
    ['just now', ago(0), 'ok', '0 seconds ago'],
    ['in a moment, by another clock', ago(-4), 'ok', '0 seconds ago'],
    ['a moment too early to be late', ago(179), 'ok', '179 seconds ago'],
    ['three minutes ago', ago(180), 'problem', '3 minutes ago'],
    ['yesterday, dry', ago(86_400, true), 'problem', '1440 minutes ago'],
    ['just now, dry', ago(20, true), 'warning', 'dry'],
    ['never', null, 'problem', 'never run'],
  ])('%s', (_what, run, outcome, words) => {
    const found = onlyOf(judgeLastRun(run, now));
    expect(found.outcome).toBe(outcome);
    expect(found.sentence).toContain(words);
  });
});

describe('the prices', () => {
  it('are right when both are known, even where one is nothing', () => {
    const found = onlyOf(judgePrices({ associationHour: 0.15, connectionHour: 0 }, 'eu-west-1'));
    expect(found.outcome).toBe('ok');
    expect(found.sentence).toContain('In eu-west-1');
  });

  it.each([
    [{ associationHour: null, connectionHour: 0.05 }, 'price of an association-hour in'],
    [{ associationHour: 0.15, connectionHour: null }, 'price of a connection-hour in'],
    [
      { associationHour: null, connectionHour: null },
      'price of an association-hour and of a connection-hour in',
    ],
  ])('are worth a warning: %j', (prices, words) => {
    const { outcome, sentence } = onlyOf(judgePrices(prices, 'eu-west-1'));
    expect(outcome).toBe('warning');
    expect(sentence).toContain(words);
  });
});
