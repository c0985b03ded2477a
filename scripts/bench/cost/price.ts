import type { BilledPeriod } from './networks.ts';
import { hourMs } from './office.ts';
import type { Outcome } from './replay.ts';

/** In dollars. What AWS asks differs between Regions and changes: every figure is an estimate. */
export interface Prices {
  readonly associationHour: number;
  readonly connectionHour: number;
  /**
   * What a minute is worth that somebody waits. Little of a minute's pay: the page says how long it
   * takes, and people get on with something else.
   */
  readonly waitingMinute: number;
  /** By the time used, or with every hour that was begun; which of them AWS does is told both ways. */
  readonly billing: 'prorated' | 'full-hour';
}

/** Of us-east-1. */
export const examplePrices: Prices = {
  associationHour: 0.1,
  connectionHour: 0.05,
  waitingMinute: 0.1,
  billing: 'prorated',
};

export interface Cost {
  readonly associationHours: number;
  readonly connectionHours: number;
  readonly money: number;
  readonly waitingMinutes: number;
  readonly moneyAndWaiting: number;
}

export function hoursBilled(milliseconds: number, billing: Prices['billing']): number {
  const hours = milliseconds / hourMs;
  return billing === 'prorated' ? hours : Math.ceil(hours);
}

export function costOf(outcome: Outcome, prices: Prices): Cost {
  const { associations, connectionsMs, waiting } = outcome;
  const lengths = associations.map(({ from, to }: BilledPeriod) => to - from);
  const billed = (all: readonly number[]): number =>
    all.reduce((sum, each) => sum + hoursBilled(each, prices.billing), 0);
  const associationHours = billed(lengths);
  const connectionHours = billed(connectionsMs);
  const money = associationHours * prices.associationHour + connectionHours * prices.connectionHour;
  return {
    associationHours,
    connectionHours,
    money,
    waitingMinutes: waiting.minutes,
    moneyAndWaiting: money + waiting.minutes * prices.waitingMinute,
  };
}
