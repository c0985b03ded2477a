import type { Clock } from '../clock.ts';
import { metrics } from '../config/metric-names.ts';
import type { MetricDefinition } from '../config/metric-names.ts';
import type { Log, LogFields } from '../log.ts';
import type { Measurement, Metrics } from '../metrics/metrics.ts';

/**
 * Writes measurements as log lines in CloudWatch's Embedded Metric Format, from which CloudWatch Logs
 * makes metrics wherever the line comes from, a function or a container: there is no call that could
 * fail, and no permission to give. The line has to be one JSON object, which the log sees to.
 *
 * Source: Amazon CloudWatch User Guide, "Specification: Embedded metric format".
 */
export function createEmfMetrics(deps: {
  readonly log: Log;
  readonly clock: Clock;
  readonly namespace: string;
}): Metrics {
  const { clock, log, namespace } = deps;
  return {
    record(measurements, about = {}) {
      for (const line of linesOf(measurements)) {
        log.info({ ...about, ...embedded(line, namespace, clock.now()) }, 'metrics');
      }
    },
  };
}

function definitionOf({ name }: Measurement): MetricDefinition {
  return metrics[name];
}

/** The member of the line in which the value of the dimension stands; `null` where there is none. */
function dimensionOf(measurement: Measurement): MetricDefinition['dimension'] {
  return measurement.of === null ? null : definitionOf(measurement).dimension;
}

/** A line has each metric, and each dimension, once: what does not fit in is for another line. */
function linesOf(measurements: readonly Measurement[]): readonly (readonly Measurement[])[] {
  const lines: Measurement[][] = [];
  for (const measurement of measurements) {
    const fitting = lines.find((line) => line.every((other) => fitTogether(measurement, other)));
    if (fitting === undefined) lines.push([measurement]);
    else fitting.push(measurement);
  }
  return lines;
}

function fitTogether(one: Measurement, other: Measurement): boolean {
  const dimension = dimensionOf(one);
  const isOfAnother = dimension !== null && dimension === dimensionOf(other) && one.of !== other.of;
  return one.name !== other.name && !isOfAnother;
}

function embedded(line: readonly Measurement[], namespace: string, now: Date): LogFields {
  const dimensions = [...new Set(line.map(dimensionOf))];
  const directives = dimensions.map((dimension) => ({
    Namespace: namespace,
    // Without the dimension as well: alarms look at all endpoints at once.
    Dimensions: dimension === null ? [[]] : [[], [dimension]],
    Metrics: line
      .filter((measurement) => dimensionOf(measurement) === dimension)
      .map((measurement) => ({ Name: measurement.name, Unit: definitionOf(measurement).unit })),
  }));
  const members = line.flatMap((measurement): [string, string | number][] => {
    const dimension = dimensionOf(measurement);
    const value: [string, number] = [measurement.name, measurement.value];
    return dimension === null || measurement.of === null
      ? [value]
      : [value, [dimension, measurement.of]];
  });
  return {
    _aws: { Timestamp: now.getTime(), CloudWatchMetrics: directives },
    ...Object.fromEntries(members),
  };
}
