import type { Clock } from '../../src/clock.ts';
import { minuteMs } from './moments.ts';

/**
 * What people have asked of one endpoint, and what they were told, from outside: by the requests they
 * have sent and the answers they have got. Whoever got no answer, or one that says nothing, may have
 * been heard or not; then nothing is promised to them, and nothing is held against the product either.
 */
export interface Promises {
  askLease(person: string, minutes: number): Asking<'told' | 'refused' | 'unknown'>;
  giveBack(person: string): Asking<'told' | 'unknown'>;
  askStop(): Asking<'told' | 'unknown'>;
  hold(kind: 'on' | 'off', minutes: number): Asking<'told' | 'unknown'>;
  releaseHold(): Asking<'told' | 'unknown'>;

  /** Leases that their owners were told of, and that nobody may have overruled. */
  toldHeld(): readonly Told[];
  /** The hold-on that an administrator was told of, and that nothing may have overruled. */
  toldHoldOn(): Pick<Told, 'toldAt' | 'until'> | null;
  /** Whether something that somebody has asked for may keep it on. */
  maybeWanted(): boolean;
  /** When the next of what may keep it on comes to its end; `Infinity` where nothing may. */
  maybeWantedUntil(): number;
  /** When something that may have kept it on last ended, or an administrator last said something. */
  lastChangedAt(): number;
  /** When somebody last began to ask for a stop; 0 before the first. */
  stopAskedAt(): number;
  /** Everything that was told, for the figures. */
  readonly everTold: readonly Told[];
}

export interface Asking<Outcome> {
  /** What has come of it. */
  settle(outcome: Outcome): void;
}

export interface Told {
  readonly person: string;
  readonly begunAt: number;
  readonly toldAt: number;
  /** At least until then. */
  readonly until: number;
  /** What became of it; `null` until that is known. */
  fate: 'usable' | 'given-back' | 'overruled' | 'not-usable-in-time' | null;
}

interface Wish {
  readonly begunAt: number;
  /** `Infinity` until there is an answer, or none. */
  doneAt: number;
  /** At most until then. */
  until: number;
}

interface PossibleHold {
  readonly kind: 'on' | 'off' | 'none';
  readonly begunAt: number;
  /** When an administrator was told of it; `Infinity` where they were not. */
  readonly toldAt: number;
  readonly surelyUntil: number;
  readonly until: number;
}

const noHold: PossibleHold = {
  kind: 'none',
  begunAt: 0,
  toldAt: 0,
  surelyUntil: Infinity,
  until: Infinity,
};

/** @param latestEnd the end of a lease that is asked for then at the latest, in epoch milliseconds */
export function createPromises(clock: Clock, latestEnd: (askedAt: number) => number): Promises {
  const told = new Map<string, Told>();
  const everTold: Told[] = [];
  const maybe = new Map<string, Wish[]>();
  /** What the hold in the table may be; one of these. */
  let holds: readonly PossibleHold[] = [noHold];
  let stop = { begunAt: 0, doneAt: 0 };
  let lastChangedAt = 0;

  const now = (): number => clock.now().getTime();
  const runs = ({ until }: { readonly until: number }): boolean => until > now();
  const wishes = (): readonly Wish[] => [...maybe.values()].flat();

  function lose(person: string, fate: NonNullable<Told['fate']>): void {
    const lost = told.get(person);
    if (lost !== undefined) lost.fate ??= lost.until <= now() ? 'not-usable-in-time' : fate;
    told.delete(person);
  }

  /** It takes effect at some time between now and the answer, or not at all. */
  function askHold(
    changed: Pick<PossibleHold, 'kind'>,
    minutes: number,
  ): Asking<'told' | 'unknown'> {
    const begunAt = now();
    const before = holds;
    const possible = { ...changed, begunAt, toldAt: Infinity, surelyUntil: 0, until: Infinity };
    holds = [...before, possible];
    lastChangedAt = begunAt;
    return {
      settle(outcome) {
        const until = now() + minutes * minuteMs;
        const surelyUntil = begunAt + minutes * minuteMs;
        lastChangedAt = now();
        holds =
          outcome === 'told'
            ? [{ ...possible, toldAt: now(), until, surelyUntil }]
            : [...before, { ...possible, until }];
      },
    };
  }

  return {
    everTold,

    askLease(person, minutes) {
      const begunAt = now();
      const wish: Wish = { begunAt, doneAt: Infinity, until: Infinity };
      const own = maybe.get(person) ?? [];
      maybe.set(person, [...own, wish]);
      return {
        settle(outcome) {
          wish.doneAt = now();
          wish.until = Math.min(now() + minutes * minuteMs, latestEnd(now()));
          if (outcome === 'refused') maybe.set(person, own);
          if (outcome !== 'told' || stop.doneAt >= begunAt) return;
          const before = told.get(person);
          const asked = Math.min(begunAt + minutes * minuteMs, latestEnd(begunAt));
          // Asked for again: the later end counts, and the endpoint is owed since the first time.
          const isExtended = before !== undefined && runs(before);
          if (!isExtended) lose(person, 'not-usable-in-time');
          const lease: Told = {
            person,
            begunAt,
            toldAt: isExtended ? before.toldAt : now(),
            until: isExtended ? Math.max(before.until, asked) : asked,
            fate: isExtended ? before.fate : null,
          };
          if (isExtended) everTold.splice(everTold.indexOf(before), 1);
          everTold.push(lease);
          told.set(person, lease);
        },
      };
    },

    giveBack(person) {
      lose(person, 'given-back');
      return {
        settle(outcome) {
          if (outcome === 'told') maybe.delete(person);
          lastChangedAt = now();
        },
      };
    },

    askStop() {
      stop = { begunAt: now(), doneAt: Infinity };
      const { begunAt } = stop;
      for (const person of [...told.keys()]) lose(person, 'overruled');
      lastChangedAt = begunAt;
      return {
        settle(outcome) {
          stop = { begunAt, doneAt: now() };
          lastChangedAt = now();
          if (outcome === 'told') {
            for (const [person, own] of maybe) {
              const left = own.filter(({ doneAt }) => doneAt >= begunAt);
              maybe.set(person, left);
            }
            holds = holds.map((hold) => (hold.kind === 'on' ? noHold : hold));
          } else {
            holds = [...holds, noHold];
          }
        },
      };
    },

    hold: (kind, minutes) => askHold({ kind }, minutes),
    releaseHold: () => askHold({ kind: 'none' }, Infinity),

    toldHeld() {
      for (const [person, lease] of told) if (!runs(lease)) lose(person, 'not-usable-in-time');
      if (holds.some((hold) => hold.kind === 'off' && runs(hold))) {
        return [];
      }
      return [...told.values()];
    },
    toldHoldOn() {
      const [only, ...others] = holds;
      if (only?.kind !== 'on' || others.length > 0 || only.surelyUntil <= now()) return null;
      return { toldAt: only.toldAt, until: only.surelyUntil };
    },
    maybeWanted: () =>
      wishes().some(runs) || holds.some((hold) => hold.kind === 'on' && runs(hold)),
    maybeWantedUntil() {
      const ends = [...wishes(), ...holds.filter(({ kind }) => kind !== 'none')].filter(runs);
      return Math.min(...ends.map(({ until }) => until));
    },
    lastChangedAt() {
      const ends = [...wishes(), ...holds].map(({ until }) => until).filter((at) => at <= now());
      return Math.max(lastChangedAt, ...ends);
    },
    stopAskedAt: () => stop.begunAt,
  };
}
