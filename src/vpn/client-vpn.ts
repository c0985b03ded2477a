import type { Association } from './association.ts';
import type { Connection } from './connection.ts';
import type { Endpoint } from './endpoint.ts';
import type { AssociationId, ConnectionId, EndpointId, SubnetId } from './ids.ts';
import type { AwsProblem } from './observation.ts';
import type { ManualRoute, Route } from './route.ts';
import type { Subnet } from './subnet.ts';

/**
 * What the portal asks of AWS. Every listing is complete (read to its last page) or rejects; every
 * rejection is a `ClientVpnError`.
 */
export interface ClientVpn {
  listEndpoints(): Promise<readonly Endpoint[]>;
  /** `null` where there is no such endpoint. */
  findEndpoint(endpointId: EndpointId): Promise<Endpoint | null>;
  listAssociations(endpointId: EndpointId): Promise<readonly Association[]>;
  listRoutes(endpointId: EndpointId): Promise<readonly Route[]>;
  listConnections(endpointId: EndpointId): Promise<readonly Connection[]>;
  /** Those of the subnets that exist; the others are missing from the answer. */
  findSubnets(subnetIds: readonly SubnetId[]): Promise<readonly Subnet[]>;
  /**
   * Asks for an association. The same `clientToken` again is the same request. An association that
   * exists already is a success.
   */
  associate(request: {
    endpointId: EndpointId;
    subnetId: SubnetId;
    clientToken: string;
  }): Promise<Accepted>;
  /** An association that is gone already is a success. */
  disassociate(request: {
    endpointId: EndpointId;
    associationId: AssociationId;
  }): Promise<Accepted>;
  /** A route that exists already is a success. */
  createRoute(request: {
    endpointId: EndpointId;
    route: ManualRoute;
    clientToken: string;
  }): Promise<Accepted>;
  /** A connection that is gone already is a success. */
  terminateConnection(request: {
    endpointId: EndpointId;
    connectionId: ConnectionId;
  }): Promise<Accepted>;
  /** How many rules let people into networks; without any, nobody gets anywhere. */
  countAuthorizationRules(endpointId: EndpointId): Promise<number>;
  /** The `.ovpn` exactly as AWS gives it. */
  exportClientConfiguration(endpointId: EndpointId): Promise<string>;
}

export interface Accepted {
  /** `already-so`: AWS had it so before; read again to see in which state. */
  readonly outcome: 'accepted' | 'already-so';
  readonly requestId: string;
}

/**
 * - `busy`: another operation is in the way; the next pass tries again.
 * - `misconfigured`: an administrator has to change something first.
 * - `not-allowed`: the role lacks a permission.
 * - `unreachable`: no usable answer (time-out, reset, 5xx).
 * - `unknown`: an answer that this code has no name for.
 */
export type ClientVpnErrorKind = AwsProblem['kind'];

export class ClientVpnError extends Error {
  override readonly name = 'ClientVpnError';
  readonly kind: ClientVpnErrorKind;
  /** AWS's error code, such as `RequestLimitExceeded`, or the name of the transport's error. */
  readonly code: string;
  /** The operation, such as `AssociateClientVpnTargetNetwork`. */
  readonly operation: string;
  readonly requestId: string | null;

  constructor(
    message: string,
    details: {
      kind: ClientVpnErrorKind;
      code: string;
      operation: string;
      requestId: string | null;
      cause?: unknown;
    },
  ) {
    super(message, { cause: details.cause });
    this.kind = details.kind;
    this.code = details.code;
    this.operation = details.operation;
    this.requestId = details.requestId;
  }
}
