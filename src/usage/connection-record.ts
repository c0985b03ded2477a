import type { ConnectionStatus } from '../vpn/connection.ts';
import type { ConnectionId, EndpointId } from '../vpn/ids.ts';

/** One client's VPN session, as the history keeps it. */
export interface ConnectionRecord {
  readonly endpointId: EndpointId;
  readonly connectionId: ConnectionId;
  /** As AWS names them: the user name of a federated sign-in, the common name of a certificate. */
  readonly person: string;
  readonly from: Date;
  /** `null` while it is open. */
  readonly to: Date | null;
  /** The last reading that listed it: the counters are as of then. */
  readonly seenAt: Date;
  /** From the client to AWS, in bytes. */
  readonly ingressBytes: number;
  /** From AWS to the client, in bytes. */
  readonly egressBytes: number;
  /** In the client CIDR range. */
  readonly clientAddress: string;
  readonly status: ConnectionStatus;
  /** `null` while it is open. */
  readonly ending: ConnectionEnding | null;
}

/**
 * A connection lasts no longer: AWS ends each after the endpoint's session duration, which is at most
 * 24 hours. Source: AWS Client VPN Administrator Guide, "Maximum VPN session duration timeout".
 */
export const longestConnectionMinutes = 25 * 60;

/**
 * How a connection ended. `by-newer-connection`: the same person's, where each may have but one, and
 * the newer one wins. `not-observed`: nobody looked for so long that AWS lists it no more; `to`
 * is then the last time that it was seen.
 */
export const connectionEndings = [
  'by-client',
  'by-administrator',
  'by-newer-connection',
  'with-the-stop',
  'not-observed',
] as const;
export type ConnectionEnding = (typeof connectionEndings)[number];

/**
 * People are found by how they sign in, whatever its capitals: the portal and the VPN client go
 * through the same identity provider, and name the same person by the same text.
 */
export function personKey(person: string): string {
  return person.trim().toLowerCase();
}
