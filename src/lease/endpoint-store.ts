import type { PendingEvent } from '../notify/domain-event.ts';
import type { EndpointId } from '../vpn/ids.ts';
import type { EndpointRecord, Intent } from './endpoint-record.ts';
import type { Hold, StopRequest, Termination } from './hold.ts';
import type { Lease } from './lease.ts';

/**
 * The endpoint's item and the leases beside it. Only single-item conditional writes: nothing here
 * needs a transaction.
 */
export interface EndpointStore {
  /**
   * The record (a new one where there is none yet) and every lease, held or not, as of now.
   *
   * @param only the record, without leases: of a large endpoint those are thousands
   */
  load(endpointId: EndpointId, only?: 'record'): Promise<LoadedEndpoint>;

  /**
   * Raises the revision, after the lease is stored and before its owner is told yes, and makes a
   * pass due. From here on an intent to stop that was decided before fails.
   */
  noteRequest(endpointId: EndpointId, at: Date): Promise<EndpointRecord>;

  /** Remembers that a lease was given back, and makes a pass due. */
  noteRelease(endpointId: EndpointId, at: Date): Promise<EndpointRecord>;

  /**
   * Remembers that a client is about to be let in, and raises the revision: from here on an intent to
   * stop that was decided before fails. It makes no pass due: a connection is no request. The latest
   * time stands, whichever is noted last: a process may have been frozen over it.
   *
   * @returns `null` where a stop is under way, which the client would be cut off by
   */
  noteAttempt(endpointId: EndpointId, at: Date): Promise<EndpointRecord | null>;

  /**
   * Stores an administrator's hold, raises the revision, and makes a pass due.
   *
   * @param event that reports it, where anybody listens: stored with it, or not at all
   */
  setHold(
    endpointId: EndpointId,
    hold: Hold,
    at: Date,
    event?: PendingEvent | null,
  ): Promise<EndpointRecord>;

  /**
   * Takes back the hold that counts, which begins the idle clock, raises the revision, and makes a
   * pass due. One that is over, or void, stays: the idle clock looks back to its end.
   */
  releaseHold(endpointId: EndpointId, at: Date): Promise<EndpointRecord>;

  /**
   * Stores that an administrator wants the endpoint stopped now, raises the revision, and makes a
   * pass due. The latest stop stands, whichever is stored last: one that is earlier, or of the same
   * moment, leaves it as it is.
   */
  requestStop(endpointId: EndpointId, request: StopRequest): Promise<EndpointRecord>;

  /** Stores that an administrator wants a connection ended, and makes a pass due. */
  requestTermination(endpointId: EndpointId, termination: Termination): Promise<EndpointRecord>;

  /**
   * Takes the next pass, if one is due, nobody else is at it, and the last one is long enough ago.
   * This is what makes five thousand open tabs cost as many EC2 calls as one.
   *
   * @returns the record as it was claimed, or `null` where the pass is not to be had now
   */
  claimPass(claim: PassClaim): Promise<EndpointRecord | null>;

  /**
   * Stores an intent before it is acted on.
   *
   * @throws {PassLostError} when another pass has taken over since, or, with `unlessRevisedSince`,
   *   when somebody has asked for the endpoint since that revision
   */
  writeIntent(
    pass: PassKey,
    intent: Intent,
    condition?: { readonly unlessRevisedSince: number },
  ): Promise<void>;

  /**
   * Stores what a pass found, and ends its claim. The next pass is due at `nextPassAt`, or at once
   * where somebody has asked for the endpoint since `revision`; terminations that were wished since
   * stay beside those that it has found. Its events are added to those that are pending.
   *
   * @throws {PassLostError} when another pass has taken over since
   */
  recordPass(pass: PassKey, found: PassFindings): Promise<void>;

  /** Takes out events that have been delivered; those that are not there are a success. */
  settleEvents(endpointId: EndpointId, ids: readonly string[]): Promise<void>;
}

export interface LoadedEndpoint {
  readonly record: EndpointRecord;
  readonly leases: readonly Lease[];
}

export interface PassKey {
  readonly endpointId: EndpointId;
  /** Fresh for each pass; whoever claims later takes it over. */
  readonly passId: string;
}

export interface PassClaim extends PassKey {
  readonly at: Date;
  /** How long others keep away should this process die. */
  readonly claimedUntil: Date;
  /** The pass is refused where the last one began after this. */
  readonly notIfPassedSince: Date;
}

export type PassFindings = Pick<
  EndpointRecord,
  | 'revision'
  | 'intent'
  | 'rememberedRoutes'
  | 'subnetCheck'
  | 'rulesCheck'
  | 'lastConnectedAt'
  | 'onSince'
  | 'stateSince'
  | 'startSeconds'
  | 'terminations'
  | 'traffic'
  | 'lastPass'
  | 'usage'
  | 'reported'
> & {
  readonly nextPassAt: Date;
  /** The news of this pass. */
  readonly events: readonly PendingEvent[];
  /**
   * How many terminations were wished when the pass was claimed. Where there are no more, those that
   * it has found fulfilled are forgotten whoever came in between; without this, they are not then.
   */
  readonly terminationsRead?: number;
};

/** Another process has gone on with this endpoint: whatever this one was about to do must not happen. */
export class PassLostError extends Error {
  override readonly name = 'PassLostError';

  constructor(doing: string, options?: { cause?: unknown }) {
    super(`${doing}: another pass or a request came first`, options);
  }
}
