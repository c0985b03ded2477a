import type { EndpointId } from '../vpn/ids.ts';
import type { Day, Month } from './calendar.ts';
import { daysOf, rangeOfDay, rangeOfMonth } from './calendar.ts';
import type { Prices } from './cost.ts';
import { secondsTogether, secondsWithin } from './on-period.ts';
import type { ObservationGap } from './on-period.ts';
import type { Figures, MonthTotal, PersonTotal } from './totals.ts';
import { peopleOf } from './totals.ts';
import type { UsageStore } from './usage-store.ts';

/** What the administrators' pages tell of a month. */
export interface UsageReports {
  /** @param only `null` for every endpoint together */
  month(month: Month, only: EndpointId | null): Promise<MonthReport>;
}

export interface MonthReport {
  readonly month: Month;
  /** When the figures were made; `null` where there are none. */
  readonly computedAt: Date | null;
  /** Of all days of the month, those without records included. */
  readonly days: readonly DayReport[];
  readonly endpoints: readonly EndpointReport[];
  readonly total: Sums;
  /** Seconds on by weekday (Monday first) and hour: 7 times 24. */
  readonly onSecondsByWeekHour: WeekHours;
  /** The same of people's connections; `null` where some of it was not counted. */
  readonly connectionSecondsByWeekHour: WeekHours | null;
  /** The one with the most hours first. */
  readonly people: readonly PersonTotal[];
  /** How many more there were at least, whom the figures do not name. */
  readonly peopleBeyond: number;
}

type WeekHours = readonly (readonly number[])[];

export interface DayReport {
  readonly day: Day;
  readonly onSeconds: number;
  /** What always-on would have been. */
  readonly alwaysOnSeconds: number;
  /** For how long not every endpoint could be read: gaps that overlap count once. */
  readonly gapSeconds: number;
  /** Associations and connections, in the prices' currency; `null` where none are configured. */
  readonly cost: number | null;
}

export interface EndpointReport extends Sums {
  readonly endpointId: EndpointId;
}

/** Hours, and money where prices are configured. All of it an estimate. */
export interface Sums {
  readonly onSeconds: number;
  readonly alwaysOnSeconds: number;
  readonly connectionSeconds: number;
  readonly connections: number;
  readonly people: number;
  /** As of a day. */
  readonly gapSeconds: number;
  /** `null` where no prices are configured. */
  readonly cost: CostSums | null;
}

/** In the prices' currency. */
export interface CostSums {
  readonly associations: number;
  readonly connections: number;
  /** What the associations would have cost, had they been on all the time. */
  readonly alwaysOn: number;
  /** The portal's own cost, for the part of the month that has passed; 0 for a single endpoint. */
  readonly portal: number;
  /** Always on, less what was on, less the portal. Negative where the portal costs more than it saves. */
  readonly saved: number;
}

type Charges = Pick<CostSums, 'associations' | 'connections'>;

export function createUsageReports(deps: {
  readonly store: UsageStore;
  /** The accounts' zone. */
  readonly timeZone: string;
  readonly prices: Prices | null;
}): UsageReports {
  const { prices, store, timeZone } = deps;

  /** The gaps of several endpoints, which may overlap; a single one's are in its figures. */
  async function gapsOf(
    month: Month,
    totals: readonly MonthTotal[],
  ): Promise<readonly ObservationGap[]> {
    const torn = totals.filter(({ days }) => days.some(({ gapSeconds }) => gapSeconds > 0));
    if (torn.length < 2) return [];
    const range = rangeOfMonth(month, timeZone);
    const gaps = torn.map(({ endpointId }) => store.gaps(endpointId, range));
    return (await Promise.all(gaps)).flat();
  }

  function sumsOf(
    totals: readonly MonthTotal[],
  ): Omit<Sums, 'cost'> & { billedHours: number; billedConnectionHours: number } {
    const days = totals.flatMap((total) => total.days);
    const sum = (of: (day: (typeof days)[number]) => number): number =>
      days.reduce((all, day) => all + of(day), 0);
    return {
      onSeconds: sum((day) => day.onSeconds),
      alwaysOnSeconds: sum(alwaysOnSeconds),
      connectionSeconds: sum((day) => day.connectionSeconds),
      connections: sum((day) => day.connections),
      gapSeconds: sum((day) => day.gapSeconds),
      billedHours: sum((day) => day.billedHours),
      billedConnectionHours: sum((day) => day.billedConnectionHours),
      people: peopleOf(totals.flatMap(({ people }) => people)).length + beyond(totals),
    };
  }

  function chargesOf(figures: Pick<Figures, 'billedHours' | 'billedConnectionHours'>): Charges {
    return {
      associations: figures.billedHours * (prices?.perAssociationHour ?? 0),
      connections: figures.billedConnectionHours * (prices?.perConnectionHour ?? 0),
    };
  }

  function priced(sums: ReturnType<typeof sumsOf>, portal: number): Sums {
    const { billedConnectionHours, billedHours, ...figures } = sums;
    if (prices === null) return { ...figures, cost: null };
    const { associations, connections } = chargesOf({ billedHours, billedConnectionHours });
    const alwaysOn = (figures.alwaysOnSeconds / 3600) * prices.perAssociationHour;
    return {
      ...figures,
      cost: {
        associations,
        connections,
        alwaysOn,
        portal,
        saved: alwaysOn - associations - portal,
      },
    };
  }

  /** The part of the month that there are figures of, times what the portal costs in a month. */
  function portalCost(month: Month, totals: readonly MonthTotal[]): number {
    const { from, to } = rangeOfMonth(month, timeZone);
    const whole = secondsWithin({ from, to, seenAt: to }, { from, to });
    const elapsed = new Map<Day, number>();
    for (const { days } of totals) {
      for (const { day, elapsedSeconds } of days) {
        elapsed.set(day, Math.max(elapsed.get(day) ?? 0, elapsedSeconds));
      }
    }
    const passed = [...elapsed.values()].reduce((all, seconds) => all + seconds, 0);
    return ((prices?.portalPerMonth ?? 0) * passed) / whole;
  }

  return {
    async month(month, only) {
      const all = await store.months(month);
      const totals = all.filter(({ endpointId }) => only === null || endpointId === only);
      const gaps = await gapsOf(month, totals);
      const days = daysOf(month).map((day) => {
        const found = totals.flatMap((total) => total.days.filter((each) => each.day === day));
        const charges = found.map(chargesOf);
        const cost = charges.reduce((sum, each) => sum + each.associations + each.connections, 0);
        const gapSeconds = secondsTogether(gaps, rangeOfDay(day, timeZone));
        return { ...dayReport(day, found, gapSeconds), cost: prices === null ? null : cost };
      });
      const gapSeconds = days.reduce((sum, day) => sum + day.gapSeconds, 0);
      const used = totals.map((total) => total.connectionSecondsByWeekHour);
      return {
        month,
        computedAt: totals.reduce<Date | null>(
          (last, { computedAt }) => (last === null || computedAt > last ? computedAt : last),
          null,
        ),
        days,
        endpoints: totals.map((total) => ({
          endpointId: total.endpointId,
          ...priced(sumsOf([total]), 0),
        })),
        total: priced(
          { ...sumsOf(totals), gapSeconds },
          only === null ? portalCost(month, totals) : 0,
        ),
        onSecondsByWeekHour: weekHours(totals.map((total) => total.onSecondsByWeekHour)),
        connectionSecondsByWeekHour: used.includes(null)
          ? null
          : weekHours(used.filter((week) => week !== null)),
        people: peopleOf(totals.flatMap(({ people }) => people)),
        peopleBeyond: beyond(totals),
      };
    },
  };
}

/** @param gapSeconds as the records tell, which may have outlived their retention */
function dayReport(
  day: Day,
  found: readonly Figures[],
  gapSeconds: number,
): Omit<DayReport, 'cost'> {
  return {
    day,
    onSeconds: found.reduce((all, { onSeconds }) => all + onSeconds, 0),
    alwaysOnSeconds: found.reduce((all, figures) => all + alwaysOnSeconds(figures), 0),
    gapSeconds: Math.max(gapSeconds, ...found.map((figures) => figures.gapSeconds)),
  };
}

/** All of them added up, hour by hour. */
function weekHours(weeks: readonly WeekHours[]): WeekHours {
  return Array.from({ length: 7 }, (_day, weekday) =>
    Array.from({ length: 24 }, (_hour, hour) =>
      weeks.reduce((seconds, week) => seconds + (week[weekday]?.[hour] ?? 0), 0),
    ),
  );
}

/** The same people may be without a name at several endpoints. */
function beyond(totals: readonly MonthTotal[]): number {
  return Math.max(0, ...totals.map(({ peopleBeyond }) => peopleBeyond));
}

/** Always on is the same networks, for as long as the portal has figures of. */
function alwaysOnSeconds({ elapsedSeconds, networks }: Figures): number {
  return networks * elapsedSeconds;
}
