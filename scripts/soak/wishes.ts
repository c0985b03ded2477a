import type { Journal } from './journal.ts';
import type { Promises } from './promises.ts';
import type { Place } from './town.ts';
import { administrator } from './town.ts';
import type { Answer, Visitors } from './visitors.ts';

/** What people ask of an endpoint, each request with what it promises. */
export interface Wishes {
  /** @returns whether its owner was told yes */
  lease(place: Place, person: string, minutes: number): Promise<boolean>;
  giveBack(place: Place, person: string): Promise<boolean>;
  stop(place: Place): Promise<boolean>;
  hold(place: Place, kind: 'on' | 'off', minutes: number): Promise<boolean>;
  releaseHold(place: Place): Promise<boolean>;
  terminate(place: Place, connectionId: string): Promise<boolean>;
}

/** A redirect to a page that knows of it is a yes; one to the page as it is, a no. */
function isTold({ location, status }: Answer): boolean {
  return status === 303 && location.includes('revision=');
}

export function createWishes(
  visitors: Visitors,
  promisesOf: (place: Place) => Promises,
  journal: Journal,
): Wishes {
  const told = (yes: boolean): 'told' | 'unknown' => (yes ? 'told' : 'unknown');

  async function administer(
    place: Place,
    path: string,
    form: Readonly<Record<string, string>> = {},
  ): Promise<boolean> {
    return isTold(await visitors.post(administrator, `/admin/endpoints/${place.id}${path}`, form));
  }

  return {
    async lease(place, person, minutes) {
      const asking = promisesOf(place).askLease(person, minutes);
      const form = { minutes: minutes.toString() };
      const answer = await visitors.post(person, `/endpoints/${place.id}/lease`, form);
      const isNo = answer.status !== null && answer.status < 500 && !isTold(answer);
      asking.settle(isTold(answer) ? 'told' : isNo ? 'refused' : 'unknown');
      if (isTold(answer)) journal.count('leases confirmed');
      return isTold(answer);
    },
    async giveBack(place, person) {
      const asking = promisesOf(place).giveBack(person);
      const answer = await visitors.post(person, `/endpoints/${place.id}/lease/release`);
      asking.settle(told(isTold(answer)));
      return isTold(answer);
    },
    async stop(place) {
      const asking = promisesOf(place).askStop();
      const yes = await administer(place, '/stop');
      asking.settle(told(yes));
      return yes;
    },
    async hold(place, kind, minutes) {
      const asking = promisesOf(place).hold(kind, minutes);
      const form = { kind, minutes: minutes.toString(), reason: 'Work on the network' };
      const yes = await administer(place, '/hold', form);
      asking.settle(told(yes));
      return yes;
    },
    async releaseHold(place) {
      const asking = promisesOf(place).releaseHold();
      const yes = await administer(place, '/release-hold');
      asking.settle(told(yes));
      return yes;
    },
    terminate: (place, connectionId) => administer(place, `/connections/${connectionId}/terminate`),
  };
}
