const unitMinutes = { minute: 1, hour: 60, day: 24 * 60 } as const;

/**
 * The minutes between two firings of `rate(1 minute)`, `rate(2 hours)`, …: one in the singular,
 * more in the plural, as EventBridge wants it.
 *
 * @throws Error with a sentence for anything else, `cron(…)` included.
 */
export function rateMinutes(expression: string): number {
  const match = /^rate\((\d{1,6}) (minute|hour|day)(s?)\)$/.exec(expression);
  const count = Number(match?.[1]);
  const unit = match?.[2];
  if (
    (unit === 'minute' || unit === 'hour' || unit === 'day') &&
    count > 0 &&
    (count === 1) === (match?.[3] === '')
  ) {
    return count * unitMinutes[unit];
  }
  throw new Error(
    `The schedule ${expression} cannot be simulated; write it as rate(1 minute), rate(5 minutes), rate(1 hour) or the like.`,
  );
}
