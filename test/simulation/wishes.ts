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
  /** Whether the lease that stands in the table for a person is as this request wrote it, and nobody over it. */
  isLastWrittenBy(process: SimulatedProcess): boolean;
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
  readonly process: SimulatedProcess;
  /** What stood there before, and stands there again where this is taken back. */
  readonly before: Asked | null;
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
  /** Of two tabs that are refused at once, the one below may be put back by the one above. */
  const writtenOver = new Set<SimulatedProcess>();
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
    if (record.hold !== null) hold = { ...spokenBy(process), hold: record.hold };
    lastHoldBy = process;
    lastChangedAt = agenda.now();
    lastSpokenAt = agenda.now();
    if (record.hold?.kind === 'on') lastWantedAt = agenda.now();
  }

  /** One that is over, or void, stays as it is. */
  function noteRelease(process: SimulatedProcess, record: EndpointRecord): void {
    if (record.hold === null) hold = null;
    lastHoldBy = process;
    lastChangedAt = agenda.now();
    lastSpokenAt = agenda.now();
  }

  function put(
    leases: Map<string, Asked>,
    { personId }: SimulatedProcess,
    asked: Asked | null,
  ): void {
    if (asked === null) leases.delete(personId ?? '');
    else leases.set(personId ?? '', asked);
  }

  /** What this request has written, which others may have written over since. */
  function writtenBy(process: SimulatedProcess): Asked | null {
    let asked = written.get(process.personId ?? '') ?? null;
    while (asked !== null && asked.process !== process) asked = asked.before;
    return asked;
  }

  /** Where a stop has come between, a request has asked more than once. */
  function beforeAllBy(process: SimulatedProcess, asked: Asked | undefined): Asked | null {
    let before = asked ?? null;
    while (before?.process === process) before = before.before;
    return before;
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
      (process, isWritten) => {
        const person = process.personId ?? '';
        const lease = stored().find(({ personId }) => personId === person);
        if (isWritten !== true || lease === undefined) return;
        // Even if the one who asks is never told: whoever reads it goes on with it.
        lastWantedAt = agenda.now();
        const before = written.get(person) ?? null;
        written.set(person, { ...spokenBy(process), lease, process, before });
        if (before !== null && before.process !== process) writtenOver.add(before.process);
      },
    ],
    [
      'take-back-lease',
      (process, isTakenBack) => {
        if (isTakenBack === true) put(written, process, writtenBy(process)?.before ?? null);
        for (const leases of [confirmed, told]) {
          put(leases, process, beforeAllBy(process, leases.get(process.personId ?? '')));
        }
        lastChangedAt = agenda.now();
      },
    ],
    [
      'note-request',
      (process) => {
        const asked = writtenBy(process);
        if (asked !== null) {
          const before = confirmed.get(asked.lease.personId) ?? null;
          put(confirmed, process, { ...asked, before, doneAt: agenda.now() });
        }
        lastWantedAt = agenda.now();
      },
    ],
    [
      'remove-lease',
      ({ personId, releases }, removed) => {
        // Only their owner gives them back; whatever else removes them takes them away.
        if (releases) for (const leases of [confirmed, told]) leases.delete(personId ?? '');
        if (removed !== null) written.delete(personId ?? '');
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
      'release-hold',
      (process, answer) => {
        if (isRecord(answer)) noteRelease(process, answer);
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
    isLastWrittenBy: (process) =>
      written.get(process.personId ?? '')?.process === process && !writtenOver.has(process),
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

function isRecord(answer: unknown): answer is EndpointRecord {
  return typeof answer === 'object' && answer !== null && 'revision' in answer;
}
