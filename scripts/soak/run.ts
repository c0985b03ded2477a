/** A run that AWS and the table have answered: what it did, or left undone, is its own doing. */
export interface CalmRun {
  /** In epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
}
