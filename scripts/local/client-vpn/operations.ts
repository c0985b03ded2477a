import type { Filter } from './filter.ts';

/** Where something is on its way; `message` is AWS's sentence, and is mostly absent. */
export interface Status<Code extends string> {
  readonly code: Code;
  readonly message?: string;
}

export type AssociationStatusCode =
  'associating' | 'associated' | 'association-failed' | 'disassociating';
export type RouteStatusCode = 'creating' | 'active' | 'deleting';
export type ConnectionStatusCode = 'active' | 'terminating' | 'terminated';

export type AuthenticationRow =
  | { readonly type: 'certificate-authentication'; readonly clientRootCertificateChain: string }
  | { readonly type: 'directory-service-authentication'; readonly directoryId: string }
  | { readonly type: 'federated-authentication'; readonly samlProviderArn: string };

export interface EndpointRow {
  readonly clientVpnEndpointId: string;
  readonly description: string;
  readonly status: Status<'pending-associate' | 'available'>;
  readonly creationTime: Date;
  readonly dnsName: string;
  readonly clientCidrBlock: string | null;
  readonly dnsServers: readonly string[];
  readonly splitTunnel: boolean;
  readonly transportProtocol: 'udp' | 'tcp';
  readonly vpnPort: number;
  readonly associatedSubnetIds: readonly string[];
  readonly serverCertificateArn: string;
  readonly authenticationOptions: readonly AuthenticationRow[];
  readonly tags: Readonly<Record<string, string>>;
  readonly securityGroupIds: readonly string[];
  readonly vpcId: string | null;
  readonly selfServicePortalUrl: string | null;
  readonly sessionTimeoutHours: number;
  readonly transitGateway: {
    readonly transitGatewayId: string;
    readonly attachmentId: string;
    readonly availabilityZones: readonly string[];
  } | null;
}

export interface TargetNetworkRow {
  readonly associationId: string;
  readonly clientVpnEndpointId: string;
  /** The subnet; `null` for the association of a Transit Gateway. */
  readonly targetNetworkId: string | null;
  readonly vpcId: string | null;
  readonly status: Status<AssociationStatusCode>;
  readonly securityGroups: readonly string[];
  readonly availabilityZone: string;
  readonly availabilityZoneId: string;
}

export interface RouteRow {
  readonly clientVpnEndpointId: string;
  readonly destinationCidr: string;
  readonly targetSubnet: string;
  readonly type: 'Nat';
  readonly origin: 'associate' | 'add-route';
  readonly status: Status<RouteStatusCode>;
  readonly description: string;
}

/** All text, as AWS has it: counters in digits, instants as `2018-12-13 18:32:49` in UTC. */
export interface ConnectionRow {
  readonly clientVpnEndpointId: string;
  readonly connectionId: string;
  readonly timestamp: string;
  readonly username: string;
  readonly commonName: string;
  readonly connectionEstablishedTime: string;
  /** `-` while the connection lasts. */
  readonly connectionEndTime: string;
  readonly ingressBytes: string;
  readonly egressBytes: string;
  readonly ingressPackets: string;
  readonly egressPackets: string;
  readonly clientIp: string;
  readonly status: Status<ConnectionStatusCode>;
}

export interface TerminationRow {
  readonly connectionId: string;
  readonly previousStatus: Status<ConnectionStatusCode>;
  readonly currentStatus: Status<ConnectionStatusCode>;
}

export interface AuthorizationRuleRow {
  readonly clientVpnEndpointId: string;
  readonly description: string;
  readonly groupId: string;
  readonly accessAll: boolean;
  readonly destinationCidr: string;
  readonly status: Status<'active'>;
}

export interface SubnetRow {
  readonly subnetId: string;
  readonly vpcId: string;
  readonly cidrBlock: string;
  readonly availabilityZone: string;
  readonly availabilityZoneId: string;
  readonly availableIpAddressCount: number;
  readonly ownerId: string;
  readonly subnetArn: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** With it an operation is checked, and ends in `DryRunOperation` instead of being done. */
interface DryRun {
  readonly dryRun?: boolean | undefined;
}
interface OfEndpoint extends DryRun {
  readonly clientVpnEndpointId: string;
}
interface Filtered {
  readonly filters?: readonly Filter[] | undefined;
}

export type DescribeEndpointsInput = DryRun &
  Filtered & { readonly clientVpnEndpointIds?: readonly string[] | undefined };
export type DescribeTargetNetworksInput = OfEndpoint &
  Filtered & { readonly associationIds?: readonly string[] | undefined };
export type DescribeOfEndpointInput = OfEndpoint & Filtered;
export type DescribeSubnetsInput = DryRun &
  Filtered & { readonly subnetIds?: readonly string[] | undefined };
export interface AssociateInput extends OfEndpoint {
  /** Required, except for an endpoint of a Transit Gateway, which names a zone instead. */
  readonly subnetId?: string | undefined;
  readonly availabilityZone?: string | undefined;
  readonly availabilityZoneId?: string | undefined;
  readonly clientToken?: string | undefined;
}
export interface DisassociateInput extends OfEndpoint {
  readonly associationId: string;
}
export interface CreateRouteInput extends OfEndpoint {
  readonly destinationCidrBlock: string;
  readonly targetVpcSubnetId?: string | undefined;
  readonly description?: string | undefined;
  readonly clientToken?: string | undefined;
}
export interface DeleteRouteInput extends OfEndpoint {
  readonly destinationCidrBlock: string;
  readonly targetVpcSubnetId?: string | undefined;
}
/** One of the two: a connection, or every connection of a user. */
export interface TerminateInput extends OfEndpoint {
  readonly connectionId?: string | undefined;
  readonly username?: string | undefined;
}

export interface AssociationAnswer {
  readonly associationId: string;
  readonly status: Status<AssociationStatusCode>;
}
export interface RouteAnswer {
  readonly status: Status<RouteStatusCode>;
}
export interface TerminationAnswer {
  readonly clientVpnEndpointId: string;
  readonly username: string | null;
  readonly connectionStatuses: readonly TerminationRow[];
}

/**
 * The operations of AWS, under AWS's names, without its wire format and its paging: a listing is
 * complete. Each throws a `ClientVpnFault` where AWS would answer an error, and then has changed
 * nothing.
 */
export interface ClientVpnOperations {
  describeClientVpnEndpoints(input?: DescribeEndpointsInput): readonly EndpointRow[];
  describeClientVpnTargetNetworks(input: DescribeTargetNetworksInput): readonly TargetNetworkRow[];
  associateClientVpnTargetNetwork(input: AssociateInput): AssociationAnswer;
  disassociateClientVpnTargetNetwork(input: DisassociateInput): AssociationAnswer;
  describeClientVpnConnections(input: DescribeOfEndpointInput): readonly ConnectionRow[];
  terminateClientVpnConnections(input: TerminateInput): TerminationAnswer;
  exportClientVpnClientConfiguration(input: OfEndpoint): string;
  describeClientVpnRoutes(input: DescribeOfEndpointInput): readonly RouteRow[];
  createClientVpnRoute(input: CreateRouteInput): RouteAnswer;
  deleteClientVpnRoute(input: DeleteRouteInput): RouteAnswer;
  describeClientVpnAuthorizationRules(
    input: DescribeOfEndpointInput,
  ): readonly AuthorizationRuleRow[];
  describeSubnets(input?: DescribeSubnetsInput): readonly SubnetRow[];
}
