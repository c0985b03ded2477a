import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

/**
 * For whoever has a few seconds in all: a try that hangs leaves time for another two. In a file of its
 * own, so that who needs nothing but the table does not load what the others are made of.
 *
 * @param connection where the environment does not say it
 */
export function createQuickDynamo(connection: DynamoDBClientConfig = {}): DynamoDBClient {
  return new DynamoDBClient({
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: 1_000,
      throwOnRequestTimeout: true,
    },
    ...connection,
  });
}
