import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { createTable } from '../../scripts/local/dynamodb-table.ts';
import { resourceOf, synthesisePortal } from './synthesised-portal.ts';
import type { Resource, SynthesisedPortal } from './synthesised-portal.ts';

let synthesised: SynthesisedPortal;
let table: Resource;

beforeAll(() => {
  synthesised = synthesisePortal();
  table = resourceOf(synthesised.data, 'AWS::DynamoDB::Table');
});

afterAll(() => {
  synthesised.remove();
});

/** What the local stack asks DynamoDB for. */
async function localTable(): Promise<CreateTableCommandInput> {
  const client = new DynamoDBClient({ region: 'us-east-1' });
  const asked: CreateTableCommandInput[] = [];
  client.middlewareStack.add(
    (_next, { commandName }) =>
      ({ input }) => {
        if (commandName === CreateTableCommand.name) {
          // The step comes before anything is made of the input.
          asked.push(input as CreateTableCommandInput);
        }
        return Promise.resolve({
          output: { $metadata: {}, Table: { TableStatus: 'ACTIVE' } },
          response: {},
        });
      },
    { step: 'initialize' },
  );
  await createTable(client, 'portal');
  const [table] = asked;
  if (table === undefined) throw new Error('no table was asked for');
  return table;
}

describe('the data stack', () => {
  it('has the keys and the index of the table that the portal is tested on', async () => {
    const { AttributeDefinitions, BillingMode, GlobalSecondaryIndexes, KeySchema } =
      await localTable();
    expect(table.Properties).toMatchObject({ BillingMode, KeySchema, GlobalSecondaryIndexes });
    expect(new Set(table.Properties['AttributeDefinitions'] as object[])).toEqual(
      new Set(AttributeDefinitions),
    );
  });

  it('can be taken back to any second of the last weeks', () => {
    expect(table.Properties['PointInTimeRecoverySpecification']).toEqual({
      PointInTimeRecoveryEnabled: true,
    });
  });

  it('lets items expire by the attribute that the portal writes', () => {
    expect(table.Properties['TimeToLiveSpecification']).toEqual({
      AttributeName: 'expiresAt',
      Enabled: true,
    });
  });

  it('does not lose the table with the stack, nor to somebody who deletes it', () => {
    expect(table).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(table.Properties['DeletionProtectionEnabled']).toBe(true);
  });

  it('holds nothing but the table', () => {
    expect(Object.keys(synthesised.data.toJSON()['Resources'] as object)).toHaveLength(1);
  });
});
