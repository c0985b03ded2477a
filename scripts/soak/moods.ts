import { randomOf } from '../../test/simulation/random.ts';
import type { SimulatedClientVpn } from '../local/client-vpn/simulated-client-vpn.ts';
import type { Agenda } from './agenda.ts';
import type { Journal } from './journal.ts';
import { dayMs } from './moments.ts';
import type { Place } from './town.ts';

/** What AWS does by itself, and what somebody does in its console, on one day. */
export function planMoods(
  deps: {
    readonly seed: number;
    readonly agenda: Agenda;
    readonly clientVpn: SimulatedClientVpn;
    readonly places: readonly [Place, ...Place[]];
    readonly journal: Journal;
    readonly disturb: () => void;
  },
  day: { readonly nth: number; readonly startsAt: number; readonly endsAt: number },
): void {
  const { clientVpn, journal } = deps;
  const random = randomOf(`${deps.seed} moods ${day.nth}`);
  const place = random.pick(deps.places);
  const subnetId = place.subnets[random.whole(0, place.subnets.length - 1)] ?? '';

  function plan(chance: number, what: string, act: () => void): void {
    const atMs = day.startsAt + random.next() * dayMs;
    if (!random.chance(chance) || atMs >= day.endsAt) return;
    deps.agenda.at(atMs, () => {
      journal.count(what);
      journal.note(`${what}: ${place.name}`);
      deps.disturb();
      act();
      return Promise.resolve();
    });
  }

  plan(0.3, 'associations that were to fail', () => {
    clientVpn.failNextAssociation(subnetId, 'No address was free.', random.pick([1, 1, 2]));
  });
  plan(0.3, 'associations that were to take long', () => {
    clientVpn.delayNextAssociation(subnetId, random.whole(60, 1200));
  });
  plan(0.4, 'networks associated in the console', () => {
    try {
      const clientVpnEndpointId = place.id;
      clientVpn.associateClientVpnTargetNetwork({ clientVpnEndpointId, subnetId });
    } catch {
      // It has that network already.
    }
  });
}
