import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';

import { StoreError } from '../errors.ts';
import type { PauseStore } from '../lease/pause-store.ts';
import type { Pause } from '../lease/pause.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { pauseKey } from './dynamo-table.ts';
import { readItem } from './read-item.ts';
import { schemaVersion } from './stored-forms.ts';
import { pauseItem } from './stored-items.ts';

/** The pause, in an item of its own. The last one who says something has the word. */
export function createDynamoPauseStore({ client, name }: DynamoTable): PauseStore {
  return {
    async get() {
      const { Item } = await client.send(
        new GetCommand({ TableName: name, Key: pauseKey, ConsistentRead: true }),
      );
      return Item === undefined ? null : readPause(Item);
    },

    async set(pause) {
      if (pause === null) {
        await client.send(new DeleteCommand({ TableName: name, Key: pauseKey }));
        return;
      }
      const stored = z.encode(pauseItem, { ...pause, schemaVersion });
      await client.send(new PutCommand({ TableName: name, Item: { ...pauseKey, ...stored } }));
    },
  };
}

/** One that cannot be understood is not there to be passed over: nobody knows until when it lasts. */
function readPause(item: unknown): Pause {
  try {
    const { at, by, reason, until } = readItem(pauseItem, item);
    return { at, by, reason, until };
  } catch (error) {
    throw new StoreError('reading the pause', { cause: error });
  }
}
