import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { StoreError } from '../errors.ts';
import type { EndpointId } from '../vpn/ids.ts';

/** The portal's one table, and the client to reach it. */
export interface DynamoTable {
  readonly client: DynamoDBDocumentClient;
  readonly name: string;
}

/** Failed conditions apart, every rejection of the client is a `StoreError`. */
export function dynamoTable(client: DynamoDBClient, name: string): DynamoTable {
  const marshallOptions = { removeUndefinedValues: true };
  const document = DynamoDBDocumentClient.from(client, { marshallOptions });
  document.middlewareStack.add(
    (next, context) => async (input) => {
      try {
        return await next(input);
      } catch (error) {
        if (isFailedCondition(error)) throw error;
        throw new StoreError(`calling the table ${name}: ${context.commandName ?? ''}`, {
          cause: error,
        });
      }
    },
    // Outside of the retries: this is what is left after them.
    { step: 'initialize', priority: 'high', name: 'storeErrors', override: true },
  );
  return { client: document, name };
}

export type TableQuery = Omit<QueryCommandInput, 'TableName'>;

/** What a query finds, a page of the table at a time; whoever has enough stops asking. */
export async function* queryPages(
  { client, name }: DynamoTable,
  query: TableQuery,
): AsyncGenerator<readonly unknown[]> {
  let from: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: name,
        ...query,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    yield page.Items ?? [];
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
}

export async function queryAll(table: DynamoTable, query: TableQuery): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const page of queryPages(table, query)) items.push(...page);
  return items;
}

/** For DynamoDB's time to live, in epoch seconds. It only tidies: nothing is decided by it. */
export function timeToLive(expiry: Date): number {
  return Math.ceil(expiry.getTime() / 1000);
}

/** An endpoint's item and its leases stand together, so that one query reads them. */
export function endpointPartition(endpointId: EndpointId): string {
  return `ENDPOINT#${endpointId}`;
}

/** Finds connections and lease records by person: `personKey`, then `personSort`. */
export const personIndex = 'byPerson';

export const stateKey = 'STATE';
export const leasePrefix = 'LEASE#';
export const pauseKey = { pk: 'PAUSE', sk: 'STOPPING' } as const;
export const catalogueKey = { pk: 'CATALOGUE', sk: 'ENDPOINTS' } as const;

/** Of a write of ours, or the one that every INSERT of PartiQL has: that nothing is in its place. */
const failedConditions: ReadonlySet<string> = new Set([
  'ConditionalCheckFailedException',
  'DuplicateItemException',
]);

export function isFailedCondition(error: unknown): boolean {
  return error instanceof Error && failedConditions.has(error.name);
}
