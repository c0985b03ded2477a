import { describe, expect, it } from '@jest/globals';
import type { MonthReport } from '../../src/usage/usage-reports.ts';
import { daysChart } from '../../src/web/view-models/chart-days.ts';
import { figuresFor } from '../../src/web/view-models/usage-figures.ts';
import { heatMap } from '../../src/web/view-models/usage-heat-map.ts';
import { wordingFor } from '../../src/web/view-models/viewer.ts';
import { frameInput } from '../builders/frame-input.ts';
import { sampleReport } from '../builders/usage-sample.ts';

const input = frameInput();
const wording = wordingFor(input);
const figures = figuresFor(input.viewer, wording);
const now = new Date('2026-03-20T06:00:00Z');

function chartOf(report: MonthReport) {
  return daysChart(report, figures, wording);
}

describe('the chart of days', () => {
  it('has a bar for each day that was on, whose height is its part of the scale', async () => {
    const report = await sampleReport('2026-03', now);
    const chart = chartOf(report);
    const onDays = report.days.filter(({ onSeconds }) => onSeconds > 0);
    const hours = onDays.map(({ onSeconds }) => onSeconds / 3600);

    expect(chart.bars).toHaveLength(onDays.length);
    expect(chart.scale[0]).toBe('48 h');
    chart.bars.forEach((bar, index) => {
      expect((Number(bar.height) / chart.floor) * 48).toBeCloseTo(hours[index] ?? 0, 1);
      expect(Number(bar.y) + Number(bar.height)).toBeCloseTo(chart.floor, 1);
    });
  });

  it('keeps every bar inside the picture, in a month of any length', async () => {
    for (const month of ['2026-02', '2028-02', '2026-04', '2026-05']) {
      const end = new Date(`${month}-27T15:00:00Z`);
      const chart = chartOf(await sampleReport(month, end));

      expect(chart.bars.length).toBeGreaterThan(10);
      for (const { height, width, x, y } of [...chart.bars, ...chart.gaps]) {
        expect(Number(x)).toBeGreaterThanOrEqual(0);
        expect(Number(x) + Number(width)).toBeLessThanOrEqual(chart.width);
        expect(Number(y)).toBeGreaterThanOrEqual(0);
        expect(Number(y) + Number(height)).toBeLessThanOrEqual(chart.height + 0.01);
      }
    }
  });

  it('shows the day on which nobody looked, and says so', async () => {
    const report = await sampleReport('2026-03', now);
    const chart = chartOf(report);

    expect(chart.gaps.map(({ title }) => title)).toEqual(['Tue, Mar 10: not observed for 2.2 h']);
    expect(chart.legend.notObserved).toBe('Not observed');
    expect(chart.table.rows[9]?.notObserved).toBe('2.2 h');
  });

  it('names nothing unobserved in the legend where everything was observed', async () => {
    const early = new Date('2026-03-05T06:00:00Z');

    expect(chartOf(await sampleReport('2026-03', early)).legend.notObserved).toBeNull();
  });

  it('draws always-on for the days that have figures, and not for those to come', async () => {
    const { alwaysOnPath, width } = chartOf(await sampleReport('2026-03', now));

    expect(alwaysOnPath).toMatch(/^M0 0H/);
    expect(alwaysOnPath.match(/M/g)).toHaveLength(1);
    expect(Number(/H([0-9.]+)$/.exec(alwaysOnPath)?.[1])).toBeCloseTo((width / 31) * 20, 1);
  });

  it('says the same in a sentence and in a table', async () => {
    const report = await sampleReport('2026-03', now);
    const { description, table } = chartOf(report);

    expect(description).toContain(figures.hours(report.total.onSeconds));
    expect(description).toContain(figures.hours(report.total.alwaysOnSeconds));
    expect(table.rows).toHaveLength(31);
    expect(table.rows[30]).toEqual({
      day: 'Tue, Mar 31',
      on: 'No figures',
      alwaysOn: 'No figures',
      notObserved: 'No figures',
      cost: null,
    });
  });

  it('is empty, and whole, for a month without figures', async () => {
    const chart = chartOf(await sampleReport('2025-11', now, { endpointIds: [] }));

    expect(chart.bars).toEqual([]);
    expect(chart.alwaysOnPath).toBe('');
    expect(JSON.stringify(chart)).not.toMatch(/NaN|Infinity/);
  });
});

describe('the heat map of the week', () => {
  type Hours = readonly (readonly [weekday: number, hour: number, seconds: number])[];
  const week = (hours: Hours): number[][] =>
    Array.from({ length: 7 }, (_d, weekday) =>
      Array.from(
        { length: 24 },
        (_h, hour) => hours.find(([d, h]) => d === weekday && h === hour)?.[2] ?? 0,
      ),
    );
  const weekOf = (used: Hours | null, on: Hours = []) =>
    heatMap(
      {
        onSecondsByWeekHour: week(on),
        connectionSecondsByWeekHour: used === null ? null : week(used),
      },
      'Asia/Tokyo',
      figures,
      wording,
    );

  it('is of use: a weekend on which it was only held on stays pale', () => {
    const { rows, title } = weekOf([[0, 9, 3_600]], [[5, 3, 7_200]]);

    expect(title).toBe('When in the week it is used');
    expect(rows[5]?.cells[3]).toMatchObject({
      level: 0,
      title: 'Saturday 3:00, 0 h of connections, 2 h on',
    });
    expect(rows[0]?.cells[9]?.level).toBe(5);
  });

  it('is of being on, and says so, where use was not counted yet', () => {
    const { caption, rows, title } = weekOf(null, [[5, 3, 7_200]]);

    expect(title).toBe('When in the week it is on');
    expect(caption).toContain('npm run recompute-usage');
    expect(rows[5]?.cells[3]).toMatchObject({ level: 5, title: 'Saturday 3:00, 2 h on' });
  });

  it('has seven days of 24 hours, from Monday', () => {
    const { rows } = weekOf([]);

    expect(rows.map(({ weekday }) => weekday)).toEqual([
      'Monday',
      'Tuesday',
      'Wednesday',
      'Thursday',
      'Friday',
      'Saturday',
      'Sunday',
    ]);
    expect(rows.map(({ cells }) => cells.length)).toEqual([24, 24, 24, 24, 24, 24, 24]);
  });

  it('shades by the most, never nothing for something, and never something for nothing', () => {
    const { rows } = weekOf([
      [0, 9, 36_000],
      [1, 10, 18_000],
      [6, 23, 1],
    ]);

    expect(rows[0]?.cells[9]?.level).toBe(5);
    expect(rows[1]?.cells[10]?.level).toBe(3);
    expect(rows[6]?.cells[23]?.level).toBe(1);
    expect(rows[3]?.cells.map(({ level }) => level)).toEqual(Array.from({ length: 24 }, () => 0));
  });

  it('says in words what a shade shows', () => {
    expect(weekOf([[2, 14, 7200]]).rows[2]?.cells[14]).toMatchObject({
      value: '2 h',
      title: 'Wednesday 14:00, 2 h of connections, 0 h on',
    });
  });
});
