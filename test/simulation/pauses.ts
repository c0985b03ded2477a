import type { Pause } from '../../src/lease/pause.ts';
import { pauseInEffect } from '../../src/lease/pause.ts';
import type { MemoryTable } from '../fakes/memory-stores.ts';
import { minuteMs } from './properties/property.ts';
import { randomOf } from './random.ts';
import type { WorldEvent } from './scenario.ts';

/** The pause that stands in the table. It is stored all at once: who asks for it is not played. */
export interface Pauses {
  /** `null` where none counts. */
  standing(): Pause | null;
  /** When the last one began, was taken back, or came to its end. */
  changedAt(): number;
  set(pause: Pick<Pause, 'until'> | null): void;
}

export function createPauses(table: MemoryTable, now: () => number): Pauses {
  let changedAt = 0;
  return {
    standing: () => pauseInEffect(table.pause, new Date(now())),
    changedAt() {
      const end = table.pause?.until.getTime() ?? 0;
      return end <= now() ? Math.max(changedAt, end) : changedAt;
    },
    set(pause) {
      changedAt = now();
      const by = { id: 'erin', name: 'erin' };
      table.pause =
        pause === null ? null : { ...pause, reason: 'a move', by, at: new Date(changedAt) };
    },
  };
}

/** In some weeks, while things happen: for as long as an endpoint may wait to go off, or longer. */
export function pausesIn(seed: number, events: readonly WorldEvent[]): readonly WorldEvent[] {
  // Of its own, so that everything else of a week is as it would be without.
  const random = randomOf(`pauses ${seed}`);
  const last = events.at(-1);
  if (last === undefined || !random.chance(0.3)) return [];
  const around = events[random.whole(0, events.length - 1)] ?? last;
  const atMs = around.atMs + random.whole(0, 40 * 60) * 1000;
  const minutes = random.pick([10, 30, 60, 120]);
  const pause: WorldEvent = { atMs, kind: 'pause', minutes };
  if (!random.chance(0.3)) return [pause];
  return [pause, { atMs: atMs + random.whole(1, minutes) * minuteMs, kind: 'resume' }];
}
