import type {
  AuthenticationRow,
  AuthorizationRuleRow,
  ConnectionRow,
  EndpointRow,
  RouteRow,
  Status,
  SubnetRow,
  TargetNetworkRow,
  TerminationAnswer,
} from '../client-vpn/operations.ts';
import type { XmlElements, XmlValue } from './xml.ts';

/*
 * The rows under the names they have on the wire. Source: the EC2 service model of the AWS SDK.
 */

export function statusElements(status: Status<string>): XmlElements {
  return { code: status.code, message: status.message };
}

export function endpointElements(row: EndpointRow): XmlElements {
  return {
    clientVpnEndpointId: row.clientVpnEndpointId,
    description: row.description,
    status: statusElements(row.status),
    creationTime: row.creationTime.toISOString().slice(0, 19),
    dnsName: row.dnsName,
    clientCidrBlock: row.clientCidrBlock,
    dnsServer: row.dnsServers.length === 0 ? null : row.dnsServers,
    splitTunnel: row.splitTunnel,
    vpnProtocol: 'openvpn',
    transportProtocol: row.transportProtocol,
    vpnPort: row.vpnPort,
    associatedTargetNetwork: row.associatedSubnetIds.map((networkId) => ({
      networkId,
      networkType: 'vpc',
    })),
    serverCertificateArn: row.serverCertificateArn,
    authenticationOptions: row.authenticationOptions.map(authenticationElements),
    // The only structure of these operations whose children are capitalised.
    connectionLogOptions: { Enabled: false },
    tagSet: tagElements(row.tags),
    securityGroupIdSet: row.securityGroupIds,
    vpcId: row.vpcId,
    selfServicePortalUrl: row.selfServicePortalUrl,
    clientConnectOptions: { enabled: false },
    sessionTimeoutHours: row.sessionTimeoutHours,
    clientLoginBannerOptions: { enabled: false },
    clientRouteEnforcementOptions: { enforced: false },
    disconnectOnSessionTimeout: true,
    endpointIpAddressType: 'ipv4',
    trafficIpAddressType: 'ipv4',
    transitGatewayConfiguration:
      row.transitGateway === null
        ? null
        : {
            transitGatewayId: row.transitGateway.transitGatewayId,
            transitGatewayAttachmentId: row.transitGateway.attachmentId,
            availabilityZoneSet: row.transitGateway.availabilityZones,
          },
  };
}

function authenticationElements(row: AuthenticationRow): XmlElements {
  switch (row.type) {
    case 'certificate-authentication':
      return {
        type: row.type,
        mutualAuthentication: { clientRootCertificateChain: row.clientRootCertificateChain },
      };
    case 'directory-service-authentication':
      return { type: row.type, activeDirectory: { directoryId: row.directoryId } };
    case 'federated-authentication':
      return {
        type: row.type,
        federatedAuthentication: { samlProviderArn: row.samlProviderArn },
      };
  }
}

function tagElements(tags: Readonly<Record<string, string>>): XmlValue {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

export function targetNetworkElements(row: TargetNetworkRow): XmlElements {
  const isZone = row.targetNetworkId === null;
  return {
    associationId: row.associationId,
    vpcId: row.vpcId,
    targetNetworkId: row.targetNetworkId,
    clientVpnEndpointId: row.clientVpnEndpointId,
    status: statusElements(row.status),
    securityGroups: row.securityGroups,
    availabilityZoneSet: isZone ? [row.availabilityZone] : null,
    availabilityZoneIdSet: isZone ? [row.availabilityZoneId] : null,
  };
}

export function routeElements(row: RouteRow): XmlElements {
  return {
    clientVpnEndpointId: row.clientVpnEndpointId,
    destinationCidr: row.destinationCidr,
    targetSubnet: row.targetSubnet,
    type: row.type,
    origin: row.origin,
    status: statusElements(row.status),
    description: row.description === '' ? null : row.description,
  };
}

export function connectionElements(row: ConnectionRow): XmlElements {
  return {
    clientVpnEndpointId: row.clientVpnEndpointId,
    timestamp: row.timestamp,
    connectionId: row.connectionId,
    username: row.username === '' ? null : row.username,
    connectionEstablishedTime: row.connectionEstablishedTime,
    ingressBytes: row.ingressBytes,
    egressBytes: row.egressBytes,
    ingressPackets: row.ingressPackets,
    egressPackets: row.egressPackets,
    clientIp: row.clientIp,
    commonName: row.commonName,
    status: statusElements(row.status),
    connectionEndTime: row.connectionEndTime,
  };
}

export function terminationElements(answer: TerminationAnswer): XmlElements {
  return {
    clientVpnEndpointId: answer.clientVpnEndpointId,
    username: answer.username,
    connectionStatuses: answer.connectionStatuses.map((row) => ({
      connectionId: row.connectionId,
      previousStatus: statusElements(row.previousStatus),
      currentStatus: statusElements(row.currentStatus),
    })),
  };
}

export function authorizationRuleElements(row: AuthorizationRuleRow): XmlElements {
  return {
    clientVpnEndpointId: row.clientVpnEndpointId,
    description: row.description === '' ? null : row.description,
    groupId: row.groupId,
    accessAll: row.accessAll,
    destinationCidr: row.destinationCidr,
    status: statusElements(row.status),
  };
}

export function subnetElements(row: SubnetRow): XmlElements {
  return {
    subnetId: row.subnetId,
    subnetArn: row.subnetArn,
    state: 'available',
    vpcId: row.vpcId,
    ownerId: row.ownerId,
    cidrBlock: row.cidrBlock,
    availableIpAddressCount: row.availableIpAddressCount,
    availabilityZone: row.availabilityZone,
    availabilityZoneId: row.availabilityZoneId,
    defaultForAz: false,
    mapPublicIpOnLaunch: false,
    mapCustomerOwnedIpOnLaunch: false,
    assignIpv6AddressOnCreation: false,
    ipv6CidrBlockAssociationSet: [],
    enableDns64: false,
    ipv6Native: false,
    privateDnsNameOptionsOnLaunch: {
      hostnameType: 'ip-name',
      enableResourceNameDnsARecord: false,
      enableResourceNameDnsAAAARecord: false,
    },
    tagSet: tagElements(row.tags),
  };
}
