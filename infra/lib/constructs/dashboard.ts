import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  MathExpression,
  PeriodOverride,
  SingleValueWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Alarm, IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { HttpCodeElb, HttpCodeTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

import type { MetricName } from '../../../src/config/metric-names.ts';
import { metrics, stopCauses } from '../../../src/config/metric-names.ts';
import { portalMetric } from '../portal-metrics.ts';
import type { PortalMetricOptions } from '../portal-metrics.ts';
import { runbookFile } from '../runbook.ts';

export interface PortalDashboardProps {
  /** Of the deployment, and of the dashboard. */
  readonly name: string;
  readonly namespace: string;
  readonly alarms: readonly Alarm[];
  readonly reconciler: Pick<IFunction, 'metricDuration' | 'metricErrors' | 'metricInvocations'>;
  readonly loadBalancer: Pick<ApplicationLoadBalancer, 'metrics'>;
  readonly portalUrl: string;
  /** Where docs/operator-runbook.md can be read; `null`: the dashboard names the file. */
  readonly runbookUrl: string | null;
}

const fiveMinutes = Duration.minutes(5);
const hour = Duration.hours(1);
const day = Duration.days(1);
const third = 8;

/** One page: what is wrong, what it costs, what people feel, and whether the machinery runs. */
export class PortalDashboard extends Construct {
  private readonly props: PortalDashboardProps;

  constructor(scope: Construct, id: string, props: PortalDashboardProps) {
    super(scope, id);
    this.props = props;
    const dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: props.name,
      defaultInterval: Duration.days(7),
      // Sums by the hour and by the day stay what they say, however long a time is looked at.
      periodOverride: PeriodOverride.INHERIT,
    });
    dashboard.addWidgets(this.heading());
    dashboard.addWidgets(
      new AlarmStatusWidget({ title: 'Alarms', alarms: [...props.alarms], width: 24, height: 4 }),
    );
    dashboard.addWidgets(...this.endpoints());
    dashboard.addWidgets(...this.people());
    dashboard.addWidgets(...this.machinery());
    dashboard.addWidgets(...this.entrance());
  }

  private heading(): TextWidget {
    const { portalUrl, runbookUrl } = this.props;
    const runbook = runbookUrl === null ? `\`${runbookFile}\`` : `[runbook](${runbookUrl})`;
    return new TextWidget({
      markdown: `# Client VPN On Demand\n[Portal](${portalUrl}) · what to do: ${runbook}`,
      width: 24,
      height: 2,
    });
  }

  private endpoints() {
    return [
      graph('Network hours a day, by endpoint', [this.byDimension('NetworkHours', 'Sum', day)]),
      graph('Hours on without a break, by endpoint', [
        this.byDimension('HoursOn', 'Maximum', fiveMinutes),
      ]),
      graph('Endpoints that need attention', [
        this.byDimension('NeedsAttention', 'Maximum', fiveMinutes),
      ]),
    ];
  }

  private people() {
    return [
      graph('Starts, and what failed of them', [
        this.own('Starts', { statistic: 'Sum', period: hour }),
        this.own('StartFailures', { statistic: 'Sum', period: hour }),
      ]),
      graph('Time to ready', [
        this.own('TimeToReady', { statistic: 'p50', period: hour, label: 'half of the starts' }),
        this.own('TimeToReady', { statistic: 'p90', period: hour, label: 'nine in ten' }),
        this.own('TimeToReady', { statistic: 'Maximum', period: hour, label: 'longest' }),
      ]),
      graph(
        'Stops by reason',
        stopCauses.map((of) =>
          this.own('Stops', { statistic: 'Sum', period: hour, of, label: of }),
        ),
        true,
      ),
    ];
  }

  private machinery() {
    const { reconciler } = this.props;
    const inFive = { statistic: 'Sum', period: fiveMinutes } as const;
    return [
      graph('Passes, and runs of the reconciler', [
        this.own('Passes', inFive),
        this.own('EndpointsPassed', inFive),
        this.own('EndpointsFailed', inFive),
        reconciler.metricInvocations({ period: fiveMinutes, label: 'runs' }),
        reconciler.metricErrors({ period: fiveMinutes, label: 'failed runs' }),
      ]),
      graph('Seconds of a run', [
        this.own('RunSeconds', {
          statistic: 'p50',
          period: fiveMinutes,
          label: 'half of the runs',
        }),
        this.own('RunSeconds', { statistic: 'Maximum', period: fiveMinutes, label: 'longest' }),
      ]),
      graph('AWS errors by code', [this.byDimension('AwsErrors', 'Sum', fiveMinutes)], true),
      graph('Clients let in', [this.own('ClientsLetIn', inFive)]),
      graph(
        'Clients denied, by reason',
        [this.byDimension('ClientsDenied', 'Sum', fiveMinutes)],
        true,
      ),
      graph(
        'Clients not judged, by reason',
        [this.byDimension('ClientsUnjudged', 'Sum', fiveMinutes)],
        true,
      ),
    ];
  }

  private entrance() {
    const { metrics: balancer } = this.props.loadBalancer;
    const sum = { statistic: 'Sum', period: fiveMinutes };
    return [
      graph('Requests', [
        balancer.requestCount(sum),
        balancer.httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT, { ...sum, label: 'portal 5xx' }),
        balancer.httpCodeElb(HttpCodeElb.ELB_5XX_COUNT, { ...sum, label: 'load balancer 5xx' }),
      ]),
      graph('Sign-ins', [
        balancer.elbAuthSuccess({ ...sum, label: 'signed in' }),
        balancer.elbAuthFailure({ ...sum, label: 'refused' }),
        balancer.elbAuthError({ ...sum, label: 'went wrong' }),
        balancer.custom('ELBAuthUserClaimsSizeExceeded', { ...sum, label: 'claims too large' }),
      ]),
      new SingleValueWidget({
        title: 'Network hours, of the last 30 days',
        metrics: [this.own('NetworkHours', { statistic: 'Sum', period: Duration.days(30) })],
        setPeriodToTimeRange: false,
        width: third,
        height: 6,
      }),
    ];
  }

  private own(name: MetricName, options: PortalMetricOptions): IMetric {
    return portalMetric(this.props.namespace, name, options);
  }

  /** A line for each value that there has been: which endpoints there are, the stack does not know. */
  private byDimension(
    name: MetricName,
    statistic: 'Sum' | 'Maximum',
    period: Duration,
  ): MathExpression {
    const { dimension } = metrics[name];
    const { namespace } = this.props;
    const schema = `"${namespace}",${String(dimension)}`;
    return new MathExpression({
      expression: `SEARCH('{${schema}} MetricName="${name}"', '${statistic}', ${period.toSeconds()})`,
      usingMetrics: {},
      label: '',
      period,
    });
  }
}

function graph(title: string, left: IMetric[], stacked = false): GraphWidget {
  return new GraphWidget({ title, left, stacked, width: third, height: 6 });
}
