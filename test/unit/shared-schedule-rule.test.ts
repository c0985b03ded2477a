import { describe, expect, it } from '@jest/globals';

import { createSharedScheduleRule } from '../../src/lease/schedule-rule.ts';
import type { ScheduleRule, ScheduleRuleState } from '../../src/lease/schedule-rule.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';

describe('the shared rule of the schedule', () => {
  function createWorld() {
    let asked = 0;
    let now: ScheduleRuleState = 'enabled';
    const rule: ScheduleRule = {
      name: 'every-minute',
      state: () => {
        asked += 1;
        return Promise.resolve(now);
      },
      enable: () => Promise.resolve({ kind: 'enabled', requestId: 'request-1' }),
    };
    const clock = createStoppedClock();
    const shared = createSharedScheduleRule(rule, clock);
    return {
      clock,
      shared,
      asked: () => asked,
      turn: (state: ScheduleRuleState) => {
        now = state;
      },
    };
  }

  it('has the name of the rule, and its state', async () => {
    const { shared } = createWorld();
    expect(shared.name).toBe('every-minute');
    expect(await shared.state()).toBe('enabled');
  });

  it('is not asked for again within half a minute, and is after it', async () => {
    const { asked, clock, shared, turn } = createWorld();
    await Promise.all([shared.state(), shared.state()]);
    turn('disabled');
    clock.advance(29);
    expect(await shared.state()).toBe('enabled');
    expect(asked()).toBe(1);
    clock.advance(2);
    expect(await shared.state()).toBe('disabled');
    expect(asked()).toBe(2);
  });

  it('is asked for again at once by whoever has just enabled it', async () => {
    const { asked, shared, turn } = createWorld();
    turn('disabled');
    await shared.state();
    expect(await shared.enable()).toEqual({ kind: 'enabled', requestId: 'request-1' });
    turn('enabled');
    expect(await shared.state('new')).toBe('enabled');
    expect(asked()).toBe(2);
  });
});
