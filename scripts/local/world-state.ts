import type { SimulatedClientVpn } from './client-vpn/simulated-client-vpn.ts';
import type { MovableClock } from './clock.ts';
import type { PublishedEvent } from './eventbridge/published-events.ts';
import type { Fault, Faults } from './faults.ts';

/** What `/local` shows and `GET /local/state` answers: everything there is, as of now. */
export interface WorldState {
  readonly now: string;
  readonly minutesAhead: number;
  readonly endpoints: readonly EndpointView[];
  readonly subnets: readonly SubnetView[];
  readonly faults: readonly Fault[];
  /** What the portal has published, the newest first, and no more than the last hundred. */
  readonly events: readonly EventView[];
}

export interface EventView {
  readonly time: string;
  readonly source: string;
  readonly detailType: string;
  readonly eventBusName: string;
  readonly detail: unknown;
}

export interface EndpointView {
  readonly endpointId: string;
  readonly name: string;
  readonly status: string;
  readonly associations: readonly {
    readonly associationId: string;
    readonly subnetId: string | null;
    readonly status: string;
    readonly message: string;
  }[];
  readonly routes: readonly {
    readonly destinationCidr: string;
    readonly subnetId: string;
    readonly origin: string;
    readonly status: string;
    readonly description: string;
  }[];
  readonly connections: readonly {
    readonly connectionId: string;
    readonly username: string;
    readonly clientIp: string;
    readonly status: string;
    readonly establishedAt: string;
    readonly endedAt: string | null;
    /** Since when it has moved no byte; `null` while it does, and when it has ended. */
    readonly silentSince: string | null;
  }[];
}

export interface SubnetView {
  readonly subnetId: string;
  readonly name: string;
  readonly cidr: string;
  readonly availabilityZone: string;
}

export function readWorldState(world: {
  readonly clientVpn: SimulatedClientVpn;
  readonly clock: MovableClock;
  readonly faults: Faults;
  events(): readonly PublishedEvent[];
}): WorldState {
  const { clientVpn, clock, faults } = world;
  return {
    now: clock.now().toISOString(),
    minutesAhead: clock.offsetMs() / 60_000,
    endpoints: clientVpn.describeClientVpnEndpoints().map((endpoint) => {
      const { clientVpnEndpointId } = endpoint;
      return {
        endpointId: clientVpnEndpointId,
        name: endpoint.tags['vpn-portal:name'] ?? endpoint.tags['Name'] ?? clientVpnEndpointId,
        status: endpoint.status.code,
        associations: clientVpn
          .describeClientVpnTargetNetworks({ clientVpnEndpointId })
          .map((association) => ({
            associationId: association.associationId,
            subnetId: association.targetNetworkId,
            status: association.status.code,
            message: association.status.message ?? '',
          })),
        routes: clientVpn.describeClientVpnRoutes({ clientVpnEndpointId }).map((route) => ({
          destinationCidr: route.destinationCidr,
          subnetId: route.targetSubnet,
          origin: route.origin,
          status: route.status.code,
          description: route.description,
        })),
        connections: clientVpn
          .describeClientVpnConnections({ clientVpnEndpointId })
          .map((connection) => ({
            connectionId: connection.connectionId,
            username: connection.username === '' ? connection.commonName : connection.username,
            clientIp: connection.clientIp,
            status: connection.status.code,
            establishedAt: isoTime(connection.connectionEstablishedTime),
            endedAt:
              connection.connectionEndTime === '-' ? null : isoTime(connection.connectionEndTime),
            silentSince: clientVpn.silentSince(connection.connectionId)?.toISOString() ?? null,
          })),
      };
    }),
    subnets: clientVpn.describeSubnets().map((subnet) => ({
      subnetId: subnet.subnetId,
      name: subnet.tags['Name'] ?? subnet.subnetId,
      cidr: subnet.cidrBlock,
      availabilityZone: subnet.availabilityZone,
    })),
    faults: faults.pending(),
    events: world
      .events()
      .slice(-mostEvents)
      .reverse()
      .map(({ detail, detailType, eventBusName, source, time }) => ({
        time: time.toISOString(),
        source,
        detailType,
        eventBusName,
        detail,
      })),
  };
}

const mostEvents = 100;

/** AWS writes "2018-12-13 18:32:49" and means UTC. */
function isoTime(awsTime: string): string {
  return `${awsTime.replace(' ', 'T')}Z`;
}
