import { minutesAfter } from '../clock.ts';
import type { Intent } from '../lease/endpoint-record.ts';
import { noIntent } from '../lease/endpoint-record.ts';
import type { Hold } from '../lease/hold.ts';
import type { Reason } from '../lease/reason.ts';
import type { Decision } from './decision.ts';
import { look } from './decision.ts';
import { whyItWaits } from './pausing.ts';
import { lastNeededAt, settingUpUntil } from './readable.ts';
import type { Readable } from './readable.ts';
import { stop } from './stopping.ts';

/** The endpoint can be used. What keeps it on, and if nothing does, since when. */
export function usable(situation: Readable, intent: Intent): Decision {
  const { connected, hold, inUse, now, policy, record, until } = situation;
  const stay = (reason: Reason): Decision =>
    look(situation, {
      state: 'on',
      reason,
      intent: intent.kind === 'stop' ? noIntent : intent,
      steady: true,
    });
  if (until !== null) return stay(wanted(until, hold));
  if (inUse > 0) return stay({ code: 'connected', connected: inUse });

  const since = idleSince(situation);
  // A hold-off leaves no grace, and yet waits for a client that was let in.
  const letIn = hold?.kind === 'off' ? settingUpUntil(record) : null;
  const stopAt = letIn ?? minutesAfter(since, policy.idleGraceMinutes);
  const grace = stay({ code: 'idle-grace', stopAt });
  if (stopAt > now) {
    return stopAt < grace.lookAgainAt ? { ...grace, lookAgainAt: stopAt } : grace;
  }
  const waits = whyItWaits(situation.pausing);
  if (waits !== null) return stay(waits);
  return stop(situation, {
    because: 'idle',
    reason: { code: 'idle', since, silent: connected - inUse },
    dueAt: stopAt,
    untilBegun: grace,
    intent,
  });
}

/** Why it is on until then: whichever wish lasts the longest, leases or the hold in effect. */
export function wanted(until: Date, hold: Hold | null): Reason {
  return hold?.kind === 'on' && hold.until === until
    ? { code: 'held-on', until, by: hold.by.name, why: hold.reason }
    : { code: 'kept-on-by-lease', until };
}

/**
 * Since when nobody has needed the endpoint: since somebody last did, or since it became *On*. An
 * endpoint not seen *On* before begins its grace now; one whose stop was begun has had it, so that
 * a call that failed does not cost another.
 */
function idleSince(situation: Readable): Date {
  const { now, policy, record } = situation;
  const { intent } = record;
  const earliest =
    intent.kind === 'stop' ? minutesAfter(intent.since, -policy.idleGraceMinutes) : now;
  const usableSince = record.onSince ?? earliest;
  const neededAt = lastNeededAt(situation);
  return neededAt !== null && neededAt > usableSince ? neededAt : usableSince;
}
