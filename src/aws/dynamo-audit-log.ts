import { randomUUID } from 'node:crypto';

import { ExecuteStatementCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';

import { auditActions } from '../audit/audit-log.ts';
import type { AuditEntry, AuditLog, AuditQuery } from '../audit/audit-log.ts';
import type { Clock } from '../clock.ts';
import { daysAfter } from '../clock.ts';
import { storedMonths } from '../usage/calendar.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { isFailedCondition, queryPages, timeToLive } from './dynamo-table.ts';
import { readItem, sortKeyOf } from './read-item.ts';
import { endpointId, schemaVersion, time } from './stored-forms.ts';

const auditItem = z.object({
  at: time,
  actor: z.object({ id: z.string(), name: z.string() }),
  address: z.string().nullable(),
  action: z.enum(auditActions),
  endpointId: endpointId.nullable(),
  detail: z.string(),
  outcome: z.string(),
  requestIds: z.array(z.string()).readonly(),
});

/** Read for one page: a filter that finds little must not read the whole of a month. */
const mostReadForOnePage = 5_000;
/** Read at a time with a filter; without one, as many as are shown. */
const filteredAtATime = 500;

/**
 * One item an entry, in a partition for each month of universal time. Nothing here can change or
 * remove one, and the app's role may not either. So an entry is inserted by PartiQL: that is an action
 * of its own for IAM, and fails where something is in its place, while a put that is allowed replaces.
 * Source: DynamoDB Developer Guide, "IAM security policies with PartiQL for DynamoDB" and "PartiQL
 * insert statements for DynamoDB".
 */
export function createDynamoAuditLog(
  table: DynamoTable,
  deps: { readonly clock: Clock; readonly retentionDays: number },
): AuditLog {
  const { client, name } = table;
  const { clock, retentionDays } = deps;

  return {
    async append(entry) {
      const stored = z.encode(auditItem, entry);
      const item = {
        ...stored,
        pk: partition(stored.at.slice(0, 7)),
        sk: `${stored.at}#${randomUUID()}`,
        schemaVersion,
        expiresAt: timeToLive(daysAfter(entry.at, retentionDays)),
      };
      const members = Object.keys(item).map((each) => `'${each}': ?`);
      const insert = new ExecuteStatementCommand({
        Statement: `INSERT INTO "${name}" VALUE {${members.join(', ')}}`,
        Parameters: Object.values(item),
      });
      try {
        await client.send(insert);
      } catch (error) {
        // An answer that was lost has the SDK ask again, which finds its own entry: nobody else's
        // has that place.
        if (!isFailedCondition(error)) throw error;
      }
    },

    async page(query) {
      const places = placesOf(query, daysAfter(clock.now(), -retentionDays));
      if (places === null) return { entries: [], next: null };
      const found: { readonly entry: AuditEntry; readonly sk: string }[] = [];
      let lastRead: string | null = null;
      let read = 0;
      const isEnough = (): boolean => found.length > query.limit || read >= mostReadForOnePage;
      const isFiltered = query.endpointId !== null || query.person.trim() !== '';
      for (const month of places.months) {
        const pages = queryPages(table, {
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :low AND :high',
          ExpressionAttributeValues: {
            ':pk': partition(month),
            ':low': places.low,
            ':high': places.high,
          },
          ScanIndexForward: false,
          // One more tells whether there are more, and one may be of the page before.
          Limit: isFiltered ? filteredAtATime : query.limit + 2,
        });
        for await (const page of pages) {
          for (const item of page) {
            if (isEnough()) break;
            const sk = sortKeyOf(item);
            if (sk === query.after) continue;
            read += 1;
            lastRead = sk;
            const entry = readItem(auditItem, item);
            if (matches(entry, query)) found.push({ entry, sk });
          }
          if (isEnough()) break;
        }
        if (isEnough()) break;
      }
      const shown = found.slice(0, query.limit);
      const isFull = found.length > query.limit;
      return {
        entries: shown.map(({ entry }) => entry),
        next: isFull ? (shown.at(-1)?.sk ?? null) : isEnough() ? lastRead : null,
      };
    },
  };
}

/**
 * Between which places a page lies, both included, and in which months, the newest first. Where the
 * page before ended is read once more: nothing tells which place comes right before it.
 */
function placesOf(
  { after, range: { from, to } }: AuditQuery,
  oldest: Date,
): { readonly low: string; readonly high: string; readonly months: readonly string[] } | null {
  const low = (from < oldest ? oldest : from).toISOString();
  const end = to.toISOString();
  const high = after !== null && after < end ? after : end;
  if (low > high) return null;
  const months = storedMonths({ from: new Date(low), to }).toReversed();
  return { low, high, months: months.filter((month) => month <= high.slice(0, 7)) };
}

function partition(month: string): string {
  return `AUDIT#${month}`;
}

function matches({ actor, endpointId: at }: AuditEntry, query: AuditQuery): boolean {
  return (
    (query.endpointId === null || at === query.endpointId) &&
    actor.name.toLowerCase().includes(query.person.trim().toLowerCase())
  );
}
