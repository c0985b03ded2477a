import { randomUUID } from 'node:crypto';

import { PutCommand } from '@aws-sdk/lib-dynamodb';

import type { AuditLog } from '../audit/audit-log.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { schemaVersion } from './stored-items.ts';

/** One item an entry, by month and time. Nothing here can change or remove one. */
export function createDynamoAuditLog({ client, name }: DynamoTable): AuditLog {
  return {
    async append(entry) {
      const at = entry.at.toISOString();
      await client.send(
        new PutCommand({
          TableName: name,
          Item: {
            ...entry,
            pk: `AUDIT#${at.slice(0, 7)}`,
            sk: `${at}#${randomUUID()}`,
            schemaVersion,
            at,
          },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );
    },
  };
}
