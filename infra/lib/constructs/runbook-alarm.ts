import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

import { anchorOf, runbookHeadings, runbookPlace } from '../runbook.ts';
import type { RunbookTopic } from '../runbook.ts';

export interface AlarmSurroundings {
  /** Of the deployment: its alarms begin with it. */
  readonly name: string;
  readonly topic: Topic;
  /** Where docs/operator-runbook.md can be read; `null`: alarms name the file. */
  readonly runbookUrl: string | null;
}

/** What has to be so for an alarm, for so many periods out of the last few. */
export interface Threshold {
  /** What the alarm means, in one sentence. */
  readonly says: string;
  readonly metric: IMetric;
  readonly goesOff: { readonly atLeast: number } | { readonly below: number };
  readonly periods?: { readonly bad: number; readonly of: number };
  readonly whenMissing?: TreatMissingData;
}

/** An alarm that tells the topic, and says where to read what to do. */
export function runbookAlarm(
  scope: Construct,
  about: RunbookTopic,
  threshold: Threshold,
  { name, runbookUrl, topic }: AlarmSurroundings,
): Alarm {
  const { goesOff, metric, periods = { bad: 1, of: 1 }, says } = threshold;
  const alarm = new Alarm(scope, about, {
    alarmName: `${name}-${anchorOf(runbookHeadings[about])}`,
    alarmDescription: `${says} ${runbookPlace(about, runbookUrl)}`,
    metric,
    ...('below' in goesOff
      ? {
          threshold: goesOff.below,
          comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        }
      : {
          threshold: goesOff.atLeast,
          comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        }),
    datapointsToAlarm: periods.bad,
    evaluationPeriods: periods.of,
    // Where nothing has happened, there is nothing to count.
    treatMissingData: threshold.whenMissing ?? TreatMissingData.NOT_BREACHING,
  });
  alarm.addAlarmAction(new SnsAction(topic));
  return alarm;
}
