import { randomOf } from '../../test/simulation/random.ts';
import type { Agenda } from './agenda.ts';
import type { Laptops } from './laptops.ts';
import { dayMs, hourMs, minuteMs } from './moments.ts';
import type { Pause } from './pause.ts';
import type { Place } from './town.ts';
import { administrator, auditor } from './town.ts';
import type { Visitors } from './visitors.ts';
import type { Wishes } from './wishes.ts';

/** Those who see everything, and one who has the last word. */
export interface Administrators {
  planDay(startsAt: number, nth: number): void;
  /** An act outside of the plan. */
  act(atMs: number): void;
  /** Takes back what still stands, until that is confirmed. */
  allGo(): Promise<boolean>;
}

const pages = [
  '/admin',
  '/admin/usage',
  '/admin/audit',
  '/admin/usage.csv',
  '/admin/audit.csv',
  '/',
] as const;

export function createAdministrators(deps: {
  readonly seed: number;
  readonly now: () => number;
  readonly endsAt: number;
  readonly places: readonly [Place, ...Place[]];
  readonly agenda: Agenda;
  readonly visitors: Visitors;
  readonly wishes: Wishes;
  readonly pause: Pause;
  readonly laptops: Laptops;
}): Administrators {
  const { agenda, now, pause, places, visitors, wishes } = deps;
  const random = randomOf(`${deps.seed} administrators`);
  let busy = Promise.resolve();

  function at(timeMs: number, act: () => Promise<unknown>): void {
    if (timeMs >= deps.endsAt) return;
    agenda.at(timeMs, () => {
      busy = busy.then(act).then(() => undefined);
      return busy;
    });
  }

  async function holds(place: Place): Promise<void> {
    const minutes = random.pick([60, 60, 120]);
    await wishes.hold(place, random.pick(['on', 'on', 'off']), minutes);
    if (random.chance(0.5)) {
      at(now() + random.whole(5, minutes) * minuteMs, () => wishes.releaseHold(place));
    }
  }

  async function pauses(): Promise<void> {
    await pause.ask(random.pick([30, 60]));
    if (random.chance(0.5)) at(now() + random.whole(5, 40) * minuteMs, () => pause.takeBack());
  }

  async function endsConnection(): Promise<void> {
    const sessions = deps.laptops.all();
    const session = sessions[random.whole(0, sessions.length - 1)];
    const place = places.find(({ id }) => id === session?.endpointId);
    if (session === undefined || place === undefined) return;
    await wishes.terminate(place, session.connectionId);
  }

  async function stops(place: Place): Promise<void> {
    await visitors.get(administrator, `/admin/endpoints/${place.id}/stop`);
    await wishes.stop(place);
  }

  function act(atMs: number): void {
    const place = random.pick(places);
    const what = random.pick([
      () => holds(place),
      () => holds(place),
      () => stops(place),
      endsConnection,
      endsConnection,
      pauses,
      () => visitors.post(administrator, '/admin/schedule/enable-rule'),
    ]);
    at(atMs, what);
  }

  return {
    act,
    planDay(startsAt, nth) {
      const times = nth % 7 < 5 ? 2 : random.whole(0, 1);
      for (let each = 0; each < times; each += 1) {
        act(startsAt + random.whole(60, 12 * 60) * minuteMs);
      }
      at(startsAt + random.next() * dayMs, () =>
        visitors.get(random.pick([administrator, auditor]), random.pick(pages)),
      );
      at(startsAt + 2 * hourMs, () => visitors.get(administrator, '/admin'));
    },
    async allGo() {
      const released = [];
      for (const place of places) released.push(await wishes.releaseHold(place));
      return (await pause.takeBack()) && released.every(Boolean);
    },
  };
}
