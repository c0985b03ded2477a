import type { AuditEntry, AuditLog } from '../../src/audit/audit-log.ts';

/** An audit log that can be read back: the entries, in the order of their writing. */
export interface MemoryAuditLog extends AuditLog {
  readonly entries: readonly AuditEntry[];
}

export function createMemoryAuditLog(): MemoryAuditLog {
  const entries: AuditEntry[] = [];
  return {
    entries,
    append: (entry) => {
      entries.push(entry);
      return Promise.resolve();
    },
    page: ({ after, endpointId, limit, person, range }) => {
      const wanted = entries
        .map((entry, place) => ({ entry, place }))
        .filter(
          ({ entry, place }) =>
            entry.at >= range.from &&
            entry.at < range.to &&
            (endpointId === null || entry.endpointId === endpointId) &&
            entry.actor.name.toLowerCase().includes(person.trim().toLowerCase()) &&
            (after === null || place < Number(after)),
        )
        .reverse();
      const shown = wanted.slice(0, limit);
      return Promise.resolve({
        entries: shown.map(({ entry }) => entry),
        next: wanted.length > limit ? String(shown.at(-1)?.place ?? 0) : null,
      });
    },
  };
}
