import type { MonthReport } from '../../usage/usage-reports.ts';
import type { Figures } from './usage-figures.ts';
import type { Wording } from './viewer.ts';

/** When in the week it is on: a table whose cells say in words what their shade shows. */
export interface HeatMap {
  readonly title: string;
  readonly caption: string;
  readonly weekdayColumn: string;
  readonly hours: readonly { readonly text: string; readonly isShown: boolean }[];
  readonly rows: readonly {
    readonly weekday: string;
    readonly short: string;
    readonly cells: readonly HeatCell[];
  }[];
  readonly legend: {
    readonly less: string;
    readonly more: string;
    readonly levels: readonly number[];
  };
}

export interface HeatCell {
  /** From 0, nothing, to 5, as much as the most. */
  readonly level: number;
  readonly value: string;
  readonly title: string;
}

const highestLevel = 5;
/** In a narrow row every hour has a cell, and every sixth its name. */
const hoursBetweenNames = 6;

export function heatMap(
  { onSecondsByWeekHour }: Pick<MonthReport, 'onSecondsByWeekHour'>,
  timeZone: string,
  figures: Figures,
  { text }: Wording,
): HeatMap {
  const { week: words } = text.usage;
  const most = Math.max(...onSecondsByWeekHour.flat());
  return {
    title: words.title,
    caption: words.caption(timeZone),
    weekdayColumn: words.weekday,
    hours: Array.from({ length: 24 }, (_, hour) => ({
      text: words.hour(hour.toString()),
      isShown: hour % hoursBetweenNames === 0,
    })),
    rows: onSecondsByWeekHour.map((hours, weekday) => {
      const long = figures.weekday(weekday, 'long');
      return {
        weekday: long,
        short: figures.weekday(weekday, 'short'),
        cells: hours.map((seconds, hour) => {
          const value = figures.hours(seconds);
          return {
            level: seconds === 0 ? 0 : Math.max(1, Math.ceil((highestLevel * seconds) / most)),
            value,
            title: words.cell(long, hour.toString(), value),
          };
        }),
      };
    }),
    legend: {
      less: words.less,
      more: words.more,
      levels: Array.from({ length: highestLevel + 1 }, (_, level) => level),
    },
  };
}
