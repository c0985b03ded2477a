import { Temporal } from 'temporal-polyfill';

/** A time of day in a zone, such as ten in the evening in Tokyo. */
export interface LatestHour {
  readonly hour: number;
  readonly minute: number;
  /** An IANA name. */
  readonly timeZone: string;
}

/** `22:00 Asia/Tokyo`; `null` for text that is not of that form, or names no zone. */
export function parseLatestHour(text: string): LatestHour | null {
  const form = /^(\d{2}):(\d{2}) +([A-Za-z][A-Za-z0-9_+/-]*)$/.exec(text.trim());
  const timeZone = form?.[3];
  if (form === null || timeZone === undefined || !isTimeZone(timeZone)) return null;
  const hour = Number(form[1]);
  const minute = Number(form[2]);
  return hour <= 23 && minute <= 59 ? { hour, minute, timeZone } : null;
}

/**
 * The next time it is that hour, strictly after `time`. On a day whose clocks skip the hour it is as
 * much later as they skip; on one that has it twice it is the first.
 */
export function nextLatestHour(latestHour: LatestHour, time: Date): Date {
  return hoursAround(latestHour, time).next;
}

/** The last time it was that hour, at `time` or before. */
export function lastLatestHour(latestHour: LatestHour, time: Date): Date {
  return hoursAround(latestHour, time).last;
}

interface Hours {
  /** At the time in question, or before. */
  readonly last: Date;
  /** After it. */
  readonly next: Date;
}

/** Between two of them nothing changes, and every look at every endpoint asks. */
const foundLast = new Map<string, Hours>();
const mostRemembered = 100;

function hoursAround(latestHour: LatestHour, time: Date): Hours {
  const { hour, minute, timeZone } = latestHour;
  const key = `${hour}:${minute} ${timeZone}`;
  const known = foundLast.get(key);
  if (known !== undefined && known.last <= time && time < known.next) return known;
  const occurrence = occurrencesAround(latestHour, time);
  // Zones are up to a day apart, and one has left out a whole day.
  let days = -2;
  let last = occurrence(days);
  let next = occurrence((days += 1));
  while (next <= time) {
    last = next;
    next = occurrence((days += 1));
  }
  if (foundLast.size >= mostRemembered) foundLast.clear();
  foundLast.set(key, { last, next });
  return { last, next };
}

/** That hour of the day which is so many days after the one that `time` is in. */
function occurrencesAround(
  { hour, minute, timeZone }: LatestHour,
  time: Date,
): (days: number) => Date {
  const moment = Temporal.Instant.fromEpochMilliseconds(time.getTime());
  const today = moment.toZonedDateTimeISO(timeZone).toPlainDate();
  return (days) => {
    const zoned = today.add({ days }).toZonedDateTime({ timeZone, plainTime: { hour, minute } });
    return new Date(zoned.epochMilliseconds);
  };
}

/** Those that were found to be some: the tags are read again in every pass, and a look is dear. */
const timeZones = new Set<string>();

function isTimeZone(name: string): boolean {
  if (timeZones.has(name)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    timeZones.add(name);
    return true;
  } catch {
    return false;
  }
}
