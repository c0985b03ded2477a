import { minutesAfter, secondsAfter, secondsBetween } from '../../../src/clock.ts';
import { dayAfter, monthOfDay, rangeOfDay, weekdayOf } from '../../../src/usage/calendar.ts';
import type { Day } from '../../../src/usage/calendar.ts';
import type { Colleague, Office } from './colleagues.ts';
import type { Random } from './random.ts';

/** A time for which somebody was connected. */
export interface Session {
  readonly who: Colleague;
  readonly from: Date;
  readonly to: Date;
}

/** A time for which an endpoint was on, and who was connected in it. */
export interface Spell {
  readonly from: Date;
  readonly to: Date;
  readonly startedBy: 'person' | 'administrator' | 'outside';
  readonly endedBecause: 'idle' | 'requested';
  /** In the order of their beginnings. */
  readonly sessions: readonly Session[];
}

/** What was not like every day. */
export interface Occasions {
  /** An administrator kept it on from this Monday morning for a week. */
  readonly alwaysOnFrom: Day;
  /** Somebody switched it on in the console. */
  readonly console: Day;
  /** An administrator stopped it while people were connected. */
  readonly stopped: Day;
}

/** Public holidays in Japan that fall on the same day every year, and the days around New Year. */
const holidays = new Set(
  '01-01 01-02 01-03 02-11 02-23 04-29 05-03 05-04 05-05 08-11 11-03 11-23 12-29 12-30 12-31'.split(
    ' ',
  ),
);

/** From the request to the end of the association, and how long nobody is connected before a stop. */
const startMinutes = 7;
const idleMinutes = 30;
/** A stop takes some minutes: whoever comes in them is still there for the same spell. */
const stopMinutes = 5;
const openingMinutes = 9 * 60;
const closingMinutes = 18 * 60;

export function isWorkday(day: Day): boolean {
  return weekdayOf(day) < 5 && !holidays.has(day.slice(5));
}

/** The occasions of an office, in the month before the last day's, and around it. */
export function occasionsOf(lastDay: Day): Occasions {
  const first = `${monthOfDay(dayAfter(`${monthOfDay(lastDay)}-01`, -1))}-01`;
  const days = Array.from({ length: 28 }, (_, index) => dayAfter(first, index));
  const monday = days.find((day) => weekdayOf(day) === 0) ?? first;
  return {
    alwaysOnFrom: dayAfter(monday, 7),
    console: dayAfter(monday, 5),
    stopped: days.filter(isWorkday).at(-2) ?? first,
  };
}

/** When an office's endpoint was on, from a day to another. */
export function spellsOf(
  { colleagues }: Office,
  days: readonly Day[],
  occasions: Occasions,
  { random, timeZone }: { readonly random: Random; readonly timeZone: string },
): readonly Spell[] {
  const at = (day: Day, minutes: number): Date =>
    minutesAfter(rangeOfDay(day, timeZone).from, minutes);
  const weekEnd = dayAfter(occasions.alwaysOnFrom, 7);
  const keptOn = {
    from: at(occasions.alwaysOnFrom, openingMinutes - 60),
    to: at(weekEnd, openingMinutes - 60),
  };
  const spells: Spell[] = [];
  const duringTheWeek: Session[] = [];
  for (const day of days) {
    const sessions = sessionsOf(colleagues, day, at, random);
    if (day >= occasions.alwaysOnFrom && day < weekEnd) {
      duringTheWeek.push(...sessions);
    } else if (day === occasions.console) {
      const from = at(day, 14 * 60 + 12);
      const to = minutesAfter(from, 95);
      spells.push({ from, to, startedBy: 'outside', endedBecause: 'idle', sessions: [] });
    } else if (day === occasions.stopped) {
      const stop = stopOf(sessions) ?? at(day, closingMinutes);
      spells.push(...merged(sessions).flatMap((spell) => stoppedAt(spell, stop)));
    } else {
      spells.push(...merged(sessions));
    }
  }
  if (duringTheWeek.length > 0) {
    const sessions = duringTheWeek.filter(({ to }) => to < keptOn.to);
    spells.push({ ...keptOn, startedBy: 'administrator', endedBecause: 'idle', sessions });
  }
  return spells.sort((a, b) => a.from.getTime() - b.from.getTime());
}

function sessionsOf(
  colleagues: readonly Colleague[],
  day: Day,
  at: (day: Day, minutes: number) => Date,
  random: Random,
): readonly Session[] {
  // At weekends hardly anybody, at another hour; seconds, because nobody starts on the minute.
  const share = isWorkday(day) ? 0.125 : 0.006;
  return colleagues
    .filter(({ eagerness }) => random.chance(eagerness * share))
    .flatMap((who) => {
      const moment = (minutes: number): Date => at(day, minutes + random.whole(0, 59) / 60);
      const begin = openingMinutes + random.whole(-40, 150);
      const lunch = begin + random.whole(60, 200);
      const again = lunch + random.whole(30, 120);
      const end = Math.min(again + random.whole(40, 260), closingMinutes + random.whole(-60, 150));
      const first = { who, from: moment(begin), to: moment(lunch) };
      const isBack = end > again + 10 && random.chance(0.4);
      return isBack ? [first, { who, from: moment(again), to: moment(end) }] : [first];
    })
    .sort((a, b) => a.from.getTime() - b.from.getTime());
}

/** The portal turns it on some minutes before the first, and off half an hour after the last. */
function merged(sessions: readonly Session[]): readonly Spell[] {
  const spells: Spell[] = [];
  for (const session of sessions) {
    const from = minutesAfter(session.from, -startMinutes);
    const to = minutesAfter(session.to, idleMinutes);
    const last = spells.at(-1);
    if (last !== undefined && from <= minutesAfter(last.to, stopMinutes)) {
      spells[spells.length - 1] = {
        ...last,
        to: to > last.to ? to : last.to,
        sessions: [...last.sessions, session],
      };
    } else {
      const rest = { startedBy: 'person', endedBecause: 'idle' } as const;
      spells.push({ from, to, ...rest, sessions: [session] });
    }
  }
  return spells;
}

/** In the middle of the longest session, so that somebody is connected. */
function stopOf(sessions: readonly Session[]): Date | null {
  const lengthOf = ({ from, to }: Session): number => secondsBetween(from, to);
  const longest = sessions.toSorted((a, b) => lengthOf(b) - lengthOf(a))[0];
  return longest === undefined ? null : secondsAfter(longest.from, lengthOf(longest) / 2);
}

/** Whoever was connected was cut off; who would have come later did not. */
function stoppedAt(spell: Spell, stop: Date): readonly Spell[] {
  if (spell.to <= stop) return [spell];
  if (spell.from >= stop) return [];
  const sessions = spell.sessions
    .filter(({ from }) => from < stop)
    .map((session) => ({ ...session, to: session.to < stop ? session.to : stop }));
  return [{ ...spell, to: minutesAfter(stop, 4), endedBecause: 'requested', sessions }];
}
