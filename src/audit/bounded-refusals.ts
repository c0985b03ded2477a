import type { Clock } from '../clock.ts';
import { secondsBetween } from '../clock.ts';
import { detailText } from './audit-detail.ts';
import type { AuditEntry, AuditLog } from './audit-log.ts';
import { requestRefusals } from './request-refusals.ts';

/** What nothing came of, and what therefore can be asked for as fast as somebody can send. */
const refusals: ReadonlySet<string> = new Set([
  'not-permitted',
  'unknown-endpoint',
  'minutes-not-offered',
  'hold-kind-not-usable',
  'until-not-usable',
  'reason-not-usable',
  'not-connected',
  ...requestRefusals,
]);

/** More than anybody clicks; what is beyond it is counted. */
const mostOfOnePerson = 30;
const perSeconds = 60;
const mostRemembered = 500;

/** A minute of one person's refusals, from the first of them. */
interface Minute {
  readonly since: Date;
  refused: number;
  /** The last one that was refused. */
  last: AuditEntry;
}

/**
 * The same audit, in which the refusals of one person are at most so many a minute, by each process that
 * writes it. Of those beyond, one entry says at once that there are more, because a process may end at
 * any time, and one says how many as soon as something is written after the minute. What changed
 * anything, or may have, is always written.
 */
export function createBoundedRefusals(audit: AuditLog, clock: Clock): AuditLog {
  const people = new Map<string, Minute>();
  /** Of minutes that are over, not written yet. */
  let counts: readonly AuditEntry[] = [];

  function close(id: string, minute: Minute): void {
    people.delete(id);
    const beyond = minute.refused - mostOfOnePerson;
    if (beyond > 0) counts = [...counts, ofTheRest(minute, beyond)].slice(-mostRemembered);
  }

  function closeWhatIsOver(now: Date): void {
    for (const [id, minute] of people) {
      const age = secondsBetween(minute.since, now);
      if (age < 0 || age >= perSeconds) close(id, minute);
    }
  }

  /** What stands in the audit for this entry; `null` where it is counted. */
  function standsFor(entry: AuditEntry, now: Date): AuditEntry | null {
    if (!refusals.has(entry.outcome)) return entry;
    const { id } = entry.actor;
    const minute = people.get(id);
    if (minute === undefined) {
      people.set(id, { since: now, refused: 1, last: entry });
      const [oldest] = people;
      if (people.size > mostRemembered && oldest !== undefined) close(...oldest);
      return entry;
    }
    minute.refused += 1;
    minute.last = entry;
    const beyond = minute.refused - mostOfOnePerson;
    if (beyond <= 0) return entry;
    return beyond === 1 ? ofTheRest(minute, null) : null;
  }

  async function writeCounts(): Promise<void> {
    const due = counts;
    counts = [];
    for (const [index, entry] of due.entries()) {
      try {
        await audit.append(entry);
      } catch {
        // Whoever's act is being written has nothing to do with it: it is tried again with the next.
        counts = [...due.slice(index), ...counts].slice(-mostRemembered);
        return;
      }
    }
  }

  return {
    async append(entry) {
      const now = clock.now();
      closeWhatIsOver(now);
      const written = standsFor(entry, now);
      if (written !== null) await audit.append(written);
      await writeCounts();
    },
    page: (query) => audit.page(query),
  };
}

/** @param further how many; `null` while that is not known */
function ofTheRest({ last, since }: Minute, further: number | null): AuditEntry {
  const { actor, address, at } = last;
  return {
    at,
    actor,
    address,
    action: 'further-refusals',
    endpointId: null,
    detail: detailText({ kind: 'refusals', further, since }),
    outcome: 'counted',
    requestIds: [],
  };
}
