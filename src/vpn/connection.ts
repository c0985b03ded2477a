import type { ConnectionId } from './ids.ts';

export const connectionStatuses = [
  'active',
  'failed-to-terminate',
  'terminating',
  'terminated',
] as const;
export type ConnectionStatus = (typeof connectionStatuses)[number] | 'unknown';

/** A client's VPN session. AWS lists the active ones and those ended within the last 60 minutes. */
export interface Connection {
  readonly id: ConnectionId;
  /** From `Username`, else `CommonName`; empty where AWS names nobody. */
  readonly person: string;
  readonly status: ConnectionStatus;
  readonly establishedAt: Date;
  readonly endedAt: Date | null;
  readonly clientAddress: string;
  readonly ingressBytes: number;
  readonly egressBytes: number;
}

/** Everything but `terminated` counts as somebody being there, a status we do not know included. */
export function isConnected(connection: Connection): boolean {
  return connection.status !== 'terminated';
}
