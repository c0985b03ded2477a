import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { ComparisonOptions } from './comparison.ts';
import { examplePrices } from './price.ts';

export interface CostOptions extends Omit<ComparisonOptions, 'people'> {
  readonly offices: readonly number[];
}

const wholeNumber = (most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(1).max(most));
const amount = z
  .string()
  .regex(/^\d{1,6}(?:\.\d{1,6})?$/, 'must be an amount such as 0.15')
  .transform(Number);

const schema = z.object({
  seed: wholeNumber(999_999_999).default(1),
  people: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(wholeNumber(1_000)).min(1))
    .default([5, 30, 300]),
  weeks: wholeNumber(52).default(12),
  subnets: wholeNumber(5).default(1),
  forgotten: z
    .string()
    .regex(/^\d{1,2}(?:\.\d)?$/, 'must be a percentage below 100')
    .transform(Number)
    .default(5),
  patience: wholeNumber(600).default(60),
  'association-hour': amount.default(examplePrices.associationHour),
  'connection-hour': amount.default(examplePrices.connectionHour),
  'waiting-minute': amount.default(examplePrices.waitingMinute),
  billing: z.enum(['prorated', 'full-hour']).default(examplePrices.billing),
});

/** Says, in a sentence, which option cannot be used. */
export class UnusableOptionError extends Error {
  override readonly name = 'UnusableOptionError';
}

/** @throws {UnusableOptionError} for an option that there is none of, or a value of no use */
export function readCostOptions(args: readonly string[]): CostOptions {
  const read = parse(args);
  return {
    seed: read.seed,
    offices: read.people,
    weeks: read.weeks,
    subnets: read.subnets,
    forgottenPercent: read.forgotten,
    patienceMinutes: read.patience,
    prices: {
      associationHour: read['association-hour'],
      connectionHour: read['connection-hour'],
      waitingMinute: read['waiting-minute'],
      billing: read.billing,
    },
  };
}

function parse(args: readonly string[]): z.output<typeof schema> {
  const names = Object.keys(schema.shape);
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  let values: unknown;
  try {
    ({ values } = parseArgs({ args: [...args], options }));
  } catch (cause) {
    const known = names.map((name) => `--${name}`).join(' ');
    throw new UnusableOptionError(`Not understood: ${args.join(' ')}. The options: ${known}`, {
      cause,
    });
  }
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const sentences = parsed.error.issues.map(
    ({ message, path }) => `--${String(path[0])}: ${message}.`,
  );
  throw new UnusableOptionError(sentences.join(' '));
}
