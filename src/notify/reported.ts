/**
 * What those who listen have been told of an endpoint. It stands in the record, so that nobody is
 * told twice, whichever process comes next.
 */
export interface Reported {
  /** `null` before the first look; `failed`: a start that was given up. */
  readonly phase: Phase | null;
  /** The start that this phase is of; `null` where there is none. */
  readonly startId: string | null;
  /** The code of the reason for the trouble that they were told of, until they are told it is over. */
  readonly trouble: string | null;
}

export type Phase = 'off' | 'starting' | 'on' | 'stopping' | 'failed';

export const nothingReported: Reported = {
  phase: null,
  startId: null,
  trouble: null,
};
