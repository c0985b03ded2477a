import type { EndpointId, VpcId } from './ids.ts';

/** As AWS spells them; `unknown` is a status newer than this code. */
export const endpointStatuses = [
  'pending-associate',
  'available',
  'deleting',
  'deleted',
  'pending',
] as const;
export type EndpointStatus = (typeof endpointStatuses)[number] | 'unknown';

export type Authentication = 'federated' | 'directory-service' | 'certificate';

/** A Client VPN endpoint as AWS describes it. */
export interface Endpoint {
  readonly id: EndpointId;
  readonly status: EndpointStatus;
  readonly description: string;
  /** More than one where they are combined, such as certificate and federated. */
  readonly authentication: readonly Authentication[];
  /** `null` for an endpoint that has none, such as one of IPv6 only. */
  readonly clientCidr: string | null;
  readonly splitTunnel: boolean;
  readonly vpcId: VpcId | null;
  readonly transitGateway: boolean;
  readonly tags: ReadonlyMap<string, string>;
}

/** The tag by which an endpoint is put into the portal's hands. */
export const managedTag = 'vpn-portal:managed';

export function isManaged(endpoint: Endpoint): boolean {
  return (
    endpoint.tags.get(managedTag) === 'true' &&
    endpoint.status !== 'deleting' &&
    endpoint.status !== 'deleted'
  );
}
