import { table } from '../table.ts';
import { budgets } from './budgets.ts';
import type { Budget } from './budgets.ts';
import type { Amount, Figure } from './figure.ts';

/** Whether the figure keeps its budget; `null` where it has none. */
export function isKept({ budget: name, measured, ratio }: Figure): boolean | null {
  if (name === null) return null;
  const budget: Budget = budgets[name];
  const value = budget.of === 'ratio' ? ratio : measured.value;
  // What could not be measured keeps no budget.
  if (value === null || Number.isNaN(value)) return false;
  return 'atLeast' in budget ? value >= budget.atLeast : value <= budget.atMost;
}

const titles = ['', 'measured', 'against', 'ratio', 'spread', 'budget', '', 'limited by'];

/** The table, a line for each figure, and below it what the missed budgets are for. */
export function reportOf(figures: readonly Figure[]): readonly string[] {
  const rows = figures.map((figure) => [
    figure.what,
    amountText(figure.measured),
    figure.against === null ? '' : amountText(figure.against),
    figure.ratio === null ? '' : figure.ratio.toFixed(2),
    spreadOf(figure.rounds),
    budgetText(figure),
    verdictOf(figure),
    figure.limitedBy,
  ]);
  const missed = figures.filter((figure) => isKept(figure) === false);
  return [
    ...table([titles, ...rows]),
    ...missed.map(
      ({ budget, what }) =>
        `MISSED: ${what}. Its budget: ${budget === null ? '' : budgets[budget].why}.`,
    ),
  ];
}

function verdictOf(figure: Figure): string {
  switch (isKept(figure)) {
    case null:
      return '';
    case true:
      return 'kept';
    case false:
      return 'MISSED';
  }
}

/** Three digits that count, for what is small; whole numbers beyond. */
function amountText({ unit, value }: Amount): string {
  const digits = value >= 100 || Number.isInteger(value) ? 0 : value >= 10 ? 1 : 2;
  const text = value.toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${text} ${unit}`;
}

function spreadOf(rounds: readonly number[]): string {
  if (rounds.length === 0) return '';
  return `${Math.min(...rounds).toFixed(2)}–${Math.max(...rounds).toFixed(2)}`;
}

function budgetText({ budget: name }: Figure): string {
  if (name === null) return '';
  const budget: Budget = budgets[name];
  const [words, value] =
    'atLeast' in budget ? ['at least', budget.atLeast] : ['at most', budget.atMost];
  return budget.of === 'ratio'
    ? `${words} ${value.toFixed(2)} times`
    : `${words} ${amountText({ value, unit: budget.unit })}`;
}
