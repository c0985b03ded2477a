import type { Endpoint } from './endpoint.ts';

/** The managed endpoints of the Region, as somebody has listed them. */
export interface EndpointListing {
  readonly readAt: Date;
  readonly endpoints: readonly Endpoint[];
}

/** What is known of all endpoints together. */
export interface Catalogue extends EndpointListing {
  /** The schedule's last run; `null` before the first one. */
  readonly schedule: ScheduleRun | null;
  /** Since when the schedule's runs come, and fail; absent while they come to a good end. */
  readonly failingSince?: Date;
}

export interface ScheduleRun {
  readonly at: Date;
  /** It only says what it would do. */
  readonly dryRun: boolean;
}

export interface CatalogueStore {
  /** `null` before the first listing. */
  get(): Promise<Catalogue | null>;
  /** @param run the schedule's, where it is the schedule that lists; `null` leaves the last one */
  put(listing: EndpointListing, run: ScheduleRun | null): Promise<void>;
  /**
   * Takes the next listing, so that of many processes one does it.
   *
   * @returns false where another process is at it
   */
  claimListing(claim: { readonly at: Date; readonly claimedUntil: Date }): Promise<boolean>;
}
