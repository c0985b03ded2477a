import { Duration } from 'aws-cdk-lib';
import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { HttpCodeElb, HttpCodeTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

import type { MetricName } from '../../../src/config/metric-names.ts';
import { portalMetric } from '../portal-metrics.ts';
import type { RunbookTopic } from '../runbook.ts';
import { runbookAlarm } from './runbook-alarm.ts';
import type { AlarmSurroundings, Threshold } from './runbook-alarm.ts';

export interface PortalAlarmsProps extends AlarmSurroundings {
  /** Where the portal's own metrics are. */
  readonly namespace: string;
  readonly reconciler: Pick<IFunction, 'metricErrors' | 'metricInvocations'>;
  readonly deadLetters: Pick<IQueue, 'metricNumberOfMessagesSent'>;
  readonly loadBalancer: Pick<ApplicationLoadBalancer, 'metrics'>;
  /** An endpoint that has been on for so long is worth a look. */
  readonly onTooLongHours: number;
}

const minute = Duration.minutes(1);
const fiveMinutes = Duration.minutes(5);
const quarterHour = Duration.minutes(15);

/** One for each thing that somebody has to do something about, and none besides. */
export class PortalAlarms extends Construct {
  readonly alarms: readonly Alarm[];
  private readonly props: PortalAlarmsProps;

  constructor(scope: Construct, id: string, props: PortalAlarmsProps) {
    super(scope, id);
    this.props = props;
    this.alarms = [...this.ofTheSchedule(), ...this.ofEndpoints(), ...this.ofTheEntrance()];
  }

  private ofTheSchedule(): readonly Alarm[] {
    const { deadLetters, reconciler } = this.props;
    return [
      this.alarm('reconcilerFailures', {
        says: 'Runs of the reconciler fail: an endpoint may stay on, or not start.',
        metric: reconciler.metricErrors({ period: minute }),
        goesOff: { atLeast: 1 },
        // One that fails alone is made up for by the next.
        periods: { bad: 2, of: 5 },
      }),
      this.alarm('reconcilerNotRunning', {
        says: 'The reconciler has not run for five minutes: nothing is turned off any more.',
        // What does not run leaves no data behind, not a zero.
        metric: reconciler.metricInvocations({ period: minute }),
        goesOff: { below: 1 },
        periods: { bad: 5, of: 5 },
        whenMissing: TreatMissingData.BREACHING,
      }),
      this.alarm('deadLetters', {
        says: 'Runs of the reconciler keep ending in the dead-letter queue.',
        // Those that arrive, not those that are there: they stay for days after it is over.
        metric: deadLetters.metricNumberOfMessagesSent({ period: quarterHour, statistic: 'Sum' }),
        goesOff: { atLeast: 3 },
      }),
    ];
  }

  private ofEndpoints(): readonly Alarm[] {
    const { onTooLongHours } = this.props;
    // Every run of the schedule writes a zero to the first two, however few endpoints there are. While
    // it does not run, what was true stays so.
    return [
      this.alarm('endpointOnTooLong', {
        says: `An endpoint has been on for ${onTooLongHours} hours or longer.`,
        metric: this.own('HoursOn', 'Maximum'),
        goesOff: { atLeast: onTooLongHours },
        whenMissing: TreatMissingData.IGNORE,
      }),
      this.alarm('endpointNeedsAttention', {
        says: 'An endpoint needs attention: the portal can do no more about it by itself.',
        metric: this.own('NeedsAttention', 'Maximum'),
        goesOff: { atLeast: 1 },
        periods: { bad: 2, of: 2 },
        whenMissing: TreatMissingData.IGNORE,
      }),
      this.alarm('startFailures', {
        says: 'An endpoint that somebody has asked for could not be started.',
        metric: this.own('StartFailures', 'Sum'),
        goesOff: { atLeast: 1 },
      }),
    ];
  }

  private ofTheEntrance(): readonly Alarm[] {
    const { metrics } = this.props.loadBalancer;
    const sum = (period: Duration) => ({ period, statistic: 'Sum' });
    return [
      // A single one may be a deployment.
      this.alarm('portalErrors', {
        says: 'The portal answers with errors (5xx).',
        metric: metrics.httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT, sum(fiveMinutes)),
        goesOff: { atLeast: 3 },
      }),
      this.alarm('loadBalancerErrors', {
        says: 'The load balancer answers with errors (5xx) because it gets no usable answer.',
        metric: metrics.httpCodeElb(HttpCodeElb.ELB_5XX_COUNT, sum(fiveMinutes)),
        goesOff: { atLeast: 3 },
      }),
      this.alarm('claimsTooLarge', {
        says: 'Somebody cannot sign in, because the identity provider says more of them than fits.',
        metric: metrics.custom('ELBAuthUserClaimsSizeExceeded', sum(fiveMinutes)),
        goesOff: { atLeast: 1 },
      }),
      this.alarm('signInErrors', {
        says: 'People cannot sign in: the load balancer and Cognito do not understand each other.',
        metric: metrics.elbAuthError(sum(quarterHour)),
        goesOff: { atLeast: 3 },
      }),
      // Now and then somebody goes back in the browser, or is not assigned to the application.
      this.alarm('signInFailures', {
        says: 'The identity provider refuses many who want to sign in.',
        metric: metrics.elbAuthFailure(sum(quarterHour)),
        goesOff: { atLeast: 10 },
      }),
    ];
  }

  private own(name: MetricName, statistic: 'Sum' | 'Maximum'): Metric {
    return portalMetric(this.props.namespace, name, { statistic, period: fiveMinutes });
  }

  private alarm(topic: RunbookTopic, threshold: Threshold): Alarm {
    return runbookAlarm(this, topic, threshold, this.props);
  }
}
