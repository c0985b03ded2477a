import { describe, expect, test } from '@jest/globals';
import {
  endpointId,
  refusalOf,
  simulation,
  simulationThatIsOn,
  subnetA,
  subnetA2,
  subnetC,
  timings,
  vpcId,
} from './simulated-client-vpn-world.ts';
import type { SimulatedClientVpn } from '../../scripts/local/client-vpn/simulated-client-vpn.ts';

const target = { clientVpnEndpointId: endpointId };

function statuses(clientVpn: SimulatedClientVpn): readonly string[] {
  return clientVpn.describeClientVpnTargetNetworks(target).map((row) => row.status.code);
}

function endpointStatus(clientVpn: SimulatedClientVpn): string | undefined {
  return clientVpn.describeClientVpnEndpoints()[0]?.status.code;
}

describe('associating a target network', () => {
  test('takes its time, and only then is the endpoint available with its local route', () => {
    const { clock, clientVpn } = simulation();
    clientVpn.associateClientVpnTargetNetwork({ ...target, subnetId: subnetA });
    clock.advanceSeconds(timings.associateSeconds - 1);
    expect(statuses(clientVpn)).toEqual(['associating']);
    expect(endpointStatus(clientVpn)).toBe('pending-associate');
    expect(clientVpn.describeClientVpnRoutes(target)).toEqual([]);
    clock.advanceSeconds(1);
    expect(statuses(clientVpn)).toEqual(['associated']);
    expect(endpointStatus(clientVpn)).toBe('available');
    expect(clientVpn.describeClientVpnRoutes(target)).toMatchObject([
      {
        destinationCidr: '10.0.0.0/16',
        targetSubnet: subnetA,
        origin: 'associate',
        status: { code: 'active' },
      },
    ]);
  });

  test('gives each associated subnet its own local route', () => {
    const { clock, clientVpn } = simulationThatIsOn();
    clientVpn.associateClientVpnTargetNetwork({ ...target, subnetId: subnetC });
    clock.advanceSeconds(timings.associateSeconds);
    expect(clientVpn.describeClientVpnRoutes(target).map((row) => row.targetSubnet)).toEqual([
      subnetA,
      subnetC,
    ]);
  });

  test('can be made slower and made to fail, once each', () => {
    const { clock, clientVpn } = simulation();
    clientVpn.delayNextAssociation(subnetA, 600);
    clientVpn.failNextAssociation(subnetA, 'The network interface could not be created');
    const { associationId } = clientVpn.associateClientVpnTargetNetwork({
      ...target,
      subnetId: subnetA,
    });
    clock.advanceSeconds(timings.associateSeconds + 599);
    expect(statuses(clientVpn)).toEqual(['associating']);
    clock.advanceSeconds(1);
    expect(clientVpn.describeClientVpnTargetNetworks(target)[0]?.status).toEqual({
      code: 'association-failed',
      message: 'The network interface could not be created',
    });
    expect(endpointStatus(clientVpn)).toBe('pending-associate');
    clientVpn.disassociateClientVpnTargetNetwork({ ...target, associationId });
    clock.advanceSeconds(timings.disassociateSeconds);
    clientVpn.associateClientVpnTargetNetwork({ ...target, subnetId: subnetA });
    clock.advanceSeconds(timings.associateSeconds);
    expect(statuses(clientVpn)).toEqual(['associated']);
  });

  test('keeps the time it began with when the timings change on the way', () => {
    const { clock, clientVpn } = simulation();
    clientVpn.associateClientVpnTargetNetwork({ ...target, subnetId: subnetA });
    clientVpn.setTimings({ associateSeconds: 10 });
    clock.advanceSeconds(10);
    expect(statuses(clientVpn)).toEqual(['associating']);
    clientVpn.associateClientVpnTargetNetwork({ ...target, subnetId: subnetC });
    clock.advanceSeconds(10);
    expect(statuses(clientVpn)).toEqual(['associating', 'associated']);
  });
});

test('an association that is asked for by its id and does not exist is an error', () => {
  const { clientVpn, associationId } = simulationThatIsOn();
  const find =
    (...associationIds: string[]) =>
    () =>
      clientVpn.describeClientVpnTargetNetworks({ ...target, associationIds });
  expect(find(associationId)()).toHaveLength(1);
  expect(refusalOf(find(associationId, 'cvpn-assoc-0ffffffffffffffff'))).toBe(
    'InvalidClientVpnAssociationIdNotFound',
  );
});

describe('the rules of a target network', () => {
  const otherVpc = 'vpc-0bbbbbbbbbbbbbbbb';
  const odd = 'subnet-0dddddddddddddddd';
  const inZoneD = { id: odd, vpcId, cidr: '10.0.9.0/24', availabilityZone: 'ap-northeast-1d' };

  test.each([
    ['unknown', {}, 'subnet-0eeeeeeeeeeeeeeee', 'InvalidSubnetID.NotFound'],
    [
      'of another account',
      { ownerId: '999999999999' },
      odd,
      'InvalidClientVpnSubnetId.DifferentAccount',
    ],
    [
      'smaller than /27',
      { cidr: '10.0.9.0/28', availableAddresses: 200 },
      odd,
      'InvalidParameterValue',
    ],
    [
      'with 19 free addresses',
      { availableAddresses: 19 },
      odd,
      'InsufficientFreeAddressesInSubnet',
    ],
    ['of dedicated tenancy', { tenancy: 'dedicated' as const }, odd, 'InvalidParameterValue'],
    ['in the zone of another one', {}, subnetA2, 'InvalidClientVpnSubnetId.DuplicateAz'],
    [
      'of another VPC',
      { vpcId: otherVpc, cidr: '10.9.9.0/24' },
      odd,
      'InvalidClientVpnSubnetId.NotFound',
    ],
    ['associated already', {}, subnetA, 'InvalidClientVpnDuplicateAssociationException'],
  ])('refuse a subnet that is %s', (_title, changed, subnetId, code) => {
    const { clientVpn } = simulationThatIsOn();
    clientVpn.addVpc({ id: otherVpc, cidr: '10.9.0.0/16' });
    clientVpn.addSubnet({ ...inZoneD, ...changed });
    expect(
      refusalOf(() => clientVpn.associateClientVpnTargetNetwork({ ...target, subnetId })),
    ).toBe(code);
    expect(statuses(clientVpn)).toEqual(['associated']);
  });

  test.each([
    ['/27', { cidr: '10.0.9.0/27' }],
    ['with 20 free addresses', { availableAddresses: 20 }],
  ])('accept a subnet that is just %s', (_title, changed) => {
    const { clientVpn } = simulationThatIsOn();
    clientVpn.addSubnet({ ...inZoneD, ...changed });
    expect(
      refusalOf(() => clientVpn.associateClientVpnTargetNetwork({ ...target, subnetId: odd })),
    ).toBeNull();
  });

  test('refuse a subnet whose VPC overlaps with the client addresses', () => {
    const { clientVpn } = simulation();
    clientVpn.addVpc({ id: otherVpc, cidr: '10.250.0.0/16' });
    clientVpn.addSubnet({ ...inZoneD, vpcId: otherVpc, cidr: '10.250.128.0/24' });
    expect(
      refusalOf(() => clientVpn.associateClientVpnTargetNetwork({ ...target, subnetId: odd })),
    ).toBe('InvalidClientVpnSubnetId.OverlappingCidr');
  });

  test('hold for an endpoint that was bound to a VPC when it was made', () => {
    const { clientVpn } = simulation();
    const bound = 'cvpn-endpoint-0bbbbbbbbbbbbbbbb';
    clientVpn.addVpc({ id: otherVpc, cidr: '10.9.0.0/16' });
    clientVpn.addEndpoint({ id: bound, vpcId: otherVpc });
    expect(
      refusalOf(() =>
        clientVpn.associateClientVpnTargetNetwork({
          clientVpnEndpointId: bound,
          subnetId: subnetA,
        }),
      ),
    ).toBe('InvalidClientVpnSubnetId.NotFound');
  });

  test('name the endpoint that does not exist', () => {
    const { clientVpn } = simulation();
    expect(
      refusalOf(() =>
        clientVpn.associateClientVpnTargetNetwork({
          clientVpnEndpointId: 'cvpn-endpoint-0ffffffffffffffff',
          subnetId: subnetA,
        }),
      ),
    ).toBe('InvalidClientVpnEndpointId.NotFound');
  });
});

describe('disassociating a target network', () => {
  test('lists it as disassociating, then no more, and the endpoint is off at once', () => {
    const { clock, clientVpn, associationId } = simulationThatIsOn();
    clientVpn.disassociateClientVpnTargetNetwork({ ...target, associationId });
    expect(endpointStatus(clientVpn)).toBe('pending-associate');
    clock.advanceSeconds(timings.disassociateSeconds - 1);
    expect(statuses(clientVpn)).toEqual(['disassociating']);
    clock.advanceSeconds(1);
    expect(statuses(clientVpn)).toEqual([]);
  });

  test('takes the manual and the automatic routes of that network along, and no others', () => {
    const { clock, clientVpn, associationId } = simulationThatIsOn();
    clientVpn.associateClientVpnTargetNetwork({ ...target, subnetId: subnetC });
    clock.advanceSeconds(timings.associateSeconds);
    for (const subnetId of [subnetA, subnetC]) {
      clientVpn.createClientVpnRoute({
        ...target,
        destinationCidrBlock: '192.168.0.0/16',
        targetVpcSubnetId: subnetId,
      });
    }
    clock.advanceSeconds(timings.routeSeconds);
    clientVpn.disassociateClientVpnTargetNetwork({ ...target, associationId });
    const routes = (): readonly string[] =>
      clientVpn
        .describeClientVpnRoutes(target)
        .map((row) => `${row.targetSubnet} ${row.status.code}`);
    expect(routes()).toEqual([
      `${subnetA} deleting`,
      `${subnetC} active`,
      `${subnetA} deleting`,
      `${subnetC} active`,
    ]);
    clock.advanceSeconds(timings.disassociateSeconds);
    expect(routes()).toEqual([`${subnetC} active`, `${subnetC} active`]);
    expect(endpointStatus(clientVpn)).toBe('available');
  });

  test('ends the connections with the last network, and not before', () => {
    const { clock, clientVpn, associationId } = simulationThatIsOn();
    const second = clientVpn.associateClientVpnTargetNetwork({ ...target, subnetId: subnetC });
    clock.advanceSeconds(timings.associateSeconds);
    clientVpn.connect(endpointId, 'alice@example.com');
    const status = (): string | undefined =>
      clientVpn.describeClientVpnConnections(target)[0]?.status.code;
    clientVpn.disassociateClientVpnTargetNetwork({ ...target, associationId });
    clock.advanceSeconds(timings.disassociateSeconds);
    expect(status()).toBe('active');
    clientVpn.disassociateClientVpnTargetNetwork({
      ...target,
      associationId: second.associationId,
    });
    expect(status()).toBe('terminated');
  });

  test('is refused while the association is on its way, in either direction', () => {
    const { clientVpn, clock } = simulation();
    const { associationId } = clientVpn.associateClientVpnTargetNetwork({
      ...target,
      subnetId: subnetA,
    });
    const refusal = (): string | null =>
      refusalOf(() => clientVpn.disassociateClientVpnTargetNetwork({ ...target, associationId }));
    expect(refusal()).toBe('IncorrectState');
    clock.advanceSeconds(timings.associateSeconds);
    expect(refusal()).toBeNull();
    expect(refusal()).toBe('IncorrectState');
    expect(
      refusalOf(() => clientVpn.associateClientVpnTargetNetwork({ ...target, subnetId: subnetA })),
    ).toBe('IncorrectState');
    clock.advanceSeconds(timings.disassociateSeconds);
    expect(refusal()).toBe('InvalidClientVpnAssociationIdNotFound');
  });
});

describe('a client token', () => {
  test('makes the same request once, even when what it made is gone', () => {
    const { clock, clientVpn } = simulation();
    const request = { ...target, subnetId: subnetA, clientToken: 'start-1' };
    const first = clientVpn.associateClientVpnTargetNetwork(request);
    expect(clientVpn.associateClientVpnTargetNetwork(request)).toEqual(first);
    clock.advanceSeconds(timings.associateSeconds);
    clientVpn.disassociateClientVpnTargetNetwork({
      ...target,
      associationId: first.associationId,
    });
    clock.advanceSeconds(timings.disassociateSeconds);
    expect(clientVpn.associateClientVpnTargetNetwork(request)).toEqual({
      associationId: first.associationId,
      status: { code: 'associating' },
    });
    expect(statuses(clientVpn)).toEqual([]);
  });

  test('is refused for other parameters, and is free again after a request that failed', () => {
    const { clientVpn } = simulation();
    const request = { ...target, clientToken: 'start-1' };
    const associate = (subnetId: string): string | null =>
      refusalOf(() => clientVpn.associateClientVpnTargetNetwork({ ...request, subnetId }));
    expect(associate('subnet-0eeeeeeeeeeeeeeee')).toBe('InvalidSubnetID.NotFound');
    expect(associate(subnetA)).toBeNull();
    expect(associate(subnetC)).toBe('IdempotentParameterMismatch');
  });

  test('a fresh one makes a new association', () => {
    const { clock, clientVpn, associationId } = simulationThatIsOn();
    clientVpn.disassociateClientVpnTargetNetwork({ ...target, associationId });
    clock.advanceSeconds(timings.disassociateSeconds);
    const again = clientVpn.associateClientVpnTargetNetwork({
      ...target,
      subnetId: subnetA,
      clientToken: 'start-2',
    });
    expect(again.associationId).not.toBe(associationId);
    expect(statuses(clientVpn)).toEqual(['associating']);
  });
});

describe('a dry run', () => {
  test('tells that it would succeed and changes nothing', () => {
    const { clientVpn } = simulation();
    const before = clientVpn.snapshot();
    expect(
      refusalOf(() =>
        clientVpn.associateClientVpnTargetNetwork({
          ...target,
          subnetId: subnetA,
          clientToken: 'dry',
          dryRun: true,
        }),
      ),
    ).toBe('DryRunOperation');
    expect(clientVpn.snapshot()).toEqual(before);
  });

  test('tells why it would not', () => {
    const { clientVpn } = simulationThatIsOn();
    expect(
      refusalOf(() =>
        clientVpn.associateClientVpnTargetNetwork({
          ...target,
          subnetId: subnetA2,
          dryRun: true,
        }),
      ),
    ).toBe('InvalidClientVpnSubnetId.DuplicateAz');
  });
});

test('an endpoint of a Transit Gateway has associations without a subnet', () => {
  const { clock, clientVpn } = simulation();
  const gatewayEndpoint = 'cvpn-endpoint-0cccccccccccccccc';
  clientVpn.addEndpoint({
    id: gatewayEndpoint,
    transitGateway: {
      transitGatewayId: 'tgw-0aaaaaaaaaaaaaaaa',
      attachmentId: 'tgw-attach-0aaaaaaaaaaaaaaaa',
      availabilityZones: ['ap-northeast-1a'],
    },
  });
  const ofGateway = { clientVpnEndpointId: gatewayEndpoint };
  expect(
    refusalOf(() => clientVpn.associateClientVpnTargetNetwork({ ...ofGateway, subnetId: subnetA })),
  ).toBe('InvalidParameterCombination');
  const associate = (zone: { availabilityZone?: string; availabilityZoneId?: string }) => () =>
    clientVpn.associateClientVpnTargetNetwork({ ...ofGateway, ...zone });
  expect(refusalOf(associate({}))).toBe('MissingParameter');
  expect(refusalOf(associate({ availabilityZone: 'ap-northeast-1d' }))).toBe(
    'InvalidParameterValue',
  );
  expect(refusalOf(associate({ availabilityZoneId: 'apne1-az1' }))).toBeNull();
  expect(refusalOf(associate({ availabilityZone: 'ap-northeast-1a' }))).toBe(
    'InvalidClientVpnDuplicateAssociationException',
  );
  clock.advanceSeconds(timings.associateSeconds);
  expect(clientVpn.describeClientVpnTargetNetworks(ofGateway)).toMatchObject([
    {
      targetNetworkId: null,
      vpcId: null,
      availabilityZone: 'ap-northeast-1a',
      status: { code: 'associated' },
    },
  ]);
});
