import type { Clock } from '../../src/clock.ts';
import type { EndpointId } from '../../src/vpn/ids.ts';
import type { SimulatedClientVpn } from '../local/client-vpn/simulated-client-vpn.ts';
import type { Place } from './town.ts';

/** The networks of the endpoints, as they really are. */
export interface Networks {
  /** Looks again. */
  refresh(): void;
  of(place: Place): NetworksOfPlace;
}

export interface NetworksOfPlace {
  readonly associations: readonly {
    readonly id: string;
    readonly subnetId: string | null;
    readonly status: string;
  }[];
  /** All that the endpoint shall have is there, routes included. */
  readonly usable: boolean;
  /** Something is on its way. */
  readonly moving: boolean;
  /** When a network or a route was last seen to have changed, in epoch milliseconds. */
  readonly changedAt: number;
  /** Since when there has been a network without a gap; `null` while there is none. */
  readonly onSince: number | null;
}

const onItsWay: ReadonlySet<string> = new Set(['associating', 'disassociating']);

export function createNetworks(deps: {
  readonly clientVpn: SimulatedClientVpn;
  readonly clock: Clock;
  readonly places: readonly Place[];
  /** AWS has failed an association by itself. */
  readonly onFailed: () => void;
}): Networks {
  const { clientVpn, clock, places } = deps;
  const known = new Map<EndpointId, NetworksOfPlace & { readonly shape: string }>();

  function look(place: Place): void {
    const { id: clientVpnEndpointId } = place;
    const now = clock.now().getTime();
    const before = known.get(clientVpnEndpointId);
    const associations = clientVpn
      .describeClientVpnTargetNetworks({ clientVpnEndpointId })
      .map(({ associationId, status, targetNetworkId }) => ({
        id: associationId,
        subnetId: targetNetworkId,
        status: status.code,
      }));
    const routes =
      associations.length === 0
        ? []
        : clientVpn
            .describeClientVpnRoutes({ clientVpnEndpointId })
            .filter(({ origin }) => origin === 'add-route')
            .map((each) => ({ ...each, key: `${each.destinationCidr} ${each.targetSubnet}` }));
    const shape = [
      ...associations.map(({ id, status }) => `${id} ${status}`),
      ...routes.map(({ key, status }) => `${key} ${status.code}`),
    ].join();
    if (before?.shape === shape) return;
    if (shape.includes('association-failed')) deps.onFailed();
    const isAssociated = (subnet: string): boolean =>
      associations.some((each) => each.subnetId === subnet && each.status === 'associated');
    const active = routes.filter(({ status }) => status.code === 'active').map(({ key }) => key);
    known.set(clientVpnEndpointId, {
      associations,
      shape,
      usable: place.subnets.every(isAssociated) && active.sort().join() === place.routes.join(),
      moving:
        associations.some(({ status }) => onItsWay.has(status)) || active.length < routes.length,
      changedAt: before === undefined ? 0 : now,
      onSince: associations.length === 0 ? null : (before?.onSince ?? now),
    });
  }

  const networks: Networks = {
    refresh() {
      places.forEach(look);
    },
    of(place) {
      const found = known.get(place.id);
      if (found === undefined) throw new Error(`${place.name} has not been looked at`);
      return found;
    },
  };
  networks.refresh();
  return networks;
}
