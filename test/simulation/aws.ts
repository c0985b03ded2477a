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
    },
  });
  const of = { clientVpnEndpointId: setUp.id };

  const endpoints = listing(clock, () =>
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
  const associations = listing(clock, () =>
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
  const routes = listing(clock, () =>
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
  const connections = listing(clock, () =>
    vpn.describeClientVpnConnections(of).map((row) =>
      readConnection({
        ConnectionId: row.connectionId,
        Username: row.username,
        CommonName: row.commonName,
        ConnectionEstablishedTime: row.connectionEstablishedTime,
        ConnectionEndTime: row.connectionEndTime,
        ClientIp: row.clientIp,
        IngressBytes: row.ingressBytes,
        EgressBytes: row.egressBytes,
        Status: { Code: row.status.code },
      }),
    ),
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
    change(act) {
      associations.keep();
      routes.keep();
      connections.keep();
      try {
        return act();
      } catch (error) {
        if (!(error instanceof ClientVpnFault)) throw error;
        throw sdkError(error.code, error.message, error.status);
      }
    },
  };
}

function message(status: { readonly message?: string }): { Message?: string } {
  return status.message === undefined ? {} : { Message: status.message };
}

function listing<Row>(clock: Clock, read: () => readonly Row[]): Listing<Row> {
  let kept: Effect<readonly Row[]>[] = [];
  const keep = (): Effect<readonly Row[]> => {
    const asOf = clock.now().getTime();
    const reading = { answer: read(), asOf };
    if (kept.length > 0) kept = kept.filter((each) => each.asOf >= asOf - rememberedMs);
    kept.push(reading);
    return reading;
  };
  return {
    now: read,
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
