import { randomOf } from '../../test/simulation/random.ts';
import type { Random } from '../../test/simulation/random.ts';
import type { Agenda } from './agenda.ts';
import type { Journal } from './journal.ts';
import type { Laptops } from './laptops.ts';
import { dayMs, hourMs, minuteMs, secondMs } from './moments.ts';
import type { Place } from './town.ts';
import type { Visitors } from './visitors.ts';
import type { Wishes } from './wishes.ts';

/** The people who use the endpoints: they come, ask, wait, connect, and leave or forget to. */
export interface Employees {
  /** Plans one of their days, from its beginning on. */
  planDay(startsAt: number, nth: number): void;
  /** Somebody comes outside of the plan. */
  comes(place: Place, person: string, atMs: number): void;
  /** Everybody goes: laptops are disconnected, and leases given back, until that is confirmed. */
  allGo(): Promise<boolean>;
}

export interface EmployeesDependencies {
  readonly seed: number;
  readonly now: () => number;
  readonly endsAt: number;
  readonly places: readonly Place[];
  readonly agenda: Agenda;
  readonly visitors: Visitors;
  readonly wishes: Wishes;
  readonly laptops: Laptops;
  readonly journal: Journal;
}

/** After so long somebody who waits gives up. */
const patienceMs = 25 * minuteMs;

export function createEmployees(deps: EmployeesDependencies): Employees {
  const { agenda, journal, laptops, now, places, visitors, wishes } = deps;
  /** Who is somewhere already. */
  const visiting = new Set<string>();
  /** One after the other, as a person does things. */
  const busy = new Map<string, Promise<void>>();

  function at(timeMs: number, person: string, act: () => Promise<void>): void {
    if (timeMs >= deps.endsAt) return;
    agenda.at(timeMs, () => {
      const done = (busy.get(person) ?? Promise.resolve()).then(act);
      busy.set(person, done);
      return done;
    });
  }

  function visit(place: Place, person: string, startMs: number, random: Random): void {
    const key = `${person} ${place.name}`;
    const leaveMs = startMs + random.whole(20, 8 * 60) * minuteMs;
    const minutes = random.pick(place.leaseMinutes);
    const page = `/endpoints/${place.id}`;
    let connection: string | null = null;
    let waitsSince = startMs;

    async function tryToConnect(): Promise<void> {
      const { text } = await visitors.get(person, `/fragments${page}`);
      if (now() >= leaveMs) return;
      if (text.includes('data-state="on"')) connection = laptops.connect(place, person);
      if (connection !== null) {
        journal.count('laptops connected');
        if (random.chance(0.3)) await visitors.get(person, `${page}/client-configuration`);
      } else if (now() - waitsSince < patienceMs) {
        const soon = now() - waitsSince < minuteMs ? 20 * secondMs : minuteMs;
        at(now() + soon, person, tryToConnect);
      } else journal.count('people who gave up');
    }

    async function comes(): Promise<void> {
      if (visiting.has(key)) return;
      visiting.add(key);
      await visitors.get(person, random.chance(0.5) ? '/' : page);
      await wishes.lease(place, person, minutes);
      waitsSince = now();
      // Who asks ahead finds it on when they come.
      const aheadMs = random.chance(0.2) ? random.whole(30, 120) * minuteMs : 0;
      waitsSince += aheadMs;
      at(waitsSince + random.whole(5, 40) * secondMs, person, tryToConnect);
      at(leaveMs, person, leaves);
    }

    async function leaves(): Promise<void> {
      visiting.delete(key);
      const own = connection;
      const forgets = own !== null && random.chance(0.1);
      if (forgets) {
        journal.count('laptops left connected');
        laptops.abandon(own);
        at(now() + random.whole(2, 15) * hourMs, person, () => {
          laptops.disconnect(own);
          return Promise.resolve();
        });
      } else if (own !== null) laptops.disconnect(own);
      if (random.chance(0.5)) await wishes.giveBack(place, person);
    }

    at(startMs, person, comes);
    const during = (): number => startMs + random.next() * (leaveMs - startMs);
    if (random.chance(0.4)) {
      at(during(), person, async () => {
        if (visiting.has(key)) await wishes.lease(place, person, random.pick(place.leaseMinutes));
      });
    }
    if (random.chance(0.5)) {
      at(during(), person, async () => {
        await visitors.get(person, random.pick(['/', '/history', '/fragments/home', page]));
      });
    }
    if (random.chance(0.25)) {
      const lunchMs = during();
      at(lunchMs, person, () => {
        if (connection !== null) laptops.disconnect(connection);
        connection = null;
        return Promise.resolve();
      });
      at(lunchMs + 40 * minuteMs, person, async () => {
        if (!visiting.has(key) || now() >= leaveMs) return;
        waitsSince = now();
        await tryToConnect();
      });
    }
  }

  return {
    planDay(startsAt, nth) {
      const isWorkday = nth % 7 < 5;
      for (const place of places) {
        for (const { key: person } of place.people) {
          const random = randomOf(`${deps.seed} ${nth} ${place.name} ${person}`);
          if (random.chance(isWorkday ? 0.5 : 0.06)) {
            const startMs = startsAt + random.whole(30, 4 * 60) * minuteMs;
            visit(place, person, startMs, random);
          }
          if (random.chance(0.04)) {
            visit(place, person, startsAt + random.next() * dayMs, random);
          }
        }
      }
    },
    comes(place, person, atMs) {
      visit(place, person, atMs, randomOf(`${deps.seed} ${place.name} ${person} ${atMs}`));
    },
    async allGo() {
      for (const { connectionId } of laptops.all()) laptops.disconnect(connectionId);
      const given = places.flatMap((place) =>
        place.people.map(({ key: person }) => wishes.giveBack(place, person)),
      );
      return (await Promise.all(given)).every(Boolean);
    },
  };
}
