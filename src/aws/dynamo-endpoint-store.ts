import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';

import { newEndpointRecord } from '../lease/endpoint-record.ts';
import type { EndpointRecord } from '../lease/endpoint-record.ts';
import { PassLostError } from '../lease/endpoint-store.ts';
import type { EndpointStore } from '../lease/endpoint-store.ts';
import type { PendingEvent } from '../notify/domain-event.ts';
import type { EndpointId } from '../vpn/ids.ts';
import type { DynamoTable } from './dynamo-table.ts';
import {
  endpointPartition,
  isFailedCondition,
  leasePrefix,
  queryAll,
  stateKey,
} from './dynamo-table.ts';
import { readLease } from './dynamo-lease-store.ts';
import { readItem, sortKeyOf } from './read-item.ts';
import { adding, pendingEventsIn, removing } from './stored-events.ts';
import { schemaVersion } from './stored-forms.ts';
import {
  endpointItem,
  findings,
  hold as holdForm,
  intent as intentForm,
  stopRequest as stopRequestForm,
  termination as terminationForm,
} from './stored-items.ts';

/*
 * The conditions under which the endpoint's item may be written, by name. Each names the attributes
 * it looks at; what they are compared with is given by the write.
 */
const passIsDue =
  '(attribute_not_exists(nextPassAt) OR nextPassAt <= :now)' +
  ' AND (attribute_not_exists(lastPassAt) OR lastPassAt <= :notIfPassedSince)';
const nobodyIsAtIt = '(attribute_not_exists(claimedUntil) OR claimedUntil <= :now)';
const isNotStopping = '(attribute_not_exists(#intent) OR #intent.#kind <> :stop)';
const isLatestAttempt = '(attribute_not_exists(lastAttemptAt) OR lastAttemptAt <= :attemptedAt)';
const isLatestStop = '(attribute_not_exists(#stopRequest) OR #stopRequest.#at < :stoppedAt)';
/** Not over by then, and not voided by a stop, as in `holdInEffect`. */
const holdCounts =
  '#hold.#until > :now AND (#hold.#kind = :off OR attribute_not_exists(#stopRequest)' +
  ' OR #hold.#at > #stopRequest.#at)';
const passIsMine = 'passId = :passId';
/** The list only grows but for the pass whose it is: as long as before, it is the same. */
const nothingWasWished = 'size(#terminations) = :terminationsRead';
/** An item that was only claimed so far has no revision yet, which counts as revision 0. */
const notRevisedSince =
  '(revision = :revision OR (attribute_not_exists(revision) AND :revision = :zero))';

/** The endpoint's item and its leases, in the portal's table. */
export function createDynamoEndpointStore(table: DynamoTable): EndpointStore {
  const { client, name } = table;

  interface Write {
    readonly set: Readonly<Record<string, unknown>>;
    readonly add?: Readonly<Record<string, number>>;
    /** Attributes that are lists, and what is added at their end. */
    readonly append?: Readonly<Record<string, readonly unknown[]>>;
    /** Pending from now on. */
    readonly events?: readonly PendingEvent[];
    readonly remove?: readonly string[];
    readonly condition?: string;
    /** What the condition names beyond what is set. */
    readonly names?: Readonly<Record<string, string>>;
    readonly values?: Readonly<Record<string, unknown>>;
  }

  /** One update of the endpoint's item; `null` where its condition does not hold. */
  async function write(endpointId: EndpointId, change: Write): Promise<EndpointRecord | null> {
    const set = { endpointId, ...change.set };
    const added = Object.entries(change.add ?? {});
    const appended = Object.keys(change.append ?? {});
    const events = adding(change.events ?? []);
    const names = [...Object.keys(set), ...appended, ...added.map(([attribute]) => attribute)];
    const assignments = [
      ...Object.keys(set).map((attribute) => `#${attribute} = :${attribute}`),
      ...appended.map(
        (list) => `#${list} = list_append(if_not_exists(#${list}, :nothing), :${list})`,
      ),
      ...events.assignments,
    ];
    const clauses = [
      // An item of another version keeps it, and is refused when it is read from the answer.
      `SET schemaVersion = if_not_exists(schemaVersion, :schemaVersion), ${assignments.join(', ')}`,
      added.length > 0
        ? `ADD ${added.map(([attribute]) => `#${attribute} :${attribute}`).join(', ')}`
        : '',
      change.remove === undefined ? '' : `REMOVE ${change.remove.join(', ')}`,
    ];
    try {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName: name,
          Key: { pk: endpointPartition(endpointId), sk: stateKey },
          UpdateExpression: clauses.filter(Boolean).join(' '),
          ...(change.condition === undefined ? {} : { ConditionExpression: change.condition }),
          ExpressionAttributeNames: {
            ...Object.fromEntries(names.map((each) => [`#${each}`, each])),
            ...events.names,
            ...change.names,
          },
          ExpressionAttributeValues: {
            ...prefixed({ schemaVersion, ...set }),
            ...prefixed(change.add ?? {}),
            ...prefixed(change.append ?? {}),
            ...(appended.length > 0 ? { ':nothing': [] } : {}),
            ...events.values,
            ...prefixed(change.values ?? {}),
          },
          ReturnValues: 'ALL_NEW',
        }),
      );
      return readRecord(Attributes);
    } catch (error) {
      if (isFailedCondition(error)) return null;
      throw error;
    }
  }

  async function writeAlways(endpointId: EndpointId, change: Write): Promise<EndpointRecord> {
    const record = await write(endpointId, change);
    if (record === null) throw new Error('an unconditional write was refused');
    return record;
  }

  return {
    async load(endpointId, only) {
      if (only === 'record') {
        const Key = { pk: endpointPartition(endpointId), sk: stateKey };
        const { Item } = await client.send(
          new GetCommand({ TableName: name, Key, ConsistentRead: true }),
        );
        const record = Item === undefined ? newEndpointRecord(endpointId) : readRecord(Item);
        return { record, leases: [] };
      }
      const items = await queryAll(table, {
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': endpointPartition(endpointId) },
        ConsistentRead: true,
      });
      const state = items.find((item) => sortKeyOf(item) === stateKey);
      return {
        record: state === undefined ? newEndpointRecord(endpointId) : readRecord(state),
        leases: items.filter((item) => sortKeyOf(item).startsWith(leasePrefix)).map(readLease),
      };
    },

    noteRequest: (endpointId, at) =>
      writeAlways(endpointId, {
        set: { lastRequestAt: at.toISOString(), nextPassAt: at.toISOString() },
        add: { revision: 1 },
      }),

    noteRelease: (endpointId, at) =>
      writeAlways(endpointId, {
        set: { lastReleaseAt: at.toISOString(), nextPassAt: at.toISOString() },
        // So that the page after it can insist on a reading that knows of it.
        add: { revision: 1 },
      }),

    async noteAttempt(endpointId, at) {
      const attemptedAt = at.toISOString();
      const noted = {
        set: {},
        add: { revision: 1 },
        condition: isNotStopping,
        names: { '#intent': 'intent', '#kind': 'kind' },
        values: { stop: 'stop' },
      };
      const latest = await write(endpointId, {
        ...noted,
        set: { lastAttemptAt: attemptedAt },
        condition: `${isNotStopping} AND ${isLatestAttempt}`,
        values: { ...noted.values, attemptedAt },
      });
      // An earlier one that comes later must not make the later one older; or it is a stop.
      return latest ?? write(endpointId, noted);
    },

    setHold: (endpointId, hold, at, event = null) =>
      writeAlways(endpointId, {
        set: {
          hold: z.encode(holdForm, hold),
          // A wish, whatever hold comes after it: there is only one in the record.
          ...(hold.kind === 'on' ? { lastRequestAt: hold.at.toISOString() } : {}),
          nextPassAt: at.toISOString(),
        },
        add: { revision: 1 },
        events: event === null ? [] : [event],
      }),

    async releaseHold(endpointId, at) {
      const now = at.toISOString();
      const due = { set: { nextPassAt: now }, add: { revision: 1 } };
      const released = await write(endpointId, {
        ...due,
        // The idle clock begins when a hold is taken back, as it does with a lease.
        set: { ...due.set, hold: null, lastReleaseAt: now },
        condition: holdCounts,
        names: { '#until': 'until', '#kind': 'kind', '#at': 'at', '#stopRequest': 'stopRequest' },
        values: { now, off: 'off' },
      });
      return released ?? writeAlways(endpointId, due);
    },

    async requestStop(endpointId, request) {
      const at = request.at.toISOString();
      const due = { set: { nextPassAt: at }, add: { revision: 1 } };
      const latest = await write(endpointId, {
        ...due,
        set: { ...due.set, stopRequest: z.encode(stopRequestForm, request) },
        condition: isLatestStop,
        names: { '#stopRequest': 'stopRequest', '#at': 'at' },
        values: { stoppedAt: at },
      });
      // An earlier one that comes later must not bring back what the later one has voided.
      return latest ?? writeAlways(endpointId, due);
    },

    async requestTermination(endpointId, wish) {
      // The list grows in place: what others have asked for meanwhile stays in it.
      return writeAlways(endpointId, {
        set: { nextPassAt: wish.at.toISOString() },
        append: { terminations: [z.encode(terminationForm, wish)] },
        add: { revision: 1 },
      });
    },

    claimPass: ({ at, claimedUntil, endpointId, notIfPassedSince, passId }) =>
      write(endpointId, {
        set: {
          passId,
          lastPassAt: at.toISOString(),
          claimedUntil: claimedUntil.toISOString(),
          // Should this process die, the next one comes when the claim has run out.
          nextPassAt: claimedUntil.toISOString(),
        },
        // An answer that was lost has the SDK ask again, which finds its own claim.
        condition: `(${passIsDue} AND ${nobodyIsAtIt}) OR ${passIsMine}`,
        values: { now: at.toISOString(), notIfPassedSince: notIfPassedSince.toISOString() },
      }),

    async writeIntent({ endpointId, passId }, intent, condition) {
      const written = await write(endpointId, {
        set: { intent: z.encode(intentForm, intent) },
        condition: condition === undefined ? passIsMine : `${passIsMine} AND ${notRevisedSince}`,
        values:
          condition === undefined
            ? { passId }
            : { passId, revision: condition.unlessRevisedSince, zero: 0 },
      });
      if (written === null) throw new PassLostError(`storing the intent to ${intent.kind}`);
    },

    async recordPass({ endpointId, passId }, found) {
      const { events, nextPassAt, revision, terminationsRead = 0 } = found;
      // The description keeps the revision and the time of the next pass out: they have rules.
      const change = { set: z.encode(findings, found), remove: ['claimedUntil'], events };
      const undisturbed = await write(endpointId, {
        ...change,
        set: { ...change.set, nextPassAt: nextPassAt.toISOString() },
        condition: `${passIsMine} AND ${notRevisedSince}`,
        values: { passId, revision, zero: 0 },
      });
      if (undisturbed !== null) return;
      // Somebody has asked since, and has made the next pass due at once: that stays, and so does
      // whatever was added to the wishes. Where nothing was, those that are fulfilled are forgotten
      // all the same: while many people connect there is hardly a pass that nobody disturbs.
      const disturbed = { ...change, condition: passIsMine, values: { passId } };
      const isFulfilled = found.terminations.length < terminationsRead;
      const recorded =
        (isFulfilled
          ? await write(endpointId, {
              ...disturbed,
              condition: `${passIsMine} AND ${nothingWasWished}`,
              values: { passId, terminationsRead },
            })
          : null) ??
        (await write(endpointId, { ...disturbed, set: without(change.set, 'terminations') }));
      if (recorded === null) throw new PassLostError('recording the pass');
    },

    async settleEvents(endpointId, ids) {
      const { names, places } = removing(ids);
      await writeAlways(endpointId, { set: {}, remove: places, names });
    },
  };
}

function readRecord(item: unknown): EndpointRecord {
  const stored = readItem(endpointItem, item);
  const { claimedUntil, lastPassAt, nextPassAt } = stored;
  const blank = newEndpointRecord(stored.endpointId);
  return {
    endpointId: stored.endpointId,
    revision: stored.revision,
    lastRequestAt: stored.lastRequestAt ?? null,
    lastReleaseAt: stored.lastReleaseAt ?? null,
    lastAttemptAt: stored.lastAttemptAt ?? null,
    hold: stored.hold ?? null,
    stopRequest: stored.stopRequest ?? null,
    terminations: stored.terminations ?? blank.terminations,
    traffic: stored.traffic ?? blank.traffic,
    intent: stored.intent ?? blank.intent,
    rememberedRoutes: stored.rememberedRoutes ?? null,
    subnetCheck: stored.subnetCheck ?? null,
    rulesCheck: stored.rulesCheck ?? null,
    lastConnectedAt: stored.lastConnectedAt ?? null,
    onSince: stored.onSince ?? null,
    stateSince: stored.stateSince ?? null,
    startSeconds: stored.startSeconds ?? blank.startSeconds,
    lastPass: stored.lastPass ?? null,
    usage: stored.usage ?? blank.usage,
    reported: stored.reported ?? null,
    events: pendingEventsIn(item),
    schedule: {
      lastPassAt: lastPassAt ?? null,
      nextPassAt: nextPassAt ?? null,
      claimedUntil: claimedUntil ?? null,
    },
  };
}

function without(set: Readonly<Record<string, unknown>>, left: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(set).filter(([attribute]) => attribute !== left));
}

function prefixed(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([attribute, value]) => [`:${attribute}`, value]),
  );
}
