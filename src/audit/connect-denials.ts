import type { EndpointId } from '../vpn/ids.ts';

/** Why it could not be told whether a client may connect: the deployment says what happens then. */
export const unjudgedReasons = [
  /** AWS asks in a version that came after those that are known. */
  'version-not-known',
  'endpoint-not-managed',
  'tags-not-usable',
  'tags-too-old',
  'connections-not-read',
  'connections-too-many',
  'no-answer-in-time',
  'failed',
] as const;
export type UnjudgedReason = (typeof unjudgedReasons)[number];

/**
 * Why a client was not let in: a closed list. It is the audit's outcome, the log's reason and, in
 * words, what administrators read.
 */
export const denialReasons = [
  /** The endpoint is on its way off: whoever came in now would be cut off. */
  'stop-under-way',
  'held-off',
  'not-in-group',
  'client-version-unknown',
  'client-too-old',
  'platform-unknown',
  'platform-not-admitted',
  'platform-too-old',
  'no-lease',
  'connected-already',
  /** What AWS has sent is not a request as it is described. */
  'request-malformed',
  ...unjudgedReasons,
] as const;
export type DenialReason = (typeof denialReasons)[number];

/** The audit's outcome of a client that nobody has judged, and that was let in all the same. */
export function letInUnjudged(reason: UnjudgedReason): string {
  return `let-in-${reason}`;
}

/** A client that was not let in, as the overview shows it. */
export interface ConnectDenial {
  readonly at: Date;
  /** `null` where the request named none. */
  readonly endpointId: EndpointId | null;
  /** As the VPN's sign-in names them; empty where it names nobody. */
  readonly person: string;
  readonly reason: DenialReason;
}

/**
 * The last clients that were not let in. They are in the audit, too; these are kept beside it, so that
 * the last few can be read without reading past everything else.
 */
export interface ConnectDenials {
  append(denial: ConnectDenial): Promise<void>;
  /** The newest first, at most so many, and none that is older than a month. */
  last(limit: number): Promise<readonly ConnectDenial[]>;
}

export const denialsKeptDays = 30;
