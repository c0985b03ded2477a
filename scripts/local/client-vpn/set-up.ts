import { parseCidr } from './cidr.ts';
import { digitsFor } from './identifiers.ts';
import type { Moment } from './moment.ts';
import { requireEndpoint } from './rules.ts';
import type { EndpointState } from './world.ts';
import { zoneId } from './zone.ts';

export interface NewVpc {
  readonly id: string;
  readonly cidr: string;
}

export interface NewSubnet {
  readonly id: string;
  readonly vpcId: string;
  readonly cidr: string;
  readonly availabilityZone: string;
  /** Free addresses; without it, all that the block has. */
  readonly availableAddresses?: number;
  readonly tenancy?: 'default' | 'dedicated';
  /** Without it, the account of the simulation. */
  readonly ownerId?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export type AuthenticationKind = EndpointState['authentication'][number];

export interface NewEndpoint {
  readonly id: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly description?: string;
  /** Federated, where nothing else is said. */
  readonly authentication?: readonly AuthenticationKind[];
  /** `null` for an endpoint that has no IPv4 addresses to give. */
  readonly clientCidr?: string | null;
  readonly splitTunnel?: boolean;
  readonly transportProtocol?: 'udp' | 'tcp';
  readonly vpnPort?: number;
  readonly dnsServers?: readonly string[];
  /** Binds the endpoint to a VPC before it has any target network. */
  readonly vpcId?: string;
  readonly securityGroupIds?: readonly string[];
  readonly selfServicePortalUrl?: string;
  /** Its associations are then zones of the gateway, and have no subnet. */
  readonly transitGateway?: {
    readonly transitGatewayId: string;
    readonly attachmentId: string;
    readonly availabilityZones: readonly string[];
  };
  /** Whether AWS's exported file already has `auth-federate` and `reneg-sec 0`; it lacks them otherwise. */
  readonly exportsFederationLines?: boolean;
}

export interface NewAuthorizationRule {
  readonly destinationCidr: string;
  /** Who is let in; everybody without it. */
  readonly groupId?: string;
  readonly description?: string;
}

export function addVpc({ world }: Moment, vpc: NewVpc): void {
  requireNew(world.vpcs, vpc.id);
  requireBlock(vpc.cidr);
  world.vpcs.push({ ...vpc, defaultSecurityGroupId: `sg-${digitsFor(vpc.id)}` });
}

export function addSubnet({ world }: Moment, subnet: NewSubnet): void {
  requireNew(world.subnets, subnet.id);
  if (!world.vpcs.some((vpc) => vpc.id === subnet.vpcId)) {
    throw new Error(`Add the VPC ${subnet.vpcId} before its subnet ${subnet.id}.`);
  }
  const block = requireBlock(subnet.cidr);
  // AWS keeps five addresses of every subnet for itself.
  const usable = block.last - block.first + 1 - 5;
  world.subnets.push({
    id: subnet.id,
    vpcId: subnet.vpcId,
    cidr: subnet.cidr,
    availabilityZone: subnet.availabilityZone,
    availabilityZoneId: zoneId(world.region, subnet.availabilityZone),
    availableAddresses: subnet.availableAddresses ?? usable,
    tenancy: subnet.tenancy ?? 'default',
    ownerId: subnet.ownerId ?? world.accountId,
    tags: { ...subnet.tags },
  });
}

export function addEndpoint({ world, now }: Moment, endpoint: NewEndpoint): void {
  requireNew(world.endpoints, endpoint.id);
  const clientCidr = endpoint.clientCidr === undefined ? '10.250.0.0/22' : endpoint.clientCidr;
  if (clientCidr !== null) requireBlock(clientCidr);
  const { transitGateway } = endpoint;
  world.endpoints.push({
    id: endpoint.id,
    description: endpoint.description ?? '',
    createdAt: now,
    tags: { ...endpoint.tags },
    authentication: [...(endpoint.authentication ?? ['federated'])],
    clientCidr,
    splitTunnel: endpoint.splitTunnel ?? true,
    transportProtocol: endpoint.transportProtocol ?? 'udp',
    vpnPort: endpoint.vpnPort ?? 443,
    dnsServers: [...(endpoint.dnsServers ?? [])],
    vpcId: endpoint.vpcId ?? null,
    securityGroupIds: [...(endpoint.securityGroupIds ?? [])],
    selfServicePortalUrl: endpoint.selfServicePortalUrl ?? null,
    sessionTimeoutHours: 24,
    transitGateway:
      transitGateway === undefined
        ? null
        : { ...transitGateway, availabilityZones: [...transitGateway.availabilityZones] },
    exportsFederationLines: endpoint.exportsFederationLines ?? false,
    certificatePem: null,
    connectionsEver: 0,
  });
}

export function addAuthorizationRule(
  { world }: Moment,
  endpointId: string,
  rule: NewAuthorizationRule,
): void {
  requireEndpoint(world, endpointId);
  requireBlock(rule.destinationCidr);
  world.authorizationRules.push({
    endpointId,
    destinationCidr: rule.destinationCidr,
    groupId: rule.groupId ?? '',
    description: rule.description ?? '',
  });
}

function requireNew(existing: readonly { readonly id: string }[], id: string): void {
  if (existing.some((candidate) => candidate.id === id)) {
    throw new Error(`The simulated Client VPN already has ${id}.`);
  }
}

function requireBlock(cidr: string): { readonly first: number; readonly last: number } {
  const block = parseCidr(cidr);
  if (block === null) throw new Error(`${cidr} is not an IPv4 block in CIDR notation.`);
  return block;
}
