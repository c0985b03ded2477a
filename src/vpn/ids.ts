/**
 * Ids are parsed once, where they enter, and branded: a function that takes an `AssociationId`
 * cannot be given a subnet.
 */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type EndpointId = Branded<'EndpointId'>;
export type AssociationId = Branded<'AssociationId'>;
export type SubnetId = Branded<'SubnetId'>;
export type VpcId = Branded<'VpcId'>;
export type ConnectionId = Branded<'ConnectionId'>;

/** AWS's ids: a prefix, then 8 (old) or 17 (new) hexadecimal digits. */
function isId(prefix: string, text: string): boolean {
  return (
    text.startsWith(`${prefix}-`) &&
    /^(?:[0-9a-f]{8}|[0-9a-f]{17})$/.test(text.slice(prefix.length + 1))
  );
}

/* Each answers `null` for text that is not such an id. */

export function parseEndpointId(text: string): EndpointId | null {
  return isId('cvpn-endpoint', text) ? (text as EndpointId) : null;
}

export function parseAssociationId(text: string): AssociationId | null {
  return isId('cvpn-assoc', text) ? (text as AssociationId) : null;
}

export function parseSubnetId(text: string): SubnetId | null {
  return isId('subnet', text) ? (text as SubnetId) : null;
}

export function parseVpcId(text: string): VpcId | null {
  return isId('vpc', text) ? (text as VpcId) : null;
}

export function parseConnectionId(text: string): ConnectionId | null {
  return isId('cvpn-connection', text) ? (text as ConnectionId) : null;
}
