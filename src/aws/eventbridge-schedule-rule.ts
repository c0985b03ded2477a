import { DescribeRuleCommand, EnableRuleCommand } from '@aws-sdk/client-eventbridge';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';

import type { RuleEnabling, ScheduleRule, ScheduleRuleState } from '../lease/schedule-rule.ts';
import type { Log } from '../log.ts';
import { rejectionBy } from './in-time.ts';

/** People wait for the page meanwhile. */
const longestMilliseconds = 2_000;

/**
 * A rule of EventBridge on the default bus. Needs `events:DescribeRule` and `events:EnableRule` on
 * it; without, its state is `unknown`, or enabling it is `refused`, and the log says why.
 */
export function createEventBridgeScheduleRule(dependencies: {
  readonly client: EventBridgeClient;
  readonly name: string;
  readonly log: Log;
}): ScheduleRule {
  const { client, log, name } = dependencies;

  async function describe(abortSignal: AbortSignal): Promise<ScheduleRuleState> {
    const { State } = await client.send(new DescribeRuleCommand({ Name: name }), { abortSignal });
    return stateOf(State);
  }

  async function enable(abortSignal: AbortSignal): Promise<RuleEnabling> {
    const { $metadata } = await client.send(new EnableRuleCommand({ Name: name }), { abortSignal });
    return { kind: 'enabled', requestId: $metadata.requestId ?? '' };
  }

  return {
    name,
    async state() {
      const inTime = AbortSignal.timeout(longestMilliseconds);
      try {
        // Not by the signal alone: the SDK does not look at it while it gets its credentials.
        return await Promise.race([describe(inTime), rejectionBy(inTime)]);
      } catch (error) {
        if (isNamed(error, 'ResourceNotFoundException')) return 'missing';
        log.warn({ error, rule: name }, 'could not read the rule of the schedule');
        return 'unknown';
      }
    },

    async enable() {
      const inTime = AbortSignal.timeout(longestMilliseconds);
      try {
        return await Promise.race([enable(inTime), rejectionBy(inTime)]);
      } catch (error) {
        log.warn({ error, rule: name }, 'could not enable the rule of the schedule');
        return { kind: failureOf(error) };
      }
    },
  };
}

/** Source: EventBridge API Reference, DescribeRule. An enabled one may see CloudTrail's events, too. */
function stateOf(state: string | undefined): ScheduleRuleState {
  switch (state) {
    case 'ENABLED':
    case 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS':
      return 'enabled';
    case 'DISABLED':
      return 'disabled';
    case undefined:
    default:
      return 'unknown';
  }
}

/** Source: EventBridge API Reference, EnableRule, "Errors" and "Common Errors". */
function failureOf(error: unknown): Exclude<RuleEnabling['kind'], 'enabled'> {
  if (isNamed(error, 'ResourceNotFoundException')) return 'missing';
  const refusals = ['AccessDeniedException', 'ManagedRuleException'];
  return refusals.some((refusal) => isNamed(error, refusal)) ? 'refused' : 'not-confirmed';
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
