import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { PutCommandInput } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';

import type { Clock } from '../clock.ts';
import { daysAfter } from '../clock.ts';
import type { Month } from '../usage/calendar.ts';
import { monthAfter, monthOfDay, storedMonths } from '../usage/calendar.ts';
import type { ConnectionRecord } from '../usage/connection-record.ts';
import type { ObservationGap, OnPeriod, TimeRange } from '../usage/on-period.ts';
import type { LeaseRecord } from '../usage/lease-record.ts';
import type {
  ConnectionsPage,
  ConnectionsQuery,
  LeasesPage,
  UsageStore,
} from '../usage/usage-store.ts';
import type { DynamoTable, TableQuery } from './dynamo-table.ts';
import {
  isFailedCondition,
  personIndex,
  queryAll,
  queryPages,
  timeToLive,
} from './dynamo-table.ts';
import { readItem } from './read-item.ts';
import { schemaVersion } from './stored-forms.ts';
import {
  connectionItem,
  dayItem,
  gapItem,
  leaseRecordItem,
  monthItem,
  periodItem,
} from './stored-usage.ts';
import {
  indexedPerson,
  leaseKey,
  leasePlace,
  leaseRecords,
  place,
  placesOf,
  recordsPartition,
  totalsPartition,
  utcMonth,
  withoutCursor,
} from './usage-places.ts';

/** How long each kind of item is kept, in days. */
export interface UsageRetention {
  /** Connections, on-periods and gaps. */
  readonly recordDays: number;
  /** Day and month totals. */
  readonly totalDays: number;
}

/** Writes at a time: many people connect at nine. */
const concurrentWrites = 10;
/** Where a filter leaves out some of what is read, so many are read at a time. */
const filteredAtATime = 200;

/** Only a later reading replaces a record, and nothing replaces one that has ended. */
const isNews = {
  ConditionExpression:
    'attribute_not_exists(pk) OR (seenAt <= :seenAt AND attribute_type(#to, :null))',
  ExpressionAttributeNames: { '#to': 'to' },
};
/** A gap that is found again, because its pass was lost, has lasted longer. */
const isLonger = {
  ConditionExpression: 'attribute_not_exists(pk) OR #to <= :to',
  ExpressionAttributeNames: { '#to': 'to' },
};

export function createDynamoUsageStore(
  table: DynamoTable,
  deps: { readonly clock: Clock; readonly retention: UsageRetention },
): UsageStore {
  const { client, name } = table;
  const { clock, retention } = deps;

  function recordsKeptSince(): Date {
    return daysAfter(clock.now(), -retention.recordDays);
  }

  /** The part of a range whose records have not outlived their retention. */
  function kept(range: TimeRange): TimeRange {
    const oldest = recordsKeptSince();
    return { from: range.from < oldest ? oldest : range.from, to: range.to };
  }

  /** A condition that does not hold is no failure: what stands there is newer. */
  async function put(
    item: Readonly<Record<string, unknown>>,
    expiresAfter: { readonly since: Date; readonly days: number },
    condition: Pick<
      PutCommandInput,
      'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
    > = {},
  ): Promise<void> {
    const expiresAt = timeToLive(daysAfter(expiresAfter.since, expiresAfter.days));
    const Item = { ...item, schemaVersion, expiresAt };
    try {
      await client.send(new PutCommand({ TableName: name, Item, ...condition }));
    } catch (error) {
      if (!isFailedCondition(error)) throw error;
    }
  }

  function putIfNews(
    item: Readonly<Record<string, unknown>> & { readonly seenAt: string },
    since: Date,
  ): Promise<void> {
    const ExpressionAttributeValues = { ':seenAt': item.seenAt, ':null': 'NULL' };
    const days = retention.recordDays;
    return put(item, { since, days }, { ...isNews, ExpressionAttributeValues });
  }

  function connectionPut(record: ConnectionRecord): () => Promise<void> {
    const stored = z.encode(connectionItem, record);
    const personKey = indexedPerson(record.person);
    return () =>
      putIfNews(
        {
          ...stored,
          pk: recordsPartition(record.endpointId, utcMonth(record.from)),
          sk: `CONN#${place(record)}`,
          ...(personKey === null ? {} : { personKey, personSort: place(record) }),
        },
        record.from,
      );
  }

  function periodPuts(period: OnPeriod): (() => Promise<void>)[] {
    const stored = z.encode(periodItem, period);
    const until = period.to ?? period.seenAt;
    const sk = `ON#${period.from.toISOString()}#${period.associationId}`;
    // Also where it was seen later than it is now known to have ended.
    const last = Math.max(until.getTime(), period.seenAt.getTime());
    const months = storedMonths({ from: period.from, to: new Date(last + 1) });
    return months.map((month) => () => {
      const pk = recordsPartition(period.endpointId, month);
      return putIfNews({ ...stored, pk, sk }, until);
    });
  }

  function leasePut(record: LeaseRecord): () => Promise<void> {
    const stored = z.encode(leaseRecordItem, record);
    const personKey = indexedPerson(record.person);
    const indexed = personKey === null ? {} : { personKey, personSort: leasePlace(record) };
    return () => putIfNews({ ...stored, ...leaseKey(record), ...indexed }, record.from);
  }

  function gapPuts(gap: ObservationGap): (() => Promise<void>)[] {
    const stored = z.encode(gapItem, gap);
    return storedMonths(gap).map((month) => () => {
      const pk = recordsPartition(gap.endpointId, month);
      const sk = `GAP#${gap.from.toISOString()}`;
      const ExpressionAttributeValues = { ':to': stored.to };
      const expiry = { since: gap.to, days: retention.recordDays };
      return put({ ...stored, pk, sk }, expiry, { ...isLonger, ExpressionAttributeValues });
    });
  }

  function everything(pk: string, prefix: string): Promise<unknown[]> {
    return queryAll(table, {
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': pk, ':prefix': prefix },
      // Totals are made from what has just been written.
      ConsistentRead: true,
    });
  }

  /** For each endpoint, or for a person: its months, in the order of the answer. */
  function connectionQueries(
    query: Pick<ConnectionsQuery, 'of' | 'order' | 'after' | 'range'>,
  ): readonly (readonly TableQuery[])[] {
    const { after, of, order } = query;
    const places = placesOf(kept(query.range), after, order);
    if (places === null) return [];
    const { high, low, range } = places;
    const ScanIndexForward = order === 'oldest-first';
    if (of.kind === 'person') {
      const person = indexedPerson(of.person);
      if (person === null) return [];
      const { endpointId } = of;
      const values = { ':person': person, ':low': low, ':high': high };
      const filter = endpointId === undefined ? {} : { ':endpointId': endpointId };
      return [
        [
          {
            IndexName: personIndex,
            KeyConditionExpression: 'personKey = :person AND personSort BETWEEN :low AND :high',
            ExpressionAttributeValues: { ...values, ...filter },
            ...(endpointId === undefined ? {} : { FilterExpression: 'endpointId = :endpointId' }),
            ScanIndexForward,
          },
        ],
      ];
    }
    const months = storedMonths(range);
    const ordered = order === 'oldest-first' ? months : months.toReversed();
    return of.endpointIds.map((endpointId) =>
      ordered.map((month) => ({
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :low AND :high',
        ExpressionAttributeValues: {
          ':pk': recordsPartition(endpointId, month),
          ':low': `CONN#${low}`,
          ':high': `CONN#${high}`,
        },
        ScanIndexForward,
      })),
    );
  }

  /** At most so many of what the queries find, one after the other. */
  async function some(queries: readonly TableQuery[], limit: number): Promise<ConnectionRecord[]> {
    const found: ConnectionRecord[] = [];
    for (const query of queries) {
      if (found.length >= limit) break;
      const least = query.FilterExpression === undefined ? 0 : filteredAtATime;
      for await (const page of queryPages(table, {
        ...query,
        Limit: Math.max(limit - found.length, least),
      })) {
        found.push(...page.map((item) => readItem(connectionItem, item)));
        if (found.length >= limit) break;
      }
    }
    return found.slice(0, limit);
  }

  return {
    recordsKeptSince,

    async write({ connections, gaps, periods }) {
      await inParallel([
        ...periods.flatMap(periodPuts),
        ...gaps.flatMap(gapPuts),
        ...connections.map(connectionPut),
      ]);
    },

    writeLeases: (leases) => inParallel(leases.map(leasePut)),

    async leasesPage({ after, limit, person, range: wanted }): Promise<LeasesPage> {
      const personKey = indexedPerson(person);
      const range = kept(wanted);
      if (personKey === null || range.from >= range.to) return { leases: [], next: null };
      const found: LeaseRecord[] = [];
      const last = after === null ? null : leasePlace(after);
      for await (const page of queryPages(table, {
        IndexName: personIndex,
        KeyConditionExpression: 'personKey = :person AND personSort BETWEEN :low AND :high',
        ExpressionAttributeValues: {
          ':person': personKey,
          ':low': `${leaseRecords}${range.from.toISOString()}`,
          ':high': last ?? `${leaseRecords}${range.to.toISOString()}`,
        },
        ScanIndexForward: false,
        // One more tells whether there are more, and one is of the page before.
        Limit: limit + 2,
      })) {
        const leases = page.map((item) => readItem(leaseRecordItem, item));
        found.push(...leases.filter((lease) => leasePlace(lease) !== last));
        if (found.length > limit) break;
      }
      const leases = found.slice(0, limit);
      const end = leases.at(-1);
      const isMore = found.length > limit && end !== undefined;
      return { leases, next: isMore ? { from: end.from, endpointId: end.endpointId } : null };
    },

    async periods(endpointId, wanted) {
      const range = kept(wanted);
      if (range.from >= range.to) return [];
      const found = new Map<string, OnPeriod>();
      for (const month of storedMonths(range)) {
        for (const item of await everything(recordsPartition(endpointId, month), 'ON#')) {
          const period = readItem(periodItem, item);
          const key = `${period.from.toISOString()} ${period.associationId}`;
          const other = found.get(key);
          // A month that it has left knows it as it was then.
          if (other === undefined || other.seenAt <= period.seenAt) found.set(key, period);
        }
      }
      return [...found.values()].filter((period) => overlaps(period, range)).sort(byBeginning);
    },

    async gaps(endpointId, wanted) {
      const range = kept(wanted);
      if (range.from >= range.to) return [];
      const found = new Map<number, ObservationGap>();
      for (const month of storedMonths(range)) {
        for (const item of await everything(recordsPartition(endpointId, month), 'GAP#')) {
          const gap = readItem(gapItem, item);
          const other = found.get(gap.from.getTime());
          if (other === undefined || other.to <= gap.to) found.set(gap.from.getTime(), gap);
        }
      }
      return [...found.values()]
        .filter((gap) => overlaps({ ...gap, seenAt: gap.to }, range))
        .sort(byBeginning);
    },

    async *connections(endpointId, range) {
      const of = { kind: 'endpoints', endpointIds: [endpointId] } as const;
      const queries = connectionQueries({ of, range, order: 'oldest-first', after: null });
      for (const query of queries.flat()) {
        for await (const page of queryPages(table, { ...query, ConsistentRead: true })) {
          yield page.map((item) => readItem(connectionItem, item));
        }
      }
    },

    async connectionsPage(query): Promise<ConnectionsPage> {
      // One more than asked for tells whether there are more, and one may be of the page before.
      const wanted = query.limit + (query.after === null ? 1 : 2);
      const found = await Promise.all(
        connectionQueries(query).map((queries) => some(queries, wanted)),
      );
      const direction = query.order === 'oldest-first' ? 1 : -1;
      const all = withoutCursor(found.flat(), query.after).toSorted((a, b) =>
        place(a) < place(b) ? -direction : direction,
      );
      const connections = all.slice(0, query.limit);
      const last = connections.at(-1);
      const isMore = all.length > query.limit && last !== undefined;
      return {
        connections,
        next: isMore ? { from: last.from, connectionId: last.connectionId } : null,
      };
    },

    async putDay(total) {
      const pk = totalsPartition(monthOfDay(total.day));
      const sk = `DAY#${total.endpointId}#${total.day}`;
      await put({ ...z.encode(dayItem, total), pk, sk }, totalExpiry(monthOfDay(total.day)));
    },

    async days(endpointId, month) {
      if (isExpired(month)) return [];
      const items = await everything(totalsPartition(month), `DAY#${endpointId}#`);
      return items.map((item) => readItem(dayItem, item));
    },

    async day(endpointId, day) {
      if (isExpired(monthOfDay(day))) return null;
      const Key = { pk: totalsPartition(monthOfDay(day)), sk: `DAY#${endpointId}#${day}` };
      const get = new GetCommand({ TableName: name, Key, ConsistentRead: true });
      const { Item } = await client.send(get);
      return Item === undefined ? null : readItem(dayItem, Item);
    },

    async putMonth(total) {
      const pk = totalsPartition(total.month);
      const sk = `MONTH#${total.endpointId}`;
      await put({ ...z.encode(monthItem, total), pk, sk }, totalExpiry(total.month));
    },

    async months(month) {
      if (isExpired(month)) return [];
      const items = await everything(totalsPartition(month), 'MONTH#');
      return items.map((item) => readItem(monthItem, item));
    },
  };

  /** A month's totals are kept together, and counted from when it is over in every zone. */
  function totalExpiry(month: Month): { since: Date; days: number } {
    return { since: new Date(`${monthAfter(month, 1)}-02T00:00:00Z`), days: retention.totalDays };
  }

  function isExpired(month: Month): boolean {
    const { days, since } = totalExpiry(month);
    return daysAfter(since, days) <= clock.now();
  }
}

/** So many at a time; after a failure none is begun. */
async function inParallel(writes: readonly (() => Promise<void>)[]): Promise<void> {
  const left = writes.values();
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (const next of left) {
      if (failures.length > 0) return;
      await next().catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: concurrentWrites }, worker));
  if (failures.length > 0) throw failures[0];
}

function overlaps(
  { from, seenAt, to }: Pick<OnPeriod, 'from' | 'to' | 'seenAt'>,
  range: TimeRange,
): boolean {
  return from < range.to && (to ?? seenAt) >= range.from;
}

function byBeginning(a: { readonly from: Date }, b: { readonly from: Date }): number {
  return a.from.getTime() - b.from.getTime();
}
