import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';

import type { MetricName } from '../../src/config/metric-names.ts';
import { metrics } from '../../src/config/metric-names.ts';

export interface PortalMetricOptions {
  readonly statistic: 'Sum' | 'Maximum' | 'p50' | 'p90';
  readonly period: Duration;
  readonly label?: string;
  /** One value of the metric's dimension; left out, all of them together. */
  readonly of?: string;
}

/** A metric that the portal and the reconciler write themselves. */
export function portalMetric(
  namespace: string,
  name: MetricName,
  { of, ...options }: PortalMetricOptions,
): Metric {
  const { dimension } = metrics[name];
  if (of !== undefined && dimension === null) throw new Error(`${name} has no dimension`);
  const dimensionsMap = of === undefined || dimension === null ? {} : { [dimension]: of };
  return new Metric({ namespace, metricName: name, dimensionsMap, ...options });
}
