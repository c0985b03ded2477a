import type { Pause } from './pause.ts';

/** Keeps the one pause that there is: in an item of its own, so that a pass reads it for little. */
export interface PauseStore {
  /**
   * The pause that was stored last, one that is over included; `null` where none was, or it was taken
   * back.
   *
   * @throws {StoreError} where it cannot be read: then nobody knows whether there is one
   */
  get(): Promise<Pause | null>;
  /** Stores a pause in the place of the one before it, or takes it back. */
  set(pause: Pause | null): Promise<void>;
}
