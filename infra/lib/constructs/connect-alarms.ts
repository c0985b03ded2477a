import { Duration } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

import { runbookAlarm } from './runbook-alarm.ts';
import type { AlarmSurroundings } from './runbook-alarm.ts';

export interface ConnectAlarmsProps extends AlarmSurroundings {
  readonly handler: Pick<IFunction, 'metricDuration' | 'metricErrors' | 'metricThrottles'>;
}

const period = Duration.minutes(5);

/** After so long it no longer decides by what it knows, but by the setting for what cannot be told. */
const decidesWithin = Duration.seconds(4);

/** Whoever the handler fails is kept out of the VPN, without a word that helps. So once is enough. */
export class ConnectAlarms extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: ConnectAlarmsProps) {
    super(scope, id);
    const { handler } = props;
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
          says: 'The client connect handler has taken so long that a client was let in, or kept out, unjudged.',
          metric: handler.metricDuration({ period, statistic: 'Maximum' }),
          goesOff: { atLeast: decidesWithin.toMilliseconds() },
        },
        props,
      ),
    ];
  }
}
