import { ClientVpnFault } from '../../scripts/local/client-vpn/fault.ts';
import { createSimulatedClientVpn } from '../../scripts/local/client-vpn/simulated-client-vpn.ts';
import type { SimulatedClientVpn } from '../../scripts/local/client-vpn/simulated-client-vpn.ts';
import {
  readAssociation,
  readConnection,
  readEndpoint,
  readRoute,
  readSubnet,
} from '../../src/aws/ec2-answers.ts';
import type { Clock } from '../../src/clock.ts';
import type { Association } from '../../src/vpn/association.ts';
import type { Connection } from '../../src/vpn/connection.ts';
import { managedTag } from '../../src/vpn/endpoint.ts';
import type { Endpoint } from '../../src/vpn/endpoint.ts';
import { policyTags } from '../../src/vpn/policy.ts';
import type { Route } from '../../src/vpn/route.ts';
import type { Subnet } from '../../src/vpn/subnet.ts';
import type { Effect } from './gate.ts';
import { sdkError } from './gate.ts';
import type { EndpointSetUp } from './scenario.ts';

/** The simulated Client VPN with one endpoint, as its answers read, and with a short memory. */
export interface SimulatedAws {
  readonly vpn: SimulatedClientVpn;
  readonly endpoints: Listing<Endpoint>;
  readonly associations: Listing<Association>;
  readonly routes: Listing<Route>;
  readonly connections: Listing<Connection>;
  readonly subnets: () => readonly Subnet[];
  /** The counters of a connection stand still from now on, or move again. */
  setSilent(connectionId: string, silent: boolean): void;
  /** Makes a change; what was there before can still be answered for a while. */
  change<Answer>(act: () => Answer): Answer;
}

export interface Listing<Row> {
  /** As it is. */
  now(): readonly Row[];
  /** As AWS answers it: as it is, or as it was up to so many milliseconds ago. */
  answer(staleMs: number): Effect<readonly Row[]>;
  keep(): void;
}

const rememberedMs = 30_000;

export function createSimulatedAws(setUp: EndpointSetUp, clock: Clock, seed: number): SimulatedAws {
  const { associateSeconds, disassociateSeconds, routeSeconds } = setUp;
  const vpn = createSimulatedClientVpn({
    clock,
    seed,
    timings: { associateSeconds, disassociateSeconds, routeSeconds },
    region: 'ap-northeast-1',
    accountId: '123456789012',
  });
  const vpcId = 'vpc-0aaaaaaaaaaaaaaaa';
  vpn.addVpc({ id: vpcId, cidr: '10.0.0.0/16' });
  setUp.subnets.forEach((id, index) => {
    vpn.addSubnet({
      id,
      vpcId,
      cidr: `10.0.${index}.0/24`,
      availabilityZone: `ap-northeast-1${'acd'[index] ?? 'a'}`,
    });
  });
  vpn.addEndpoint({
    id: setUp.id,
    clientCidr: '10.250.0.0/22',
    tags: {
      [managedTag]: 'true',
      [policyTags.subnets]: setUp.subnets.join(' '),
      [policyTags.idleMinutes]: setUp.idleGraceMinutes.toString(),
      [policyTags.leaseMinutes]: setUp.leaseMinutes.join(' '),
      ...(setUp.silentMinutes === null
        ? {}
        : { [policyTags.silentMinutes]: setUp.silentMinutes.toString() }),
      ...(setUp.offAt === null ? {} : { [policyTags.offAt]: setUp.offAt }),
      ...(setUp.offAtCutsOff ? { [policyTags.offAtCutsOff]: 'true' } : {}),
    },
  });
  vpn.addAuthorizationRule(setUp.id, { destinationCidr: '10.0.0.0/16' });
  const of = { clientVpnEndpointId: setUp.id };
  const counters = createCounters(clock);
  const view = createView(vpn, clock);

  const endpoints = listing(view, () =>
    vpn.describeClientVpnEndpoints().map((row) =>
      readEndpoint({
        ClientVpnEndpointId: row.clientVpnEndpointId,
        Status: { Code: row.status.code },
        Description: row.description,
        SplitTunnel: row.splitTunnel,
        Tags: Object.entries(row.tags).map(([Key, Value]) => ({ Key, Value })),
        ...(row.clientCidrBlock === null ? {} : { ClientCidrBlock: row.clientCidrBlock }),
        ...(row.vpcId === null ? {} : { VpcId: row.vpcId }),
      }),
    ),
  );
  const associations = listing(view, () =>
    vpn
      .describeClientVpnTargetNetworks(of)
      .map(({ associationId, status, targetNetworkId, vpcId }) =>
        readAssociation({
          AssociationId: associationId,
          Status: { Code: status.code, ...message(status) },
          ...(targetNetworkId === null ? {} : { TargetNetworkId: targetNetworkId }),
          ...(vpcId === null ? {} : { VpcId: vpcId }),
        }),
      ),
  );
  const routes = listing(view, () =>
    vpn
      .describeClientVpnRoutes(of)
      .map(({ description, destinationCidr, origin, status, targetSubnet }) =>
        readRoute({
          DestinationCidr: destinationCidr,
          TargetSubnet: targetSubnet,
          Origin: origin,
          Description: description,
          Status: { Code: status.code, ...message(status) },
        }),
      )
      .filter((route) => route !== null),
  );
  const connections = listing(
    view,
    () =>
      vpn.describeClientVpnConnections(of).map((row) =>
        readConnection({
          ConnectionId: row.connectionId,
          Username: row.username,
          CommonName: row.commonName,
          ConnectionEstablishedTime: row.connectionEstablishedTime,
          ConnectionEndTime: row.connectionEndTime,
          ClientIp: row.clientIp,
          IngressBytes: counters.read(row.connectionId).toString(),
          EgressBytes: '0',
          Status: { Code: row.status.code },
        }),
      ),
    (rows) => rows.some(({ id, status }) => status !== 'terminated' && counters.move(id)),
  );

  return {
    vpn,
    endpoints,
    associations,
    routes,
    connections,
    subnets: () =>
      vpn.describeSubnets({ subnetIds: setUp.subnets }).map((row) =>
        readSubnet({
          SubnetId: row.subnetId,
          VpcId: row.vpcId,
          CidrBlock: row.cidrBlock,
          AvailabilityZone: row.availabilityZone,
          AvailableIpAddressCount: row.availableIpAddressCount,
        }),
      ),
    setSilent(connectionId, silent) {
      connections.keep();
      counters.setSilent(connectionId, silent);
      view.changed();
    },
    change(act) {
      associations.keep();
      routes.keep();
      connections.keep();
      try {
        return act();
      } catch (error) {
        if (!(error instanceof ClientVpnFault)) throw error;
        throw sdkError(error.code, error.message, error.status);
      } finally {
        view.changed();
      }
    },
  };
}

function message(status: { readonly message?: string }): { Message?: string } {
  return status.message === undefined ? {} : { Message: status.message };
}

/** The byte counters of the connections: they move all the time, unless somebody is silent. */
interface Counters {
  read(connectionId: string): number;
  move(connectionId: string): boolean;
  setSilent(connectionId: string, silent: boolean): void;
}

function createCounters(clock: Clock): Counters {
  const silences = new Map<
    string,
    { readonly moved: number; readonly stoodSince: number | null }
  >();
  const now = (): number => clock.now().getTime();
  /** They count up with the time, less the time for which they have stood still. */
  const read = (connectionId: string): number => {
    const { moved = 0, stoodSince = null } = silences.get(connectionId) ?? {};
    return (stoodSince ?? now()) - moved;
  };
  return {
    read,
    move: (connectionId) => typeof silences.get(connectionId)?.stoodSince !== 'number',
    setSilent(connectionId, silent) {
      const moved = now() - read(connectionId);
      silences.set(connectionId, { moved, stoodSince: silent ? now() : null });
    },
  };
}

/** Tells whether anything can be different from what was read before. */
interface View {
  /** In epoch milliseconds. */
  now(): number;
  /** Another number than before where something may have changed in between. */
  version(): number;
  changed(): void;
}

/**
 * What changes comes from outside or is on its way, and is due at a time that is known. In between,
 * a reading of before is as good as a new one: most of a week's readings find nothing new.
 */
function createView(vpn: SimulatedClientVpn, clock: Clock): View {
  let version = 0;
  let standsUntil = 0;
  const now = (): number => clock.now().getTime();
  return {
    now,
    version() {
      if (now() >= standsUntil) {
        version += 1;
        standsUntil = vpn.settlesNextAt();
      }
      return version;
    },
    changed() {
      standsUntil = 0;
    },
  };
}

function listing<Row>(
  view: View,
  read: () => readonly Row[],
  movesByItself: (rows: readonly Row[]) => boolean = () => false,
): Listing<Row> {
  const kept: Effect<readonly Row[]>[] = [];
  let rows: readonly Row[] = [];
  let readAt: number | null = null;

  function now(): readonly Row[] {
    const version = view.version();
    if (version === readAt) return rows;
    rows = read();
    readAt = movesByItself(rows) ? null : version;
    return rows;
  }

  function keep(): Effect<readonly Row[]> {
    const asOf = view.now();
    const reading = { answer: now(), asOf };
    while (kept[0] !== undefined && kept[0].asOf < asOf - rememberedMs) kept.shift();
    kept.push(reading);
    return reading;
  }

  return {
    now,
    answer(staleMs) {
      const fresh = keep();
      if (staleMs === 0) return fresh;
      return kept.find(({ asOf }) => asOf >= fresh.asOf - staleMs) ?? fresh;
    },
    keep() {
      keep();
    },
  };
}
