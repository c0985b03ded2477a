import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  ExecuteStatementCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import {
  AssociateClientVpnTargetNetworkCommand,
  DescribeClientVpnEndpointsCommand,
  DescribeClientVpnRoutesCommand,
  DisassociateClientVpnTargetNetworkCommand,
} from '@aws-sdk/client-ec2';
import {
  DescribeRuleCommand,
  DisableRuleCommand,
  PutEventsCommand,
} from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import {
  administratorAccessKeyId,
  portalAccessKeyId,
  reconcilerAccessKeyId,
} from '../../scripts/local/access-keys.ts';
import type { Decision } from '../../scripts/local/iam/access-control.ts';
import { parsePolicyDocument } from '../../scripts/local/iam/policy-document.ts';
import {
  sampleAccountId,
  sampleEndpoints,
  sampleRegion,
  sampleSubnets,
} from '../../scripts/local/sample-world.ts';
import { localRuleName, localTableName, startLocalStack } from '../../scripts/local/stack.ts';
import type { LocalStack } from '../../scripts/local/stack.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { clientsFor, quickStack } from '../web/portal-under-test.ts';

/* What the stand-ins answer to whom, where they are given the policies of the roles. */

const of = (service: string): string => `arn:aws:${service}:${sampleRegion}:${sampleAccountId}:`;
const table = `${of('dynamodb')}table/${localTableName}`;
const endpoints = `${of('ec2')}client-vpn-endpoint/*`;
const tagged = { StringEquals: { 'aws:ResourceTag/vpn-portal:managed': 'true' } };
const associate = 'ec2:AssociateClientVpnTargetNetwork';

function allow(action: string | readonly string[], resource: string, condition = {}): object {
  return { Effect: 'Allow', Action: action, Resource: resource, Condition: condition };
}

const portal = parsePolicyDocument({
  Version: '2012-10-17',
  Statement: [
    allow([associate, 'ec2:DescribeClientVpnRoutes'], endpoints, tagged),
    allow(associate, `${of('ec2')}subnet/${sampleSubnets.osakaA}`),
    allow('ec2:DescribeClientVpnEndpoints', '*'),
    allow('dynamodb:PutItem', table, {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': 'A#*' },
    }),
    allow('dynamodb:PartiQLInsert', table, {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': 'I#*' },
    }),
    allow('dynamodb:Query', `${table}/index/byPerson`, {
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': 'alice' },
    }),
    allow('events:DescribeRule', `${of('events')}rule/${localRuleName}`),
    allow('events:PutEvents', `${of('events')}event-bus/office`, {
      'ForAllValues:StringEquals': { 'events:source': 'vpn-portal' },
    }),
  ],
});

const told: Decision[] = [];
let stack: LocalStack;
let aws: AwsClients;
const others: AwsClients[] = [];

beforeAll(async () => {
  stack = await startLocalStack({
    ...quickStack,
    portal: () =>
      Promise.resolve({
        url: new URL('http://127.0.0.1:9'),
        reconcile: () => Promise.resolve(),
        stop: () => Promise.resolve(),
      }),
    policies: { portal, reconciler: [], connect: [] },
    onDecision: (decision) => told.push(decision),
  });
  aws = as(portalAccessKeyId);
});

beforeEach(() => {
  told.length = 0;
  stack.ec2.resetCalls();
});

afterAll(async () => {
  for (const { dynamo, ec2, eventBridge } of others) {
    ec2.destroy();
    dynamo.destroy();
    eventBridge.destroy();
  }
  await stack.stop();
});

function as(accessKeyId: string): AwsClients {
  const clients = clientsFor(stack.environment, accessKeyId);
  others.push(clients);
  return clients;
}

interface AwsError {
  readonly name: string;
  readonly message: string;
  readonly $metadata: { readonly httpStatusCode?: number };
}

/** What a call was refused with; `allowed` where it was not. */
async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'allowed';
  } catch (error) {
    // What the SDK throws.
    const { $metadata, message, name } = error as AwsError;
    return `${$metadata.httpStatusCode ?? ''} ${name}: ${message}`;
  }
}

const caller = `User: arn:aws:sts::${sampleAccountId}:assumed-role/portal/local`;

describe('EC2', () => {
  const { buildNetwork, osakaLab, tokyoOffice } = sampleEndpoints;
  const association = (ClientVpnEndpointId: string, SubnetId: string, DryRun = true) =>
    refusalOf(
      aws.ec2.send(
        new AssociateClientVpnTargetNetworkCommand({ ClientVpnEndpointId, SubnetId, DryRun }),
      ),
    );

  it('does what the role may, and records it', async () => {
    expect(await association(osakaLab, sampleSubnets.osakaA, false)).toBe('allowed');
    expect(stack.ec2.calls()).toMatchObject([{ outcome: 'succeeded' }]);
    expect(told.map(({ resource }) => resource)).toEqual([
      `${of('ec2')}client-vpn-endpoint/${osakaLab}`,
      `${of('ec2')}subnet/${sampleSubnets.osakaA}`,
    ]);
    expect(await refusalOf(aws.ec2.send(new DescribeClientVpnEndpointsCommand()))).toBe('allowed');
  });

  it('refuses what it may not, in the words of EC2, and does nothing', async () => {
    const ClientVpnEndpointId = osakaLab;
    const [there] = stack.clientVpn.describeClientVpnTargetNetworks({
      clientVpnEndpointId: osakaLab,
    });
    const AssociationId = there?.associationId ?? '';
    const action = 'DisassociateClientVpnTargetNetwork';
    stack.clock.advance(5);
    expect(
      await refusalOf(
        aws.ec2.send(
          new DisassociateClientVpnTargetNetworkCommand({ ClientVpnEndpointId, AssociationId }),
        ),
      ),
    ).toBe(
      `403 UnauthorizedOperation: You are not authorized to perform this operation. ${caller} is not authorized to perform: ec2:${action} on resource: ${of('ec2')}client-vpn-endpoint/${osakaLab} because no identity-based policy allows the ec2:${action} action`,
    );
    expect(stack.ec2.calls()).toMatchObject([{ action, outcome: 'UnauthorizedOperation' }]);
    expect(
      stack.clientVpn.describeClientVpnTargetNetworks({ clientVpnEndpointId: osakaLab }),
    ).toMatchObject([{ status: { code: 'associated' } }]);
  });

  it('needs the subnet allowed as well as the endpoint', async () => {
    expect(await association(tokyoOffice, sampleSubnets.tokyoA)).toContain(
      `on resource: ${of('ec2')}subnet/${sampleSubnets.tokyoA}`,
    );
  });

  it('goes by the tags that the endpoint has now', async () => {
    const routes = () =>
      refusalOf(
        aws.ec2.send(new DescribeClientVpnRoutesCommand({ ClientVpnEndpointId: buildNetwork })),
      );
    expect(await routes()).toBe('allowed');
    stack.clientVpn.setTags(buildNetwork, { 'vpn-portal:managed': 'yes' });
    expect(await routes()).toContain('UnauthorizedOperation');
    stack.clientVpn.setTags(buildNetwork, {});
    expect(await routes()).toContain('UnauthorizedOperation');
  });

  it('does not tell whether what is refused is there', async () => {
    const nowhere = 'cvpn-endpoint-0fffffffffffffff0';
    expect(await association(nowhere, sampleSubnets.osakaA)).toContain('UnauthorizedOperation');
  });

  it('answers a dry run by what the real one would be answered', async () => {
    stack.clock.advance(5);
    for (const { associationId } of stack.clientVpn.describeClientVpnTargetNetworks({
      clientVpnEndpointId: osakaLab,
    })) {
      stack.clientVpn.disassociateClientVpnTargetNetwork({
        clientVpnEndpointId: osakaLab,
        associationId,
      });
    }
    stack.clock.advance(5);
    expect(await association(osakaLab, sampleSubnets.osakaA)).toContain('412 DryRunOperation');
    expect(await association(sampleEndpoints.nagoyaPlant, sampleSubnets.nagoyaA)).toContain(
      '403 UnauthorizedOperation',
    );
  });

  it('does not know a key that nobody was given', async () => {
    const { ec2 } = as('SOMEBODY');
    expect(await refusalOf(ec2.send(new DescribeClientVpnEndpointsCommand()))).toContain(
      '401 AuthFailure',
    );
  });

  it('lets another role do no more for it, and the administrator everything', async () => {
    const ask = (key: string) =>
      refusalOf(as(key).ec2.send(new DescribeClientVpnEndpointsCommand()));
    expect(await ask(reconcilerAccessKeyId)).toContain('assumed-role/reconciler');
    expect(await ask(administratorAccessKeyId)).toBe('allowed');
  });
});

describe('DynamoDB', () => {
  const put = (pk: string, client: DynamoDBClient = aws.dynamo) =>
    refusalOf(
      client.send(
        new PutItemCommand({
          TableName: localTableName,
          Item: {
            pk: { S: pk },
            sk: { S: 'x' },
            personKey: { S: 'alice' },
            personSort: { S: '1' },
          },
        }),
      ),
    );

  it('writes where the partition key may be written, and nowhere else', async () => {
    expect(await put('A#1')).toBe('allowed');
    expect(await put('B#1')).toBe(
      `400 AccessDeniedException: ${caller} is not authorized to perform: dynamodb:PutItem on resource: ${table} because no identity-based policy allows the dynamodb:PutItem action`,
    );
    expect(told.map(({ context }) => context.get('dynamodb:leadingkeys'))).toEqual([
      ['A#1'],
      ['B#1'],
    ]);
  });

  it('inserts by statement where that is allowed, which a put is not, and the reverse', async () => {
    const insert = (pk: string) =>
      refusalOf(
        aws.dynamo.send(
          new ExecuteStatementCommand({
            Statement: `INSERT INTO "${localTableName}" VALUE {'pk': ?, 'sk': ?}`,
            Parameters: [{ S: pk }, { S: 'x' }],
          }),
        ),
      );
    expect(await insert('I#1')).toBe('allowed');
    expect(await insert('I#1')).toContain('400 DuplicateItemException');
    expect(await put('I#1')).toContain('400 AccessDeniedException');
    expect(await insert('A#7')).toBe(
      `400 AccessDeniedException: ${caller} is not authorized to perform: dynamodb:PartiQLInsert on resource: ${table} because no identity-based policy allows the dynamodb:PartiQLInsert action`,
    );
  });

  it('reads an index as a thing of its own, by its own partition key', async () => {
    const query = (person: string, index: boolean) =>
      aws.dynamo.send(
        new QueryCommand({
          TableName: localTableName,
          ...(index ? { IndexName: 'byPerson' } : {}),
          KeyConditionExpression: index ? '#p = :p AND personSort > :s' : 'pk = :p AND sk > :s',
          ...(index ? { ExpressionAttributeNames: { '#p': 'personKey' } } : {}),
          ExpressionAttributeValues: { ':p': { S: person }, ':s': { S: '0' } },
        }),
      );
    expect((await query('alice', true)).Items).toHaveLength(1);
    expect(await refusalOf(query('bob', true))).toContain('AccessDeniedException');
    expect(await refusalOf(query('alice', false))).toContain(`on resource: ${table} because`);
  });

  it('refuses what it cannot judge, and keys that it does not know', async () => {
    const scan = new ScanCommand({ TableName: localTableName });
    expect(await refusalOf(aws.dynamo.send(scan))).toContain('AccessDeniedException');
    const unread = new QueryCommand({
      TableName: localTableName,
      KeyConditionExpression: 'sk = :sk',
      ExpressionAttributeValues: { ':sk': { S: 'x' } },
    });
    expect(await refusalOf(aws.dynamo.send(unread))).toContain('cannot tell which items');
    expect(await put('A#1', as('SOMEBODY').dynamo)).toContain('400 UnrecognizedClientException');
  });

  it('has its faults as ever, once the role may', async () => {
    const fault = { service: 'dynamodb', action: 'PutItem', status: 400, times: 1 } as const;
    stack.faults.add({
      ...fault,
      code: 'ItemCollectionSizeLimitExceededException',
      effect: 'after',
    });
    expect(await put('B#1')).toContain('AccessDeniedException');
    expect(await put('A#2')).toContain('ItemCollectionSizeLimitExceededException');
    expect(await put('A#2')).toBe('allowed');
  });
});

describe('EventBridge', () => {
  const putTo = (EventBusName?: string, Source = 'vpn-portal') =>
    refusalOf(
      aws.eventBridge.send(
        new PutEventsCommand({
          Entries: [
            {
              Source,
              DetailType: 'Test',
              Detail: '{}',
              ...(EventBusName === undefined ? {} : { EventBusName }),
            },
          ],
        }),
      ),
    );

  it('takes events of the source that the policy names, and of no other', async () => {
    expect(await putTo('office')).toBe('allowed');
    expect(await putTo('office', 'somebody-else')).toContain('AccessDeniedException');
  });

  it('describes the rule, and does not disable it', async () => {
    const Name = localRuleName;
    expect(await refusalOf(aws.eventBridge.send(new DescribeRuleCommand({ Name })))).toBe(
      'allowed',
    );
    expect(await refusalOf(aws.eventBridge.send(new DisableRuleCommand({ Name })))).toBe(
      `400 AccessDeniedException: ${caller} is not authorized to perform: events:DisableRule on resource: ${of('events')}rule/${Name} because no identity-based policy allows the events:DisableRule action`,
    );
    const other = new DescribeRuleCommand({ Name: 'other' });
    expect(await refusalOf(aws.eventBridge.send(other))).toContain('AccessDeniedException');
    const onOtherBus = new DescribeRuleCommand({ Name, EventBusName: 'office' });
    expect(await refusalOf(aws.eventBridge.send(onOtherBus))).toContain(`rule/office/${Name}`);
  });

  it('takes events for one bus, by its name or its ARN, and for no other', async () => {
    expect(await putTo('office')).toBe('allowed');
    expect(await putTo(`${of('events')}event-bus/office`)).toBe('allowed');
    expect(await putTo('other')).toContain('event-bus/other');
    expect(await putTo()).toContain('event-bus/default');
  });

  it('does not know a key that nobody was given', async () => {
    const client = as('SOMEBODY').eventBridge;
    expect(
      await refusalOf(client.send(new DescribeRuleCommand({ Name: localRuleName }))),
    ).toContain('UnrecognizedClientException');
  });
});
