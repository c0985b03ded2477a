import type { MonthReport } from '../../usage/usage-reports.ts';
import type { Figures } from './usage-figures.ts';
import type { Wording } from './viewer.ts';

/** When in the week it is used: a table whose cells say in words what their shade shows. */
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
  report: Pick<MonthReport, 'onSecondsByWeekHour' | 'connectionSecondsByWeekHour'>,
  timeZone: string,
  figures: Figures,
  { text }: Wording,
): HeatMap {
  const { week: words } = text.usage;
  const { connectionSecondsByWeekHour: used, onSecondsByWeekHour: on } = report;
  // Being on is no use: a weekend that an administrator held it on would look like work.
  const shown = used ?? on;
  const most = Math.max(...shown.flat());
  return {
    title: used === null ? words.onTitle : words.title,
    caption: used === null ? words.onCaption(timeZone) : words.caption(timeZone),
    weekdayColumn: words.weekday,
    hours: Array.from({ length: 24 }, (_, hour) => ({
      text: words.hour(hour.toString()),
      isShown: hour % hoursBetweenNames === 0,
    })),
    rows: shown.map((hours, weekday) => {
      const long = figures.weekday(weekday, 'long');
      return {
        weekday: long,
        short: figures.weekday(weekday, 'short'),
        cells: hours.map((seconds, hour) => {
          const value = figures.hours(seconds);
          return {
            level: seconds === 0 ? 0 : Math.max(1, Math.ceil((highestLevel * seconds) / most)),
            value,
            title: words.cell(
              long,
              hour.toString(),
              used === null
                ? words.on(value)
                : words.used(value, figures.hours(on[weekday]?.[hour] ?? 0)),
            ),
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
