import type { Clock } from '../../src/clock.ts';
import { minuteMs } from './moments.ts';
import { administrator } from './town.ts';
import type { Visitors } from './visitors.ts';

/** The pause of the stopping, as the administrator who asks for it knows it. */
export interface Pause {
  ask(minutes: number): Promise<void>;
  takeBack(): Promise<boolean>;
  /** Since when it certainly stands; `Infinity` where it may not. */
  surelySince(): number;
  /** Until when it may stand, or may have stood; `Infinity` while an answer is awaited. */
  maybeUntil(): number;
}

export function createPause(visitors: Visitors, clock: Clock): Pause {
  let toldAt = Infinity;
  let surelyUntil = 0;
  let maybeUntil = 0;
  const now = (): number => clock.now().getTime();

  return {
    async ask(minutes) {
      const begunAt = now();
      const before = maybeUntil;
      toldAt = Infinity;
      maybeUntil = Infinity;
      const form = { minutes: minutes.toString(), reason: 'An exercise' };
      const { status } = await visitors.post(administrator, '/admin/schedule/pause', form);
      maybeUntil = Math.max(before, now() + minutes * minuteMs);
      if (status !== 303) return;
      toldAt = now();
      surelyUntil = begunAt + minutes * minuteMs;
    },
    async takeBack() {
      toldAt = Infinity;
      const before = Math.max(maybeUntil, now());
      maybeUntil = Infinity;
      const { status } = await visitors.post(administrator, '/admin/schedule/resume');
      maybeUntil = status === 303 ? now() : before;
      return status === 303;
    },
    surelySince: () => (surelyUntil > now() ? toldAt : Infinity),
    maybeUntil: () => maybeUntil,
  };
}
