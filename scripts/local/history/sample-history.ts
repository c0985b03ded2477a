import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { createDynamoAuditLog } from '../../../src/aws/dynamo-audit-log.ts';
import { dynamoTable } from '../../../src/aws/dynamo-table.ts';
import { createDynamoUsageStore } from '../../../src/aws/dynamo-usage-store.ts';
import { systemClock } from '../../../src/clock.ts';
import { seedHistory } from './seed-history.ts';

/** The same for everybody who starts the local stack on the same day. */
const seed = 20_260_304;
/** As long as the local stack keeps them: its environment says nothing else. */
const retention = { recordDays: 400, totalDays: 1_100 };

/** Fills the local stack's table, so that a newcomer sees full pages. */
export async function writeSampleHistory(client: DynamoDBClient, name: string): Promise<void> {
  const table = dynamoTable(client, name);
  const clock = systemClock;
  await seedHistory({
    usage: createDynamoUsageStore(table, { clock, retention }),
    audit: createDynamoAuditLog(table, { clock, retentionDays: retention.recordDays }),
    now: clock.now(),
    seed,
  });
}
