import type { Clock } from '../clock.ts';
import { createSharedReading } from '../shared-reading.ts';

/** `unknown` where nobody could say: AWS was slow, away, or has refused. */
export type ScheduleRuleState = 'enabled' | 'disabled' | 'missing' | 'unknown';

/** What came of enabling a rule. */
export type RuleEnabling =
  | { readonly kind: 'enabled'; readonly requestId: string }
  /** There is no rule of this name. */
  | { readonly kind: 'missing' }
  /** The portal may not enable it. */
  | { readonly kind: 'refused' }
  /** AWS was slow, or away: it may be enabled, and it may not. */
  | { readonly kind: 'not-confirmed' };

/** What makes the schedule run where no container does it. */
export interface ScheduleRule {
  /** By which people find it in AWS. */
  readonly name: string;
  /**
   * Never rejects: a page that cannot say this has everything else to say.
   *
   * @param age `new` for whoever has just changed it; `shared`, unless given, may be half a minute old
   */
  state(age?: 'shared' | 'new'): Promise<ScheduleRuleState>;
  /** Enables it; one that is enabled stays so. Nothing here disables it. Never rejects. */
  enable(): Promise<RuleEnabling>;
}

const sharedSeconds = 30;

/** One that is asked for every 30 seconds at most, however many people look. */
export function createSharedScheduleRule(rule: ScheduleRule, clock: Clock): ScheduleRule {
  const reading = createSharedReading({
    clock,
    seconds: sharedSeconds,
    mostKeys: 1,
    read: () => rule.state(),
  });
  return {
    name: rule.name,
    state(age = 'shared') {
      if (age === 'new') reading.forget(rule.name);
      return reading.get(rule.name);
    },
    enable: () => rule.enable(),
  };
}
