import type { DayReport, MonthReport } from '../../usage/usage-reports.ts';
import type { Figures } from './usage-figures.ts';
import type { Wording } from './viewer.ts';

/**
 * Hours on by day, against always-on. A picture with words for whoever does not see it, and the same
 * as a table. The picture is stretched to the room there is, so nothing written stands inside it.
 */
export interface DaysChart {
  readonly title: string;
  readonly description: string;
  readonly width: number;
  readonly height: number;
  /** Where the strip of what was not observed begins; above it is the chart proper. */
  readonly floor: number;
  readonly gridLines: readonly number[];
  readonly bars: readonly Bar[];
  /** The line of always-on, a step for each day. */
  readonly alwaysOnPath: string;
  readonly gaps: readonly Bar[];
  /** From the top to the bottom. */
  readonly scale: readonly string[];
  /** Of each day, under the picture; empty where there is no room for it. */
  readonly dayLabels: readonly string[];
  readonly legend: {
    readonly on: string;
    readonly alwaysOn: string;
    /** `null` where everything was observed. */
    readonly notObserved: string | null;
  };
  readonly table: {
    readonly title: string;
    readonly columns: readonly string[];
    readonly rows: readonly {
      readonly day: string;
      readonly on: string;
      readonly alwaysOn: string;
      readonly notObserved: string;
      /** `null` where no prices are configured. */
      readonly cost: string | null;
    }[];
  };
}

export interface Bar {
  readonly x: string;
  readonly y: string;
  readonly width: string;
  readonly height: string;
  readonly title: string;
}

const width = 1000;
const floor = 240;
const strip = 16;
/** Of a day's place, what its bar fills. */
const barShare = 0.7;

export function daysChart(report: MonthReport, figures: Figures, { text }: Wording): DaysChart {
  const { days: words } = text.usage;
  const { days, month, total } = report;
  const top = niceHours(
    Math.max(...days.map((day) => Math.max(day.onSeconds, day.alwaysOnSeconds))) / 3600,
  );
  const place = width / days.length;
  const heightOf = (seconds: number): number => (floor * seconds) / 3600 / top;
  const barAt = (index: number, y: number, height: number, title: string): Bar => ({
    x: round(place * (index + (1 - barShare) / 2)),
    y: round(y),
    width: round(place * barShare),
    height: round(height),
    title,
  });
  const most = days.reduce((best, day) => (day.onSeconds > best.onSeconds ? day : best));
  const description = words.description(
    figures.month(month),
    figures.hours(total.onSeconds),
    figures.hours(total.alwaysOnSeconds),
  );
  const gaps = days.flatMap((day, index) =>
    day.gapSeconds === 0
      ? []
      : [
          barAt(
            index,
            floor + 4,
            strip - 4,
            words.gap(figures.day(day.day), figures.hours(day.gapSeconds)),
          ),
        ],
  );
  return {
    title: words.title,
    description:
      most.onSeconds === 0
        ? description
        : words.most(description, figures.day(most.day), figures.hours(most.onSeconds)),
    width,
    height: floor + strip,
    floor,
    gridLines: [0, floor / 2, floor],
    bars: days.flatMap((day, index) => {
      const height = heightOf(day.onSeconds);
      const title = words.bar(
        figures.day(day.day),
        figures.hours(day.onSeconds),
        figures.hours(day.alwaysOnSeconds),
      );
      return height === 0 ? [] : [barAt(index, floor - height, height, title)];
    }),
    alwaysOnPath: stepsOf(days, place, heightOf),
    gaps,
    scale: [top, top / 2, 0].map((hours) => figures.hours(hours * 3600)),
    dayLabels: days.map((_day, index) =>
      index === 0 || (index + 1) % 5 === 0 ? (index + 1).toString() : '',
    ),
    legend: {
      on: words.on,
      alwaysOn: words.alwaysOn,
      notObserved: gaps.length === 0 ? null : words.notObserved,
    },
    table: {
      title: words.table,
      columns: [
        words.day,
        words.on,
        words.alwaysOn,
        words.notObserved,
        ...(total.cost === null ? [] : [words.cost]),
      ],
      rows: days.map((day) => rowOf(day, figures, words.none)),
    },
  };
}

function rowOf(
  { alwaysOnSeconds, cost, day, gapSeconds, onSeconds }: DayReport,
  figures: Figures,
  none: string,
): DaysChart['table']['rows'][number] {
  const hasFigures = alwaysOnSeconds > 0 || onSeconds > 0 || gapSeconds > 0;
  return {
    day: figures.day(day),
    on: hasFigures ? figures.hours(onSeconds) : none,
    alwaysOn: hasFigures ? figures.hours(alwaysOnSeconds) : none,
    notObserved: hasFigures ? figures.hours(gapSeconds) : none,
    cost: cost === null ? null : hasFigures ? figures.money(cost) : none,
  };
}

/** Along the days that have figures; a day without any interrupts it. */
function stepsOf(
  days: readonly DayReport[],
  place: number,
  heightOf: (seconds: number) => number,
): string {
  let path = '';
  let isDown = false;
  days.forEach(({ alwaysOnSeconds }, index) => {
    if (alwaysOnSeconds === 0) {
      isDown = false;
      return;
    }
    const y = round(floor - heightOf(alwaysOnSeconds));
    path += isDown ? `V${y}` : `M${round(place * index)} ${y}`;
    path += `H${round(place * (index + 1))}`;
    isDown = true;
  });
  return path;
}

/** The next number of hours that halves well. */
function niceHours(hours: number): number {
  const steps = [1, 2, 4, 8, 12, 24, 48, 72, 96, 120, 144, 192, 240, 288, 384, 480];
  return steps.find((step) => step >= hours) ?? Math.ceil(hours / 240) * 240;
}

function round(value: number): string {
  return (Math.round(value * 100) / 100).toString();
}
