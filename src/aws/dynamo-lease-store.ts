import { randomUUID } from 'node:crypto';

import { DeleteCommand, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';

import { minutesAfter } from '../clock.ts';
import { StoreError } from '../errors.ts';
import type { Extension, LeaseStore } from '../lease/lease-store.ts';
import { afterRequest } from '../lease/lease.ts';
import type { Lease } from '../lease/lease.ts';
import type { EndpointId } from '../vpn/ids.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { endpointPartition, isFailedCondition, leasePrefix, timeToLive } from './dynamo-table.ts';
import { readItem } from './read-item.ts';
import { schemaVersion } from './stored-forms.ts';
import { leaseItem } from './stored-items.ts';

/** Only tidies: whether a lease is held is read off its end. The idle clock looks back that far. */
const keptAfterEndMinutes = 48 * 60;

/** One person's requests that get in each other's way; more than two of them are a curiosity. */
const mostTries = 10;

/** As text, which is how times are compared. */
const beforeAnyTime = '0';

const isAsWritten = 'writeId = :writtenAs';
const wasNeverWritten = 'attribute_not_exists(writeId)';
const isHeld = '#until > :now AND askedAt > :voidUntil';

/** A lease as it stands in the table. */
interface Written {
  readonly lease: Lease;
  /** `null` where it was written without one. */
  readonly writeId: string | null;
}

/** Leases, one item per person and endpoint, beside the endpoint's own item. */
export function createDynamoLeaseStore({ client, name }: DynamoTable): LeaseStore {
  const keyOf = (endpointId: EndpointId, personId: string) => ({
    TableName: name,
    Key: { pk: endpointPartition(endpointId), sk: `${leasePrefix}${personId}` },
  });

  async function read({ endpointId, personId }: Lease): Promise<Written | null> {
    const { Item } = await client.send(
      new GetCommand({ ...keyOf(endpointId, personId), ConsistentRead: true }),
    );
    return Item === undefined ? null : readWritten(Item);
  }

  /** @returns false where the item is not, or no longer, what it is to be written over */
  function write({ lease, writeId }: Written, over: Written | null): Promise<boolean> {
    const { until, ...stored } = z.encode(leaseItem, {
      ...lease,
      schemaVersion,
      writeId: writeId ?? randomUUID(),
    });
    const attributes = {
      ...stored,
      expiresAt: timeToLive(minutesAfter(lease.until, keptAfterEndMinutes)),
    };
    const assignments = Object.keys(attributes).map((each) => `${each} = :${each}`);
    const unchanged = unchangedSince(over);
    return unlessRefused(
      client.send(
        new UpdateCommand({
          ...keyOf(lease.endpointId, lease.personId),
          UpdateExpression: `SET #until = :until, ${assignments.join(', ')}`,
          ConditionExpression: unchanged.condition,
          ExpressionAttributeNames: { '#until': 'until' },
          ExpressionAttributeValues: {
            ':until': until,
            ...Object.fromEntries(
              Object.entries(attributes).map(([attribute, value]) => [`:${attribute}`, value]),
            ),
            ...unchanged.values,
          },
        }),
      ),
    );
  }

  async function takeBack(written: Written, before: Written | null): Promise<void> {
    if (before !== null) {
      await write(before, written);
      return;
    }
    const { endpointId, personId } = written.lease;
    const { condition, values } = unchangedSince(written);
    await unlessRefused(
      client.send(
        new DeleteCommand({
          ...keyOf(endpointId, personId),
          ConditionExpression: condition,
          ExpressionAttributeValues: values,
        }),
      ),
    );
  }

  return {
    async extend(asked, stoppedAt) {
      let tried: Extension | null = null;
      const writeId = randomUUID();
      for (let tries = 0; tries < mostTries; tries += 1) {
        const before = await read(asked);
        // An answer was lost, and the SDK, which asked again, found its own write in the way.
        if (tried !== null && before?.writeId === writeId) return tried;
        const written = { lease: afterRequest(before?.lease ?? null, asked, stoppedAt), writeId };
        tried = { lease: written.lease, takeBack: () => takeBack(written, before) };
        if (await write(written, before)) return tried;
      }
      throw new StoreError(`extending a lease in the table ${name}: others were always faster`);
    },

    async remove(endpointId, personId, { now, stoppedAt }) {
      try {
        const { Attributes } = await client.send(
          new DeleteCommand({
            ...keyOf(endpointId, personId),
            ConditionExpression: isHeld,
            ExpressionAttributeNames: { '#until': 'until' },
            ExpressionAttributeValues: {
              ':now': now.toISOString(),
              ':voidUntil': stoppedAt?.toISOString() ?? beforeAnyTime,
            },
            ReturnValues: 'ALL_OLD',
          }),
        );
        return Attributes === undefined ? null : readWritten(Attributes).lease;
      } catch (error) {
        if (isFailedCondition(error)) return null;
        throw error;
      }
    },
  };
}

/** What holds while nobody has written since; one that was written without an id is nobody's. */
function unchangedSince(written: Written | null): {
  readonly condition: string;
  readonly values?: Readonly<Record<string, string>>;
} {
  const writeId = written?.writeId ?? null;
  return writeId === null
    ? { condition: wasNeverWritten }
    : { condition: isAsWritten, values: { ':writtenAs': writeId } };
}

async function unlessRefused(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (isFailedCondition(error)) return false;
    throw error;
  }
}

/** The lease that an item holds, without what is the table's own. */
export function readLease(item: unknown): Lease {
  return readWritten(item).lease;
}

function readWritten(item: unknown): Written {
  const { askedAt, endpointId, personId, personName, requestedAt, until, writeId } = readItem(
    leaseItem,
    item,
  );
  return {
    lease: { endpointId, personId, personName, requestedAt, askedAt, until },
    writeId: writeId ?? null,
  };
}
