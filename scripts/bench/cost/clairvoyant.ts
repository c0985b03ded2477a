import { associatingMinutes, disassociatingMinutes } from './networks.ts';
import type { BilledPeriod } from './networks.ts';
import { minuteMs } from './office.ts';
import type { Need, OfficeLife } from './office.ts';
import type { Prices } from './price.ts';
import { hoursBilled } from './price.ts';
import type { Outcome } from './replay.ts';

const openingMs = associatingMinutes.least * minuteMs;
const closingMs = disassociatingMinutes.least * minuteMs;

/**
 * The least that a life can cost where nobody waits: it knows every need beforehand, opens just
 * ahead of it, closes right after unless staying on is cheaper, cuts off whoever has left without
 * disconnecting, and meets AWS in its best mood every time.
 *
 * No policy is cheaper, with waiting counted, as long as a minute of waiting is worth more than the
 * same minute of association and connection: from what a policy does, something follows that lets
 * nobody wait and costs no more, by opening earlier what somebody has waited for.
 */
export function clairvoyant(life: OfficeLife, subnets: number, prices: Prices): Outcome {
  const periods = cheapest(busySpans(life.needs), prices.billing);
  return {
    associations: Array.from({ length: subnets }, () => periods).flat(),
    connectionsMs: life.needs.map(({ minutes }) => minutes * minuteMs),
    waiting: { minutes: 0, times: 0, gaveUp: 0 },
  };
}

/** The times at which somebody works, with what overlaps made one. */
function busySpans(needs: readonly Need[]): readonly BilledPeriod[] {
  const spans: BilledPeriod[] = [];
  for (const { at, minutes } of needs) {
    const to = at + minutes * minuteMs;
    const last = spans.at(-1);
    if (last === undefined || at > last.to) spans.push({ from: at, to });
    else spans[spans.length - 1] = { from: last.from, to: Math.max(last.to, to) };
  }
  return spans;
}

/**
 * Which of the spans to serve in one period: the cheapest of all ways to divide them, found from the
 * first span on. Where an hour is billed as soon as it is begun, neighbours may share one.
 */
function cheapest(
  spans: readonly BilledPeriod[],
  billing: Prices['billing'],
): readonly BilledPeriod[] {
  /** What serving the spans before this one costs, and where their last period begins. */
  const best: { readonly hours: number; readonly first: number }[] = [{ hours: 0, first: 0 }];
  for (const [last, { to }] of spans.entries()) {
    let found = { hours: Infinity, first: last };
    for (let first = last; first >= 0; first -= 1) {
      const from = spans[first]?.from ?? to;
      const alone = hoursBilled(openingMs + (to - from) + closingMs, billing);
      // One that begins earlier is longer still, whatever comes before it.
      if (alone >= found.hours) break;
      const hours = (best[first]?.hours ?? 0) + alone;
      if (hours < found.hours) found = { hours, first };
    }
    best.push(found);
  }
  const periods: BilledPeriod[] = [];
  for (let end = spans.length; end > 0;) {
    const first = best[end]?.first ?? 0;
    const from = spans[first]?.from ?? 0;
    const to = spans[end - 1]?.to ?? from;
    periods.push({ from: from - openingMs, to: to + closingMs });
    end = first;
  }
  return periods.reverse();
}
