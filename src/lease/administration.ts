import { detailText } from '../audit/audit-detail.ts';
import { personIn } from '../audit/audit-log.ts';
import type { AuditWriter } from '../audit/audit-log.ts';
import type { Clock } from '../clock.ts';
import { daysAfter } from '../clock.ts';
import { actorOf, can } from '../identity/principal.ts';
import type { Capability, Principal } from '../identity/principal.ts';
import { heldEvent } from '../notify/domain-event.ts';
import type { ConnectionId, EndpointId } from '../vpn/ids.ts';
import type { EndpointDirectory, EndpointForPerson } from './endpoint-directory.ts';
import type { EndpointRecord } from './endpoint-record.ts';
import type { EndpointStore } from './endpoint-store.ts';
import { holdInEffect, leasesCount, saidAfter } from './hold.ts';
import type { Hold } from './hold.ts';

/**
 * What administrators do beyond leases. Each act records a wish on the endpoint's item and in the
 * audit; the same reconciler that follows leases makes it true.
 */
export interface Administration {
  /** Keeps an endpoint on, or off, until a time. A later hold replaces it. */
  hold(principal: Principal, endpointId: EndpointId, wish: HoldWish): Promise<ActOutcome>;
  /** Takes the hold back. One that is not there, or does not count, is a success. */
  releaseHold(principal: Principal, endpointId: EndpointId): Promise<ActOutcome>;
  /** Stops an endpoint now, whoever is connected, and voids the leases asked for before. */
  stop(principal: Principal, endpointId: EndpointId): Promise<ActOutcome>;
  /** Ends one connection. */
  terminate(
    principal: Principal,
    endpointId: EndpointId,
    connectionId: ConnectionId,
  ): Promise<ActOutcome>;
}

export interface HoldWish {
  /** `null` where what was sent is neither. */
  readonly kind: Hold['kind'] | null;
  /** `null` where what was sent is no time. */
  readonly until: Date | null;
  readonly reason: string;
}

export type ActOutcome =
  /** `revision`: what the page that follows must know of. */
  | { readonly kind: 'recorded'; readonly revision: number }
  | { readonly kind: 'unknown-endpoint' }
  | { readonly kind: 'not-permitted' }
  | { readonly kind: 'hold-kind-not-usable' }
  | { readonly kind: 'until-not-usable'; readonly longestDays: number }
  | { readonly kind: 'reason-not-usable'; readonly longest: number }
  | { readonly kind: 'not-connected' };

export interface AdministrationDependencies {
  readonly directory: EndpointDirectory;
  readonly endpoints: EndpointStore;
  readonly audit: AuditWriter;
  readonly clock: Clock;
  /** Called when a wish has been recorded. Must not wait for what follows from it. */
  readonly nudge: (endpointId: EndpointId) => void;
  /** For the events that others are told of; nobody is told, unless given. */
  readonly newEventId?: (() => string) | null;
}

/** A hold that is forgotten costs money, or keeps people out: it ends by itself. */
const longestHoldDays = 30;
export const longestReason = 200;

export function createAdministration(deps: AdministrationDependencies): Administration {
  const { audit, clock, directory, endpoints, newEventId = null, nudge } = deps;

  /**
   * Finds the endpoint, checks the capability, and writes the audit: before the act, so that nothing
   * is done that it does not say; and after one that could not be done.
   */
  async function act(
    principal: Principal,
    endpointId: EndpointId,
    what: { readonly action: Action; readonly capability: Capability; readonly detail: string },
    check: (found: EndpointForPerson, at: Date) => ActOutcome | Act,
  ): Promise<ActOutcome> {
    const at = clock.now();
    const write = (outcome: string): Promise<void> =>
      audit.append({
        at,
        ...personIn(principal),
        action: what.action,
        endpointId,
        detail: what.detail,
        outcome,
        requestIds: [],
      });
    const refuse = async (outcome: ActOutcome): Promise<ActOutcome> => {
      await write(outcome.kind);
      return outcome;
    };

    let found: EndpointForPerson | null;
    try {
      found = await directory.find(principal, endpointId);
    } catch (error) {
      await write('failed');
      throw error;
    }
    if (found === null) return refuse({ kind: 'unknown-endpoint' });
    if (!can(principal, what.capability)) return refuse({ kind: 'not-permitted' });
    const checked = check(found, at);
    if (typeof checked !== 'function') return refuse(checked);
    await write('recorded');
    let record: EndpointRecord;
    try {
      record = await checked();
    } catch (error) {
      await write('failed');
      throw error;
    }
    nudge(endpointId);
    return { kind: 'recorded', revision: record.revision };
  }

  return {
    hold: (principal, endpointId, { kind, reason, until }) => {
      const trimmed = reason.trim();
      const why = trimmed.slice(0, longestReason);
      const detail = detailText({ kind: 'hold', hold: kind, until, why });
      const what = { action: 'hold', capability: 'endpoint:hold', detail } as const;
      return act(principal, endpointId, what, ({ name, status }, at) => {
        if (kind === null) return { kind: 'hold-kind-not-usable' };
        const latest = daysAfter(at, longestHoldDays);
        if (until === null || until <= at || until > latest) {
          return { kind: 'until-not-usable', longestDays: longestHoldDays };
        }
        if (trimmed === '' || trimmed.length > longestReason) {
          return { kind: 'reason-not-usable', longest: longestReason };
        }
        const by = actorOf(principal);
        const wishedFor = { kind, until, reason: trimmed, by };
        const about = { at, endpoint: { id: endpointId, name } };
        // Said once more, it is the same event.
        const event =
          newEventId === null ? null : heldEvent({ ...about, id: newEventId() }, wishedFor);
        const set = (stoppedAt: Date | null): Promise<EndpointRecord> => {
          const hold = { ...wishedFor, at: saidAfter(stoppedAt, at) };
          return endpoints.setHold(endpointId, hold, at, event);
        };
        return async () => {
          const record = await set(status.stoppedAt);
          // A stop that was not known of came first, by a clock that is ahead of this one.
          const isVoid = holdInEffect(record, at) === null;
          return isVoid ? set(leasesCount(record, at).stoppedAt) : record;
        };
      });
    },

    releaseHold: (principal, endpointId) =>
      act(
        principal,
        endpointId,
        { action: 'release-hold', capability: 'endpoint:hold', detail: '' },
        (_found, at) => () => endpoints.releaseHold(endpointId, at),
      ),

    stop: (principal, endpointId) =>
      act(
        principal,
        endpointId,
        { action: 'stop', capability: 'endpoint:stop', detail: '' },
        ({ status }, at) =>
          async () => {
            const by = actorOf(principal);
            const { hold, leases, stoppedAt } = status;
            // It voids what was said before it, by whichever clock.
            const said = [hold?.at ?? null, stoppedAt, ...leases.map(({ askedAt }) => askedAt)];
            const record = await endpoints.requestStop(endpointId, { by, at: latest(at, said) });
            // A hold that was not known of came first, by a clock that is ahead of this one.
            const still = holdInEffect(record, at);
            return still?.kind === 'on'
              ? endpoints.requestStop(endpointId, { by, at: saidAfter(still.at, at) })
              : record;
          },
      ),

    terminate: (principal, endpointId, connectionId) =>
      act(
        principal,
        endpointId,
        { action: 'terminate', capability: 'connection:terminate', detail: connectionId },
        ({ status }, at) => {
          const named = status.seen?.connections ?? [];
          // Of many connections not all are named: then AWS has the word.
          const isKnown =
            named.some(({ id }) => id === connectionId) || status.connected > named.length;
          if (!isKnown) return { kind: 'not-connected' };
          const by = actorOf(principal);
          return () => endpoints.requestTermination(endpointId, { connectionId, by, at });
        },
      ),
  };
}

/** What the store is told, once the audit has it. */
type Act = () => Promise<EndpointRecord>;
type Action = 'hold' | 'release-hold' | 'stop' | 'terminate';

function latest(now: Date, said: readonly (Date | null)[]): Date {
  return said.reduce<Date>((last, at) => (at !== null && at > last ? at : last), now);
}
