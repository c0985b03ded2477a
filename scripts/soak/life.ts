import type { Agenda } from './agenda.ts';
import type { Calendar } from './calendar.ts';
import type { Fleet } from './fleet.ts';
import type { Journal } from './journal.ts';
import type { Laptops } from './laptops.ts';
import { dayMs, minuteMs } from './moments.ts';
import type { Networks } from './networks.ts';
import type { Overseer } from './overseer.ts';
import { paceMs } from './pace.ts';
import type { Schedule } from './schedule.ts';
import type { SoakClock } from './time.ts';

export interface Life {
  readonly startsAt: number;
  readonly endsAt: number;
  /** On the wall. */
  readonly longestMinutes: number;
  readonly now: () => number;
  readonly clock: SoakClock;
  readonly agenda: Agenda;
  readonly fleet: Fleet;
  readonly schedule: Schedule;
  readonly overseer: Overseer;
  readonly networks: Networks;
  readonly laptops: Laptops;
  readonly calendar: Calendar;
  readonly journal: Journal;
  readonly disturbedAt: () => number;
  /** Whether it ends before its time. */
  readonly isOver: () => boolean;
  readonly beginDay: (nth: number) => Promise<void>;
}

/** An act and a run that are due within so much of each other happen at once. */
const atOnceMs = minuteMs / 2;

/** Goes from one moment at which something is due to the next. The clock jumps only while all is quiet. */
export async function liveThrough(life: Life): Promise<void> {
  const { agenda, clock, endsAt, fleet, journal, now, overseer, schedule, startsAt } = life;
  const begun = performance.now();
  let nth = 0;
  let runDueAt = now();
  let stirredAt = now();

  async function goTo(timeMs: number): Promise<void> {
    const aheadMs = timeMs - now();
    if (aheadMs <= 0) return;
    clock.advance(aheadMs / minuteMs);
    await fleet.tellTime();
  }

  function untilNextRun(from: number): number {
    return paceMs(from, {
      places: overseer.pace,
      networksOf: (place) => life.networks.of(place),
      laptops: life.laptops,
      stirredAt: life.calendar.isRough() ? now() : Math.max(stirredAt, life.disturbedAt()),
    });
  }

  while (now() < endsAt && !life.isOver()) {
    if (now() >= startsAt + nth * dayMs) {
      await life.beginDay(nth);
      nth += 1;
    }
    await goTo(Math.min(agenda.nextAt(), runDueAt, startsAt + nth * dayMs, endsAt));
    const begunAt = now();
    const acts = agenda.takeDue(begunAt);
    const isRunDue = runDueAt <= begunAt + (acts.length > 0 ? atOnceMs : 0);
    const deliveries = isRunDue ? [schedule.deliver()] : [];
    await Promise.all([...acts.map((act) => act()), ...deliveries]);
    if (acts.length > 0) {
      // Portals go on with what people have asked for when they have answered.
      const settled = await fleet.settle([...fleet.portals(), ...fleet.reconcilers()]);
      journal.count(`after what people did: ${settled}`);
      stirredAt = now();
    }
    overseer.afterStep();
    if (isRunDue) runDueAt = begunAt + untilNextRun(begunAt);
    else if (acts.length > 0) runDueAt = Math.min(runDueAt, begunAt + minuteMs);
    const minutes = (performance.now() - begun) / minuteMs;
    if (minutes > life.longestMinutes) {
      journal.violated(
        'the soak ends in time',
        `it takes more than ${life.longestMinutes} minutes`,
      );
    }
  }
}
