import type { EndpointRecord } from '../../src/lease/endpoint-record.ts';
import type { Hold } from '../../src/lease/hold.ts';
import type { Lease } from '../../src/lease/lease.ts';
import type { ConnectionId } from '../../src/vpn/ids.ts';
import type { Agenda } from './agenda.ts';
import type { Call, SimulatedProcess, Step } from './call.ts';

/**
 * What people have asked for, in the order in which it happened. Nothing here goes by the times that
 * the portal writes down: a stop voids the leases and the hold-on that were there when somebody
 * asked for it, and none that somebody asks for after it is in the table; of what happens at the
 * same time it may be either.
 */
export interface Wishes {
  /** Held leases of which the table has taken both halves, so that their owner may be told yes. */
  confirmedHeld(): readonly Lease[];
  /** Held leases whose owner has been told yes, and has not given them back since. */
  toldHeld(): readonly Lease[];
  /** Leases in the table that are held, unless they were certainly voided. */
  maybeHeld(): readonly Lease[];
  /** The hold-on in the table, unless it was certainly voided. */
  maybeHeldOn(): Hold | null;
  /** The last stop that somebody has asked for and that is in the table. */
  lastStop(): Spoken | null;
  /** When somebody last asked for the endpoint, with a lease or a hold-on, as far as is in the table. */
  lastWantedAt(): number;
  /** When the last of those wishes was begun that stand, and stood before that time already. */
  wishSeenBy(time: number): number;
  /** When leases or a hold last ceased to be there, or an administrator last said something. */
  lastChangedAt(): number;
  /** When an administrator last said something, or a hold came to its end. */
  lastSpokenAt(): number;
  /** Leases in the table that were certainly voided, and have not come to their end. */
  certainlyVoid(): readonly Lease[];
  /** Whether this process has said the last word on holds, and no stop was asked for since it began. */
  hasLastWord(process: SimulatedProcess): boolean;
  /** Connections that somebody wants ended. */
  toBeEnded(connectionId: ConnectionId | undefined): boolean;
}

/** Something that somebody has said: when they began to, and when it was in the table. */
export interface Spoken {
  readonly begunAt: number;
  readonly doneAt: number;
}

export interface KeptWishes extends Wishes {
  observe(step: Extract<Step, { kind: 'effect' }>): void;
  told(lease: Lease): void;
}

interface Asked extends Spoken {
  readonly lease: Lease;
}

export function createWishes(
  agenda: Agenda,
  stored: () => readonly Lease[],
  holdInTable: () => Hold | null,
): KeptWishes {
  /** By person; between the lease's own write and the revision, only in `written`. */
  const written = new Map<string, Asked>();
  const confirmed = new Map<string, Asked>();
  const told = new Map<string, Asked>();
  const toBeEnded = new Set<string>();
  let hold: (Spoken & { readonly hold: Hold }) | null = null;
  let stop: Spoken | null = null;
  let lastWantedAt = agenda.now();
  let lastChangedAt = agenda.now();
  let lastSpokenAt = agenda.now();
  let lastHoldBy: SimulatedProcess | null = null;

  const spokenBy = ({ startedAt }: SimulatedProcess): Spoken => ({
    begunAt: startedAt,
    doneAt: agenda.now(),
  });
  const standsFor = (asked: Spoken): boolean => stop === null || asked.begunAt > stop.doneAt;
  const isVoid = (doneAt: number): boolean => stop !== null && doneAt < stop.begunAt;
  const runs = ({ until }: Pick<Lease, 'until'>): boolean => until.getTime() > agenda.now();

  function heldOf(asked: ReadonlyMap<string, Asked>): readonly Lease[] {
    return [...asked.values()]
      .filter((each) => runs(each.lease) && standsFor(each))
      .map(({ lease }) => lease);
  }

  function noteHold(process: SimulatedProcess, record: EndpointRecord): void {
    hold = record.hold === null ? null : { ...spokenBy(process), hold: record.hold };
    lastHoldBy = process;
    lastChangedAt = agenda.now();
    lastSpokenAt = agenda.now();
    if (record.hold?.kind === 'on') lastWantedAt = agenda.now();
  }

  function maybeHeldOn(): Hold | null {
    if (hold === null || hold.hold.kind !== 'on' || isVoid(hold.doneAt)) return null;
    return runs(hold.hold) ? hold.hold : null;
  }

  function notVoid({ personId }: Lease): boolean {
    const asked = written.get(personId);
    return asked === undefined || !isVoid(asked.doneAt);
  }

  /** What each write to the table means, once it has taken effect. */
  const notes = new Map<Call['operation'], (process: SimulatedProcess, answer: unknown) => void>([
    [
      'extend-lease',
      (process, answer) => {
        if (!isLease(answer)) return;
        // Even if the one who asks is never told: whoever reads it goes on with it.
        lastWantedAt = agenda.now();
        written.set(process.personId ?? '', { ...spokenBy(process), lease: answer });
      },
    ],
    [
      'note-request',
      ({ personId }) => {
        const asked = written.get(personId ?? '');
        if (asked !== undefined) {
          confirmed.set(personId ?? '', { ...asked, doneAt: agenda.now() });
        }
        lastWantedAt = agenda.now();
      },
    ],
    [
      'remove-lease',
      ({ personId }) => {
        for (const leases of [written, confirmed, told]) leases.delete(personId ?? '');
        lastChangedAt = agenda.now();
      },
    ],
    [
      'note-release',
      () => {
        lastChangedAt = agenda.now();
      },
    ],
    [
      'set-hold',
      (process, answer) => {
        if (isRecord(answer)) noteHold(process, answer);
      },
    ],
    [
      'request-stop',
      (process) => {
        // Of two at once the later one stands, whichever was in the table first.
        const { begunAt, doneAt } = spokenBy(process);
        stop = { begunAt: Math.max(begunAt, stop?.begunAt ?? 0), doneAt };
        lastChangedAt = stop.doneAt;
        lastSpokenAt = stop.doneAt;
      },
    ],
    [
      'request-termination',
      (_process, answer) => {
        if (!isRecord(answer)) return;
        for (const { connectionId } of answer.terminations) toBeEnded.add(connectionId);
      },
    ],
  ]);

  return {
    confirmedHeld: () => (holdInTable()?.kind === 'off' ? [] : heldOf(confirmed)),
    toldHeld: () => (holdInTable()?.kind === 'off' ? [] : heldOf(told)),
    maybeHeld: () =>
      holdInTable()?.kind === 'off'
        ? []
        : stored().filter((lease) => runs(lease) && notVoid(lease)),
    maybeHeldOn,
    lastStop: () => stop,
    lastWantedAt: () => lastWantedAt,
    wishSeenBy(time) {
      const standing: Spoken[] = [...confirmed.values()].filter(
        (each) => runs(each.lease) && standsFor(each),
      );
      if (hold !== null && holdInTable()?.kind === 'on') standing.push(hold);
      return standing
        .filter(({ doneAt }) => doneAt < time)
        .reduce((last, { begunAt }) => Math.max(last, begunAt), 0);
    },
    lastChangedAt() {
      const now = agenda.now();
      const ends = stored()
        .filter(notVoid)
        .map(({ until }) => until);
      if (hold !== null && !(hold.hold.kind === 'on' && isVoid(hold.doneAt))) {
        ends.push(hold.hold.until);
      }
      return ends.reduce((last, end) => {
        const at = end.getTime();
        return at <= now && at > last ? at : last;
      }, lastChangedAt);
    },
    lastSpokenAt() {
      const end = hold?.hold.until.getTime() ?? 0;
      return end <= agenda.now() ? Math.max(lastSpokenAt, end) : lastSpokenAt;
    },
    certainlyVoid: () => stored().filter((lease) => runs(lease) && !notVoid(lease)),
    hasLastWord: (process) =>
      lastHoldBy === process && (stop === null || stop.doneAt < process.startedAt),
    toBeEnded: (connectionId) => toBeEnded.has(connectionId ?? ''),

    observe({ answer, call }) {
      notes.get(call.operation)?.(call.process, answer);
    },
    told(lease) {
      // Given back while the answer was on its way, or extended since.
      const stands = confirmed.get(lease.personId);
      if (stands !== undefined) told.set(lease.personId, stands);
    },
  };
}

function isLease(answer: unknown): answer is Lease {
  return typeof answer === 'object' && answer !== null && 'until' in answer;
}

function isRecord(answer: unknown): answer is EndpointRecord {
  return typeof answer === 'object' && answer !== null && 'revision' in answer;
}
