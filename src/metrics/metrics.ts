import type { MetricName } from '../config/metric-names.ts';
import type { LogFields } from '../log.ts';

/** One value of one metric. */
export interface Measurement {
  readonly name: MetricName;
  /** In the metric's unit. */
  readonly value: number;
  /** The value of the metric's dimension; `null` where it is about all of them, or has none. */
  readonly of: string | null;
}

/** Where measurements go. What is lost of them is missed by nobody but the alarms. */
export interface Metrics {
  /**
   * @param about what else is known, to find the line by; it makes no metric
   */
  record(measurements: readonly Measurement[], about?: LogFields): void;
}
