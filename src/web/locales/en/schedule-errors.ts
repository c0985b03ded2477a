import type { Format } from '../format.ts';
import type { ScheduleProblem } from '../schedule-problem.ts';
import type { Notice } from '../told.ts';

export function scheduleNotice(problem: ScheduleProblem, format: Format): Notice {
  switch (problem.code) {
    case 'pause-until-not-usable':
      return {
        title: 'That time cannot be used',
        happened: `A pause ends in the future, at the latest in ${format.count(problem.longestDays)} days. Nothing was changed.`,
        next: 'Go back to the schedule and choose one of the times on offer.',
      };
    case 'pause-reason-missing':
      return {
        title: 'A reason is missing',
        happened: 'The form did not say why stopping is to be paused. Nothing was changed.',
        next: 'Go back to the schedule and write a short reason: everybody reads it.',
      };
    case 'pause-reason-too-long':
      return {
        title: 'That reason is too long',
        happened: `A reason has at most ${format.count(problem.longest)} characters. Stopping was not paused.`,
        next: 'Go back to the schedule and say it in fewer words.',
      };
    case 'rule-missing':
      return {
        title: 'There is no such rule',
        happened:
          'EventBridge has no rule of the name that the portal knows, so there is nothing to enable.',
        next: 'Deploy the portal again, or correct RECONCILER_RULE_NAME.',
      };
    case 'rule-refused':
      return {
        title: 'AWS does not let the portal do this',
        happened: 'EventBridge has refused to enable the rule. Nothing was changed.',
        next: 'Enable it in EventBridge yourself, or give the portal’s role the permission events:EnableRule for it.',
      };
    case 'rule-not-confirmed':
      return {
        title: 'It is not known whether the rule is enabled',
        happened: 'EventBridge did not confirm it in time.',
        next: 'Go back to the schedule and look. If the rule is still disabled there, press the button again.',
      };
  }
}
