import { minuteMs } from './properties/property.ts';
import type { Truth } from './truth.ts';

/** A few passes a day see that nothing stirs while nothing should. */
const longestPauseMs = 12 * 60 * minuteMs;
/** Before something is due. */
const earlyMs = 25_000;
/** After something has happened, every minute for so long. */
const lingerMs = 75_000;

const onItsWay: ReadonlySet<string> = new Set(['associating', 'disassociating']);

/**
 * How long until the schedule has something to do. A delivery every minute of a week would find
 * nothing new nearly always; those deliveries are left out, as if they had been lost.
 */
export function pauseMs(
  truth: Truth,
  world: { readonly lastEventAt: number; readonly nextEventAt: number; readonly calm: boolean },
): number {
  const now = truth.now();
  if (!world.calm || now - world.lastEventAt < lingerMs) return minuteMs;
  if (now - truth.changedAt() < lingerMs) return minuteMs;
  const associations = truth.associations();
  const record = truth.record();
  const until = wantedUntil(truth);
  let quietUntil = Math.min(
    world.nextEventAt + earlyMs + minuteMs / 2,
    now + longestPauseMs,
    truth.latestHours.nextAfter(now) ?? Infinity,
    truth.hold()?.until.getTime() ?? Infinity,
  );
  if (record.terminations.length > 0) return minuteMs;
  if (associations.length === 0) {
    if (until !== null || record.lastPass?.state !== 'off') return minuteMs;
  } else {
    const isSteady =
      record.intent.kind === 'none' &&
      record.lastPass?.state === 'on' &&
      associations.every(({ status }) => status === 'associated');
    // Nothing but waiting, mostly.
    if (associations.some(({ status }) => onItsWay.has(status))) return 2 * minuteMs;
    if (!isSteady) return minuteMs;
    if (until !== null) quietUntil = Math.min(quietUntil, until);
    else if (truth.sessions.inUse().length > 0) {
      quietUntil = Math.min(quietUntil, truth.sessions.silentNextAt());
    } else {
      const { reason } = record.lastPass;
      if (reason.code !== 'idle-grace') return minuteMs;
      quietUntil = Math.min(quietUntil, reason.stopAt.getTime());
    }
  }
  return Math.max(minuteMs, quietUntil - now - earlyMs);
}

/** When the next of what keeps it on comes to its end; `null` where nothing does. */
function wantedUntil(truth: Truth): number | null {
  const hold = truth.hold();
  const ends = truth.wishes.maybeHeld().map(({ until }) => until.getTime());
  if (hold?.kind === 'on') ends.push(hold.until.getTime());
  return ends.length === 0 ? null : Math.min(...ends);
}
