import { describe, expect, test } from '@jest/globals';
import { createSimulatedClientVpn } from '../../scripts/local/client-vpn/simulated-client-vpn.ts';
import {
  endpointId,
  movableClock,
  refusalOf,
  simulation,
  simulationThatIsOn,
  subnetA,
  subnetC,
  timings,
} from './simulated-client-vpn-world.ts';

const target = { clientVpnEndpointId: endpointId };

describe('the bill', () => {
  test('runs from the accepted association to the end of its removal', () => {
    const { clock, clientVpn, associationId } = simulationThatIsOn();
    expect(clientVpn.bill().associations).toEqual([
      {
        endpointId,
        subnetId: subnetA,
        associationId,
        from: new Date('2026-03-01T09:00:00Z'),
        to: null,
      },
    ]);
    clientVpn.disassociateClientVpnTargetNetwork({ ...target, associationId });
    expect(clientVpn.bill().associations[0]?.to).toBeNull();
    clock.advanceMinutes(600);
    expect(clientVpn.bill().associations[0]?.to).toEqual(new Date('2026-03-01T09:07:00Z'));
  });

  test('keeps connections that are no longer listed', () => {
    const { clock, clientVpn, associationId } = simulationThatIsOn();
    const connectionId = clientVpn.connect(endpointId, 'alice');
    const from = clock.now();
    clock.advanceMinutes(30);
    clientVpn.disassociateClientVpnTargetNetwork({ ...target, associationId });
    const to = clock.now();
    clock.advanceMinutes(120);
    expect(clientVpn.describeClientVpnConnections(target)).toEqual([]);
    expect(clientVpn.bill().connections).toEqual([
      { endpointId, connectionId, username: 'alice', from, to },
    ]);
  });
});

describe('what comes by itself', () => {
  test('is announced: until then nothing has changed, and then something has', () => {
    const { clock, clientVpn, associationId } = simulationThatIsOn();
    expect(clientVpn.settlesNextAt()).toBe(Infinity);
    clientVpn.connect(endpointId, 'alice');
    expect(clientVpn.settlesNextAt()).toBe(Infinity);
    clientVpn.disassociateClientVpnTargetNetwork({ ...target, associationId });
    const rows = (): readonly unknown[] => [
      clientVpn.describeClientVpnEndpoints(),
      clientVpn.describeClientVpnTargetNetworks(target),
      clientVpn.describeClientVpnRoutes(target),
      clientVpn.describeClientVpnConnections(target),
    ];
    const announced: number[] = [];
    for (
      let next = clientVpn.settlesNextAt();
      next !== Infinity;
      next = clientVpn.settlesNextAt()
    ) {
      const before = rows();
      clock.advanceSeconds((next - 1 - clock.now().getTime()) / 1000);
      expect(rows()).toEqual(before);
      clock.advanceSeconds(0.001);
      expect(rows()).not.toEqual(before);
      announced.push(next);
    }
    // The route, the network, and an hour later the connection that was lost with it.
    expect(announced).toHaveLength(3);
  });
});

describe('a snapshot', () => {
  test('restores a world in the middle of everything, which then goes on the same', () => {
    const { clock, clientVpn } = simulationThatIsOn();
    clientVpn.createClientVpnRoute({
      ...target,
      destinationCidrBlock: '0.0.0.0/0',
      targetVpcSubnetId: subnetA,
      clientToken: 'route-1',
    });
    clientVpn.associateClientVpnTargetNetwork({ ...target, subnetId: subnetC });
    clientVpn.connect(endpointId, 'alice');
    const configuration = clientVpn.exportClientVpnClientConfiguration(target);
    const saved: unknown = JSON.parse(JSON.stringify(clientVpn.snapshot()));
    const restored = createSimulatedClientVpn({
      clock,
      timings,
      region: 'us-east-1',
      accountId: '000000000000',
      restore: saved,
    });
    clock.advanceSeconds(timings.associateSeconds);
    expect(restored.snapshot()).toEqual(clientVpn.snapshot());
    expect(restored.exportClientVpnClientConfiguration(target)).toBe(configuration);
    expect(restored.connect(endpointId, 'bob')).toBe(clientVpn.connect(endpointId, 'bob'));
  });

  test('is not changed by what happens after it', () => {
    const { clientVpn } = simulation();
    const saved = clientVpn.snapshot();
    clientVpn.associateClientVpnTargetNetwork({ ...target, subnetId: subnetA });
    expect(saved.associations).toEqual([]);
  });

  test.each([
    ['no object', 'hello'],
    ['of another version', { version: 2 }],
    ['damaged', { ...simulation().clientVpn.snapshot(), routes: [{ endpointId: 7 }] }],
  ])('that is %s is refused with a sentence', (_title, saved) => {
    expect(() =>
      createSimulatedClientVpn({
        clock: movableClock(),
        timings,
        region: 'us-east-1',
        accountId: '000000000000',
        restore: saved,
      }),
    ).toThrow(/saved state of the simulated Client VPN cannot be used: at .*Delete it/);
  });
});

test('the same calls at the same times give the same world', () => {
  const history = (): unknown => {
    const { clock, clientVpn } = simulationThatIsOn();
    clientVpn.connect(endpointId, 'alice');
    clock.advanceMinutes(7);
    clientVpn.associateClientVpnTargetNetwork({ ...target, subnetId: subnetC });
    return clientVpn.snapshot();
  };
  expect(history()).toEqual(history());
});

test('a world nobody looked at is the same as one watched every second', () => {
  const history = (lookEverySecond: boolean): unknown => {
    const { clock, clientVpn, associationId } = simulationThatIsOn();
    clientVpn.terminateClientVpnConnections({
      ...target,
      connectionId: clientVpn.connect(endpointId, 'alice'),
    });
    clientVpn.disassociateClientVpnTargetNetwork({ ...target, associationId });
    for (let second = 0; second < 600; second += 1) {
      clock.advanceSeconds(1);
      if (lookEverySecond) clientVpn.describeClientVpnTargetNetworks(target);
    }
    return clientVpn.snapshot();
  };
  expect(history(true)).toEqual(history(false));
});

test('tags are replaced as a whole', () => {
  const { clientVpn } = simulation();
  clientVpn.setTags(endpointId, { 'vpn-portal:managed': 'true' });
  clientVpn.setTags(endpointId, { Name: 'office' });
  expect(clientVpn.describeClientVpnEndpoints()[0]?.tags).toEqual({ Name: 'office' });
  expect(
    refusalOf(() => {
      clientVpn.setTags('cvpn-endpoint-0', {});
    }),
  ).toBe('InvalidClientVpnEndpointId.NotFound');
});

describe('setting up', () => {
  test.each([
    ['an endpoint twice', 'already has', () => ({ id: endpointId })],
    ['client addresses that are no block', 'is not an IPv4 block', () => ({ clientCidr: '10.0' })],
  ])('refuses %s', (_title, sentence, changed) => {
    const { clientVpn } = simulation();
    const endpoint = { id: 'cvpn-endpoint-0bbbbbbbbbbbbbbbb', ...changed() };
    expect(() => {
      clientVpn.addEndpoint(endpoint);
    }).toThrow(sentence);
  });

  test('refuses a subnet before its VPC', () => {
    const { clientVpn } = simulation();
    expect(() => {
      clientVpn.addSubnet({
        id: 'subnet-0ddddddddddddddddd',
        vpcId: 'vpc-0ddddddddddddddddd',
        cidr: '10.0.9.0/24',
        availabilityZone: 'ap-northeast-1d',
      });
    }).toThrow('Add the VPC vpc-0ddddddddddddddddd before its subnet');
  });
});

test('authorization rules are listed and filtered', () => {
  const { clientVpn } = simulation();
  clientVpn.addAuthorizationRule(endpointId, { destinationCidr: '10.0.0.0/16' });
  clientVpn.addAuthorizationRule(endpointId, { destinationCidr: '0.0.0.0/0', groupId: 'staff' });
  expect(
    clientVpn.describeClientVpnAuthorizationRules({
      ...target,
      filters: [{ name: 'group-id', values: ['staff'] }],
    }),
  ).toEqual([
    {
      clientVpnEndpointId: endpointId,
      description: '',
      groupId: 'staff',
      accessAll: false,
      destinationCidr: '0.0.0.0/0',
      status: { code: 'active' },
    },
  ]);
});
