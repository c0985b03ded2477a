import { minuteMs } from './properties/property.ts';
import type { Truth } from './truth.ts';

/** A few passes a day see that nothing stirs while nothing should. */
const longestPauseMs = 12 * 60 * minuteMs;
const earlyMs = 90_000;
/** After something has happened, every minute for so long. */
const lingerMs = 2 * minuteMs;

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
  const lease = truth.storedHeld()[0];
  let quietUntil = Math.min(world.nextEventAt, now + longestPauseMs);
  if (associations.length === 0) {
    if (lease !== undefined || record.lastPass?.state !== 'off') return minuteMs;
  } else {
    const isSteady =
      record.intent.kind === 'none' &&
      record.lastPass?.state === 'on' &&
      associations.every(({ status }) => status === 'associated');
    // Nothing but waiting, mostly.
    if (associations.some(({ status }) => onItsWay.has(status))) return 2 * minuteMs;
    if (!isSteady) return minuteMs;
    if (lease !== undefined) quietUntil = Math.min(quietUntil, lease.until.getTime());
    else if (truth.sessions().length === 0) {
      const { reason } = record.lastPass;
      if (reason.code !== 'idle-grace') return minuteMs;
      quietUntil = Math.min(quietUntil, reason.stopAt.getTime());
    }
  }
  return Math.max(minuteMs, quietUntil - now - earlyMs);
}
