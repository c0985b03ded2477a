import type { Clock } from '../clock.ts';
import { secondsBetween } from '../clock.ts';
import type { AuditEntry, AuditLog } from './audit-log.ts';

/** What nothing came of, and what therefore can be asked for as fast as somebody can send. */
const refusals: ReadonlySet<string> = new Set([
  'not-permitted',
  'unknown-endpoint',
  'minutes-not-offered',
  'hold-kind-not-usable',
  'until-not-usable',
  'reason-not-usable',
  'not-connected',
]);

/** More than anybody clicks; what is beyond it is in the log alone, a line for each request. */
const mostOfOnePerson = 30;
const perSeconds = 60;
const mostRemembered = 500;

/**
 * The same audit, in which the refusals of one person are at most so many a minute, by each process that
 * writes it. What changed anything, or may have, is always written.
 */
export function createBoundedRefusals(audit: AuditLog, clock: Clock): AuditLog {
  const people = new Map<string, { readonly since: Date; refused: number }>();

  function isOneTooMany({ actor, outcome }: AuditEntry): boolean {
    if (!refusals.has(outcome)) return false;
    const now = clock.now();
    const known = people.get(actor.id);
    const age = known === undefined ? perSeconds : secondsBetween(known.since, now);
    if (known !== undefined && age >= 0 && age < perSeconds) {
      known.refused += 1;
      return known.refused > mostOfOnePerson;
    }
    people.delete(actor.id);
    people.set(actor.id, { since: now, refused: 1 });
    const oldest = people.keys().next();
    if (people.size > mostRemembered && oldest.done !== true) people.delete(oldest.value);
    return false;
  }

  return {
    append: (entry) => (isOneTooMany(entry) ? Promise.resolve() : audit.append(entry)),
    page: (query) => audit.page(query),
  };
}
