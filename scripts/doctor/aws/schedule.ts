import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeRuleCommand } from '@aws-sdk/client-eventbridge';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';

import { createDynamoCatalogueStore } from '../../../src/aws/dynamo-catalogue-store.ts';
import { dynamoTable } from '../../../src/aws/dynamo-table.ts';
import type { DoctorPorts } from '../ports.ts';
import { calling, codesOf, finding } from './calling.ts';

const missing = /^ResourceNotFoundException$/;

/** The schedule: what runs it, and what it has left in the table. */
export function createScheduleReading(clients: {
  readonly dynamo: DynamoDBClient;
  readonly eventBridge: EventBridgeClient;
}): Pick<DoctorPorts, 'ruleState' | 'readCatalogue'> {
  return {
    async ruleState(name) {
      const answer = await finding('events:DescribeRule', missing, () =>
        clients.eventBridge.send(new DescribeRuleCommand({ Name: name })),
      );
      return answer === null ? null : (answer.State ?? 'of an unknown state');
    },

    readCatalogue: (tableName) =>
      calling('dynamodb:GetItem', async () => {
        try {
          return await createDynamoCatalogueStore(dynamoTable(clients.dynamo, tableName)).get();
        } catch (error) {
          if (codesOf(error).some((code) => missing.test(code))) return 'no-table';
          throw error;
        }
      }),
  };
}
