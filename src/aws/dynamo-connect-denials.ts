import { randomUUID } from 'node:crypto';

import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';

import { denialReasons, denialsKeptDays } from '../audit/connect-denials.ts';
import type { ConnectDenials } from '../audit/connect-denials.ts';
import type { Clock } from '../clock.ts';
import { daysAfter } from '../clock.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { timeToLive } from './dynamo-table.ts';
import { readItem } from './read-item.ts';
import { endpointId, schemaVersion, time } from './stored-forms.ts';

const denialItem = z.object({
  at: time,
  endpointId: endpointId.nullable(),
  person: z.string(),
  reason: z.enum(denialReasons),
});

const partition = 'DENIALS';

/** One item a denial, in one partition: whoever wants the last few reads those and no others. */
export function createDynamoConnectDenials(
  { client, name }: DynamoTable,
  { clock }: { readonly clock: Clock },
): ConnectDenials {
  return {
    async append(denial) {
      const stored = z.encode(denialItem, denial);
      await client.send(
        new PutCommand({
          TableName: name,
          Item: {
            ...stored,
            pk: partition,
            sk: `${stored.at}#${randomUUID()}`,
            schemaVersion,
            expiresAt: timeToLive(daysAfter(denial.at, denialsKeptDays)),
          },
        }),
      );
    },

    async last(limit) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: name,
          KeyConditionExpression: 'pk = :pk AND sk > :oldest',
          ExpressionAttributeValues: {
            ':pk': partition,
            ':oldest': daysAfter(clock.now(), -denialsKeptDays).toISOString(),
          },
          ScanIndexForward: false,
          Limit: limit,
        }),
      );
      return Items.map((item) => readItem(denialItem, item));
    },
  };
}
