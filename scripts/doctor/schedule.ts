import { secondsBetween } from '../../src/clock.ts';
import type { ScheduleRun } from '../../src/vpn/catalogue.ts';
import { verdict } from './finding.ts';
import type { Verdict } from './finding.ts';

/** It runs every minute; as long as a deployment takes to replace a function, nobody minds. */
const lateSeconds = 180;

/** @param state as EventBridge says it; `null` where there is no such rule */
export function judgeScheduleRule(name: string, state: string | null): readonly Verdict[] {
  if (state === null) {
    return [
      verdict.problem(
        `There is no rule ${name}, so nothing turns an endpoint off.`,
        'Deploy again: npx cdk deploy',
      ),
    ];
  }
  // One that is enabled may see CloudTrail's events, too, and then says so.
  if (state.startsWith('ENABLED')) return [verdict.ok(`The rule ${name} is enabled.`)];
  return [
    verdict.problem(
      `The rule ${name} is ${state}, so nothing turns an endpoint off.`,
      `aws events enable-rule --name ${name}`,
    ),
  ];
}

/** @param run the last one; `null` where there was none */
export function judgeLastRun(run: ScheduleRun | null, now: Date): readonly Verdict[] {
  const logs =
    "CloudWatch › Log groups: the reconciler's log says why; Lambda › Functions shows whether it is called";
  if (run === null) {
    return [verdict.problem('The schedule has never run, so nothing turns an endpoint off.', logs)];
  }
  const seconds = Math.max(0, Math.round(secondsBetween(run.at, now)));
  const ago = seconds < lateSeconds ? `${seconds} seconds` : `${Math.floor(seconds / 60)} minutes`;
  if (seconds >= lateSeconds) {
    return [
      verdict.problem(
        `The schedule last ran ${ago} ago, at ${run.at.toISOString()}, and should every minute.`,
        logs,
      ),
    ];
  }
  if (run.dryRun) {
    return [
      verdict.warning(
        `The schedule ran ${ago} ago, dry: it says what it would do, and turns nothing off.`,
        'Where that is not meant any more, set schedule.dryRun to false in the settings, and deploy.',
      ),
    ];
  }
  return [verdict.ok(`The schedule ran ${ago} ago.`)];
}
