import { DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';

import { minutesAfter } from '../clock.ts';
import { StoreError } from '../errors.ts';
import type { LeaseStore } from '../lease/lease-store.ts';
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

/**
 * The three things that a request can be, each with its condition and with what it stores beyond
 * the person and the time of asking. Exactly one of them holds at any moment.
 */
const requests = {
  /** The first, or the first since the last one ended or was voided: another wish, with its own first request. */
  new: {
    condition: '(attribute_not_exists(#until) OR #until <= :now OR askedAt <= :voidUntil)',
    stores: ', requestedAt = :now, #until = :until, expiresAt = :expiresAt',
  },
  extension: {
    condition: '#until > :now AND askedAt > :voidUntil AND #until < :until',
    stores: ', #until = :until, expiresAt = :expiresAt',
  },
  /** Held longer than is asked for now: nothing is shortened. */
  confirmation: {
    condition: '#until > :now AND askedAt > :voidUntil AND #until >= :until',
    stores: '',
  },
} as const;

/** Leases, one item per person and endpoint, beside the endpoint's own item. */
export function createDynamoLeaseStore({ client, name }: DynamoTable): LeaseStore {
  const keyOf = (endpointId: EndpointId, personId: string) => ({
    pk: endpointPartition(endpointId),
    sk: `${leasePrefix}${personId}`,
  });

  /** `null` where the condition does not hold. */
  async function write(
    lease: Lease,
    voidUntil: string,
    kind: keyof typeof requests,
  ): Promise<Lease | null> {
    const stored = z.encode(leaseItem, { ...lease, schemaVersion });
    const { condition, stores } = requests[kind];
    try {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName: name,
          Key: keyOf(lease.endpointId, lease.personId),
          UpdateExpression:
            // An item of another version keeps it, and is refused when it is read from the answer.
            'SET schemaVersion = if_not_exists(schemaVersion, :schemaVersion),' +
            ' endpointId = :endpointId, personId = :personId, personName = :personName,' +
            ` askedAt = :now${stores}`,
          ConditionExpression: condition,
          ExpressionAttributeNames: { '#until': 'until' },
          ExpressionAttributeValues: {
            ':schemaVersion': schemaVersion,
            ':endpointId': stored.endpointId,
            ':personId': stored.personId,
            ':personName': stored.personName,
            ':now': stored.askedAt,
            ':voidUntil': voidUntil,
            ':until': stored.until,
            ...(stores === ''
              ? {}
              : { ':expiresAt': timeToLive(minutesAfter(lease.until, keptAfterEndMinutes)) }),
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
    async extend(lease, stoppedAt) {
      const voidUntil = stoppedAt?.toISOString() ?? beforeAnyTime;
      for (let tries = 0; tries < mostTries; tries += 1) {
        const written =
          (await write(lease, voidUntil, 'new')) ??
          (await write(lease, voidUntil, 'extension')) ??
          (await write(lease, voidUntil, 'confirmation'));
        if (written !== null) return written;
        // Between the writes the same person has made, or given back, another lease.
      }
      throw new StoreError(`extending a lease in the table ${name}: others were always faster`);
    },

    async remove(endpointId, personId) {
      const { Attributes } = await client.send(
        new DeleteCommand({
          TableName: name,
          Key: keyOf(endpointId, personId),
          ReturnValues: 'ALL_OLD',
        }),
      );
      return Attributes === undefined ? null : readLease(Attributes);
    },
  };
}

/** The lease that an item holds, without what is the table's own. */
export function readLease(item: unknown): Lease {
  const { askedAt, endpointId, personId, personName, requestedAt, until } = readItem(
    leaseItem,
    item,
  );
  return { endpointId, personId, personName, requestedAt, askedAt, until };
}
