import type { Month } from '../usage/calendar.ts';
import type { ConnectionRecord } from '../usage/connection-record.ts';
import { personKey } from '../usage/connection-record.ts';
import type { LeaseRecord } from '../usage/lease-record.ts';
import type { TimeRange } from '../usage/on-period.ts';
import type { ConnectionsCursor, ConnectionsQuery, LeasesCursor } from '../usage/usage-store.ts';
import type { EndpointId } from '../vpn/ids.ts';

/*
 * Where the usage history stands in the table. Records stand in one partition for each endpoint and
 * month of universal time, connections by when they began; a period stands in each month that it
 * touches. So every page of the portal reads a bounded part of the table, however much there is.
 */

export function recordsPartition(endpointId: EndpointId, month: Month): string {
  return `USAGE#${endpointId}#${month}`;
}

export function totalsPartition(month: Month): string {
  return `TOTALS#${month}`;
}

export function utcMonth(time: Date): Month {
  return time.toISOString().slice(0, 7);
}

/** A connection's place in the order of all of them. */
export function place({ connectionId, from }: ConnectionsCursor): string {
  return `${from.toISOString()}#${connectionId}`;
}

/** In characters of up to 3 bytes each: a key of the index takes 2048 bytes. */
const longestIndexedName = 500;

/** Under which the index by person has them; `null` where nobody is named, which no index holds. */
export function indexedPerson(person: string): string | null {
  const key = personKey(person).slice(0, longestIndexedName).toWellFormed();
  return key === '' ? null : key;
}

/**
 * Between which places a page lies, both of them included: where the page before ended is read once
 * more, because nothing tells which place comes next to it. `null` where nothing can lie there.
 */
export function placesOf(
  range: TimeRange,
  after: ConnectionsCursor | null,
  order: ConnectionsQuery['order'],
): { readonly low: string; readonly high: string; readonly range: TimeRange } | null {
  if (range.from >= range.to) return null;
  let { from, to } = range;
  let low = from.toISOString();
  // Nothing stands at the range's end itself: every place has an id after its time.
  let high = to.toISOString();
  if (after !== null) {
    const there = place(after);
    if (order === 'oldest-first' && there > low) {
      low = there;
      from = after.from;
    }
    if (order === 'newest-first' && there < high) {
      high = there;
      to = new Date(after.from.getTime() + 1);
    }
  }
  return low > high ? null : { low, high, range: { from, to } };
}

/** In characters of up to 3 bytes each: a key of the table takes 1024 bytes. */
const longestPersonId = 300;

export function leaseKey({ endpointId, from, personId }: LeaseRecord): { pk: string; sk: string } {
  const person = personId.slice(0, longestPersonId).toWellFormed();
  return {
    pk: recordsPartition(endpointId, utcMonth(from)),
    sk: `${leaseRecords}${from.toISOString()}#${person}`,
  };
}

/** In the index by person leases stand behind all connections, whose places begin with a time. */
export function leasePlace({ endpointId, from }: LeasesCursor): string {
  return `${leaseRecords}${from.toISOString()}#${endpointId}`;
}

export const leaseRecords = 'LEASE#';

/** Those of a page that come after where the page before ended. */
export function withoutCursor(
  records: readonly ConnectionRecord[],
  after: ConnectionsCursor | null,
): readonly ConnectionRecord[] {
  if (after === null) return records;
  const there = place(after);
  return records.filter((record) => place(record) !== there);
}
