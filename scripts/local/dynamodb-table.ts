import {
  CreateTableCommand,
  ResourceInUseException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { personIndex } from '../../src/aws/dynamo-table.ts';
import type { PartitionKeys } from './dynamodb/access.ts';

export const partitionKeys: PartitionKeys = {
  table: 'pk',
  indexes: { [personIndex]: 'personKey' },
};

/**
 * Makes the portal's table: two string keys, and the index by person, as the deployment does.
 *
 * @returns whether it is new; one that is there already is left as it is
 */
export async function createTable(client: DynamoDBClient, tableName: string): Promise<boolean> {
  try {
    await client.send(
      new CreateTableCommand({
        TableName: tableName,
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
          { AttributeName: 'personKey', AttributeType: 'S' },
          { AttributeName: 'personSort', AttributeType: 'S' },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: personIndex,
            KeySchema: [
              { AttributeName: 'personKey', KeyType: 'HASH' },
              { AttributeName: 'personSort', KeyType: 'RANGE' },
            ],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
  } catch (error) {
    if (error instanceof ResourceInUseException) return false;
    throw error;
  }
  await waitUntilTableExists(
    { client, minDelay: 1, maxDelay: 1, maxWaitTime: 30 },
    { TableName: tableName },
  );
  return true;
}
