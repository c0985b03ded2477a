import { QueryCommand } from '@aws-sdk/lib-dynamodb';

import { sampleEndpoints } from '../../scripts/local/sample-world.ts';
import { createDynamoEndpointStore } from '../../src/aws/dynamo-endpoint-store.ts';
import { dynamoTable } from '../../src/aws/dynamo-table.ts';
import { parseEndpointId } from '../../src/vpn/ids.ts';
import { textOf } from './page-text.ts';
import { clientsFor, startPortal } from './portal-under-test.ts';
import type { PersonKey, PortalUnderTest } from './portal-under-test.ts';

export const tokyo = `/endpoints/${sampleEndpoints.tokyoOffice}`;
export const osaka = `/endpoints/${sampleEndpoints.osakaLab}`;
export const adminOfTokyo = `/admin${tokyo}`;
export const hold = { kind: 'on', minutes: '120', reason: 'Demonstration for the board' };

/** A portal of which one can see what administrators leave behind. */
export interface AdministeredPortal extends PortalUnderTest {
  pageOf(person: PersonKey, address: string): Promise<string>;
  /** Follows a form's answer to the page that it leads to. */
  act(person: PersonKey, address: string, form?: Readonly<Record<string, string>>): Promise<string>;
  /** Lets time pass, and the schedule run, until the page says so. */
  until(person: PersonKey, address: string, text: string): Promise<string>;
  /** What is wished of the Tokyo office, as the table has it. */
  wishes(): Promise<object>;
  /** The newest entries of the audit, the oldest of them first. */
  audit(newest: number): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

export async function startAdministeredPortal(
  variables: Readonly<Record<string, string>> = {},
): Promise<AdministeredPortal> {
  const portal = await startPortal({ variables });
  await portal.schedule();
  portal.later(2);
  const { dynamo } = clientsFor(portal.stack.environment);
  const table = dynamoTable(dynamo, portal.stack.environment['TABLE_NAME'] ?? '');
  const store = createDynamoEndpointStore(table);

  async function pageOf(person: PersonKey, address: string): Promise<string> {
    return textOf((await portal.as(person).get(address)).text);
  }

  return {
    ...portal,
    pageOf,
    async act(person, address, form = {}) {
      const answer = await portal.as(person).post(address, form);
      if (answer.status !== 303) throw new Error(`${answer.status} ${textOf(answer.text)}`);
      await portal.settled();
      return pageOf(person, String(answer.headers['location']));
    },
    async until(person, address, text) {
      for (let round = 0; round < 20; round += 1) {
        const page = await pageOf(person, address);
        if (page.includes(text)) return page;
        portal.later(6);
        await portal.schedule();
        await portal.settled();
        portal.later(2);
      }
      throw new Error(`${text} was never read: ${await pageOf(person, address)}`);
    },
    async wishes() {
      const endpointId = parseEndpointId(sampleEndpoints.tokyoOffice);
      if (endpointId === null) throw new Error('the sample id does not parse');
      const { leases, record } = await store.load(endpointId);
      const { hold: held, revision, stopRequest, terminations } = record;
      return { held, leases, revision, stopRequest, terminations };
    },
    async audit(newest) {
      const month = portal.stack.clock.now().toISOString().slice(0, 7);
      const { Items = [] } = await table.client.send(
        new QueryCommand({
          TableName: table.name,
          KeyConditionExpression: 'pk = :month',
          ExpressionAttributeValues: { ':month': `AUDIT#${month}` },
          ConsistentRead: true,
          ScanIndexForward: false,
          Limit: newest,
        }),
      );
      return Items.reverse();
    },
    async stop() {
      dynamo.destroy();
      await portal.stop();
    },
  };
}
