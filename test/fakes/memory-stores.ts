import { StoreError } from '../../src/errors.ts';
import { newEndpointRecord } from '../../src/lease/endpoint-record.ts';
import type { EndpointRecord, Intent } from '../../src/lease/endpoint-record.ts';
import { PassLostError } from '../../src/lease/endpoint-store.ts';
import type { EndpointStore } from '../../src/lease/endpoint-store.ts';
import type { LeaseStore } from '../../src/lease/lease-store.ts';
import { isHeld } from '../../src/lease/lease.ts';
import type { Lease } from '../../src/lease/lease.ts';
import type { Catalogue, CatalogueStore } from '../../src/vpn/catalogue.ts';
import type { EndpointId } from '../../src/vpn/ids.ts';

/** The three stores over one table in memory. */
export interface MemoryStores {
  readonly endpoints: EndpointStore;
  readonly leases: LeaseStore;
  readonly catalogue: CatalogueStore;
  /** What the table says of an endpoint, for whoever holds the result against it. */
  peek(endpointId: EndpointId): { readonly record: EndpointRecord; readonly leases: Lease[] };
}

/**
 * One request to the table. `effect` is what the table does, all at once: whoever replaces this
 * decides when that happens, whether it does, and whether the answer arrives. A store's method that
 * needs several requests makes several of these, and others may come in between.
 */
export type TableCall = <Answer>(request: TableRequest, effect: () => Answer) => Promise<Answer>;

export interface TableRequest {
  readonly operation: TableOperation;
  readonly endpointId: EndpointId | null;
  /** Of `write-intent`. */
  readonly intent?: Intent;
  /** Of the requests that belong to a pass. */
  readonly passId?: string;
  /** Of the requests about a lease. */
  readonly personId?: string;
}

export type TableOperation =
  | 'load'
  | 'note-request'
  | 'note-release'
  | 'claim-pass'
  | 'write-intent'
  | 'record-pass'
  | 'extend-lease'
  | 'read-lease'
  | 'remove-lease'
  | 'get-catalogue'
  | 'put-catalogue'
  | 'claim-listing';

/** The endpoint's item: the record, and whose pass it is, which no reader is shown. */
interface StoredEndpoint {
  readonly record: EndpointRecord;
  readonly passId: string | null;
}

/** As often as the real store tries. */
const mostTries = 10;

/** What stands in the table; several stores over one of these are several processes' clients. */
export interface MemoryTable {
  readonly items: Map<EndpointId, StoredEndpoint>;
  readonly leases: Map<EndpointId, Map<string, Lease>>;
  listing: { readonly catalogue: Catalogue | null; readonly claimedUntil: Date | null } | null;
}

export function createMemoryTable(): MemoryTable {
  return { items: new Map(), leases: new Map(), listing: null };
}

// eslint-disable-next-line @typescript-eslint/require-await -- an effect that throws is a rejection
const atOnce: TableCall = async (_request, effect) => effect();

/**
 * Stores with the conditions of the real ones and nothing to wait for. The real ones and these pass
 * the same contract tests.
 */
export function createMemoryStores(
  call: TableCall = atOnce,
  table: MemoryTable = createMemoryTable(),
): MemoryStores {
  const { items, leases: leasesOf } = table;

  function itemOf(endpointId: EndpointId): StoredEndpoint {
    return items.get(endpointId) ?? { record: newEndpointRecord(endpointId), passId: null };
  }

  function peek(endpointId: EndpointId): { record: EndpointRecord; leases: Lease[] } {
    const leases = [...(leasesOf.get(endpointId)?.values() ?? [])];
    leases.sort((a, b) => (a.personId < b.personId ? -1 : 1));
    return { record: itemOf(endpointId).record, leases };
  }

  /** One update of the endpoint's item; `null` where `change` answers it, which changes nothing. */
  function write(
    endpointId: EndpointId,
    change: (stored: StoredEndpoint) => StoredEndpoint | null,
  ): EndpointRecord | null {
    const changed = change(itemOf(endpointId));
    if (changed === null) return null;
    items.set(endpointId, changed);
    return changed.record;
  }

  function note(
    endpointId: EndpointId,
    at: Date,
    noted: Pick<EndpointRecord, 'lastRequestAt'> | Pick<EndpointRecord, 'lastReleaseAt'>,
  ): EndpointRecord {
    const { passId, record } = itemOf(endpointId);
    const revision = record.revision + 1;
    const schedule = { ...record.schedule, nextPassAt: at };
    const written = { ...record, ...noted, revision, schedule };
    items.set(endpointId, { passId, record: written });
    return written;
  }

  const endpoints: EndpointStore = {
    load: (endpointId) => call({ operation: 'load', endpointId }, () => peek(endpointId)),

    noteRequest: (endpointId, at) =>
      call({ operation: 'note-request', endpointId }, () =>
        note(endpointId, at, { lastRequestAt: at }),
      ),

    noteRelease: (endpointId, at) =>
      call({ operation: 'note-release', endpointId }, () =>
        note(endpointId, at, { lastReleaseAt: at }),
      ),

    claimPass: ({ at, claimedUntil, endpointId, notIfPassedSince, passId }) =>
      call({ operation: 'claim-pass', endpointId, passId }, () =>
        write(endpointId, ({ record }) => {
          const { schedule } = record;
          const isDue =
            (schedule.nextPassAt === null || schedule.nextPassAt <= at) &&
            (schedule.lastPassAt === null || schedule.lastPassAt <= notIfPassedSince);
          const nobodyIsAtIt = schedule.claimedUntil === null || schedule.claimedUntil <= at;
          if (!isDue || !nobodyIsAtIt) return null;
          const claimed = { lastPassAt: at, nextPassAt: claimedUntil, claimedUntil };
          return { passId, record: { ...record, schedule: claimed } };
        }),
      ),

    writeIntent: ({ endpointId, passId }, intent, condition) =>
      call({ operation: 'write-intent', endpointId, intent, passId }, () => {
        const written = write(endpointId, (stored) => {
          if (stored.passId !== passId) return null;
          const { record } = stored;
          if (condition !== undefined && condition.unlessRevisedSince !== record.revision) {
            return null;
          }
          return { passId, record: { ...record, intent } };
        });
        if (written === null) throw new PassLostError(`storing the intent to ${intent.kind}`);
      }),

    async recordPass({ endpointId, passId }, found) {
      const { nextPassAt, revision, ...findings } = found;
      const record = (undisturbed: boolean) => () =>
        write(endpointId, (stored) => {
          if (stored.passId !== passId) return null;
          if (undisturbed && stored.record.revision !== revision) return null;
          const before = stored.record.schedule;
          const schedule = {
            ...before,
            claimedUntil: null,
            nextPassAt: undisturbed ? nextPassAt : before.nextPassAt,
          };
          return { passId, record: { ...stored.record, ...findings, schedule } };
        });
      const request = { operation: 'record-pass', endpointId, passId } as const;
      if ((await call(request, record(true))) !== null) return;
      // Somebody has asked since, and has made the next pass due at once: that stays.
      if ((await call(request, record(false))) === null) {
        throw new PassLostError('recording the pass');
      }
    },
  };

  /** `null` where the condition does not hold. */
  function writeLease(lease: Lease, kind: 'new' | 'extension'): Lease | null {
    const { endpointId, personId, requestedAt: now } = lease;
    const own = leasesOf.get(endpointId) ?? new Map<string, Lease>();
    const before = own.get(personId);
    const held = before !== undefined && isHeld(before, now) ? before : null;
    if (kind === 'new' && held !== null) return null;
    if (kind === 'extension' && (held === null || held.until >= lease.until)) return null;
    const written = { ...lease, requestedAt: held?.requestedAt ?? now };
    leasesOf.set(endpointId, own.set(personId, written));
    return written;
  }

  const leases: LeaseStore = {
    async extend(lease) {
      const { endpointId, personId } = lease;
      const request = { operation: 'extend-lease', endpointId, personId } as const;
      for (let tries = 0; tries < mostTries; tries += 1) {
        const written =
          (await call(request, () => writeLease(lease, 'extension'))) ??
          (await call(request, () => writeLease(lease, 'new')));
        if (written !== null) return written;
        const stands = await call({ operation: 'read-lease', endpointId, personId }, () =>
          leasesOf.get(endpointId)?.get(personId),
        );
        if (stands !== undefined && stands.until >= lease.until) return stands;
        // Between the two writes the same person has made, or given back, one that ends sooner.
      }
      throw new StoreError('extending a lease: others were always faster');
    },

    remove: (endpointId, personId) =>
      call({ operation: 'remove-lease', endpointId, personId }, () => {
        leasesOf.get(endpointId)?.delete(personId);
      }),
  };

  const catalogue: CatalogueStore = {
    get: () =>
      call(
        { operation: 'get-catalogue', endpointId: null },
        () => table.listing?.catalogue ?? null,
      ),

    put: (written) =>
      call({ operation: 'put-catalogue', endpointId: null }, () => {
        table.listing = { catalogue: written, claimedUntil: null };
      }),

    claimListing: ({ at, claimedUntil }) =>
      call({ operation: 'claim-listing', endpointId: null }, () => {
        const claimed = table.listing?.claimedUntil ?? null;
        if (claimed !== null && claimed > at) return false;
        table.listing = { catalogue: table.listing?.catalogue ?? null, claimedUntil };
        return true;
      }),
  };

  return { endpoints, leases, catalogue, peek };
}
