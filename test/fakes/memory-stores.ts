import { StoreError } from '../../src/errors.ts';
import { newEndpointRecord } from '../../src/lease/endpoint-record.ts';
import type { EndpointRecord, Intent } from '../../src/lease/endpoint-record.ts';
import { PassLostError } from '../../src/lease/endpoint-store.ts';
import type { EndpointStore } from '../../src/lease/endpoint-store.ts';
import type { Extension, LeaseStore } from '../../src/lease/lease-store.ts';
import type { PauseStore } from '../../src/lease/pause-store.ts';
import type { Pause } from '../../src/lease/pause.ts';
import { holdInEffect } from '../../src/lease/hold.ts';
import { afterRequest, isHeld } from '../../src/lease/lease.ts';
import { oldestFirst } from '../../src/notify/outbox.ts';
import type { PendingEvent } from '../../src/notify/domain-event.ts';
import type { Lease } from '../../src/lease/lease.ts';
import type { Catalogue, CatalogueStore } from '../../src/vpn/catalogue.ts';
import type { EndpointId } from '../../src/vpn/ids.ts';

/** The stores over one table in memory. */
export interface MemoryStores {
  readonly endpoints: EndpointStore;
  readonly leases: LeaseStore;
  readonly catalogue: CatalogueStore;
  readonly pauses: PauseStore;
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
  | 'note-attempt'
  | 'set-hold'
  | 'release-hold'
  | 'request-stop'
  | 'request-termination'
  | 'claim-pass'
  | 'write-intent'
  | 'record-pass'
  | 'settle-events'
  | 'read-lease'
  | 'extend-lease'
  | 'take-back-lease'
  | 'remove-lease'
  | 'get-catalogue'
  | 'put-catalogue'
  | 'claim-listing'
  | 'get-pause'
  | 'set-pause';

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
  pause: Pause | null;
}

export function createMemoryTable(): MemoryTable {
  return { items: new Map(), leases: new Map(), listing: null, pause: null };
}

function later(before: Date | null, at: Date): Date {
  return before !== null && before > at ? before : at;
}

/** One that is there is replaced. */
function withEvents(
  { events }: Pick<EndpointRecord, 'events'>,
  added: readonly PendingEvent[],
): readonly PendingEvent[] {
  if (added.length === 0) return events;
  const byId = new Map([...events, ...added].map((event) => [event.id, event]));
  return [...byId.values()].sort(oldestFirst);
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
    if (leases.length > 1) leases.sort((a, b) => (a.personId < b.personId ? -1 : 1));
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

  function note(endpointId: EndpointId, at: Date, noted: Partial<EndpointRecord>): EndpointRecord {
    const { passId, record } = itemOf(endpointId);
    const revision = record.revision + 1;
    const schedule = { ...record.schedule, nextPassAt: at };
    const written = { ...record, ...noted, revision, schedule };
    items.set(endpointId, { passId, record: written });
    return written;
  }

  const endpoints: EndpointStore = {
    load: (endpointId, only) =>
      call({ operation: 'load', endpointId }, () => {
        const found = peek(endpointId);
        return only === 'record' ? { ...found, leases: [] } : found;
      }),

    noteRequest: (endpointId, at) =>
      call({ operation: 'note-request', endpointId }, () =>
        note(endpointId, at, { lastRequestAt: at }),
      ),

    noteRelease: (endpointId, at) =>
      call({ operation: 'note-release', endpointId }, () =>
        note(endpointId, at, { lastReleaseAt: at }),
      ),

    noteAttempt: (endpointId, lastAttemptAt) =>
      call({ operation: 'note-attempt', endpointId }, () =>
        write(endpointId, ({ passId, record }) =>
          record.intent.kind === 'stop'
            ? null
            : {
                passId,
                record: {
                  ...record,
                  lastAttemptAt: later(record.lastAttemptAt, lastAttemptAt),
                  revision: record.revision + 1,
                },
              },
        ),
      ),

    setHold: (endpointId, hold, at, event = null) =>
      call({ operation: 'set-hold', endpointId }, () => {
        const events = withEvents(itemOf(endpointId).record, event === null ? [] : [event]);
        const asked = hold.kind === 'on' ? { lastRequestAt: hold.at } : {};
        return note(endpointId, at, { hold, events, ...asked });
      }),

    releaseHold: (endpointId, at) =>
      call({ operation: 'release-hold', endpointId }, () => {
        const counts = holdInEffect(itemOf(endpointId).record, at) !== null;
        return note(endpointId, at, counts ? { hold: null, lastReleaseAt: at } : {});
      }),

    requestStop: (endpointId, stopRequest) =>
      call({ operation: 'request-stop', endpointId }, () => {
        const before = itemOf(endpointId).record.stopRequest;
        const isLatest = before === null || before.at < stopRequest.at;
        return note(endpointId, stopRequest.at, isLatest ? { stopRequest } : {});
      }),

    requestTermination: (endpointId, wish) =>
      call({ operation: 'request-termination', endpointId }, () => {
        const { terminations } = itemOf(endpointId).record;
        return note(endpointId, wish.at, { terminations: [...terminations, wish] });
      }),

    claimPass: ({ at, claimedUntil, endpointId, notIfPassedSince, passId }) =>
      call({ operation: 'claim-pass', endpointId, passId }, () =>
        write(endpointId, (stored) => {
          const { record } = stored;
          const { schedule } = record;
          const isDue =
            (schedule.nextPassAt === null || schedule.nextPassAt <= at) &&
            (schedule.lastPassAt === null || schedule.lastPassAt <= notIfPassedSince);
          const nobodyIsAtIt = schedule.claimedUntil === null || schedule.claimedUntil <= at;
          if ((!isDue || !nobodyIsAtIt) && stored.passId !== passId) return null;
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
      const { events: news, nextPassAt, revision, terminationsRead = 0, ...findings } = found;
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
          // What was added to the wishes meanwhile stays.
          const isAsRead =
            findings.terminations.length < terminationsRead &&
            stored.record.terminations.length === terminationsRead;
          const { terminations } = undisturbed || isAsRead ? findings : stored.record;
          const events = withEvents(stored.record, news);
          const recorded = { ...findings, events, terminations, schedule };
          return { passId, record: { ...stored.record, ...recorded } };
        });
      const request = { operation: 'record-pass', endpointId, passId } as const;
      if ((await call(request, record(true))) !== null) return;
      // Somebody has asked since, and has made the next pass due at once: that stays.
      if ((await call(request, record(false))) === null) {
        throw new PassLostError('recording the pass');
      }
    },

    settleEvents: (endpointId, ids) =>
      call({ operation: 'settle-events', endpointId }, () => {
        write(endpointId, ({ passId, record }) => {
          const events = record.events.filter(({ id }) => !ids.includes(id));
          return { passId, record: { ...record, events } };
        });
      }),
  };

  const leases: LeaseStore = {
    async extend(asked, stoppedAt) {
      const { endpointId, personId } = asked;
      const about = { endpointId, personId };
      /** One request; each write is an object of its own, as it has an id of its own in the table. */
      const write = (
        operation: 'extend-lease' | 'take-back-lease',
        over: Lease | null,
        lease: Lease | null,
      ): Promise<boolean> =>
        call({ operation, ...about }, () => {
          const own = leasesOf.get(endpointId) ?? new Map<string, Lease>();
          if ((own.get(personId) ?? null) !== over) return false;
          if (lease === null) own.delete(personId);
          else own.set(personId, lease);
          leasesOf.set(endpointId, own);
          return true;
        });
      let tried: Extension | null = null;
      for (let tries = 0; tries < mostTries; tries += 1) {
        const before = await call(
          { operation: 'read-lease', ...about },
          () => leasesOf.get(endpointId)?.get(personId) ?? null,
        );
        if (tried !== null && before === tried.lease) return tried;
        const lease: Lease = { ...afterRequest(before, asked, stoppedAt) };
        tried = {
          lease,
          takeBack: async () => {
            await write('take-back-lease', lease, before);
          },
        };
        if (await write('extend-lease', before, lease)) return tried;
      }
      throw new StoreError('extending a lease: others were always faster');
    },

    remove: (endpointId, personId, asOf) =>
      call({ operation: 'remove-lease', endpointId, personId }, () => {
        const own = leasesOf.get(endpointId);
        const lease = own?.get(personId);
        if (lease === undefined || !isHeld(lease, asOf)) return null;
        own?.delete(personId);
        return lease;
      }),
  };

  const catalogue: CatalogueStore = {
    get: () =>
      call(
        { operation: 'get-catalogue', endpointId: null },
        () => table.listing?.catalogue ?? null,
      ),

    put: (listing, run) =>
      call({ operation: 'put-catalogue', endpointId: null }, () => {
        const schedule = run ?? table.listing?.catalogue?.schedule ?? null;
        table.listing = { catalogue: { ...listing, schedule }, claimedUntil: null };
      }),

    claimListing: ({ at, claimedUntil }) =>
      call({ operation: 'claim-listing', endpointId: null }, () => {
        const claimed = table.listing?.claimedUntil ?? null;
        if (claimed !== null && claimed > at) return false;
        table.listing = { catalogue: table.listing?.catalogue ?? null, claimedUntil };
        return true;
      }),
  };

  const pauses: PauseStore = {
    get: () => call({ operation: 'get-pause', endpointId: null }, () => table.pause),

    set: (pause) =>
      call({ operation: 'set-pause', endpointId: null }, () => {
        table.pause = pause;
      }),
  };

  return { endpoints, leases, catalogue, pauses, peek };
}
