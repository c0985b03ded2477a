import { describe, expect, it } from '@jest/globals';

import { budgets } from '../../scripts/bench/figures/budgets.ts';
import type { Budget, BudgetName } from '../../scripts/bench/figures/budgets.ts';
import { alone, compared, comparedInTurns } from '../../scripts/bench/figures/figure.ts';
import { isKept, reportOf } from '../../scripts/bench/figures/report.ts';

const limitedBy = 'the weather';
const names = Object.keys(budgets) as BudgetName[];

/** One whose ratio and amount are both that. */
function figureWith(value: number, budget: BudgetName | null) {
  return compared('a thing', { measured: value, against: 1, unit: 'ms' }, { budget, limitedBy });
}

describe('a budget', () => {
  it.each(names)('of %s is kept at its edge, and missed beyond it', (name) => {
    const budget: Budget = budgets[name];
    const [edge, beyond] =
      'atLeast' in budget
        ? [budget.atLeast, budget.atLeast - 0.001]
        : [budget.atMost, budget.atMost + 0.001];
    expect(isKept(figureWith(edge, name))).toBe(true);
    expect(isKept(figureWith(beyond, name))).toBe(false);
  });

  it('of a ratio looks at the ratio, and of an amount at the amount', () => {
    const values = { measured: 50, against: 100, unit: 'ms' };
    expect(isKept(compared('', values, { budget: 'coldStart', limitedBy }))).toBe(true);
    expect(isKept(compared('', values, { budget: 'passSeconds', limitedBy }))).toBe(false);
  });

  it('is missed by what could not be measured', () => {
    expect(isKept(figureWith(NaN, 'coldStart'))).toBe(false);
    const amount = { value: 1, unit: 'ms' };
    expect(isKept(alone('', amount, { budget: 'coldStart', limitedBy }))).toBe(false);
  });

  it('is neither kept nor missed where there is none', () => {
    expect(isKept(figureWith(1, null))).toBeNull();
  });
});

describe('a figure of several turns', () => {
  const figure = comparedInTurns(
    'turns',
    { measured: [10, 40, 30], against: [10, 10, 20], unit: 'ms' },
    { budget: 'coldStart', limitedBy },
  );

  it('has the median of the ratios of the turns, not the ratio of the medians', () => {
    expect(figure.ratio).toBe(1.5);
    expect([figure.measured.value, figure.against?.value]).toEqual([30, 10]);
  });

  it('shows how far the turns were apart', () => {
    expect(reportOf([figure])[1]).toContain('1.00–4.00');
  });
});

describe('the table', () => {
  it('has a line for each figure, with its budget and what limits it', () => {
    const [titles, kept, told] = reportOf([
      figureWith(1.5, 'coldStart'),
      alone('a size', { value: 1_234.5, unit: 'KB' }, { budget: null, limitedBy: '' }),
    ]);
    expect(titles).toMatch(/measured +against +ratio +spread +budget +limited by/);
    expect(kept).toMatch(
      /^a thing +1\.50 ms +1 ms +1\.50 +at most 2\.00 times +kept +the weather$/,
    );
    expect(told).toMatch(/^a size +1,235 KB$/);
  });

  it('says below which budgets are missed, and why they are what they are', () => {
    const lines = reportOf([figureWith(1, 'coldStart'), figureWith(2.5, 'coldStart')]);
    expect(lines[2]).toContain('MISSED');
    expect(lines.slice(3)).toEqual([`MISSED: a thing. Its budget: ${budgets.coldStart.why}.`]);
  });
});
