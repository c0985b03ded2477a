import { minutesAfter, secondsBetween } from '../../clock.ts';
import type { EndpointForPerson } from '../../lease/endpoint-directory.ts';
import { pauseInEffect } from '../../lease/pause.ts';
import { nextLatestHour } from '../../vpn/latest-hour.ts';
import { isRehearsed, mayBeUsed } from './situation-notes.ts';
import type { FrameInput, Wording } from './viewer.ts';

type Moments = Pick<FrameInput, 'now' | 'pause'>;

/**
 * When an endpoint goes off if nothing changes; `null` where that is not to be said: it cannot be
 * used, or an administrator keeps it off, which says so itself.
 */
export function goesOff(
  endpoint: EndpointForPerson,
  moments: Moments,
  { text, format }: Wording,
): { readonly value: string; readonly iso: string | null } | null {
  const { policy, status } = endpoint;
  if (!mayBeUsed(status) || status.hold?.kind === 'off') return null;
  const words = text.endpoint;
  if (isRehearsed(endpoint)) return { value: words.goesOffNever, iso: null };
  const known = knownEnd(endpoint, moments);
  if (known !== null) {
    const time = format.time(known.at);
    const value = known.cutsOff ? words.goesOffAt(time) : words.goesOffAbout(time);
    return { value, iso: known.at.toISOString() };
  }
  if (!policy.ok) return null;
  const { idleGraceMinutes } = policy.policy;
  const idle = format.minutes(idleGraceMinutes);
  const { heldUntil } = status;
  const paused = pauseInEffect(moments.pause, moments.now);
  const earliest = later(
    heldUntil === null ? null : minutesAfter(heldUntil, idleGraceMinutes),
    paused?.until ?? null,
  );
  if (earliest === null) return { value: words.goesOffLater(idle), iso: null };
  return { value: words.goesOffLaterThan(idle, format.time(earliest)), iso: null };
}

/** What whoever relies on an endpoint is told shortly before it goes off. */
export interface EndingView {
  /** The same for the same end: it is told once. */
  readonly iso: string;
  /** In the tab. */
  readonly short: string;
  /** Read aloud. */
  readonly announcement: string;
  /** In a notification. */
  readonly body: string;
}

/** Time enough to save one's work, or to ask for more. */
const soonMinutes = 10;

/** `null` unless it is known to go off within ten minutes. */
export function endingOf(
  endpoint: EndpointForPerson,
  moments: Moments,
  { text, format }: Wording,
): EndingView | null {
  const { status } = endpoint;
  if (!mayBeUsed(status) || status.hold?.kind === 'off' || isRehearsed(endpoint)) return null;
  const known = knownEnd(endpoint, moments);
  if (known === null || secondsBetween(moments.now, known.at) > soonMinutes * 60) return null;
  const { announcement, notify, offAt } = text.endpoint;
  const time = format.time(known.at);
  return {
    iso: known.at.toISOString(),
    short: offAt(time),
    announcement: announcement(endpoint.name, offAt(time)),
    body: known.cutsOff ? notify.ending.at(time) : notify.ending.about(time),
  };
}

interface KnownEnd {
  readonly at: Date;
  /** Whoever is connected. */
  readonly cutsOff: boolean;
}

/** `null` where it depends on somebody who is connected, or on a pause. */
function knownEnd(endpoint: EndpointForPerson, { now, pause }: Moments): KnownEnd | null {
  const { endsSoonAt, offAt } = endpoint.status;
  const stands = (at: Date | null): at is Date => at !== null && pauseInEffect(pause, at) === null;
  const cutAt = cutsOffAt(endpoint, now);
  if (stands(cutAt) && (offAt === null ? endsSoonAt !== null : offAt > cutAt)) {
    return { at: cutAt, cutsOff: true };
  }
  return stands(offAt) ? { at: offAt, cutsOff: false } : null;
}

/**
 * When people are cut off next, whatever they do; `null` where they are not: whatever is wanted on
 * beyond the latest hour, by a hold or by a lease from before the hour was set, stays on through it.
 */
function cutsOffAt({ policy, status }: EndpointForPerson, now: Date): Date | null {
  if (!policy.ok || !policy.policy.latestHourCutsOff) return null;
  const { latestHour } = policy.policy;
  if (latestHour === null) return null;
  const at = nextLatestHour(latestHour, now);
  return status.heldUntil !== null && status.heldUntil > at ? null : at;
}

function later(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other;
  return one > other ? one : other;
}
