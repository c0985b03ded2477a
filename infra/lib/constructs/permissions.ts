import { Stack, Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IRole, Role } from 'aws-cdk-lib/aws-iam';

import { personIndexArn } from '../data-stack.ts';
import { eventSource } from '../../../src/config/event-names.ts';

/*
 * What the roles of portal and reconciler may, action by action. A test runs the portal with exactly this: what is missing
 * fails it, and so does what nothing uses.
 */

/** Which endpoints and subnets a deployment keeps its hands on. */
export interface ManagedEndpoints {
  /** Empty: every endpoint that carries the tag. */
  readonly onlyArns: readonly string[];
  /** Empty: any subnet of the account. */
  readonly onlySubnetIds: readonly string[];
  /** Whether those that are named have to carry the tag as well, before AWS lets anybody act. */
  readonly requireTag: boolean;
}

const managedByTag = { StringEquals: { 'aws:ResourceTag/vpn-portal:managed': 'true' } };

/** Every pass reads these, whoever makes it. */
const readsOfAnEndpoint = [
  'ec2:DescribeClientVpnTargetNetworks',
  'ec2:DescribeClientVpnRoutes',
  'ec2:DescribeClientVpnConnections',
];

/** What starts an endpoint, or makes its start complete. Each acts on a subnet as well. */
const starts = ['ec2:AssociateClientVpnTargetNetwork', 'ec2:CreateClientVpnRoute'];

/** Shows pages, takes wishes, and starts. It cannot take anything away from anybody. */
export function allowPortal(
  role: Role,
  {
    busArn,
    endpoints,
    scheduleRuleArn,
    table,
  }: {
    readonly table: Table;
    readonly endpoints: ManagedEndpoints;
    readonly scheduleRuleArn: string;
    readonly busArn: string;
  },
): void {
  allowReading(role, [table.tableArn, personIndexArn(table)], table);
  allowByKey(role, table, {
    'dynamodb:PartiQLInsert': ['AUDIT#*'],
    'dynamodb:PutItem': ['USAGE#*', 'PAUSE'],
    'dynamodb:UpdateItem': ['ENDPOINT#*', 'CATALOGUE'],
    // Giving a lease back, and ending a pause.
    'dynamodb:DeleteItem': ['ENDPOINT#*', 'PAUSE'],
  });
  keepTheAudit(role, table);
  allowEndpoints(role, endpoints, [...readsOfAnEndpoint, 'ec2:ExportClientVpnClientConfiguration']);
  role.addToPolicy(
    new PolicyStatement({
      sid: 'SeeTheSchedule',
      // It can be enabled again, where somebody has disabled it, and not disabled.
      actions: ['events:DescribeRule', 'events:EnableRule'],
      resources: [scheduleRuleArn],
    }),
  );
  allowTelling(role, busArn);
}

/** The only one that may disassociate a network, or end a connection. */
export function allowReconciler(
  role: Role,
  {
    busArn,
    endpoints,
    table,
  }: {
    readonly table: Table;
    readonly endpoints: ManagedEndpoints;
    readonly busArn: string;
  },
): void {
  allowReading(role, [table.tableArn], table);
  allowByKey(role, table, {
    'dynamodb:PartiQLInsert': ['AUDIT#*'],
    'dynamodb:PutItem': ['USAGE#*', 'TOTALS#*'],
    'dynamodb:UpdateItem': ['ENDPOINT#*', 'CATALOGUE'],
  });
  keepTheAudit(role, table);
  allowEndpoints(role, endpoints, [
    ...readsOfAnEndpoint,
    // Counted by the schedule alone, so that they are counted once.
    'ec2:DescribeClientVpnAuthorizationRules',
    'ec2:DisassociateClientVpnTargetNetwork',
    'ec2:TerminateClientVpnConnections',
  ]);
  allowTelling(role, busArn);
}

/** What happens, under the portal's own name: a rule can believe the source. */
function allowTelling(role: Role, busArn: string): void {
  role.addToPolicy(
    new PolicyStatement({
      sid: 'TellWhatHappens',
      actions: ['events:PutEvents'],
      resources: [busArn],
      conditions: { 'ForAllValues:StringEquals': { 'events:source': [eventSource] } },
    }),
  );
}

function allowReading(role: Role, queried: readonly string[], table: Table): void {
  role.addToPolicy(
    new PolicyStatement({
      sid: 'ReadItems',
      actions: ['dynamodb:GetItem'],
      resources: [table.tableArn],
    }),
  );
  role.addToPolicy(
    new PolicyStatement({
      sid: 'QueryItems',
      actions: ['dynamodb:Query'],
      resources: [...queried],
    }),
  );
}

/** @param keys by action, the partition keys that it may be used on */
export function allowByKey(
  role: Role,
  table: Table,
  keys: Readonly<Record<string, readonly string[]>>,
): void {
  for (const [action, leadingKeys] of Object.entries(keys)) {
    role.addToPolicy(
      new PolicyStatement({
        sid: `Allow${action.replace('dynamodb:', '')}`,
        actions: [action],
        resources: [table.tableArn],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...leadingKeys] } },
      }),
    );
  }
}

/**
 * Entries are added, and never replaced, changed or removed: not even where somebody grants more by
 * mistake. They are inserted by PartiQL, which only adds what is not there yet; a put would replace, and
 * whether its condition is sent IAM cannot see.
 */
export function keepTheAudit(role: Role, table: Table): void {
  role.addToPolicy(
    new PolicyStatement({
      sid: 'KeepTheAudit',
      effect: Effect.DENY,
      actions: [
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
        'dynamodb:DeleteItem',
        'dynamodb:BatchWriteItem',
      ],
      resources: [table.tableArn],
      conditions: { 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': ['AUDIT#*'] } },
    }),
  );
  role.addToPolicy(
    new PolicyStatement({
      sid: 'ChangeNothingByStatement',
      effect: Effect.DENY,
      // Nothing here has any other statement: so of these no key has to be asked for.
      actions: ['dynamodb:PartiQLUpdate', 'dynamodb:PartiQLDelete'],
      resources: [table.tableArn],
    }),
  );
}

function allowEndpoints(role: Role, endpoints: ManagedEndpoints, actions: readonly string[]): void {
  const { endpointArns, subnetArns } = resourcesOf(role, endpoints);
  const condition =
    endpoints.onlyArns.length === 0 || endpoints.requireTag ? { conditions: managedByTag } : {};
  role.addToPolicy(
    new PolicyStatement({
      sid: 'ListEndpointsAndSubnets',
      actions: ['ec2:DescribeClientVpnEndpoints', 'ec2:DescribeSubnets'],
      resources: ['*'],
    }),
  );
  role.addToPolicy(
    new PolicyStatement({
      sid: 'ManagedEndpoints',
      actions: [...actions, ...starts],
      resources: [...endpointArns],
      ...condition,
    }),
  );
  role.addToPolicy(
    new PolicyStatement({
      sid: 'SubnetsOfStarts',
      actions: [...starts],
      resources: [...subnetArns],
    }),
  );
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason:
      'ec2:DescribeClientVpnEndpoints and ec2:DescribeSubnets can be allowed on * only: AWS knows no resource for them. Both only read.',
  });
  if (endpoints.onlyArns.length === 0) {
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${endpointArns.join('')}]`,
      reason:
        'Endpoints come and go without a deployment. The statement is conditional on the tag vpn-portal:managed, and endpoints.onlyArns narrows it to named endpoints.',
    });
  }
  if (endpoints.onlySubnetIds.length === 0) {
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${subnetArns.join('')}]`,
      reason:
        'Which subnets are associated is said by the tags of an endpoint. Both actions are checked against the endpoint as well, where the tag is required. endpoints.onlySubnetIds narrows it to named subnets.',
    });
  }
}

function resourcesOf(
  role: IRole,
  { onlyArns, onlySubnetIds }: ManagedEndpoints,
): { readonly endpointArns: readonly string[]; readonly subnetArns: readonly string[] } {
  const stack = Stack.of(role);
  const subnets = onlySubnetIds.length === 0 ? ['*'] : onlySubnetIds;
  return {
    endpointArns:
      onlyArns.length === 0
        ? [stack.formatArn({ service: 'ec2', resource: 'client-vpn-endpoint', resourceName: '*' })]
        : onlyArns,
    subnetArns: subnets.map((id) =>
      stack.formatArn({ service: 'ec2', resource: 'subnet', resourceName: id }),
    ),
  };
}
