import type { Clock } from '../clock.ts';
import { minutesAfter } from '../clock.ts';
import { can } from '../identity/principal.ts';
import type { Principal } from '../identity/principal.ts';
import type { Log } from '../log.ts';
import type { EndpointId } from '../vpn/ids.ts';
import type { EndpointDirectory } from './endpoint-directory.ts';
import type { EndpointStore } from './endpoint-store.ts';
import type { LeaseStore } from './lease-store.ts';
import type { Lease } from './lease.ts';

/** What people do with leases. Nothing here asks anything of AWS: a lease is a wish. */
export interface LeaseService {
  /** Requests a lease, or extends the one that the person holds. */
  request(
    principal: Principal,
    endpointId: EndpointId,
    minutes: number | null,
  ): Promise<LeaseRequestOutcome>;
  /** Gives one's own lease back. One that is not there is a success; others are untouched. */
  release(principal: Principal, endpointId: EndpointId): Promise<LeaseReleaseOutcome>;
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

export function createLeaseService(deps: LeaseServiceDependencies): LeaseService {
  const { clock, directory, endpoints, leases, log, nudge } = deps;

  return {
    async request(principal, endpointId, minutes) {
      const found = await directory.find(principal, endpointId);
      if (found === null) return { kind: 'unknown-endpoint' };
      if (!can(principal, 'endpoint:use')) return { kind: 'not-permitted' };
      if (!found.policy.ok) return { kind: 'needs-attention' };
      const offered = found.policy.policy.leaseMinutes;
      if (minutes === null || !offered.includes(minutes)) {
        return { kind: 'minutes-not-offered', offered };
      }
      const now = clock.now();
      // The lease first, then the revision: from the moment that anybody could be told yes, an
      // intent to stop that did not know of this lease is refused. Should this process die between
      // the two, the next pass finds the lease and goes on with it.
      const lease = await leases.extend({
        endpointId,
        personId: principal.id,
        personName: principal.name,
        requestedAt: now,
        until: minutesAfter(now, minutes),
      });
      const { revision } = await endpoints.noteRequest(endpointId, now);
      const until = lease.until.toISOString();
      log.info({ endpointId, person: principal.id, minutes, until }, 'lease requested');
      nudge(endpointId);
      return { kind: 'confirmed', lease, revision };
    },

    async release(principal, endpointId) {
      const found = await directory.find(principal, endpointId);
      if (found === null) return { kind: 'unknown-endpoint' };
      if (!can(principal, 'endpoint:use')) return { kind: 'not-permitted' };
      await leases.remove(endpointId, principal.id);
      const { revision } = await endpoints.noteRelease(endpointId, clock.now());
      log.info({ endpointId, person: principal.id }, 'lease released');
      nudge(endpointId);
      return { kind: 'released', revision };
    },
  };
}
