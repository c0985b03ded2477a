import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AssociateClientVpnTargetNetworkCommand,
  DisassociateClientVpnTargetNetworkCommand,
  ExportClientVpnClientConfigurationCommand,
  TerminateClientVpnConnectionsCommand,
} from '@aws-sdk/client-ec2';
import {
  BatchWriteCommand,
  DeleteCommand,
  ExecuteStatementCommand,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';

import {
  connectAccessKeyId,
  portalAccessKeyId,
  reconcilerAccessKeyId,
} from '../../scripts/local/access-keys.ts';
import type { RolePolicies } from '../../scripts/local/access-keys.ts';
import { evaluate } from '../../scripts/local/iam/evaluate.ts';
import { parsePolicyDocument } from '../../scripts/local/iam/policy-document.ts';
import type { Statement } from '../../scripts/local/iam/policy-document.ts';
import {
  sampleAccountId,
  sampleEndpoints,
  sampleRegion,
  sampleSubnets,
} from '../../scripts/local/sample-world.ts';
import { localTableName } from '../../scripts/local/stack.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { dynamoTable } from '../../src/aws/dynamo-table.ts';
import { createAccessListener, roleNames } from '../builders/access-listener.ts';
import type { RoleName } from '../builders/access-listener.ts';
import { clientsFor, startPortal } from '../web/portal-under-test.ts';
import type { PortalUnderTest } from '../web/portal-under-test.ts';
import { deployedRoles } from './deployed-roles.ts';
import type { DeployedRoles } from './deployed-roles.ts';

/* What the roles of the synthesised templates do not allow, asked of the stand-ins all the same. */

const { nagoyaPlant, osakaLab, tokyoOffice } = sampleEndpoints;
const arnOfTokyo = `arn:aws:ec2:${sampleRegion}:${sampleAccountId}:client-vpn-endpoint/${tokyoOffice}`;

let roles: DeployedRoles;
/** Where the settings name one endpoint and its subnets. */
let rolesOfTokyo: DeployedRoles;

beforeAll(() => {
  roles = deployedRoles();
  rolesOfTokyo = deployedRoles({
    endpoints: {
      onlyArns: [arnOfTokyo],
      onlySubnetIds: [sampleSubnets.tokyoA, sampleSubnets.tokyoC],
    },
  });
});

/** What a call was refused with; `allowed` where it was not. */
async function refusalOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'allowed',
    (error: unknown) => String(error instanceof Error ? (error.cause ?? error) : error),
  );
}

describe('what no role, or only one of them, may', () => {
  let portal: PortalUnderTest;
  let clients: Readonly<Record<RoleName, AwsClients>>;
  let administrator: AwsClients;
  let named: PortalUnderTest;
  let ofNamed: AwsClients;

  beforeAll(async () => {
    portal = await startPortal({ stack: { policies: roles } });
    clients = {
      portal: clientsFor(portal.stack.environment, portalAccessKeyId),
      reconciler: clientsFor(portal.stack.environment, reconcilerAccessKeyId),
      connect: clientsFor(portal.stack.environment, connectAccessKeyId),
    };
    administrator = clientsFor(portal.stack.environment);
    named = await startPortal({ stack: { policies: rolesOfTokyo } });
    ofNamed = clientsFor(named.stack.environment, portalAccessKeyId);
  });

  afterAll(async () => {
    for (const { dynamo, ec2, eventBridge } of [
      ...Object.values(clients),
      administrator,
      ofNamed,
    ]) {
      ec2.destroy();
      dynamo.destroy();
      eventBridge.destroy();
    }
    await Promise.all([portal.stop(), named.stop()]);
  });

  const exported = ({ ec2 }: AwsClients, ClientVpnEndpointId: string): Promise<string> =>
    refusalOf(ec2.send(new ExportClientVpnClientConfigurationCommand({ ClientVpnEndpointId })));

  it('the portal may neither disassociate a network nor end a connection', async () => {
    const { ec2 } = clients.portal;
    const ClientVpnEndpointId = tokyoOffice;
    const ask = async (client: typeof ec2): Promise<readonly string[]> => [
      await refusalOf(
        client.send(
          new DisassociateClientVpnTargetNetworkCommand({
            ClientVpnEndpointId,
            AssociationId: 'cvpn-assoc-0a1b2c3d4e5f67890',
          }),
        ),
      ),
      await refusalOf(
        client.send(
          new TerminateClientVpnConnectionsCommand({
            ClientVpnEndpointId,
            ConnectionId: 'cvpn-connection-0a1b2c3d4e5f67890',
          }),
        ),
      ),
    ];
    for (const refusal of await ask(ec2)) expect(refusal).toContain('UnauthorizedOperation');
    // The reconciler's are only about things that are not there.
    for (const refusal of await ask(clients.reconciler.ec2)) {
      expect(refusal).toContain('NotFound');
    }
  });

  describe.each(roleNames)('an entry of the audit, for the role of the %s,', (name) => {
    const key = { pk: 'AUDIT#2026-01', sk: `2026-01-31T23:59:59.999Z#${name}` };
    const entry = { ...key, actor: name, expiresAt: 4_000_000_000 };
    const document = () => dynamoTable(clients[name].dynamo, localTableName).client;
    const TableName = localTableName;
    const insert = (item: Readonly<Record<string, unknown>>): Promise<unknown> => {
      const members = Object.keys(item).map((each) => `'${each}': ?`);
      const Statement = `INSERT INTO "${TableName}" VALUE {${members.join(', ')}}`;
      const Parameters = Object.values(item);
      return document().send(new ExecuteStatementCommand({ Statement, Parameters }));
    };
    const found = async (): Promise<unknown> => {
      const { client } = dynamoTable(administrator.dynamo, localTableName);
      const got = await client.send(new GetCommand({ TableName: localTableName, Key: key }));
      return got.Item;
    };

    it('is added', async () => {
      expect(await refusalOf(insert(entry))).toBe('allowed');
      expect(await found()).toEqual(entry);
    });

    it.each<[string, string, () => Promise<unknown>]>([
      ['inserted again', 'DuplicateItemException', () => insert({ ...entry, expiresAt: 1 })],
      [
        'put in its place',
        'with an explicit deny',
        () => document().send(new PutCommand({ TableName, Item: { ...entry, expiresAt: 1 } })),
      ],
      [
        'updated',
        'with an explicit deny',
        () =>
          document().send(
            new UpdateCommand({
              TableName,
              Key: key,
              UpdateExpression: 'SET expiresAt = :soon',
              ExpressionAttributeValues: { ':soon': 1 },
            }),
          ),
      ],
      [
        'deleted',
        'with an explicit deny',
        () => document().send(new DeleteCommand({ TableName, Key: key })),
      ],
      [
        'put or deleted in bulk',
        'AccessDeniedException',
        () =>
          document().send(
            new BatchWriteCommand({
              RequestItems: { [TableName]: [{ DeleteRequest: { Key: key } }] },
            }),
          ),
      ],
    ])('is not %s', async (_how, refusal, call) => {
      expect(await refusalOf(call())).toContain(refusal);
      expect(await found()).toEqual(entry);
    });

    it.each([
      'PutItem',
      'UpdateItem',
      'DeleteItem',
      'BatchWriteItem',
      'PartiQLUpdate',
      'PartiQLDelete',
    ])('is denied to %s, also where somebody allows everything by mistake', (action) => {
      const everything = parsePolicyDocument({
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
      });
      const asked = {
        action: `dynamodb:${action}`,
        resource: `arn:aws:dynamodb:${sampleRegion}:${sampleAccountId}:table/${localTableName}`,
        context: new Map([['dynamodb:leadingkeys', [key.pk]]]),
      };
      expect(evaluate([...everything, ...roles[name]], asked).outcome).toBe('denied');
    });

    it('is all that it inserts', async () => {
      const elsewhere = insert({ ...entry, pk: 'TOTALS#2026-01' });
      expect(await refusalOf(elsewhere)).toContain('AccessDeniedException');
    });
  });

  it('an endpoint that is not tagged is out of reach', async () => {
    expect(await exported(clients.portal, nagoyaPlant)).toBe('allowed');
    portal.stack.clientVpn.setTags(nagoyaPlant, { 'vpn-portal:managed': 'false' });
    expect(await exported(clients.portal, nagoyaPlant)).toContain('UnauthorizedOperation');
    portal.stack.clientVpn.setTags(nagoyaPlant, {});
    expect(await exported(clients.portal, nagoyaPlant)).toContain('UnauthorizedOperation');
  });

  it('where endpoints are named, another one is out of reach for all its tags', async () => {
    expect(await exported(ofNamed, tokyoOffice)).toBe('allowed');
    expect(await exported(ofNamed, osakaLab)).toContain('UnauthorizedOperation');
  });

  it('where subnets are named, another one is not associated', async () => {
    const tried = (SubnetId: string): Promise<string> =>
      refusalOf(
        ofNamed.ec2.send(
          new AssociateClientVpnTargetNetworkCommand({
            ClientVpnEndpointId: tokyoOffice,
            SubnetId,
            DryRun: true,
          }),
        ),
      );
    expect(await tried(sampleSubnets.tokyoA)).toContain('DryRunOperation');
    expect(await tried(sampleSubnets.osakaA)).toContain('UnauthorizedOperation');
  });
});

describe('a role without one action of its own', () => {
  /** A start, its routes, the file, a hold, and a stop, with nobody's browser open. */
  async function cheapJourney(policies: RolePolicies): Promise<readonly string[]> {
    const listening = createAccessListener();
    const portal = await startPortal({
      stack: {
        policies,
        onDecision: listening.onDecision,
        secondsToAssociate: 0,
        secondsToRoute: 0,
        secondsToDisassociate: 0,
      },
    });
    try {
      for (const id of [osakaLab, nagoyaPlant, sampleEndpoints.buildNetwork]) {
        portal.stack.clientVpn.setTags(id, {});
      }
      await portal.schedule().catch(() => undefined);
      portal.later(2);
      const endpoint = `/endpoints/${tokyoOffice}`;
      await portal.as('alice').post(`${endpoint}/lease`, { minutes: '60' });
      await portal.settled();
      for (let looks = 0; looks < 3; looks += 1) {
        portal.later(6);
        await portal.as('alice').get(endpoint);
        await portal.settled();
      }
      await portal.as('alice').get(`${endpoint}/client-configuration`);
      await portal.as('carol').get('/admin');
      await portal.as('carol').post(`/admin${endpoint}/stop`);
      await portal.settled();
      for (let runs = 0; runs < 2; runs += 1) {
        portal.later(60);
        await portal.schedule().catch(() => undefined);
      }
    } finally {
      await portal.stop();
    }
    return listening.refused();
  }

  const without = (statements: readonly Statement[], action: string): readonly Statement[] =>
    statements.map((statement) => ({
      ...statement,
      actions: statement.actions.filter((each) => each !== action),
    }));

  it('is what fails: with all of them nothing is refused, and with endpoints named neither', async () => {
    expect(await cheapJourney(roles)).toEqual([]);
    expect(await cheapJourney(rolesOfTokyo)).toEqual([]);
  });

  it.each<[RoleName, string]>([
    ['portal', 'ec2:AssociateClientVpnTargetNetwork'],
    ['portal', 'ec2:CreateClientVpnRoute'],
    ['portal', 'ec2:ExportClientVpnClientConfiguration'],
    ['portal', 'dynamodb:PartiQLInsert'],
    ['portal', 'dynamodb:PutItem'],
    ['portal', 'events:DescribeRule'],
    ['reconciler', 'ec2:DisassociateClientVpnTargetNetwork'],
    ['reconciler', 'ec2:DescribeClientVpnEndpoints'],
    ['reconciler', 'dynamodb:UpdateItem'],
  ])('is refused: the %s without %s', async (name, action) => {
    const refused = await cheapJourney({ ...roles, [name]: without(roles[name], action) });
    expect(refused.length).toBeGreaterThan(0);
    for (const refusal of refused) expect(refusal).toContain(`${name}: ${action} on `);
  });
});
