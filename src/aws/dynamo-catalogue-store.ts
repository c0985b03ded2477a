import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';

import type { CatalogueStore } from '../vpn/catalogue.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { catalogueKey, isFailedCondition } from './dynamo-table.ts';
import { readItem } from './read-item.ts';
import { schemaVersion } from './stored-forms.ts';
import { catalogueItem } from './stored-items.ts';

const nobodyIsListing = '(attribute_not_exists(claimedUntil) OR claimedUntil <= :now)';

/** The last listing of the managed endpoints, in one item. */
export function createDynamoCatalogueStore({ client, name }: DynamoTable): CatalogueStore {
  return {
    async get() {
      const { Item } = await client.send(
        new GetCommand({ TableName: name, Key: catalogueKey, ConsistentRead: true }),
      );
      // The item of a first listing that is still under way holds nothing but its claim.
      if (Item === undefined || Item['readAt'] === undefined) return null;
      const { endpoints, readAt, schedule, trouble } = readItem(catalogueItem, Item);
      return {
        endpoints,
        readAt,
        schedule: schedule ?? null,
        // That none comes is told by the last one.
        ...(trouble?.kind === 'failing' ? { failingSince: trouble.since } : {}),
      };
    },

    async put(listing, run) {
      const stored = z.encode(catalogueItem, {
        ...listing,
        ...(run === null ? {} : { schedule: run }),
        schemaVersion,
      });
      const attributes = Object.entries(stored);
      await client.send(
        new UpdateCommand({
          TableName: name,
          Key: catalogueKey,
          UpdateExpression:
            `SET ${attributes.map(([attribute]) => `#${attribute} = :${attribute}`).join(', ')}` +
            ' REMOVE claimedUntil',
          ExpressionAttributeNames: Object.fromEntries(
            attributes.map(([attribute]) => [`#${attribute}`, attribute]),
          ),
          ExpressionAttributeValues: Object.fromEntries(
            attributes.map(([attribute, value]) => [`:${attribute}`, value]),
          ),
        }),
      );
    },

    async claimListing({ at, claimedUntil }) {
      try {
        await client.send(
          new UpdateCommand({
            TableName: name,
            Key: catalogueKey,
            UpdateExpression: 'SET claimedUntil = :claimedUntil',
            ConditionExpression: nobodyIsListing,
            ExpressionAttributeValues: {
              ':claimedUntil': claimedUntil.toISOString(),
              ':now': at.toISOString(),
            },
          }),
        );
        return true;
      } catch (error) {
        if (isFailedCondition(error)) return false;
        throw error;
      }
    },
  };
}
