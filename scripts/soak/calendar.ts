import { randomOf } from '../../test/simulation/random.ts';
import type { SimulatedClientVpn } from '../local/client-vpn/simulated-client-vpn.ts';
import type { Administrators } from './administrators.ts';
import type { Agenda } from './agenda.ts';
import type { Chaos } from './chaos.ts';
import type { Employees } from './employees.ts';
import type { Fleet } from './fleet.ts';
import { spellsOf } from './fronts.ts';
import type { Journal } from './journal.ts';
import { dayMs, minuteMs } from './moments.ts';
import { planMoods } from './moods.ts';
import type { Place } from './town.ts';
import type { Weather } from './weather.ts';

/** What is to happen, day by day: it follows from the seed alone. */
export interface Calendar {
  planDay(nth: number): void;
  /** Whether something goes wrong by plan: then deliveries do, too, and processes are killed more. */
  isRough(): boolean;
}

const killsPerDay = 3;

export function createCalendar(deps: {
  readonly seed: number;
  readonly startsAt: number;
  /** When everybody goes home for good, and nothing goes wrong any more. */
  readonly peopleGoAt: number;
  readonly now: () => number;
  readonly places: readonly [Place, ...Place[]];
  readonly agenda: Agenda;
  readonly employees: Employees;
  readonly administrators: Administrators;
  readonly clientVpn: SimulatedClientVpn;
  readonly weather: Weather;
  readonly chaos: Chaos;
  readonly fleet: Fleet;
  readonly journal: Journal;
  readonly disturb: () => void;
}): Calendar {
  const { administrators, agenda, employees, fleet, journal, peopleGoAt, places, seed } = deps;
  let isRough = false;

  function at(timeMs: number, act: () => void): void {
    if (timeMs >= peopleGoAt) return;
    agenda.at(timeMs, () => {
      act();
      return Promise.resolve();
    });
  }

  function killSomebody(nth: number): void {
    const mortal = [...fleet.portals(), ...fleet.reconcilers()].filter(
      (child) => !fleet.survivors.includes(child),
    );
    const victim = mortal[nth % Math.max(1, mortal.length)];
    if (victim !== undefined) deps.chaos.kill(victim);
  }

  function clearUp(): void {
    isRough = false;
    deps.weather.clear();
  }

  async function everybodyGoes(): Promise<void> {
    clearUp();
    const gone = [await employees.allGo(), await administrators.allGo()];
    if (gone.includes(false)) agenda.at(deps.now() + 5 * minuteMs, everybodyGoes);
  }

  agenda.at(peopleGoAt, everybodyGoes);

  return {
    isRough: () => isRough,
    planDay(nth) {
      const random = randomOf(`${seed} calendar ${nth}`);
      const startsAt = deps.startsAt + nth * dayMs;
      employees.planDay(startsAt, nth);
      administrators.planDay(startsAt, nth);
      planMoods(deps, { nth, startsAt, endsAt: peopleGoAt });
      for (let kills = 0; kills < killsPerDay; kills += 1) {
        const victim = random.whole(0, 100);
        at(startsAt + random.next() * dayMs, () => {
          killSomebody(victim);
        });
      }
      for (const { front, fromMs, untilMs } of spellsOf(seed, nth, startsAt)) {
        at(fromMs, () => {
          isRough = true;
          deps.weather.change(front);
          journal.count(`spell: ${front.kind}`);
          journal.note(`a spell of ${front.kind}`);
        });
        at(untilMs, clearUp);
        // So that it goes wrong for somebody.
        const within = (): number => fromMs + random.next() * (untilMs - fromMs);
        for (let each = 0; each < 2; each += 1) {
          const place = random.pick(places);
          const person = place.people[random.whole(0, place.people.length - 1)];
          if (person !== undefined) employees.comes(place, person.key, within());
        }
        administrators.act(within());
      }
    },
  };
}
