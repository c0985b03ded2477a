import type { Clock } from '../clock.ts';
import { createSharedReading } from '../shared-reading.ts';

/** `unknown` where nobody could say: AWS was slow, away, or has refused. */
export type ScheduleRuleState = 'enabled' | 'disabled' | 'missing' | 'unknown';

/** What makes the schedule run where no container does it. */
export interface ScheduleRule {
  /** By which people find it in AWS. */
  readonly name: string;
  /** Never rejects: a page that cannot say this has everything else to say. */
  state(): Promise<ScheduleRuleState>;
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
  return { name: rule.name, state: () => reading.get(rule.name) };
}
