import { describe, expect, test } from '@jest/globals';
import type { SimulatedClientVpn } from '../../scripts/local/client-vpn/simulated-client-vpn.ts';
import {
  endpointId,
  refusalOf,
  simulation,
  simulationThatIsOn,
  subnetA,
  subnetC,
  timings,
} from './simulated-client-vpn-world.ts';

const target = { clientVpnEndpointId: endpointId };

function create(
  clientVpn: SimulatedClientVpn,
  destinationCidrBlock: string,
  targetVpcSubnetId = subnetA,
): string | null {
  return refusalOf(() =>
    clientVpn.createClientVpnRoute({ ...target, destinationCidrBlock, targetVpcSubnetId }),
  );
}

function manualRoutes(clientVpn: SimulatedClientVpn): readonly string[] {
  return clientVpn
    .describeClientVpnRoutes({ ...target, filters: [{ name: 'origin', values: ['add-route'] }] })
    .map((row) => `${row.destinationCidr} ${row.status.code}`);
}

describe('creating a route', () => {
  test('takes its time, then the route is active', () => {
    const { clock, clientVpn } = simulationThatIsOn();
    expect(create(clientVpn, '0.0.0.0/0')).toBeNull();
    clock.advanceSeconds(timings.routeSeconds - 1);
    expect(manualRoutes(clientVpn)).toEqual(['0.0.0.0/0 creating']);
    clock.advanceSeconds(1);
    expect(manualRoutes(clientVpn)).toEqual(['0.0.0.0/0 active']);
  });

  test('is refused through a network that is not associated, or not yet', () => {
    const { clientVpn } = simulationThatIsOn();
    expect(create(clientVpn, '0.0.0.0/0', subnetC)).toBe(
      'InvalidClientVpnActiveAssociationNotFound',
    );
    clientVpn.associateClientVpnTargetNetwork({ ...target, subnetId: subnetC });
    expect(create(clientVpn, '0.0.0.0/0', subnetC)).toBe(
      'InvalidClientVpnActiveAssociationNotFound',
    );
  });

  test('is refused a second time, but not through another network', () => {
    const { clock, clientVpn } = simulationThatIsOn();
    clientVpn.associateClientVpnTargetNetwork({ ...target, subnetId: subnetC });
    clock.advanceSeconds(timings.associateSeconds);
    expect(create(clientVpn, '0.0.0.0/0')).toBeNull();
    expect(create(clientVpn, '0.0.0.0/0')).toBe('InvalidClientVpnDuplicateRoute');
    expect(create(clientVpn, '10.0.0.0/16')).toBe('InvalidClientVpnDuplicateRoute');
    expect(create(clientVpn, '0.0.0.0/0', subnetC)).toBeNull();
  });

  test.each(['10.0.0.0', '10.0.0.1/16', '10.0.0.0/33', '256.0.0.0/8', 'everywhere'])(
    'is refused to %s, which is no block',
    (destination) => {
      const { clientVpn } = simulationThatIsOn();
      expect(create(clientVpn, destination)).toBe('InvalidParameterValue');
    },
  );

  test('answers a replayed token without a second route', () => {
    const { clientVpn } = simulationThatIsOn();
    const request = {
      ...target,
      destinationCidrBlock: '0.0.0.0/0',
      targetVpcSubnetId: subnetA,
      clientToken: 'route-1',
    };
    clientVpn.createClientVpnRoute(request);
    expect(clientVpn.createClientVpnRoute(request)).toEqual({ status: { code: 'creating' } });
    expect(manualRoutes(clientVpn)).toHaveLength(1);
    expect(
      refusalOf(() =>
        clientVpn.createClientVpnRoute({ ...request, description: 'something else' }),
      ),
    ).toBe('IdempotentParameterMismatch');
  });

  test('is refused when the association has 100 routes', () => {
    const { clock, clientVpn } = simulationThatIsOn();
    for (let number = 0; number < 99; number += 1) {
      expect(create(clientVpn, `172.16.${String(number)}.0/24`)).toBeNull();
      clock.advanceSeconds(timings.routeSeconds);
    }
    expect(create(clientVpn, '172.16.200.0/24')).toBe('ClientVpnRouteLimitExceeded');
  });
});

describe('deleting a route', () => {
  const request = { ...target, destinationCidrBlock: '0.0.0.0/0', targetVpcSubnetId: subnetA };

  test('takes its time, then the route is gone', () => {
    const { clock, clientVpn } = simulationThatIsOn();
    create(clientVpn, '0.0.0.0/0');
    expect(refusalOf(() => clientVpn.deleteClientVpnRoute(request))).toBe('IncorrectState');
    clock.advanceSeconds(timings.routeSeconds);
    expect(clientVpn.deleteClientVpnRoute(request)).toEqual({ status: { code: 'deleting' } });
    expect(manualRoutes(clientVpn)).toEqual(['0.0.0.0/0 deleting']);
    expect(create(clientVpn, '0.0.0.0/0')).toBe('IncorrectState');
    clock.advanceSeconds(timings.routeSeconds);
    expect(manualRoutes(clientVpn)).toEqual([]);
    expect(refusalOf(() => clientVpn.deleteClientVpnRoute(request))).toBe(
      'InvalidClientVpnRouteNotFound',
    );
  });

  test('is refused for the route that came with the network', () => {
    const { clientVpn } = simulationThatIsOn();
    expect(
      refusalOf(() =>
        clientVpn.deleteClientVpnRoute({ ...request, destinationCidrBlock: '10.0.0.0/16' }),
      ),
    ).toBe('OperationNotPermitted');
  });
});

describe('the ten concurrent operations of an endpoint', () => {
  test('refuse the eleventh until one of them is done', () => {
    const { clock, clientVpn, associationId } = simulationThatIsOn();
    for (let number = 0; number < 10; number += 1) {
      expect(create(clientVpn, `172.16.${String(number)}.0/24`)).toBeNull();
    }
    expect(create(clientVpn, '172.17.0.0/24')).toBe('ConcurrentMutationLimitExceeded');
    expect(
      refusalOf(() => clientVpn.associateClientVpnTargetNetwork({ ...target, subnetId: subnetC })),
    ).toBe('ConcurrentMutationLimitExceeded');
    expect(
      refusalOf(() => clientVpn.disassociateClientVpnTargetNetwork({ ...target, associationId })),
    ).toBe('ConcurrentMutationLimitExceeded');
    clock.advanceSeconds(timings.routeSeconds);
    expect(create(clientVpn, '172.17.0.0/24')).toBeNull();
  });

  test('do not count the routes that go with their network', () => {
    const { clock, clientVpn, associationId } = simulationThatIsOn();
    for (let number = 0; number < 12; number += 1) {
      create(clientVpn, `172.16.${String(number)}.0/24`);
      clock.advanceSeconds(timings.routeSeconds);
    }
    clientVpn.disassociateClientVpnTargetNetwork({ ...target, associationId });
    expect(
      refusalOf(() => clientVpn.associateClientVpnTargetNetwork({ ...target, subnetId: subnetC })),
    ).toBeNull();
  });

  test('are counted per endpoint', () => {
    const { clientVpn } = simulationThatIsOn();
    const other = 'cvpn-endpoint-0bbbbbbbbbbbbbbbb';
    clientVpn.addEndpoint({ id: other });
    for (let number = 0; number < 10; number += 1) {
      create(clientVpn, `172.16.${String(number)}.0/24`);
    }
    expect(
      refusalOf(() =>
        clientVpn.associateClientVpnTargetNetwork({
          clientVpnEndpointId: other,
          subnetId: subnetA,
        }),
      ),
    ).toBeNull();
  });
});

test('a filter takes wildcards, and one that is unknown is refused', () => {
  const { clientVpn } = simulationThatIsOn();
  create(clientVpn, '172.16.1.0/24');
  create(clientVpn, '172.17.1.0/24');
  const found = (name: string, ...values: string[]): readonly string[] =>
    clientVpn
      .describeClientVpnRoutes({ ...target, filters: [{ name, values }] })
      .map((row) => row.destinationCidr);
  expect(found('destination-cidr', '172.1?.*')).toEqual(['172.16.1.0/24', '172.17.1.0/24']);
  expect(found('destination-cidr', '172.16.*', '10.0.0.0/16')).toEqual([
    '10.0.0.0/16',
    '172.16.1.0/24',
  ]);
  expect(found('destination-cidr', String.raw`172.1\?.*`)).toEqual([]);
  expect(refusalOf(() => found('status', 'active'))).toBe('InvalidParameterValue');
});

test('an endpoint that is off has no routes', () => {
  const { clientVpn } = simulation();
  expect(clientVpn.describeClientVpnRoutes(target)).toEqual([]);
});
