import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { managedTag } from '../../src/vpn/endpoint.ts';
import { personIndex } from '../../src/aws/dynamo-table.ts';
import type { SettingsInput } from '../../infra/settings.ts';
import {
  portalRole,
  reconcilerRole,
  statementsOf,
  synthesisePortal,
} from './synthesised-portal.ts';
import type { PolicyStatement, SynthesisedPortal } from './synthesised-portal.ts';

let open: SynthesisedPortal[] = [];

function synthesised(changed: Partial<SettingsInput> = {}): SynthesisedPortal {
  const portal = synthesisePortal(changed);
  open.push(portal);
  return portal;
}

let lambda: SynthesisedPortal;
let container: SynthesisedPortal;

beforeAll(() => {
  lambda = synthesised();
  container = synthesised({ host: 'container' });
});

afterAll(() => {
  for (const each of open) each.remove();
  open = [];
});

function actionsOf(statements: readonly PolicyStatement[], service: string): readonly string[] {
  return [
    ...new Set(statements.flatMap(({ Action, Effect }) => (Effect === 'Allow' ? Action : []))),
  ]
    .filter((action) => action.startsWith(`${service}:`))
    .map((action) => action.slice(service.length + 1))
    .toSorted();
}

const reads = [
  'DescribeClientVpnConnections',
  'DescribeClientVpnEndpoints',
  'DescribeClientVpnRoutes',
  'DescribeClientVpnTargetNetworks',
  'DescribeSubnets',
];
const hosts = [
  ['a function', () => lambda],
  ['a container', () => container],
] as const;

describe.each(hosts)('the role of the portal as %s', (_host, host) => {
  const statements = () => statementsOf(host().portal, portalRole);

  it('may read, start and export, and neither disassociate nor end a connection', () => {
    expect(actionsOf(statements(), 'ec2')).toEqual([
      'AssociateClientVpnTargetNetwork',
      'CreateClientVpnRoute',
      ...reads,
      'ExportClientVpnClientConfiguration',
    ]);
  });

  it('may use the table item by item, and neither scan it nor write in bulk', () => {
    expect(actionsOf(statements(), 'dynamodb')).toEqual([
      'DeleteItem',
      'GetItem',
      'PartiQLInsert',
      'PutItem',
      'Query',
      'UpdateItem',
    ]);
  });

  it('may look at the rule of the schedule and enable it, and not disable it', () => {
    const [rule] = Object.keys(
      host().portal.findResources('AWS::Events::Rule', {
        Properties: { ScheduleExpression: 'rate(1 minute)' },
      }),
    );
    expect(statements().find(({ Sid }) => Sid === 'SeeTheSchedule')).toMatchObject({
      Action: ['events:DescribeRule', 'events:EnableRule'],
      Resource: { 'Fn::GetAtt': [rule, 'Arn'] },
    });
    expect(actionsOf(statements(), 'events')).toEqual(['DescribeRule', 'EnableRule', 'PutEvents']);
  });

  it('writes the totals of no day', () => {
    const puts = statements().find(({ Sid }) => Sid === 'AllowPutItem');
    expect(puts?.Condition).toEqual({
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['USAGE#*', 'PAUSE'] },
    });
  });
});

describe.each(hosts)('the role of the reconciler beside %s', (_host, host) => {
  const statements = () => statementsOf(host().portal, reconcilerRole);

  it('alone may disassociate and end connections, and hands out no configuration', () => {
    expect(actionsOf(statements(), 'ec2')).toEqual(
      [
        'AssociateClientVpnTargetNetwork',
        'CreateClientVpnRoute',
        ...reads,
        // Counted by the schedule alone.
        'DescribeClientVpnAuthorizationRules',
        'DisassociateClientVpnTargetNetwork',
        'TerminateClientVpnConnections',
      ].toSorted(),
    );
  });

  it('deletes nothing from the table', () => {
    expect(actionsOf(statements(), 'dynamodb')).toEqual([
      'GetItem',
      'PartiQLInsert',
      'PutItem',
      'Query',
      'UpdateItem',
    ]);
  });

  it('tells what happens, and touches no rule', () => {
    expect(actionsOf(statements(), 'events')).toEqual(['PutEvents']);
  });

  it('may send to the dead letters, and not read them', () => {
    expect(actionsOf(statements(), 'sqs')).toEqual(['SendMessage']);
  });
});

describe.each([
  ['portal', portalRole],
  ['reconciler', reconcilerRole],
])('the role of the %s', (_name, role) => {
  const statements = () => statementsOf(lambda.portal, role);
  const inAccount = (resource: string) => `arn:aws:ec2:ap-northeast-1:111122223333:${resource}`;

  it('has * for the two calls that know no resource, and for nothing else', () => {
    const everything = statements().filter(({ Resource }) => [Resource].flat().includes('*'));
    expect(everything.map(({ Action }) => Action)).toEqual([
      ['ec2:DescribeClientVpnEndpoints', 'ec2:DescribeSubnets'],
    ]);
    expect(
      statements()
        .flatMap(({ Action }) => Action)
        .filter((action) => action.includes('*')),
    ).toEqual([]);
  });

  it('acts on endpoints only where they carry the tag', () => {
    const onEndpoints = statements().filter(({ Resource }) =>
      JSON.stringify(Resource).includes('client-vpn-endpoint'),
    );
    expect(onEndpoints).toEqual([
      expect.objectContaining({
        Resource: inAccount('client-vpn-endpoint/*'),
        Condition: { StringEquals: { [`aws:ResourceTag/${managedTag}`]: 'true' } },
      }),
    ]);
  });

  it('may use any subnet for what starts an endpoint, and for nothing else', () => {
    const onSubnets = statements().filter(({ Resource }) =>
      JSON.stringify(Resource).includes('subnet/'),
    );
    expect(onSubnets.map(({ Action, Resource }) => ({ Action, Resource }))).toEqual([
      {
        Action: ['ec2:AssociateClientVpnTargetNetwork', 'ec2:CreateClientVpnRoute'],
        Resource: inAccount('subnet/*'),
      },
    ]);
  });

  it('may insert an entry of the audit, and is denied every way to replace, change or remove one', () => {
    const denied = statements().filter(({ Effect }) => Effect === 'Deny');
    expect(denied.map(({ Action, Condition }) => [Action, Condition])).toEqual([
      [
        [
          'dynamodb:PutItem',
          'dynamodb:UpdateItem',
          'dynamodb:DeleteItem',
          'dynamodb:BatchWriteItem',
        ],
        { 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': ['AUDIT#*'] } },
      ],
      [['dynamodb:PartiQLUpdate', 'dynamodb:PartiQLDelete'], undefined],
    ]);
    const ofTheAudit = statements().filter(
      ({ Condition, Effect }) =>
        Effect === 'Allow' && JSON.stringify(Condition ?? {}).includes('AUDIT'),
    );
    expect(ofTheAudit.map(({ Action }) => Action)).toEqual([['dynamodb:PartiQLInsert']]);
  });

  it('tells what happens on the bus of the deployment, and under its own name', () => {
    const [bus] = Object.keys(lambda.portal.findResources('AWS::Events::EventBus'));
    expect(statements().filter(({ Action }) => Action.includes('events:PutEvents'))).toEqual([
      expect.objectContaining({
        Action: ['events:PutEvents'],
        Resource: { 'Fn::GetAtt': [bus, 'Arn'] },
        Condition: { 'ForAllValues:StringEquals': { 'events:source': ['client-vpn-portal'] } },
      }),
    ]);
  });

  it('uses no policy that AWS manages', () => {
    const roles = lambda.portal.findResources('AWS::IAM::Role');
    expect(JSON.stringify(roles)).not.toContain('ManagedPolicyArns');
  });
});

it('only the portal reads the index by person', () => {
  const resourcesOf = (role: string) =>
    JSON.stringify(statementsOf(lambda.portal, role).map(({ Resource }) => Resource));
  expect(resourcesOf(portalRole)).toContain(`/index/${personIndex}`);
  expect(resourcesOf(reconcilerRole)).not.toContain('/index/');
});

describe('named endpoints and subnets', () => {
  const endpoint =
    'arn:aws:ec2:ap-northeast-1:111122223333:client-vpn-endpoint/cvpn-endpoint-0123456789abcdef0';
  const subnet = 'subnet-0123456789abcdef0';
  const onlyThese = { onlyArns: [endpoint], onlySubnetIds: [subnet] };
  let named: SynthesisedPortal;
  let withoutTag: SynthesisedPortal;

  beforeAll(() => {
    named = synthesised({ endpoints: onlyThese });
    withoutTag = synthesised({ endpoints: { ...onlyThese, requireTag: false } });
  });

  it.each([portalRole, reconcilerRole])('are all that remains: %s', (role) => {
    const statements = statementsOf(named.portal, role);
    expect(statements.find(({ Sid }) => Sid === 'ManagedEndpoints')).toMatchObject({
      Resource: endpoint,
      Condition: { StringEquals: { [`aws:ResourceTag/${managedTag}`]: 'true' } },
    });
    expect(statements.find(({ Sid }) => Sid === 'SubnetsOfStarts')).toMatchObject({
      Resource: `arn:aws:ec2:ap-northeast-1:111122223333:subnet/${subnet}`,
    });
    expect(JSON.stringify(statements)).not.toMatch(/(client-vpn-endpoint|subnet)\/\*/);
  });

  it('need no tag where the settings say so', () => {
    const statements = statementsOf(withoutTag.portal, portalRole);
    const managed = statements.find(({ Sid }) => Sid === 'ManagedEndpoints');
    expect(managed?.Resource).toBe(endpoint);
    expect(managed?.Condition).toBeUndefined();
  });
});
