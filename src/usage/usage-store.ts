import type { EndpointId } from '../vpn/ids.ts';
import type { Day, Month } from './calendar.ts';
import type { ConnectionRecord } from './connection-record.ts';
import type { LeaseRecord } from './lease-record.ts';
import type { ObservationGap, OnPeriod, TimeRange } from './on-period.ts';
import type { UsageWrites } from './record-usage.ts';
import type { DayTotal, MonthTotal } from './totals.ts';

/**
 * The usage history. Every write may be made again, in any order: the later reading of a thing wins.
 * What has outlived its retention is never answered, whether the table still holds it or not.
 */
export interface UsageStore {
  write(writes: UsageWrites): Promise<void>;

  /** What was over before this has outlived its retention. */
  recordsKeptSince(): Date;

  /** The periods that overlap a range, the oldest first. */
  periods(endpointId: EndpointId, range: TimeRange): Promise<readonly OnPeriod[]>;
  /** The gaps that overlap a range, the oldest first. */
  gaps(endpointId: EndpointId, range: TimeRange): Promise<readonly ObservationGap[]>;
  /** Every connection that began in a range, the oldest first, a page of the table at a time. */
  connections(endpointId: EndpointId, range: TimeRange): AsyncIterable<readonly ConnectionRecord[]>;
  /** Some connections, the newest first. */
  connectionsPage(query: ConnectionsQuery): Promise<ConnectionsPage>;

  /** As with the other records: the later reading wins, and nothing replaces one that was ended. */
  writeLeases(leases: readonly LeaseRecord[]): Promise<void>;
  /** Some leases of whoever signs in by a name, the newest first. */
  leasesPage(query: LeasesQuery): Promise<LeasesPage>;

  putDay(total: DayTotal): Promise<void>;
  days(endpointId: EndpointId, month: Month): Promise<readonly DayTotal[]>;
  day(endpointId: EndpointId, day: Day): Promise<DayTotal | null>;
  putMonth(total: MonthTotal): Promise<void>;
  /** Of every endpoint that has one, managed or not any more. */
  months(month: Month): Promise<readonly MonthTotal[]>;
}

export interface ConnectionsQuery {
  readonly of:
    | { readonly kind: 'endpoints'; readonly endpointIds: readonly EndpointId[] }
    /** Whoever signs in by this name, at one endpoint or at all of them; nobody by an empty one. */
    | { readonly kind: 'person'; readonly person: string; readonly endpointId?: EndpointId };
  /** In which they began. */
  readonly range: TimeRange;
  readonly order: 'newest-first' | 'oldest-first';
  /** At most so many. */
  readonly limit: number;
  /** Where the page before ended; `null` for the first. */
  readonly after: ConnectionsCursor | null;
}

/** A place in the order of connections, in a form that may stand in an address. */
export interface ConnectionsCursor {
  readonly from: Date;
  readonly connectionId: string;
}

export interface ConnectionsPage {
  readonly connections: readonly ConnectionRecord[];
  /** `null` where there are no more. */
  readonly next: ConnectionsCursor | null;
}

export interface LeasesQuery {
  readonly person: string;
  /** In which they were first asked for. */
  readonly range: TimeRange;
  /** At most so many. */
  readonly limit: number;
  /** Where the page before ended; `null` for the first. */
  readonly after: LeasesCursor | null;
}

/** A place in the order of one person's leases. */
export type LeasesCursor = Pick<LeaseRecord, 'from' | 'endpointId'>;

export interface LeasesPage {
  readonly leases: readonly LeaseRecord[];
  /** `null` where there are no more. */
  readonly next: LeasesCursor | null;
}
