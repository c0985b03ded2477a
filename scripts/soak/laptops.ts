import type { Clock } from '../../src/clock.ts';
import type { EndpointId } from '../../src/vpn/ids.ts';
import type { SimulatedClientVpn } from '../local/client-vpn/simulated-client-vpn.ts';
import { minuteMs } from './moments.ts';
import type { Place } from './town.ts';

/** A laptop that is connected, whatever any listing says of it. */
export interface Session {
  readonly connectionId: string;
  readonly endpointId: EndpointId;
  readonly person: string;
  readonly from: number;
  /** Since when its counters stand still; `null` while they move. */
  readonly silentSince: number | null;
}

/** The VPN clients of the people. */
export interface Laptops {
  /** @returns the connection; `null` where AWS does not take it */
  connect(place: Place, person: string): string | null;
  disconnect(connectionId: string): void;
  /** Left behind: connected, and nobody at it. */
  abandon(connectionId: string): void;
  /** Those that were connected when somebody last looked; a disassociation ends them. */
  all(): readonly Session[];
  /** Without those that have been silent for so long that every pass must have seen it. */
  inUse(place: Place, since: number): readonly Session[];
  /** When a laptop last was in use there. */
  lastUsedAt(place: Place, since: number): number;
  /** Forgets those that are over. */
  refresh(): void;
}

/** Two passes see that counters stand still; they are at most so far apart. */
const noticedAfterMs = 2 * 5 * minuteMs + minuteMs;

export function createLaptops(clientVpn: SimulatedClientVpn, clock: Clock): Laptops {
  let sessions: readonly Session[] = [];
  const lastUsed = new Map<EndpointId, number>();
  const now = (): number => clock.now().getTime();

  function silentAt({ silentSince }: Session, { silentMinutes }: Place, since: number): number {
    if (silentMinutes === null || silentSince === null) return Infinity;
    return Math.max(silentSince, since) + silentMinutes * minuteMs + noticedAfterMs;
  }

  const at = ({ id }: Place): readonly Session[] =>
    sessions.filter(({ endpointId }) => endpointId === id);

  return {
    connect(place, person) {
      try {
        const connectionId = clientVpn.connect(place.id, person);
        const session = { endpointId: place.id, person, from: now(), silentSince: null };
        sessions = [...sessions, { connectionId, ...session }];
        return connectionId;
      } catch {
        return null;
      }
    },
    disconnect(connectionId) {
      clientVpn.disconnect(connectionId);
    },
    abandon(connectionId) {
      if (!clientVpn.setSilent(connectionId, true)) return;
      sessions = sessions.map((session) =>
        session.connectionId === connectionId ? { ...session, silentSince: now() } : session,
      );
    },
    all: () => sessions,
    inUse: (place, since) => at(place).filter((session) => silentAt(session, place, since) > now()),
    lastUsedAt: (place, since) =>
      Math.max(
        lastUsed.get(place.id) ?? 0,
        ...at(place).map((session) => Math.min(now(), silentAt(session, place, since))),
      ),
    refresh() {
      if (sessions.length === 0) return;
      const ids = new Set(sessions.map(({ endpointId }) => endpointId));
      const there = new Set(
        [...ids].flatMap((clientVpnEndpointId) =>
          clientVpn
            .describeClientVpnConnections({ clientVpnEndpointId })
            .filter(({ status }) => status.code !== 'terminated')
            .map(({ connectionId }) => connectionId),
        ),
      );
      for (const session of sessions) {
        if (!there.has(session.connectionId)) lastUsed.set(session.endpointId, now());
      }
      sessions = sessions.filter(({ connectionId }) => there.has(connectionId));
    },
  };
}
