import { actorOf } from '../identity/principal.ts';
import type { Actor, Principal } from '../identity/principal.ts';
import type { TimeRange } from '../usage/on-period.ts';
import type { EndpointId } from '../vpn/ids.ts';

/** One act of a person, or of the portal itself, whatever came of it. */
export interface AuditEntry {
  readonly at: Date;
  readonly actor: Actor;
  /** The address that the load balancer was asked from; `null` for the portal's own acts. */
  readonly address: string | null;
  readonly action: AuditAction;
  /** `null` where no endpoint was named. */
  readonly endpointId: EndpointId | null;
  /** What exactly, in a few words; never a secret. */
  readonly detail: string;
  /** What came of it, such as `recorded` or `not-permitted`. */
  readonly outcome: string;
  /** AWS's, of the changes that it has taken on; empty for a wish. */
  readonly requestIds: readonly string[];
}

/** What an entry says of the person whose act it is. */
export function personIn(principal: Principal): Pick<AuditEntry, 'actor' | 'address'> {
  return { actor: actorOf(principal), address: principal.address ?? null };
}

/** What people do and wish, and what the reconciler asks of AWS because of it. */
export const auditActions = [
  'request-lease',
  'release-lease',
  'download-configuration',
  'hold',
  'release-hold',
  'stop',
  'terminate',
  'pause-stopping',
  'resume-stopping',
  'enable-rule',
  'associate',
  'restore-routes',
  'disassociate',
  'terminate-connection',
  'open-page',
  'send-request',
  'further-refusals',
  'connect',
] as const;
export type AuditAction = (typeof auditActions)[number];

/** Where it is written down who did what: all that those who do it know of the audit. */
export interface AuditWriter {
  append(entry: AuditEntry): Promise<void>;
}

/** Who did what. Entries are added and never changed; the role of the app cannot do otherwise. */
export interface AuditLog extends AuditWriter {
  /** The newest first. What has outlived its retention is never answered. */
  page(query: AuditQuery): Promise<AuditPage>;
}

export interface AuditQuery {
  readonly range: TimeRange;
  /** `null` for every endpoint. */
  readonly endpointId: EndpointId | null;
  /** A part of the actor's name, whatever its capitals; empty for everybody. */
  readonly person: string;
  readonly limit: number;
  /** Where the page before ended, as it has said; `null` for the first. */
  readonly after: string | null;
}

export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** `null` where there are no more. */
  readonly next: string | null;
}
