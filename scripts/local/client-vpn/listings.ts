import { fault } from './fault.ts';
import { filtered } from './filter.ts';
import type { Moment } from './moment.ts';
import type {
  AuthorizationRuleRow,
  ConnectionRow,
  DescribeEndpointsInput,
  DescribeOfEndpointInput,
  DescribeSubnetsInput,
  DescribeTargetNetworksInput,
  EndpointRow,
  RouteRow,
  SubnetRow,
  TargetNetworkRow,
} from './operations.ts';
import { connectionRow, endpointRow, routeRow, subnetRow, targetNetworkRow } from './rows.ts';
import { associationsOf, requireEndpoint } from './rules.ts';

export function listEndpoints(
  { world }: Moment,
  input: DescribeEndpointsInput,
): readonly EndpointRow[] {
  const ids = input.clientVpnEndpointIds ?? [];
  const endpoints =
    ids.length === 0 ? world.endpoints : [...new Set(ids)].map((id) => requireEndpoint(world, id));
  return filtered(
    endpoints.map((endpoint) => endpointRow(world, endpoint)),
    input.filters,
    ['endpoint-id', 'transport-protocol'],
    (row) =>
      new Map([
        ['endpoint-id', row.clientVpnEndpointId],
        ['transport-protocol', row.transportProtocol],
      ]),
  );
}

export function listTargetNetworks(
  { world }: Moment,
  input: DescribeTargetNetworksInput,
): readonly TargetNetworkRow[] {
  const endpoint = requireEndpoint(world, input.clientVpnEndpointId);
  const associations = associationsOf(world, endpoint.id);
  const ids = input.associationIds ?? [];
  for (const id of ids) {
    if (!associations.some((association) => association.id === id)) {
      throw fault.associationNotFound(id);
    }
  }
  return filtered(
    associations
      .filter((association) => ids.length === 0 || ids.includes(association.id))
      .map(targetNetworkRow),
    input.filters,
    ['association-id', 'target-network-id', 'vpc-id'],
    (row) =>
      new Map([
        ['association-id', row.associationId],
        ['target-network-id', row.targetNetworkId ?? ''],
        ['vpc-id', row.vpcId ?? ''],
      ]),
  );
}

export function listRoutes({ world }: Moment, input: DescribeOfEndpointInput): readonly RouteRow[] {
  const endpoint = requireEndpoint(world, input.clientVpnEndpointId);
  return filtered(
    world.routes.filter((route) => route.endpointId === endpoint.id).map(routeRow),
    input.filters,
    ['destination-cidr', 'origin', 'target-subnet'],
    (row) =>
      new Map([
        ['destination-cidr', row.destinationCidr],
        ['origin', row.origin],
        ['target-subnet', row.targetSubnet],
      ]),
  );
}

export function listConnections(
  { world, now }: Moment,
  input: DescribeOfEndpointInput,
): readonly ConnectionRow[] {
  const endpoint = requireEndpoint(world, input.clientVpnEndpointId);
  return filtered(
    world.connections
      .filter((connection) => connection.endpointId === endpoint.id)
      .map((connection) => connectionRow(connection, endpoint, now)),
    input.filters,
    ['connection-id', 'username'],
    (row) =>
      new Map([
        ['connection-id', row.connectionId],
        ['username', row.username],
      ]),
  );
}

export function listAuthorizationRules(
  { world }: Moment,
  input: DescribeOfEndpointInput,
): readonly AuthorizationRuleRow[] {
  const endpoint = requireEndpoint(world, input.clientVpnEndpointId);
  return filtered(
    world.authorizationRules
      .filter((rule) => rule.endpointId === endpoint.id)
      .map((rule) => ({
        clientVpnEndpointId: rule.endpointId,
        description: rule.description,
        groupId: rule.groupId,
        accessAll: rule.groupId === '',
        destinationCidr: rule.destinationCidr,
        status: { code: 'active' as const },
      })),
    input.filters,
    ['description', 'destination-cidr', 'group-id'],
    (row) =>
      new Map([
        ['description', row.description],
        ['destination-cidr', row.destinationCidr],
        ['group-id', row.groupId],
      ]),
  );
}

export function listSubnets({ world }: Moment, input: DescribeSubnetsInput): readonly SubnetRow[] {
  const ids = input.subnetIds ?? [];
  for (const id of ids) {
    if (!world.subnets.some((subnet) => subnet.id === id)) throw fault.subnetNotFound(id);
  }
  return filtered(
    world.subnets
      .filter((subnet) => ids.length === 0 || ids.includes(subnet.id))
      .map((subnet) => subnetRow(world, subnet)),
    input.filters,
    [
      'availability-zone',
      'availability-zone-id',
      'available-ip-address-count',
      'cidr-block',
      'owner-id',
      'state',
      'subnet-arn',
      'subnet-id',
      'tag-key',
      'tag:*',
      'vpc-id',
    ],
    (row) =>
      new Map<string, string | readonly string[]>([
        ['availability-zone', row.availabilityZone],
        ['availability-zone-id', row.availabilityZoneId],
        ['available-ip-address-count', String(row.availableIpAddressCount)],
        ['cidr-block', row.cidrBlock],
        ['owner-id', row.ownerId],
        ['state', 'available'],
        ['subnet-arn', row.subnetArn],
        ['subnet-id', row.subnetId],
        ['tag-key', Object.keys(row.tags)],
        ['vpc-id', row.vpcId],
        ...Object.entries(row.tags).map(([key, value]) => [`tag:${key}`, value] as const),
      ]),
  );
}
