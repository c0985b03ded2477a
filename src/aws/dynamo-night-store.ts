import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';

import type { NightStore } from '../notify/night.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { catalogueKey, isFailedCondition } from './dynamo-table.ts';
import { readItem } from './read-item.ts';
import { adding, removing } from './stored-events.ts';

const form = z.object({ nightDay: z.string().optional() });

/** In the catalogue's item: its events are delivered with those of the schedule's trouble. */
export function createDynamoNightStore({ client, name }: DynamoTable): NightStore {
  const key = { TableName: name, Key: catalogueKey };
  return {
    async lastDay() {
      const { Item: item = {} } = await client.send(new GetCommand(key));
      return readItem(form, item).nightDay ?? null;
    },

    async tell(day, event) {
      const events = adding(event === null ? [] : [event]);
      try {
        await client.send(
          new UpdateCommand({
            ...key,
            UpdateExpression: `SET ${['#night = :day', ...events.assignments].join(', ')}`,
            ConditionExpression: 'attribute_not_exists(#night) OR #night < :day',
            ExpressionAttributeNames: { '#night': 'nightDay', ...events.names },
            ExpressionAttributeValues: { ':day': day, ...events.values },
          }),
        );
        return true;
      } catch (error) {
        if (isFailedCondition(error)) return false;
        throw error;
      }
    },

    settleEvents: (ids) => settleCatalogueEvents({ client, name }, ids),
  };
}

/** Takes out of the catalogue's item the events that have been delivered. */
export async function settleCatalogueEvents(
  { client, name }: DynamoTable,
  ids: readonly string[],
): Promise<void> {
  const { names, places } = removing(ids);
  await client.send(
    new UpdateCommand({
      TableName: name,
      Key: catalogueKey,
      UpdateExpression: `REMOVE ${places.join(', ')}`,
      ExpressionAttributeNames: names,
    }),
  );
}
