import type { BudgetName } from './budgets.ts';
import { median } from '../median.ts';

/** One row of the table: what was measured, and what it has to keep. */
export interface Figure {
  readonly what: string;
  readonly measured: Amount;
  /** What the same run measured beside it, to compare with; `null` where nothing is. */
  readonly against: Amount | null;
  /** The first by the second; `null` where nothing is compared. */
  readonly ratio: number | null;
  /** The ratio's, or the amount's where there is none, in the rounds of the run; empty for one round. */
  readonly rounds: readonly number[];
  /** `null` for what is only told. */
  readonly budget: BudgetName | null;
  /** What would have to change for a better figure. */
  readonly limitedBy: string;
}

/** A number with its unit, such as 12.3 ms. */
export interface Amount {
  readonly value: number;
  readonly unit: string;
}

/** Two amounts of one unit, measured once. */
export function compared(
  what: string,
  values: { readonly measured: number; readonly against: number; readonly unit: string },
  rest: Pick<Figure, 'budget' | 'limitedBy'>,
): Figure {
  const { against, measured, unit } = values;
  return {
    what,
    measured: { value: measured, unit },
    against: { value: against, unit },
    ratio: measured / against,
    rounds: [],
    ...rest,
  };
}

/** Two amounts of one unit, measured in turns: the ratio is the median of those of each turn. */
export function comparedInTurns(
  what: string,
  values: {
    readonly measured: readonly number[];
    readonly against: readonly number[];
    readonly unit: string;
  },
  rest: Pick<Figure, 'budget' | 'limitedBy'>,
): Figure {
  const { against, measured, unit } = values;
  const rounds = measured.map((value, turn) => value / (against[turn] ?? NaN));
  return {
    what,
    measured: { value: median(measured), unit },
    against: { value: median(against), unit },
    ratio: median(rounds),
    rounds,
    ...rest,
  };
}

/** An amount that stands by itself. */
export function alone(
  what: string,
  measured: Amount,
  rest: Pick<Figure, 'budget' | 'limitedBy'>,
): Figure {
  return { what, measured, against: null, ratio: null, rounds: [], ...rest };
}
