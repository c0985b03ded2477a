import { digitsFor, uuidFor } from './identifiers.ts';
import type {
  AuthenticationRow,
  ConnectionRow,
  EndpointRow,
  RouteRow,
  SubnetRow,
  TargetNetworkRow,
} from './operations.ts';
import { associatedOf, associationsOf, vpcOf } from './rules.ts';
import type {
  AssociationState,
  ConnectionState,
  EndpointState,
  RouteState,
  SubnetState,
  World,
} from './world.ts';

export function endpointRow(world: World, endpoint: EndpointState): EndpointRow {
  const associations = associationsOf(world, endpoint.id);
  const isAvailable = associatedOf(world, endpoint.id).length > 0;
  return {
    clientVpnEndpointId: endpoint.id,
    description: endpoint.description,
    status: { code: isAvailable ? 'available' : 'pending-associate' },
    creationTime: new Date(endpoint.createdAt),
    dnsName: `*.${endpointHost(world.region, endpoint.id)}`,
    clientCidrBlock: endpoint.clientCidr,
    dnsServers: endpoint.dnsServers,
    splitTunnel: endpoint.splitTunnel,
    transportProtocol: endpoint.transportProtocol,
    vpnPort: endpoint.vpnPort,
    associatedSubnetIds: associations
      .map((association) => association.subnetId)
      .filter((subnetId) => subnetId !== null),
    serverCertificateArn: certificateArn(world, `server ${endpoint.id}`),
    authenticationOptions: endpoint.authentication.map((kind) =>
      authenticationRow(world, endpoint.id, kind),
    ),
    tags: { ...endpoint.tags },
    securityGroupIds:
      endpoint.securityGroupIds.length > 0
        ? endpoint.securityGroupIds
        : (associations[0]?.securityGroupIds ?? []),
    vpcId: vpcOf(world, endpoint),
    selfServicePortalUrl: endpoint.selfServicePortalUrl,
    sessionTimeoutHours: endpoint.sessionTimeoutHours,
    transitGateway: endpoint.transitGateway,
  };
}

/** The name under which clients reach an endpoint, below a label they choose at random. */
export function endpointHost(region: string, endpointId: string): string {
  return `${endpointId}.prod.clientvpn.${region}.amazonaws.com`;
}

function certificateArn(world: World, name: string): string {
  return `arn:aws:acm:${world.region}:${world.accountId}:certificate/${uuidFor(name)}`;
}

function authenticationRow(
  world: World,
  endpointId: string,
  kind: EndpointState['authentication'][number],
): AuthenticationRow {
  switch (kind) {
    case 'certificate':
      return {
        type: 'certificate-authentication',
        clientRootCertificateChain: certificateArn(world, `clients ${endpointId}`),
      };
    case 'directory-service':
      return {
        type: 'directory-service-authentication',
        directoryId: `d-${digitsFor(endpointId).slice(0, 10)}`,
      };
    case 'federated':
      return {
        type: 'federated-authentication',
        samlProviderArn: `arn:aws:iam::${world.accountId}:saml-provider/client-vpn`,
      };
  }
}

export function targetNetworkRow(association: AssociationState): TargetNetworkRow {
  const { state } = association;
  return {
    associationId: association.id,
    clientVpnEndpointId: association.endpointId,
    targetNetworkId: association.subnetId,
    vpcId: association.vpcId,
    status:
      state.status === 'association-failed'
        ? { code: state.status, message: state.message }
        : { code: state.status },
    securityGroups: association.securityGroupIds,
    availabilityZone: association.availabilityZone,
    availabilityZoneId: association.availabilityZoneId,
  };
}

export function routeRow(route: RouteState): RouteRow {
  return {
    clientVpnEndpointId: route.endpointId,
    destinationCidr: route.destinationCidr,
    targetSubnet: route.subnetId,
    type: 'Nat',
    origin: route.origin,
    status: { code: route.state.status },
    description: route.description,
  };
}

export function connectionRow(
  connection: ConnectionState,
  endpoint: EndpointState,
  now: number,
): ConnectionRow {
  const endedAt = connection.state.status === 'terminated' ? connection.state.endedAt : null;
  const seenAt = endedAt ?? now;
  const silentMs = connection.silentMs + Math.max(0, seenAt - (connection.silentSince ?? seenAt));
  const movingMs = Math.max(0, seenAt - connection.establishedAt - silentMs);
  const traffic = trafficAfter(Math.floor(movingMs / 1000));
  // Whoever signs in with a certificate alone has no user name; AWS shows the certificate's name.
  const hasUsername = endpoint.authentication.some((kind) => kind !== 'certificate');
  return {
    clientVpnEndpointId: connection.endpointId,
    connectionId: connection.id,
    timestamp: timeText(seenAt),
    username: hasUsername ? connection.username : '',
    commonName: hasUsername ? '' : connection.username,
    connectionEstablishedTime: timeText(connection.establishedAt),
    connectionEndTime: endedAt === null ? '-' : timeText(endedAt),
    ...traffic,
    clientIp: connection.clientIp,
    status: { code: connection.state.status },
  };
}

/** The handshake, then what a quiet laptop sends and receives. */
function trafficAfter(
  seconds: number,
): Pick<ConnectionRow, 'ingressBytes' | 'egressBytes' | 'ingressPackets' | 'egressPackets'> {
  return {
    ingressBytes: String(4_212 + seconds * 812),
    egressBytes: String(5_696 + seconds * 2_943),
    ingressPackets: String(24 + seconds * 3),
    egressPackets: String(22 + seconds * 4),
  };
}

function timeText(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString().slice(0, 19).replace('T', ' ');
}

export function subnetRow(world: World, subnet: SubnetState): SubnetRow {
  return {
    subnetId: subnet.id,
    vpcId: subnet.vpcId,
    cidrBlock: subnet.cidr,
    availabilityZone: subnet.availabilityZone,
    availabilityZoneId: subnet.availabilityZoneId,
    availableIpAddressCount: subnet.availableAddresses,
    ownerId: subnet.ownerId,
    subnetArn: `arn:aws:ec2:${world.region}:${subnet.ownerId}:subnet/${subnet.id}`,
    tags: { ...subnet.tags },
  };
}
