import type { Clock } from '../clock.ts';
import { secondsBetween } from '../clock.ts';
import { NotReadYetError } from '../errors.ts';
import { maySee, mayUse } from '../identity/principal.ts';
import type { Principal } from '../identity/principal.ts';
import { createSharedReading } from '../shared-reading.ts';
import type { Catalogue, CatalogueStore, ScheduleRun } from '../vpn/catalogue.ts';
import type { Endpoint } from '../vpn/endpoint.ts';
import type { ConnectionId, EndpointId } from '../vpn/ids.ts';
import { parsePolicy } from '../vpn/policy.ts';
import type { ParsedPolicy } from '../vpn/policy.ts';
import { passSpacingSeconds } from './endpoint-record.ts';
import type { EndpointRecord, EndpointState } from './endpoint-record.ts';
import type { EndpointStatus } from './endpoint-status.ts';
import { endpointStatus } from './endpoint-status.ts';
import type { EndpointStore, LoadedEndpoint } from './endpoint-store.ts';
import type { Lease } from './lease.ts';

/** One managed endpoint as it is for one person. */
export interface EndpointForPerson {
  readonly endpoint: Endpoint;
  readonly name: string;
  readonly policy: ParsedPolicy;
  readonly status: EndpointStatus;
  /** May request leases: false for an auditor, and while the policy does not parse. */
  readonly mayUse: boolean;
  /** The schedule's last run; `null` before the first one. */
  readonly schedule: ScheduleRun | null;
  /** The person's own held lease. */
  readonly ownLease: Lease | null;
  /** Connections that an administrator has asked to end, and that have not been seen gone. */
  readonly ending: readonly ConnectionId[];
}

/** The endpoints that exist for a person, and when AWS was asked for them. */
export interface Listing extends Pick<Catalogue, 'failingSince'> {
  readonly readAt: Date;
  readonly schedule: ScheduleRun | null;
  readonly endpoints: readonly EndpointForPerson[];
}

/** What a person may see. An endpoint they may not see does not exist for them. */
export interface EndpointDirectory {
  /**
   * Those that the person may use first, by name.
   *
   * @returns `null` while AWS has not been read even once
   */
  list(principal: Principal): Promise<Listing | null>;
  /**
   * @throws {NotReadYetError} while AWS has not been read even once
   * @param atLeast the revision that the answer must know of: somebody who has just been told yes
   *   must not read a page that is older than that
   */
  find(
    principal: Principal,
    endpointId: EndpointId,
    atLeast?: number,
  ): Promise<EndpointForPerson | null>;
}

export interface EndpointDirectoryDependencies {
  readonly endpoints: EndpointStore;
  readonly catalogue: CatalogueStore;
  readonly clock: Clock;
  /** Called when a pass of the endpoint is due and nobody has come. Must not wait for it. */
  readonly passIsDue: (endpointId: EndpointId) => void;
  /** Called when the listing is old. Must not wait for it. */
  readonly listingIsDue: () => void;
}

/** Within this time everybody who looks shares one reading of the store. */
const sharedSeconds = 1;
const mostEndpointsShared = 200;
/** The schedule lists once a minute; the portal steps in when that has not happened. */
const listingIsOldAfterSeconds = 90;
/**
 * While something is changing the portal takes the passes as they fall due. Otherwise they are the
 * schedule's, which alone may stop an endpoint, and the portal steps in when it is late.
 */
const scheduleIsLateAfterSeconds = 30;

export function createEndpointDirectory(deps: EndpointDirectoryDependencies): EndpointDirectory {
  const { catalogue, clock, endpoints } = deps;

  const readings = createSharedReading<EndpointId, LoadedEndpoint>({
    clock,
    seconds: sharedSeconds,
    mostKeys: mostEndpointsShared,
    read: async (endpointId) => {
      const loaded = await endpoints.load(endpointId);
      if (isDue(loaded, clock.now())) deps.passIsDue(endpointId);
      return loaded;
    },
  });

  const listings = createSharedReading<'catalogue', Catalogue | null>({
    clock,
    seconds: sharedSeconds,
    mostKeys: 1,
    read: async () => {
      const listing = await catalogue.get();
      const age =
        listing === null ? Infinity : Math.abs(secondsBetween(listing.readAt, clock.now()));
      if (age > listingIsOldAfterSeconds) deps.listingIsDue();
      return listing;
    },
  });

  // Listings are shared, so their tags need to be read but once.
  const policies = new WeakMap<Endpoint, ParsedPolicy>();

  function policyOf(endpoint: Endpoint): ParsedPolicy {
    const policy = policies.get(endpoint) ?? parsePolicy(endpoint);
    policies.set(endpoint, policy);
    return policy;
  }

  async function describe(
    principal: Principal,
    { endpoint, schedule }: { readonly endpoint: Endpoint } & Pick<Catalogue, 'schedule'>,
    atLeast: number,
  ): Promise<EndpointForPerson | null> {
    const policy = policyOf(endpoint);
    const { groups, name } = policy.ok ? policy.policy : policy;
    if (!maySee(principal, groups)) return null;
    const { leases, record } = await readings.get(
      endpoint.id,
      (reading) => reading.record.revision >= atLeast,
    );
    const status = endpointStatus(
      record,
      leases,
      policy.ok ? policy.policy : null,
      clock.now(),
      schedule?.dryRun,
    );
    return {
      endpoint,
      name,
      policy,
      status,
      schedule,
      mayUse: policy.ok && mayUse(principal, groups),
      ownLease: status.leases.find(({ personId }) => personId === principal.id) ?? null,
      ending: record.terminations.map(({ connectionId }) => connectionId),
    };
  }

  return {
    async list(principal) {
      const listing = await listings.get('catalogue');
      if (listing === null) return null;
      const { failingSince } = listing;
      const described = await Promise.all(
        listing.endpoints.map((endpoint) =>
          describe(principal, { endpoint, schedule: listing.schedule }, 0),
        ),
      );
      return {
        readAt: listing.readAt,
        schedule: listing.schedule,
        ...(failingSince === undefined ? {} : { failingSince }),
        endpoints: described
          .filter((endpoint) => endpoint !== null)
          .sort((a, b) => Number(b.mayUse) - Number(a.mayUse) || a.name.localeCompare(b.name)),
      };
    },

    async find(principal, endpointId, atLeast = 0) {
      const listing = await listings.get('catalogue');
      if (listing === null) throw new NotReadYetError('finding an endpoint');
      const endpoint = listing.endpoints.find(({ id }) => id === endpointId);
      const { schedule } = listing;
      return endpoint === undefined ? null : describe(principal, { endpoint, schedule }, atLeast);
    },
  };
}

function isDue({ leases, record }: LoadedEndpoint, now: Date): boolean {
  const { claimedUntil, lastPassAt, nextPassAt } = record.schedule;
  if (nextPassAt === null) return true;
  if (claimedUntil !== null && claimedUntil > now) return false;
  if (lastPassAt !== null && secondsBetween(lastPassAt, now) < passSpacingSeconds) return false;
  const { state } = endpointStatus(record, leases, null, now);
  const isChanging = state === 'starting' || state === 'stopping';
  const hurry = isChanging && !isLeftToSchedule(record, state);
  const patience = hurry ? 0 : scheduleIsLateAfterSeconds;
  return secondsBetween(nextPassAt, now) >= patience;
}

/**
 * Whether a disassociation is what comes next. The schedule alone may do that, and a portal that
 * took every pass as it falls due would leave it none: passes keep a distance from each other.
 */
function isLeftToSchedule({ lastPass }: EndpointRecord, state: EndpointState): boolean {
  const seen = lastPass?.seen?.associations ?? [];
  return (
    seen.some(({ status }) => status === 'association-failed') ||
    (state === 'stopping' && lastPass?.reason.code !== 'disassociating')
  );
}
