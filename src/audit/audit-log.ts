import type { EndpointId } from '../vpn/ids.ts';

/** One act of a person, or of the portal itself, whatever came of it. */
export interface AuditEntry {
  readonly at: Date;
  readonly actor: { readonly id: string; readonly name: string };
  readonly action: AuditAction;
  readonly endpointId: EndpointId;
  /** What exactly, in a few words; never a secret. */
  readonly detail: string;
  /** What came of it, such as `recorded` or `not-permitted`. */
  readonly outcome: string;
  /** AWS's, of the changes that it has taken on; empty for a wish. */
  readonly requestIds: readonly string[];
}

/** What people wish, and what the reconciler asks of AWS because of it. */
export type AuditAction =
  | 'hold'
  | 'release-hold'
  | 'stop'
  | 'terminate'
  | 'associate'
  | 'restore-routes'
  | 'disassociate'
  | 'terminate-connection';

/** Who did what. Entries are added and never changed; the role of the app cannot do otherwise. */
export interface AuditLog {
  append(entry: AuditEntry): Promise<void>;
}
