import { DescribeRuleCommand } from '@aws-sdk/client-eventbridge';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';

import type { ScheduleRule, ScheduleRuleState } from '../lease/schedule-rule.ts';
import type { Log } from '../log.ts';

/** People wait for the page meanwhile. */
const longestMilliseconds = 2_000;

/**
 * A rule of EventBridge on the default bus. Needs `events:DescribeRule` on it; without, its state is
 * `unknown`, and the log says why.
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

  return {
    name,
    async state() {
      const inTime = AbortSignal.timeout(longestMilliseconds);
      try {
        // Not by the signal alone: the SDK does not look at it while it gets its credentials.
        return await Promise.race([describe(inTime), rejectionBy(inTime)]);
      } catch (error) {
        if (error instanceof Error && error.name === 'ResourceNotFoundException') return 'missing';
        log.warn({ error, rule: name }, 'could not read the rule of the schedule');
        return 'unknown';
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

function rejectionBy(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener(
      'abort',
      () => {
        reject(new Error('no answer in time', { cause: signal.reason }));
      },
      { once: true },
    );
  });
}
