import { minutesAfter } from '../clock.ts';
import type { EndpointRecord } from '../lease/endpoint-record.ts';
import { dayOf, rangeOfDay } from '../usage/calendar.ts';
import type { Day } from '../usage/calendar.ts';
import { scheduleEvent } from './domain-event.ts';
import type { PendingEvent } from './domain-event.ts';

/** An endpoint, as its last pass has left it. */
export interface MorningEndpoint {
  /** What people read. */
  readonly name: string;
  readonly record: Pick<EndpointRecord, 'endpointId' | 'lastPass' | 'onSince' | 'reported'>;
}

/** Beside the last run: on which day those who listen were last told what stayed on overnight. */
export interface NightStore {
  lastDay(): Promise<Day | null>;
  /**
   * Stores that this day is done, and the event that tells it, in one write.
   *
   * @param event `null` where nothing stayed on
   * @returns false where somebody has done it already
   */
  tell(day: Day, event: PendingEvent | null): Promise<boolean>;
  /** Takes out events that have been delivered; those that are not there are a success. */
  settleEvents(ids: readonly string[]): Promise<void>;
}

/** A night is over six hours after midnight. */
const nightEndsMinutes = 6 * 60;
/** So that a chat, and an e-mail, can show them in a line. */
const longestNames = 300;
/** Of what PutEvents takes; the number is told in any case. */
const mostListed = 200;

/** The day whose night is over; `null` while it lasts. */
export function nightOver(now: Date, timeZone: string): Day | null {
  const today = dayOf(now, timeZone);
  const { from: midnight } = rangeOfDay(today, timeZone);
  return now < minutesAfter(midnight, nightEndsMinutes) ? null : today;
}

/**
 * One event for all that were on at midnight and still are. Pure; `null` where there are none. The id is
 * made from the day: of two runs that decide it, both make the same event.
 */
export function nightEvent(
  day: Day,
  endpoints: readonly MorningEndpoint[],
  { now, timeZone }: { readonly now: Date; readonly timeZone: string },
): PendingEvent | null {
  const { from: midnight } = rangeOfDay(day, timeZone);
  const stayed = endpoints.flatMap(({ name, record }) => {
    const { endpointId, lastPass, onSince, reported } = record;
    if (reported?.phase !== 'on' || lastPass === null) return [];
    if (onSince === null || onSince >= midnight) return [];
    const { reason, seen } = lastPass;
    return [
      {
        endpointId,
        endpointName: name,
        since: onSince.toISOString(),
        reason: reason.code,
        connected: seen?.connected ?? 0,
      },
    ];
  });
  if (stayed.length === 0) return null;
  return scheduleEvent(
    'endpoints-stayed-on',
    { id: `endpoints-stayed-on-${day}`, at: now },
    {
      day,
      count: stayed.length,
      names: namesOf(stayed.map(({ endpointName }) => endpointName)),
      endpoints: stayed.slice(0, mostListed),
    },
  );
}

/** As many as fit, and how many more there are. */
function namesOf(names: readonly string[]): string {
  const fitting: string[] = [];
  for (const name of names) {
    if ([...fitting, name].join(', ').length > longestNames && fitting.length > 0) break;
    fitting.push(name);
  }
  const more = names.length - fitting.length;
  return more === 0 ? fitting.join(', ') : `${fitting.join(', ')}, +${more}`;
}
