import { DeleteCommand, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';

import { minutesAfter } from '../clock.ts';
import { StoreError } from '../errors.ts';
import type { LeaseStore } from '../lease/lease-store.ts';
import type { Lease } from '../lease/lease.ts';
import type { EndpointId } from '../vpn/ids.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { endpointPartition, isFailedCondition, leasePrefix } from './dynamo-table.ts';
import { readItem } from './read-item.ts';
import { leaseItem, schemaVersion } from './stored-items.ts';

/** Only tidies: whether a lease is held is read off its end. The idle clock looks back that far. */
const keptAfterEndMinutes = 48 * 60;

/** One person's requests that get in each other's way; more than two of them are a curiosity. */
const mostTries = 10;

const isHeldAndEndsEarlier = '#until > :now AND #until < :until';
const isNotHeld = '(attribute_not_exists(#until) OR #until <= :now)';

/** Leases, one item per person and endpoint, beside the endpoint's own item. */
export function createDynamoLeaseStore({ client, name }: DynamoTable): LeaseStore {
  const keyOf = (endpointId: EndpointId, personId: string) => ({
    pk: endpointPartition(endpointId),
    sk: `${leasePrefix}${personId}`,
  });

  /** `null` where the condition does not hold. */
  async function write(lease: Lease, kind: 'new' | 'extension'): Promise<Lease | null> {
    const stored = z.encode(leaseItem, { ...lease, schemaVersion });
    // An extension keeps the time of the first request; a lease that has ended is another wish.
    const requestedAt = kind === 'new' ? ', requestedAt = :now' : '';
    try {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName: name,
          Key: keyOf(lease.endpointId, lease.personId),
          UpdateExpression:
            // An item of another version keeps it, and is refused when it is read from the answer.
            'SET schemaVersion = if_not_exists(schemaVersion, :schemaVersion), endpointId = :endpointId, personId = :personId,' +
            ` personName = :personName, #until = :until, expiresAt = :expiresAt${requestedAt}`,
          ConditionExpression: kind === 'new' ? isNotHeld : isHeldAndEndsEarlier,
          ExpressionAttributeNames: { '#until': 'until' },
          ExpressionAttributeValues: {
            ':schemaVersion': schemaVersion,
            ':endpointId': stored.endpointId,
            ':personId': stored.personId,
            ':personName': stored.personName,
            ':now': stored.requestedAt,
            ':until': stored.until,
            ':expiresAt': expiresAt(lease),
          },
          ReturnValues: 'ALL_NEW',
        }),
      );
      return readLease(Attributes);
    } catch (error) {
      if (isFailedCondition(error)) return null;
      throw error;
    }
  }

  return {
    async extend(lease) {
      for (let tries = 0; tries < mostTries; tries += 1) {
        const written = (await write(lease, 'new')) ?? (await write(lease, 'extension'));
        if (written !== null) return written;
        const { Item } = await client.send(
          new GetCommand({
            TableName: name,
            Key: keyOf(lease.endpointId, lease.personId),
            ConsistentRead: true,
          }),
        );
        const stands = Item === undefined ? null : readLease(Item);
        if (stands !== null && stands.until >= lease.until) return stands;
        // Between the two writes the same person has made, or given back, a lease that ends sooner.
      }
      throw new StoreError(`extending a lease in the table ${name}: others were always faster`);
    },

    async remove(endpointId, personId) {
      await client.send(new DeleteCommand({ TableName: name, Key: keyOf(endpointId, personId) }));
    },
  };
}

/** The lease that an item holds, without what is the table's own. */
export function readLease(item: unknown): Lease {
  const { endpointId, personId, personName, requestedAt, until } = readItem(leaseItem, item);
  return { endpointId, personId, personName, requestedAt, until };
}

/** Epoch seconds, for DynamoDB's time to live. */
function expiresAt(lease: Lease): number {
  return Math.ceil(minutesAfter(lease.until, keptAfterEndMinutes).getTime() / 1000);
}
