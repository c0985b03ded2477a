import { randomUUID } from 'node:crypto';

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import {
  administratorAccessKeyId,
  localSecretAccessKey,
  rolesWith,
} from '../../scripts/local/access-keys.ts';
import type { RolePolicies } from '../../scripts/local/access-keys.ts';
import { createTable, partitionKeys } from '../../scripts/local/dynamodb-table.ts';
import { createDynamoDbStandIn } from '../../scripts/local/dynamodb.ts';
import { createFaults } from '../../scripts/local/faults.ts';
import type { Faults } from '../../scripts/local/faults.ts';
import { createAccessControl } from '../../scripts/local/iam/access-control.ts';
import type { Decision } from '../../scripts/local/iam/access-control.ts';
import { sampleAccountId, sampleRegion } from '../../scripts/local/sample-world.ts';
import { createDynamoCatalogueStore } from '../../src/aws/dynamo-catalogue-store.ts';
import { createDynamoEndpointStore } from '../../src/aws/dynamo-endpoint-store.ts';
import { createDynamoLeaseStore } from '../../src/aws/dynamo-lease-store.ts';
import { createDynamoPauseStore } from '../../src/aws/dynamo-pause-store.ts';
import { dynamoTable } from '../../src/aws/dynamo-table.ts';
import type { EndpointStore } from '../../src/lease/endpoint-store.ts';
import type { LeaseStore } from '../../src/lease/lease-store.ts';
import type { PauseStore } from '../../src/lease/pause-store.ts';
import type { CatalogueStore } from '../../src/vpn/catalogue.ts';
import { parseEndpointId } from '../../src/vpn/ids.ts';
import type { EndpointId } from '../../src/vpn/ids.ts';

/** The stores over one table, as every process has them. */
export interface StoresUnderTest {
  readonly endpoints: EndpointStore;
  readonly leases: LeaseStore;
  readonly catalogue: CatalogueStore;
  readonly pauses: PauseStore;
}

/** One kind of table, for a suite that holds all kinds against the same contract. */
export interface TableUnderTest {
  /** With an empty table. */
  start(): Promise<StoresUnderTest>;
  stop(): Promise<void>;
}

/** An endpoint of its own for each test, so that they share one table. */
export function anotherEndpointId(): EndpointId {
  const id = parseEndpointId(`cvpn-endpoint-${randomUUID().replaceAll('-', '').slice(0, 17)}`);
  if (id === null) throw new Error('a made-up id does not parse');
  return id;
}

export const tableName = 'portal';

export interface DynaliteTable extends TableUnderTest {
  /** A client that knows nothing of stores, for looking under them. */
  client(): DynamoDBClient;
  /** Where it listens. */
  endpoint(): string;
  readonly faults: Faults;
}

/** Under the name that the policies have for the table. */
export interface EnforcedPolicies {
  readonly tableName: string;
  readonly policies: RolePolicies;
  readonly onDecision: (decision: Decision) => void;
}

/**
 * The real stores, through the real SDK, over dynalite.
 *
 * @param enforced the stores are the administrator's then; without, everybody may do everything
 */
export function createDynaliteTable(enforced?: EnforcedPolicies): DynaliteTable {
  const faults = createFaults();
  const name = enforced?.tableName ?? tableName;
  const standIn = createDynamoDbStandIn({
    folder: 'memory',
    faults,
    access:
      enforced === undefined
        ? undefined
        : {
            control: createAccessControl({
              roles: rolesWith(enforced.policies),
              region: sampleRegion,
              accountId: sampleAccountId,
              onDecision: enforced.onDecision,
            }),
            partitionKeys,
          },
  });
  let clients: DynamoDBClient[] = [];
  let endpoint = '';

  function connect(): DynamoDBClient {
    const client = new DynamoDBClient({
      endpoint,
      region: sampleRegion,
      credentials: {
        accessKeyId: administratorAccessKeyId,
        secretAccessKey: localSecretAccessKey,
      },
      maxAttempts: 2,
    });
    clients.push(client);
    return client;
  }

  return {
    faults,
    endpoint: () => endpoint,
    client() {
      const [plain] = clients;
      if (plain === undefined) throw new Error('the table has not been started');
      return plain;
    },
    async start() {
      endpoint = `http://127.0.0.1:${await standIn.listen(0)}`;
      await createTable(connect(), name);
      const table = dynamoTable(connect(), name);
      return {
        endpoints: createDynamoEndpointStore(table),
        leases: createDynamoLeaseStore(table),
        catalogue: createDynamoCatalogueStore(table),
        pauses: createDynamoPauseStore(table),
      };
    },
    async stop() {
      for (const client of clients) client.destroy();
      clients = [];
      await standIn.stop();
    },
  };
}
