import type { Endpoint } from './endpoint.ts';

/** The managed endpoints of the Region, as last listed. */
export interface Catalogue {
  readonly readAt: Date;
  readonly endpoints: readonly Endpoint[];
}

export interface CatalogueStore {
  /** `null` before the first listing. */
  get(): Promise<Catalogue | null>;
  put(catalogue: Catalogue): Promise<void>;
  /**
   * Takes the next listing, so that of many processes one does it.
   *
   * @returns false where another process is at it
   */
  claimListing(claim: { readonly at: Date; readonly claimedUntil: Date }): Promise<boolean>;
}
