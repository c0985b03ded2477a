import type { Clock } from '../clock.ts';
import { StoreError } from '../errors.ts';
import { can } from '../identity/principal.ts';
import type { Principal } from '../identity/principal.ts';
import type { Log } from '../log.ts';
import type { EndpointId } from '../vpn/ids.ts';
import { nextLatestHour } from '../vpn/latest-hour.ts';
import type { EndpointDirectory } from './endpoint-directory.ts';
import type { EndpointStore } from './endpoint-store.ts';
import { holdInEffect, leasesCount, saidAfter } from './hold.ts';
import type { LeaseStore } from './lease-store.ts';
import { isHeld, leaseEnd } from './lease.ts';
import type { Lease } from './lease.ts';

/** What people do with leases. Nothing here asks anything of AWS: a lease is a wish. */
export interface LeaseService {
  /**
   * Requests a lease, or extends the one that the person holds.
   *
   * @param begin is awaited when all is checked, before anything is written: where it rejects, nothing is
   */
  request(
    principal: Principal,
    endpointId: EndpointId,
    minutes: number | null,
    begin?: () => Promise<void>,
  ): Promise<LeaseRequestOutcome>;
  /** Gives one's own lease back. One that does not count is a success; others are untouched. */
  release(
    principal: Principal,
    endpointId: EndpointId,
    begin?: () => Promise<void>,
  ): Promise<LeaseReleaseOutcome>;
}

/** `revision`: what the page that follows must know of. */
export type LeaseRequestOutcome =
  | { readonly kind: 'confirmed'; readonly lease: Lease; readonly revision: number }
  | { readonly kind: 'minutes-not-offered'; readonly offered: readonly number[] }
  | Refusal;

export type LeaseReleaseOutcome =
  { readonly kind: 'released'; readonly revision: number } | Refusal;

export type Refusal =
  | { readonly kind: 'unknown-endpoint' }
  | { readonly kind: 'not-permitted' }
  /** An administrator keeps it off: its page says until when, and why. */
  | { readonly kind: 'held-off' }
  /** The endpoint's tags do not parse: its page says what is wrong. */
  | { readonly kind: 'needs-attention' };

export interface LeaseServiceDependencies {
  readonly directory: EndpointDirectory;
  readonly endpoints: EndpointStore;
  readonly leases: LeaseStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Called when a wish has been recorded. Must not wait for what follows from it. */
  readonly nudge: (endpointId: EndpointId) => void;
}

/** Stops that get in the way of one request; more than one of them is a curiosity. */
const mostTries = 3;

export function createLeaseService(deps: LeaseServiceDependencies): LeaseService {
  const { clock, directory, endpoints, leases, log, nudge } = deps;

  return {
    async request(principal, endpointId, minutes, begin) {
      const found = await directory.find(principal, endpointId);
      if (found === null) return { kind: 'unknown-endpoint' };
      if (!can(principal, 'endpoint:use')) return { kind: 'not-permitted' };
      if (!found.policy.ok) return { kind: 'needs-attention' };
      if (found.status.hold?.kind === 'off') return { kind: 'held-off' };
      const offered = found.policy.policy.leaseMinutes;
      if (minutes === null || !offered.includes(minutes)) {
        return { kind: 'minutes-not-offered', offered };
      }
      await begin?.();
      const { latestHour } = found.policy.policy;
      let { stoppedAt } = found.status;
      for (let tries = 0; tries < mostTries; tries += 1) {
        const now = clock.now();
        const latest = latestHour === null ? null : nextLatestHour(latestHour, now);
        const askedAt = saidAfter(stoppedAt, now);
        // The lease first, then the revision: from the moment that anybody could be told yes, an
        // intent to stop that did not know of this lease is refused. Should this process die
        // between the two, the next pass finds the lease and goes on with it.
        const { lease, takeBack } = await leases.extend(
          {
            endpointId,
            personId: principal.id,
            personName: principal.name,
            requestedAt: askedAt,
            askedAt,
            until: leaseEnd(minutes, now, latest),
          },
          stoppedAt,
        );
        const record = await endpoints.noteRequest(endpointId, askedAt);
        if (holdInEffect(record, now)?.kind === 'off') {
          // What was refused must not count when the hold is over; what was confirmed before, must.
          // Of two tabs that are refused at once the first may find the second's lease over its own,
          // and leaves it: then what it has asked for comes back. That costs money, and cuts nobody off.
          await takeBack();
          return { kind: 'held-off' };
        }
        if (!isHeld(lease, leasesCount(record, now))) {
          // An administrator's stop came between; this wish is the later one.
          ({ stoppedAt } = leasesCount(record, now));
          continue;
        }
        const until = lease.until.toISOString();
        log.info({ endpointId, person: principal.id, minutes, until }, 'lease requested');
        nudge(endpointId);
        return { kind: 'confirmed', lease, revision: record.revision };
      }
      throw new StoreError(`requesting a lease on ${endpointId}: stops were always faster`);
    },

    async release(principal, endpointId, begin) {
      const found = await directory.find(principal, endpointId);
      if (found === null) return { kind: 'unknown-endpoint' };
      if (!can(principal, 'endpoint:use')) return { kind: 'not-permitted' };
      await begin?.();
      const now = clock.now();
      const { stoppedAt } = found.status;
      const removed = await leases.remove(endpointId, principal.id, { now, stoppedAt });
      // Without one that still counted there is nothing that could begin the idle clock again.
      if (removed === null) return { kind: 'released', revision: 0 };
      const { revision } = await endpoints.noteRelease(endpointId, now);
      log.info({ endpointId, person: principal.id }, 'lease released');
      nudge(endpointId);
      return { kind: 'released', revision };
    },
  };
}
