import type { Agenda } from './agenda.ts';
import type { SimulatedAws } from './aws.ts';
import { minuteMs } from './properties/property.ts';

/** A client's session as it was, whatever any listing says of it. */
export interface Session {
  readonly connectionId: string;
  readonly person: string;
  readonly from: number;
  /** Whether the handler has let them in after it had noted that in the table. */
  readonly letIn: boolean;
  /** When its counters stood still, and when they moved again; `null` while they still stand. */
  readonly silences: readonly { readonly from: number; readonly to: number | null }[];
}

/** Who is connected at this moment. */
export interface Sessions {
  all(): readonly Session[];
  /** Without those who have been silent for so long that every pass must have seen it. */
  inUse(): readonly Session[];
  /** When the next one will have been silent for so long; `Infinity` where nobody is silent. */
  silentNextAt(): number;
  /** Whom the handler has let in after it had noted that, and who are not connected yet. */
  beingSetUp(): readonly string[];
  /** When the table was last told that somebody is let in. */
  lastLetInAt(): number;
  /** When somebody was last connected, or last stopped to count. */
  lastUsedAt(): number;
}

export interface KeptSessions extends Sessions {
  connected(session: Pick<Session, 'connectionId' | 'person' | 'letIn'>): void;
  settingUp(person: string, isSettingUp: boolean): void;
  noted(): void;
  setSilent(person: string, silent: boolean): void;
  /** Forgets those that are over. */
  refresh(): void;
}

/** Two passes a minute apart see that counters stand still; the second one is a little late. */
const noticedAfterMs = 2.5 * minuteMs;

export function createSessions(
  agenda: Agenda,
  aws: SimulatedAws,
  silentMinutes: number | null,
  disturbedAt: () => number,
): KeptSessions {
  let sessions: readonly Session[] = [];
  let lastUsedAt = agenda.now();
  let lastLetInAt = agenda.now();
  const beingSetUp = new Set<string>();

  function silentAt(session: Session): number {
    const last = session.silences.at(-1);
    if (silentMinutes === null || last === undefined || last.to !== null) return Infinity;
    // Silent since before something went wrong: perhaps nobody has seen that.
    return Math.max(last.from, disturbedAt()) + silentMinutes * minuteMs + noticedAfterMs;
  }

  return {
    all: () => sessions,
    inUse: () => sessions.filter((session) => silentAt(session) > agenda.now()),
    silentNextAt: () => Math.min(...sessions.map(silentAt)) - noticedAfterMs,
    lastUsedAt: () =>
      Math.max(lastUsedAt, ...sessions.map((session) => Math.min(silentAt(session), agenda.now()))),
    beingSetUp: () => [...beingSetUp],
    lastLetInAt: () => lastLetInAt,
    settingUp(person, isSettingUp) {
      if (isSettingUp) beingSetUp.add(person);
      else beingSetUp.delete(person);
    },
    noted() {
      lastLetInAt = agenda.now();
    },
    connected(session) {
      sessions = [...sessions, { ...session, from: agenda.now(), silences: [] }];
      lastUsedAt = agenda.now();
    },
    setSilent(person, silent) {
      const now = agenda.now();
      sessions = sessions.map((session) => {
        const last = session.silences.at(-1);
        const isSilent = last !== undefined && last.to === null;
        if (session.person !== person || isSilent === silent) return session;
        aws.setSilent(session.connectionId, silent);
        const silences = silent
          ? [...session.silences, { from: now, to: null }]
          : session.silences.map((each) => ({ ...each, to: each.to ?? now }));
        return { ...session, silences };
      });
    },
    refresh() {
      if (sessions.length === 0) return;
      const there = new Set(
        aws.connections
          .now()
          .filter(({ status }) => status !== 'terminated')
          .map(({ id }): string => id),
      );
      const stay = sessions.filter(({ connectionId }) => there.has(connectionId));
      if (stay.length === sessions.length) return;
      lastUsedAt = agenda.now();
      sessions = stay;
    },
  };
}
