import { verdict } from './finding.ts';
import type { Verdict } from './finding.ts';

/** Time enough to ask whoever holds the key. AWS renews its own certificates before this. */
const soonDays = 30;
/** From here on somebody has to drop something else. */
const urgentDays = 7;

/**
 * @param what with a capital, such as `The certificate arn:…`
 * @param fix what to do before it expires
 */
export function judgeExpiry(what: string, expiresAt: Date, now: Date, fix: string): Verdict {
  const days = Math.floor((expiresAt.getTime() - now.getTime()) / (24 * 3600 * 1000));
  const on = expiresAt.toISOString().slice(0, 10);
  if (expiresAt <= now) return verdict.problem(`${what} expired on ${on}.`, fix);
  const left = `${what} expires on ${on}, in ${days === 1 ? '1 day' : `${days} days`}.`;
  if (days < urgentDays) return verdict.problem(left, fix);
  return days < soonDays ? verdict.warning(left, fix) : verdict.ok(left);
}
