import type { EndpointRecord } from '../../src/lease/endpoint-record.ts';
import { isHeld } from '../../src/lease/lease.ts';
import type { Lease } from '../../src/lease/lease.ts';
import type { Association } from '../../src/vpn/association.ts';
import type { Route } from '../../src/vpn/route.ts';
import { routeKey } from '../../src/vpn/route.ts';
import type { MemoryStores } from '../fakes/memory-stores.ts';
import type { Agenda } from './agenda.ts';
import type { SimulatedAws } from './aws.ts';
import type { Step } from './call.ts';
import type { EndpointSetUp } from './scenario.ts';

/** A client's session as it was, whatever any listing says of it. */
export interface Session {
  readonly connectionId: string;
  readonly person: string;
  readonly from: number;
}

/** What is really so. The properties hold what was done against it. */
export interface Truth {
  readonly setUp: EndpointSetUp;
  now(): number;
  associations(): readonly Association[];
  manualRoutes(): readonly Route[];
  /** Those who are connected at this moment. */
  sessions(): readonly Session[];
  record(): EndpointRecord;
  /** Held leases as they stand in the table, confirmed to somebody or not. */
  storedHeld(): readonly Lease[];
  /** Held leases of which the table has taken both halves, so that their owner may be told yes. */
  confirmedHeld(): readonly Lease[];
  /** Held leases whose owner has been told yes, and has not given them back since. */
  toldHeld(): readonly Lease[];
  /** When something last went wrong, or somebody was at work in the console. */
  disturbedAt(): number;
  /** When an association or a route was last seen to have changed. */
  changedAt(): number;
  /** When nobody has needed the endpoint any more, as far as leases and connections go. */
  unneededSince(): number;
}

export interface KeptTruth extends Truth {
  observe(step: Step): void;
  disturb(): void;
  told(lease: Lease): void;
  connected(session: Session): void;
  /** Forgets the sessions that are over. Answers those that have ended. */
  refreshSessions(): readonly Session[];
}

export function createTruth(deps: {
  readonly setUp: EndpointSetUp;
  readonly agenda: Agenda;
  readonly aws: SimulatedAws;
  readonly stores: MemoryStores;
}): KeptTruth {
  const { agenda, aws, setUp, stores } = deps;
  /** By person; between the lease's own write and the revision, only in `stored`. */
  const stored = new Map<string, Lease>();
  const confirmed = new Map<string, Lease>();
  const told = new Map<string, Lease>();
  let sessions: Session[] = [];
  let disturbedAt = agenda.now();
  let changedAt = agenda.now();
  let lastNeededAt = agenda.now();
  let shape = '';

  const held = (leases: Iterable<Lease>): readonly Lease[] => {
    const now = new Date(agenda.now());
    return [...leases].filter((lease) => isHeld(lease, now));
  };

  function noteShape(): void {
    const now = [
      ...aws.associations.now().map(({ id, status }) => `${id} ${status}`),
      ...aws.routes.now().map((route) => `${routeKey(route)} ${route.status}`),
    ].join();
    if (now === shape) return;
    // A failure comes by itself, long after it was planned.
    if (now.includes('failed')) disturbedAt = agenda.now();
    shape = now;
    changedAt = agenda.now();
  }

  function lease(answer: unknown): Lease | null {
    const isLease = (value: unknown): value is Lease =>
      typeof value === 'object' && value !== null && 'until' in value;
    return isLease(answer) ? answer : null;
  }

  function noteEffect({ answer, call }: Extract<Step, { kind: 'effect' }>): void {
    const { operation, process } = call;
    const personId = process.personId ?? '';
    if (operation === 'extend-lease' || operation === 'read-lease') {
      const written = lease(answer);
      if (written !== null) stored.set(written.personId, written);
    } else if (operation === 'note-request') {
      const written = stored.get(personId);
      if (written !== undefined) confirmed.set(personId, written);
    } else if (operation === 'remove-lease') {
      for (const leases of [stored, confirmed, told]) leases.delete(personId);
      lastNeededAt = agenda.now();
    } else if (operation === 'note-release') lastNeededAt = agenda.now();
  }

  return {
    setUp,
    now: () => agenda.now(),
    associations: () => aws.associations.now(),
    manualRoutes: () => aws.routes.now().filter(({ origin }) => origin === 'add-route'),
    sessions: () => sessions,
    record: () => stores.peek(setUp.id).record,
    storedHeld: () => held(stores.peek(setUp.id).leases),
    confirmedHeld: () => held(confirmed.values()),
    toldHeld: () => held(told.values()),
    disturbedAt: () => disturbedAt,
    changedAt() {
      noteShape();
      return changedAt;
    },
    unneededSince() {
      const ended = stores.peek(setUp.id).leases.map(({ until }) => until.getTime());
      const now = agenda.now();
      if (sessions.length > 0) return now;
      return Math.max(lastNeededAt, ...ended.map((end) => Math.min(end, now)));
    },

    observe(step) {
      if (step.kind === 'effect' && step.error === null) noteEffect(step);
      if (step.kind === 'world') noteShape();
    },
    disturb() {
      disturbedAt = agenda.now();
    },
    told(lease) {
      // Given back while the answer was on its way, or extended since.
      const stands = confirmed.get(lease.personId);
      if (stands !== undefined) told.set(lease.personId, stands);
    },
    connected(session) {
      sessions = [...sessions, session];
      lastNeededAt = agenda.now();
    },
    refreshSessions() {
      if (sessions.length === 0) return [];
      const active = new Set(
        aws.connections
          .now()
          .filter(({ status }) => status !== 'terminated')
          .map(({ id }): string => id),
      );
      const ended = sessions.filter(({ connectionId }) => !active.has(connectionId));
      if (ended.length > 0) {
        sessions = sessions.filter(({ connectionId }) => active.has(connectionId));
        lastNeededAt = agenda.now();
      }
      return ended;
    },
  };
}
