import type { AuditEntry } from '../../../src/audit/audit-log.ts';
import type { PendingEvent } from '../../../src/notify/domain-event.ts';
import type { Step } from '../call.ts';
import type { Orders } from '../orders.ts';
import type { Pauses } from '../pauses.ts';
import type { Trails } from '../trails.ts';
import type { Truth } from '../truth.ts';

/** Something that must hold always: it is shown every step, and says so when it does not hold. */
export interface Property {
  readonly name: string;
  observe(step: Step): void;
}

export interface PropertyDependencies {
  readonly truth: Truth;
  readonly trails: Trails;
  readonly orders: Orders;
  readonly pauses: Pauses;
  /** Ends the run. */
  readonly violated: (what: string) => void;
  /** What the audit says so far. */
  readonly audited: () => readonly AuditEntry[];
  /** What those who listen have heard, by its id. */
  readonly published: () => ReadonlyMap<string, PendingEvent>;
  readonly count: (what: string) => void;
}

export type NewProperty = (deps: PropertyDependencies) => Property;

export const minuteMs = 60_000;
