import { minutesAfter } from '../clock.ts';
import type { ScheduleRun } from '../vpn/catalogue.ts';
import { scheduleEvent } from './domain-event.ts';
import type { PendingEvent } from './domain-event.ts';

/** What is wrong with the schedule, as it is stored beside its last run. */
export interface ScheduleTrouble {
  /** `failing`: its runs come, and fail; `late`: none comes. */
  readonly kind: 'failing' | 'late';
  /** The first run that has failed, or the last one that came. */
  readonly since: Date;
  /** Whether those who listen were told; one failed run is not worth their time. */
  readonly told: boolean;
}

/** What is known of the schedule. */
export interface ScheduleHealth {
  /** `null` before the first one. */
  readonly lastRun: ScheduleRun | null;
  readonly trouble: ScheduleTrouble | null;
  /** What those who listen are still to be told, the oldest first. */
  readonly events: readonly PendingEvent[];
}

export interface ScheduleTroubleStore {
  load(): Promise<ScheduleHealth>;
  /**
   * Stores a change and the event that reports it, in one write.
   *
   * @returns false where the trouble, or the last run, is no longer as it was read
   */
  change(change: ScheduleChange & { readonly read: ScheduleHealth }): Promise<boolean>;
  /** Takes out events that have been delivered; those that are not there are a success. */
  settleEvents(ids: readonly string[]): Promise<void>;
}

export interface ScheduleChange {
  readonly trouble: ScheduleTrouble | null;
  /** `null` where nobody needs to be told. */
  readonly event: PendingEvent | null;
}

/** It runs every minute: after so many without a good one somebody should look. */
const troubleAfterMinutes = 3;

/** Whether the last run is so long ago that the next ones must have failed to come. */
export function isLate(lastRun: ScheduleRun | null, now: Date): lastRun is ScheduleRun {
  return lastRun !== null && minutesAfter(lastRun.at, troubleAfterMinutes) < now;
}

/** What a run means that has come to its end. Pure; `null` where nothing changes. */
export function afterRun(
  { trouble }: Pick<ScheduleHealth, 'trouble'>,
  run: { readonly startedAt: Date; readonly failed: boolean },
  now: Date,
): ScheduleChange | null {
  const { failed, startedAt } = run;
  if (trouble === null) {
    return failed
      ? { trouble: { kind: 'failing', since: startedAt, told: false }, event: null }
      : null;
  }
  if (!failed) {
    return {
      trouble: null,
      event: trouble.told ? eventOf('schedule-recovered', trouble, now) : null,
    };
  }
  const isNew = !trouble.told && minutesAfter(trouble.since, troubleAfterMinutes) <= startedAt;
  return isNew ? told(trouble, now) : null;
}

/** What somebody finds who looks at the last run. Pure; `null` where nothing changes. */
export function afterLook(health: ScheduleHealth, now: Date): ScheduleChange | null {
  const { lastRun, trouble } = health;
  if (!isLate(lastRun, now) || trouble?.told === true) return null;
  return told({ kind: 'late', since: lastRun.at }, now);
}

function told(trouble: Pick<ScheduleTrouble, 'kind' | 'since'>, now: Date): ScheduleChange {
  return {
    trouble: { ...trouble, told: true },
    event: eventOf('schedule-in-trouble', trouble, now),
  };
}

/** The id is made from the trouble: of two processes that find it, both make the same event. */
function eventOf(
  type: 'schedule-in-trouble' | 'schedule-recovered',
  { kind, since }: Pick<ScheduleTrouble, 'kind' | 'since'>,
  now: Date,
): PendingEvent {
  const id = `${type}-${kind}-${since.getTime()}`;
  return scheduleEvent(type, { id, at: now }, { kind, since: since.toISOString() });
}
