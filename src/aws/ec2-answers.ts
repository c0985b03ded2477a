import type * as ec2 from '@aws-sdk/client-ec2';

import { associationStatuses } from '../vpn/association.ts';
import type { Association } from '../vpn/association.ts';
import { connectionStatuses } from '../vpn/connection.ts';
import type { Connection } from '../vpn/connection.ts';
import { endpointStatuses } from '../vpn/endpoint.ts';
import type { Authentication, Endpoint } from '../vpn/endpoint.ts';
import {
  parseAssociationId,
  parseConnectionId,
  parseEndpointId,
  parseSubnetId,
  parseVpcId,
} from '../vpn/ids.ts';
import { routeStatuses } from '../vpn/route.ts';
import type { Route } from '../vpn/route.ts';
import type { Subnet } from '../vpn/subnet.ts';

/*
 * AWS's answers, read once. An id that is missing or is no id makes the whole answer unusable: a
 * reading with a hole in it must not pass for a complete one.
 */

const authenticationTypes: ReadonlyMap<string | undefined, Authentication> = new Map([
  ['federated-authentication', 'federated'],
  ['directory-service-authentication', 'directory-service'],
  ['certificate-authentication', 'certificate'],
]);

export function readEndpoint(answer: ec2.ClientVpnEndpoint): Endpoint {
  return {
    id: required('endpoint id', answer.ClientVpnEndpointId, parseEndpointId),
    status: oneOf(endpointStatuses, answer.Status?.Code),
    description: answer.Description ?? '',
    authentication: (answer.AuthenticationOptions ?? [])
      .map(({ Type }) => authenticationTypes.get(Type))
      .filter((type) => type !== undefined),
    clientCidr: answer.ClientCidrBlock ?? null,
    splitTunnel: answer.SplitTunnel ?? false,
    vpcId: optional(answer.VpcId, parseVpcId),
    transitGateway: answer.TransitGatewayConfiguration !== undefined,
    tags: new Map((answer.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])),
  };
}

export function readAssociation(answer: ec2.TargetNetwork): Association {
  return {
    id: required('association id', answer.AssociationId, parseAssociationId),
    subnetId: optional(answer.TargetNetworkId, parseSubnetId),
    vpcId: optional(answer.VpcId, parseVpcId),
    status: oneOf(associationStatuses, answer.Status?.Code),
    message: answer.Status?.Message ?? '',
  };
}

/** `null` for a route through something that is no subnet: nothing the portal could put back. */
export function readRoute(answer: ec2.ClientVpnRoute): Route | null {
  const subnetId = optional(answer.TargetSubnet, parseSubnetId);
  if (subnetId === null || answer.DestinationCidr === undefined) return null;
  return {
    destinationCidr: answer.DestinationCidr,
    subnetId,
    description: answer.Description ?? '',
    status: oneOf(routeStatuses, answer.Status?.Code),
    message: answer.Status?.Message ?? '',
    origin: answer.Origin === 'associate' ? 'associate' : 'add-route',
  };
}

export function readConnection(answer: ec2.ClientVpnConnection): Connection {
  return {
    id: required('connection id', answer.ConnectionId, parseConnectionId),
    person: named(answer.Username) ?? named(answer.CommonName) ?? '',
    status: oneOf(connectionStatuses, answer.Status?.Code),
    establishedAt: required('established time', answer.ConnectionEstablishedTime, parseTime),
    endedAt: optional(answer.ConnectionEndTime, parseTime),
    clientAddress: answer.ClientIp ?? '',
    ingressBytes: required('byte count', answer.IngressBytes ?? '0', parseCount),
    egressBytes: required('byte count', answer.EgressBytes ?? '0', parseCount),
  };
}

export function readSubnet(answer: ec2.Subnet): Subnet {
  return {
    id: required('subnet id', answer.SubnetId, parseSubnetId),
    vpcId: required('VPC id', answer.VpcId, parseVpcId),
    cidr: answer.CidrBlock ?? '',
    availabilityZone: answer.AvailabilityZone ?? '',
    availableAddresses: readNumber('number of addresses', answer.AvailableIpAddressCount ?? 0),
  };
}

function required<Value>(
  what: string,
  text: string | undefined,
  parse: (text: string) => Value | null,
): Value {
  const value = optional(text, parse);
  if (value === null) throw new Error(`AWS answered no usable ${what}`);
  return value;
}

function optional<Value>(
  text: string | undefined,
  parse: (text: string) => Value | null,
): Value | null {
  return text === undefined ? null : parse(text);
}

function oneOf<Known extends string>(known: readonly Known[], code: string | undefined) {
  return known.find((candidate) => candidate === code) ?? 'unknown';
}

/** For a SAML sign-in the person may be in either field; the other one is empty or `N/A`. */
function named(text: string | undefined): string | null {
  return text === undefined || text === '' || text === 'N/A' ? null : text;
}

/** `2018-12-13 18:32:49`, without a zone, which AWS means as UTC; `-` while there is none yet. */
function parseTime(text: string): Date | null {
  const time = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})/.exec(text);
  if (time === null) return null;
  const date = new Date(`${time[1] ?? ''}T${time[2] ?? ''}Z`);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** A text of digits. What is none says nothing of whether somebody uses a connection. */
function parseCount(text: string): number | null {
  if (text === '' || text === '-') return 0;
  return /^\d{1,19}$/.test(text) ? Number(text) : null;
}

/** The client makes a number of whatever stands there, and `NaN` of what is none. */
function readNumber(what: string, value: number): number {
  if (!Number.isInteger(value)) throw new Error(`AWS answered no usable ${what}`);
  return value;
}
