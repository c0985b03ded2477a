import { randomOf } from '../../../test/simulation/random.ts';
import type { Random } from '../../../test/simulation/random.ts';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/**
 * One time that somebody works through the VPN. What they want does not depend on the policy; what
 * they get does.
 */
export interface Need {
  readonly person: string;
  /** When they want to connect, in epoch milliseconds. */
  readonly at: number;
  /** How long they work once they are connected. */
  readonly minutes: number;
  /** When they ask for the endpoint ahead of it; `null` where they ask on finding it off. */
  readonly askedAt: number | null;
  /** Of the lease that they choose. */
  readonly leaseMinutes: number;
  /** Until when the connection stays should they walk away; `null` where they disconnect. */
  readonly forgottenUntil: number | null;
}

export interface OfficeLife {
  readonly people: number;
  /** A Monday, 0:00. The office keeps UTC, so that no clock is put back. */
  readonly from: number;
  readonly until: number;
  /** In the order of their time. */
  readonly needs: readonly Need[];
}

/** A Monday. */
const firstDay = Date.parse('2026-03-02T00:00:00Z');
const holidays = 3;
/** How long leases are offered for, with the tag's default; most people take the first. */
const offeredMinutes = [30, 60, 120, 240, 480];
/** AWS ends a connection after a day, unless told otherwise. */
const longestConnectionMs = dayMs;
/** Most laptops that are left to themselves fall asleep; the others wait for their owner. */
const shareThatFallsAsleep = 0.8;
/** Between two needs of one person; longer than any start takes. */
const leastGapMs = 30 * minuteMs;

/**
 * - `resident`: what they work with is behind the VPN, all day;
 * - `regular`: looks something up a few times a day;
 * - `seldom`: once a week or so.
 */
type Habit = 'resident' | 'regular' | 'seldom';

/** In every five people, whatever the size of the office. */
const habits: readonly Habit[] = ['resident', 'regular', 'seldom', 'regular', 'seldom'];

interface Span {
  readonly from: number;
  readonly to: number;
}

export interface LifeOptions {
  readonly seed: number;
  readonly people: number;
  readonly weeks: number;
  /** How many of a hundred people who leave for the day do not disconnect. */
  readonly forgottenPercent: number;
}

/** The same seed gives the same life; another number of people is another office. */
export function officeLife(options: LifeOptions): OfficeLife {
  const { forgottenPercent, people, seed, weeks } = options;
  const until = firstDay + weeks * 7 * dayMs;
  const office = randomOf(`${seed} office ${people}`);
  const closed = new Set(
    Array.from({ length: holidays }, () => office.whole(0, weeks - 1) * 7 + office.whole(0, 4)),
  );
  const needs = Array.from({ length: people }, (_, index) =>
    needsOf({
      person: `person-${index + 1}`,
      habit: habits[index % habits.length] ?? 'seldom',
      random: randomOf(`${seed} of ${people} person ${index}`),
      weeks,
      forgottenPercent,
      isClosed: (day) => closed.has(day) || day % 7 > 4,
    }),
  ).flat();
  needs.sort((a, b) => a.at - b.at || (a.person < b.person ? -1 : 1));
  return { people, from: firstDay, until, needs };
}

function needsOf(one: {
  readonly person: string;
  readonly habit: Habit;
  readonly random: Random;
  readonly weeks: number;
  readonly forgottenPercent: number;
  readonly isClosed: (day: number) => boolean;
}): readonly Need[] {
  const { forgottenPercent, habit, isClosed, person, random, weeks } = one;
  const awayFrom = random.chance(0.3) ? random.whole(0, weeks - 1) * 7 : null;
  const spans: (Span & { readonly lastOfDay: boolean })[] = [];
  for (let day = 0; day < weeks * 7; day += 1) {
    const isAway = awayFrom !== null && day >= awayFrom && day < awayFrom + 7;
    if (isAway || random.chance(0.04)) continue;
    const start = firstDay + day * dayMs;
    const ofDay = isClosed(day) ? dayOff(random, start) : workingDay(habit, random, start);
    const apart = [...ofDay]
      .sort((a, b) => a.from - b.from)
      .filter((span, index, all) => {
        const before = all.slice(0, index).map(({ to }) => to);
        return Math.max(start, ...before) + leastGapMs <= span.from;
      });
    spans.push(...apart.map((span) => ({ ...span, lastOfDay: span === apart.at(-1) })));
  }
  return spans.map((span, index) => {
    const next = spans[index + 1]?.from ?? Infinity;
    const minutes = (span.to - span.from) / minuteMs;
    const covering = offeredMinutes.find((offered) => offered >= minutes) ?? 480;
    return {
      person,
      at: span.from,
      minutes,
      askedAt: random.chance(0.2) ? span.from - random.whole(10, 20) * minuteMs : null,
      leaseMinutes: random.chance(0.3) ? covering : (offeredMinutes[0] ?? 30),
      forgottenUntil:
        span.lastOfDay && random.chance(forgottenPercent / 100)
          ? Math.min(next - leastGapMs, abandonedUntil(span, random))
          : null,
    };
  });
}

function workingDay(habit: Habit, random: Random, day: number): readonly Span[] {
  const at = (hour: number, spread: number): number =>
    // Two draws: most come about the hour, few far from it.
    wholeMinute(day + (hour + (random.next() + random.next() - 1) * spread) * hourMs);
  const evening = (): Span => spanOf(at(20.5, 1.5), random, 20, 120);
  switch (habit) {
    case 'resident': {
      if (random.chance(0.08)) return [];
      const arrives = at(9, 1.5);
      const leaves = at(17.75, 1.75);
      const lunch = at(12.25, 0.5);
      const back = lunch + random.whole(40, 75) * minuteMs;
      const staysConnected = random.chance(0.35);
      const office = staysConnected
        ? [{ from: arrives, to: leaves }]
        : [
            { from: arrives, to: lunch },
            { from: back, to: leaves },
          ];
      return random.chance(0.12) ? [...office, evening()] : office;
    }
    case 'regular': {
      const office = Array.from({ length: random.whole(0, 3) }, () =>
        spanOf(at(13.25, 4.25), random, 8, 75),
      );
      return random.chance(0.05) ? [...office, evening()] : office;
    }
    case 'seldom':
      return random.chance(0.2) ? [spanOf(at(13.25, 4.25), random, 8, 75)] : [];
  }
}

function abandonedUntil({ from, to }: Span, random: Random): number {
  return random.chance(shareThatFallsAsleep)
    ? to + random.whole(20, 70) * minuteMs
    : from + longestConnectionMs;
}

/** A weekend or a holiday: hardly anybody, at any hour of the day. */
function dayOff(random: Random, day: number): readonly Span[] {
  if (!random.chance(0.03)) return [];
  return [spanOf(wholeMinute(day + (9 + random.next() * 13) * hourMs), random, 10, 120)];
}

/** From `least` to `most` minutes, the short ones more often. */
function spanOf(from: number, random: Random, least: number, most: number): Span {
  const minutes = Math.round(least * (most / least) ** random.next());
  return { from, to: from + minutes * minuteMs };
}

function wholeMinute(time: number): number {
  return Math.round(time / minuteMs) * minuteMs;
}
