import type { EndpointForPerson } from '../../lease/endpoint-directory.ts';
import type { Seen } from '../../lease/endpoint-record.ts';
import type { Wording } from './viewer.ts';

export type Tone = 'good' | 'moving' | 'bad' | 'quiet';

export interface TargetNetworkRow {
  readonly subnet: string;
  readonly tone: Tone;
  readonly status: string;
  readonly message: string;
}

export interface RouteRow {
  readonly destination: string;
  readonly through: string;
  readonly tone: Tone;
  readonly status: string;
  readonly message: string;
}

/** Target networks and routes, for whoever knows what these are. */
export interface NetworkView {
  readonly title: string;
  readonly summary: string;
  readonly endpointId: { readonly label: string; readonly value: string };
  readonly targetNetworks: {
    readonly title: string;
    readonly columns: readonly string[];
    readonly rows: readonly TargetNetworkRow[];
    readonly none: string;
  };
  readonly routes: {
    readonly title: string;
    readonly columns: readonly string[];
    readonly rows: readonly RouteRow[];
    readonly none: string;
  };
}

export function networkView(endpoint: EndpointForPerson, wording: Wording): NetworkView {
  const { text, format } = wording;
  const { network } = text.endpoint;
  const { seen } = endpoint.status;
  const targetNetworks = targetNetworkRows(endpoint, seen, wording);
  const routes = routeRows(seen, wording);
  const associated = targetNetworks.filter(({ tone }) => tone === 'good').length;
  return {
    title: network.title,
    summary:
      seen === null
        ? network.unread
        : network.summary(
            format.count(associated),
            format.count(targetNetworks.length),
            routes.length,
            format.count(routes.length),
          ),
    endpointId: { label: network.endpointId, value: endpoint.endpoint.id },
    targetNetworks: {
      title: network.targetNetworks,
      columns: [network.subnet, network.status, network.message],
      rows: targetNetworks,
      none: network.noTargetNetworks,
    },
    routes: {
      title: network.routes,
      columns: [network.destination, network.through, network.status, network.message],
      rows: routes,
      none: network.noRoutes,
    },
  };
}

/** What AWS has, then what the policy wants and AWS does not have. */
function targetNetworkRows(
  { policy }: EndpointForPerson,
  seen: Seen | null,
  { text }: Wording,
): readonly TargetNetworkRow[] {
  const { network, associationStatuses } = text.endpoint;
  const present = seen?.associations ?? [];
  const wanted = policy.ok ? policy.policy.subnets : [];
  return [
    ...present.map((association) => ({
      subnet: association.subnetId ?? network.noSubnet,
      tone: associationTones[association.status],
      status: associationStatuses[association.status],
      message: association.message === '' ? network.noMessage : association.message,
    })),
    ...wanted
      .filter((subnetId) => !present.some((association) => association.subnetId === subnetId))
      .map((subnetId) => ({
        subnet: subnetId,
        tone: 'quiet' as const,
        status: associationStatuses.absent,
        message: network.noMessage,
      })),
  ];
}

function routeRows(seen: Seen | null, { text }: Wording): readonly RouteRow[] {
  const { network, routeStatuses } = text.endpoint;
  return (seen?.routes ?? []).map((route) => ({
    destination: route.destinationCidr,
    through: route.subnetId,
    tone: routeTones[route.status],
    status: routeStatuses[route.status],
    message: route.message === '' ? network.noMessage : route.message,
  }));
}

const associationTones: Readonly<Record<Seen['associations'][number]['status'], Tone>> = {
  associating: 'moving',
  associated: 'good',
  'association-failed': 'bad',
  disassociating: 'moving',
  disassociated: 'quiet',
  unknown: 'quiet',
};

const routeTones: Readonly<Record<Seen['routes'][number]['status'], Tone>> = {
  creating: 'moving',
  active: 'good',
  failed: 'bad',
  deleting: 'moving',
  unknown: 'quiet',
};
