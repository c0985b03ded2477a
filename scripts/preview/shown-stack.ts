import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import chromium from '@sparticuz/chromium';
import { chromium as playwright } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { createDynamoConnectDenials } from '../../src/aws/dynamo-connect-denials.ts';
import { dynamoTable } from '../../src/aws/dynamo-table.ts';
import { minutesAfter, systemClock } from '../../src/clock.ts';
import { createLog } from '../../src/services.ts';
import { parseEndpointId } from '../../src/vpn/ids.ts';
import { writeSampleHistory } from '../local/history/sample-history.ts';
import { createPortalHost, rememberSampleRoutes } from '../local/portal-host.ts';
import { sampleEndpoints } from '../local/sample-world.ts';
import { startLocalStack } from '../local/stack.ts';
import type { LocalStack } from '../local/stack.ts';

/** The running product to be looked at: in memory, with made-up months, and a few clients turned away. */
export function startShownStack(): Promise<LocalStack> {
  return startLocalStack({
    albPort: 0,
    awsPort: 0,
    dynamodbPort: 0,
    dataFolder: 'memory',
    secondsToAssociate: 20,
    secondsToRoute: 5,
    secondsToDisassociate: 10,
    portal: createPortalHost(createLog({ level: 'warn', destination: process.stderr.fd })),
    seedTable: async (client, table) => {
      await rememberSampleRoutes(client, table);
      await writeSampleHistory(client, table);
      await turnSomeAway(client, table);
    },
    log: console.error,
  });
}

/** The local stack has no client connect handler; here is what one would have left behind. */
async function turnSomeAway(client: DynamoDBClient, table: string): Promise<void> {
  const denials = createDynamoConnectDenials(dynamoTable(client, table), { clock: systemClock });
  const endpointId = parseEndpointId(sampleEndpoints.tokyoOffice);
  const now = systemClock.now();
  const ago = (minutes: number): Date => minutesAfter(now, -minutes);
  await denials.append({
    at: ago(1520),
    endpointId,
    person: 'bob@example.com',
    reason: 'no-lease',
  });
  await denials.append({
    at: ago(95),
    endpointId,
    person: 'kenta.yamada@example.com',
    reason: 'client-too-old',
  });
}

/** The browser of the tests. */
export async function openBrowser(moreArguments: readonly string[] = []): Promise<Browser> {
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', ...moreArguments],
  });
}
