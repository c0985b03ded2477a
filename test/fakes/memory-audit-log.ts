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
  };
}
