import { Duration } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

import { portalMetric } from '../portal-metrics.ts';
import { runbookAlarm } from './runbook-alarm.ts';
import type { AlarmSurroundings } from './runbook-alarm.ts';

export interface ConnectAlarmsProps extends AlarmSurroundings {
  /** Where the handler's own metrics are. */
  readonly namespace: string;
  readonly handler: Pick<IFunction, 'metricDuration' | 'metricErrors' | 'metricThrottles'>;
}

const period = Duration.minutes(5);

/** So long people wait for nothing else. A table that hangs is given up sooner, as a rule. */
const slowAfter = Duration.seconds(4);

/**
 * Whoever the handler fails is kept out of the VPN, without a word that helps, and whoever it could not
 * judge may be in where they should not be. So once is enough.
 */
export class ConnectAlarms extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: ConnectAlarmsProps) {
    super(scope, id);
    const { handler, namespace } = props;
    this.alarms = [
      runbookAlarm(
        this,
        'connectFailures',
        {
          says: 'The client connect handler fails: AWS keeps people out of the VPN.',
          metric: handler.metricErrors({ period }),
          goesOff: { atLeast: 1 },
        },
        props,
      ),
      runbookAlarm(
        this,
        'connectThrottled',
        {
          says: 'The account has no room to run the client connect handler: AWS keeps people out of the VPN.',
          metric: handler.metricThrottles({ period }),
          goesOff: { atLeast: 1 },
        },
        props,
      ),
      runbookAlarm(
        this,
        'connectSlow',
        {
          says: 'The client connect handler has taken four seconds or longer: people wait to connect.',
          metric: handler.metricDuration({ period, statistic: 'Maximum' }),
          goesOff: { atLeast: slowAfter.toMilliseconds() },
        },
        props,
      ),
      runbookAlarm(
        this,
        'connectUnjudged',
        {
          says: 'It could not be told whether a client may connect: it was let in, or kept out, by connect.onFailure alone.',
          metric: portalMetric(namespace, 'ClientsUnjudged', { statistic: 'Sum', period }),
          goesOff: { atLeast: 1 },
        },
        props,
      ),
    ];
  }
}
