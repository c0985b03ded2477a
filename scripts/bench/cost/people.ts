import type { Connection } from '../../../src/vpn/connection.ts';
import { parseConnectionId } from '../../../src/vpn/ids.ts';
import type { ConnectionId } from '../../../src/vpn/ids.ts';
import type { Agenda } from '../../../test/simulation/agenda.ts';
import { hourMs, minuteMs } from './office.ts';
import type { Need } from './office.ts';

/** What a life has come to for the people in it. */
export interface Waiting {
  readonly minutes: number;
  /** How many times somebody found it off, and had to wait. */
  readonly times: number;
  /** How many of them gave up. */
  readonly gaveUp: number;
}

/** The people with their laptops: they come, ask, wait, connect, and leave or forget to. */
export interface People {
  /** As AWS lists the connections, those that ended within the last hour included. */
  connections(): readonly Connection[];
  anybodyWaits(): boolean;
  comes(need: Need): void;
  /** Whoever waits connects, if the endpoint lets them. */
  tryAgain(): void;
  cutOff(): void;
  waiting(): Waiting;
  /** How long each connection has lasted until now, in milliseconds. */
  connectedMs(): readonly number[];
}

interface Session {
  readonly need: Need;
  readonly leftMs: number;
  readonly waitsSince: number;
}

interface Live {
  readonly session: Session;
  readonly connection: Connection;
  /** From when on it moves nothing; `null` while somebody works. */
  readonly abandonedAt: number | null;
}

/**
 * @param deps.patienceMinutes after so long somebody who waits gives up
 * @param deps.request asks for the endpoint; false where that is refused
 * @param deps.onChange something that the schedule will see
 */
export function createPeople(deps: {
  readonly agenda: Agenda;
  readonly patienceMinutes: number;
  readonly canConnect: () => boolean;
  readonly request: (person: string, leaseMinutes: number) => boolean;
  readonly onChange: () => void;
}): People {
  const { agenda, canConnect, onChange, patienceMinutes, request } = deps;
  const live = new Map<ConnectionId, Live>();
  const waits = new Set<Session>();
  const lasted: number[] = [];
  let ended: Connection[] = [];
  let serial = 0;
  let waitedMs = 0;
  let times = 0;
  let gaveUp = 0;

  function wants(session: Session): void {
    if (canConnect()) {
      connect(session);
      return;
    }
    times += 1;
    waits.add(session);
    ask(session);
    agenda.after(patienceMinutes * minuteMs, () => {
      if (!waits.delete(session)) return;
      waitedMs += patienceMinutes * minuteMs;
      gaveUp += 1;
    });
  }

  /** Whoever is refused tries no button any more, but looks whether it has come on. */
  function ask(session: Session): void {
    const { leaseMinutes, person } = session.need;
    if (!request(person, leaseMinutes)) return;
    agenda.after(leaseMinutes * minuteMs, () => {
      if (waits.has(session)) ask(session);
    });
  }

  function connect(session: Session): void {
    const now = agenda.now();
    waitedMs += now - session.waitsSince;
    const id = newId();
    const connection: Connection = {
      id,
      person: session.need.person,
      status: 'active',
      establishedAt: new Date(now),
      endedAt: null,
      clientAddress: '10.250.0.2',
      ingressBytes: 0,
      egressBytes: 0,
    };
    live.set(id, { session, connection, abandonedAt: null });
    agenda.after(session.leftMs, () => {
      leave(id);
    });
    onChange();
  }

  function leave(id: ConnectionId): void {
    const found = live.get(id);
    if (found === undefined) return;
    const { forgottenUntil } = found.session.need;
    if (forgottenUntil === null || forgottenUntil <= agenda.now()) {
      end(id);
      return;
    }
    live.set(id, { ...found, abandonedAt: agenda.now() });
    agenda.at(forgottenUntil, () => {
      end(id);
    });
    onChange();
  }

  function end(id: ConnectionId): Live | null {
    const found = live.get(id);
    if (found === undefined) return null;
    live.delete(id);
    const endedAt = new Date(agenda.now());
    lasted.push(agenda.now() - found.connection.establishedAt.getTime());
    ended = ended.filter((each) => isListed(each, agenda.now()));
    ended.push({ ...withTraffic(found, agenda.now()), status: 'terminated', endedAt });
    onChange();
    return found;
  }

  function newId(): ConnectionId {
    serial += 1;
    const id = parseConnectionId(`cvpn-connection-${serial.toString(16).padStart(17, '0')}`);
    if (id === null) throw new Error('an id of the replay does not parse');
    return id;
  }

  return {
    connections: () => [
      ...[...live.values()].map((each) => withTraffic(each, agenda.now())),
      ...ended.filter((each) => isListed(each, agenda.now())),
    ],

    anybodyWaits: () => waits.size > 0,

    comes: (need) => {
      wants({ need, leftMs: need.minutes * minuteMs, waitsSince: need.at });
    },

    tryAgain() {
      if (!canConnect()) return;
      const all = [...waits];
      waits.clear();
      for (const session of all) connect(session);
    },

    cutOff() {
      const now = agenda.now();
      for (const id of [...live.keys()]) {
        const found = end(id);
        if (found === null || found.abandonedAt !== null) continue;
        const leftMs = found.session.leftMs - (now - found.connection.establishedAt.getTime());
        if (leftMs <= 0) continue;
        const session = { ...found.session, leftMs, waitsSince: now };
        // After the pass that has done it; people notice, and ask again.
        agenda.after(0, () => {
          wants(session);
        });
      }
    },

    waiting: () => ({ minutes: waitedMs / minuteMs, times, gaveUp }),
    connectedMs: () => [
      ...lasted,
      ...[...live.values()].map(
        ({ connection }) => agenda.now() - connection.establishedAt.getTime(),
      ),
    ],
  };
}

/** Something moves for as long as somebody works: one byte a millisecond. */
function withTraffic({ abandonedAt, connection }: Live, now: number): Connection {
  const until = abandonedAt ?? now;
  return { ...connection, ingressBytes: until - connection.establishedAt.getTime() };
}

/** AWS lists what has ended for an hour. */
function isListed({ endedAt }: Connection, now: number): boolean {
  return endedAt !== null && endedAt.getTime() + hourMs > now;
}
