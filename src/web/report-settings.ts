import type { Clock } from '../clock.ts';
import { daysAfter } from '../clock.ts';
import type { Month } from '../usage/calendar.ts';
import { monthOf } from '../usage/calendar.ts';

/** What the deployment says about its reports. */
export interface ReportSettings {
  /** The accounts' zone, which decides days and months. */
  readonly timeZone: string;
  readonly retentionDays: {
    readonly usage: number;
    readonly totals: number;
    readonly audit: number;
  };
  /** `null` where an answer may be as long as it likes. */
  readonly longestAnswerBytes: number | null;
}

export interface Months {
  readonly thisMonth: Month;
  readonly oldestMonth: Month;
}

/** The months that there may be something of. */
export function monthsKept(clock: Clock, { timeZone }: ReportSettings, days: number): Months {
  return {
    thisMonth: monthOf(clock.now(), timeZone),
    oldestMonth: monthOf(oldestKept(clock, days), timeZone),
  };
}

export function oldestKept(clock: Clock, days: number): Date {
  return daysAfter(clock.now(), -days);
}
