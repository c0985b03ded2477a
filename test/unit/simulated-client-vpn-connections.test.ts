import { describe, expect, test } from '@jest/globals';
import {
  endpointId,
  refusalOf,
  simulation,
  simulationThatIsOn,
  subnetA,
} from './simulated-client-vpn-world.ts';

const target = { clientVpnEndpointId: endpointId };

describe('a connection', () => {
  test('is refused while no network is associated', () => {
    const { clientVpn } = simulation();
    expect(refusalOf(() => clientVpn.connect(endpointId, 'alice'))).toBe('IncorrectState');
    clientVpn.associateClientVpnTargetNetwork({ ...target, subnetId: subnetA });
    expect(refusalOf(() => clientVpn.connect(endpointId, 'alice'))).toBe('IncorrectState');
  });

  test('is listed in text, with counters that grow and no end', () => {
    const { clock, clientVpn } = simulationThatIsOn();
    const connectionId = clientVpn.connect(endpointId, 'alice@example.com');
    const [first] = clientVpn.describeClientVpnConnections(target);
    expect(first).toMatchObject({
      connectionId,
      username: 'alice@example.com',
      connectionEstablishedTime: '2026-03-01 09:05:00',
      connectionEndTime: '-',
      clientIp: '10.250.0.2',
      status: { code: 'active' },
    });
    expect(connectionId).toMatch(/^cvpn-connection-[0-9a-f]{17}$/);
    clock.advanceMinutes(10);
    const [later] = clientVpn.describeClientVpnConnections(target);
    expect(Number(later?.ingressBytes)).toBeGreaterThan(Number(first?.ingressBytes));
    expect(Number(later?.egressBytes)).toBeGreaterThan(Number(first?.egressBytes));
    expect(later?.timestamp).toBe('2026-03-01 09:15:00');
  });

  test('that is silent sends nothing', () => {
    const { clock, clientVpn } = simulationThatIsOn();
    clientVpn.connect(endpointId, 'alice', { silent: true });
    const bytes = (): string | undefined =>
      clientVpn.describeClientVpnConnections(target)[0]?.ingressBytes;
    const before = bytes();
    clock.advanceMinutes(10);
    expect(bytes()).toBe(before);
  });

  test('stays listed for 60 minutes after it ended, and not longer', () => {
    const { clock, clientVpn } = simulationThatIsOn();
    const connectionId = clientVpn.connect(endpointId, 'alice');
    clock.advanceMinutes(5);
    expect(clientVpn.disconnect(connectionId)).toBe(true);
    expect(clientVpn.disconnect(connectionId)).toBe(false);
    clock.advanceSeconds(60 * 60 - 1);
    expect(clientVpn.describeClientVpnConnections(target)).toMatchObject([
      {
        connectionEndTime: '2026-03-01 09:10:00',
        timestamp: '2026-03-01 09:10:00',
        status: { code: 'terminated' },
      },
    ]);
    clock.advanceSeconds(1);
    expect(clientVpn.describeClientVpnConnections(target)).toEqual([]);
  });

  test('of a certificate names its person in CommonName', () => {
    const { clock, clientVpn } = simulation();
    const other = 'cvpn-endpoint-0bbbbbbbbbbbbbbbb';
    clientVpn.addEndpoint({ id: other, authentication: ['certificate'] });
    clientVpn.associateClientVpnTargetNetwork({ clientVpnEndpointId: other, subnetId: subnetA });
    clock.advanceMinutes(5);
    clientVpn.connect(other, 'laptop-7.example.com');
    expect(clientVpn.describeClientVpnConnections({ clientVpnEndpointId: other })).toMatchObject([
      { username: '', commonName: 'laptop-7.example.com' },
    ]);
  });

  test('has an address of its own', () => {
    const { clientVpn } = simulationThatIsOn();
    for (const person of ['alice', 'bob', 'carol']) clientVpn.connect(endpointId, person);
    const addresses = clientVpn.describeClientVpnConnections(target).map((row) => row.clientIp);
    expect(new Set(addresses).size).toBe(3);
  });
});

test('the 7,001st connection at once is refused by an endpoint with one network', () => {
  const { clientVpn } = simulationThatIsOn();
  const first = clientVpn.connect(endpointId, 'alice');
  for (let number = 1; number < 7_000; number += 1) clientVpn.connect(endpointId, 'alice');
  const connect = (): string => clientVpn.connect(endpointId, 'bob');
  expect(refusalOf(connect)).toBe('ClientVpnConnectionLimitExceeded');
  clientVpn.disconnect(first);
  expect(refusalOf(connect)).toBeNull();
});

describe('terminating connections', () => {
  test('by id: terminating first, terminated soon after', () => {
    const { clock, clientVpn } = simulationThatIsOn();
    const connectionId = clientVpn.connect(endpointId, 'alice');
    expect(clientVpn.terminateClientVpnConnections({ ...target, connectionId })).toEqual({
      clientVpnEndpointId: endpointId,
      username: null,
      connectionStatuses: [
        {
          connectionId,
          previousStatus: { code: 'active' },
          currentStatus: { code: 'terminating' },
        },
      ],
    });
    const row = () => clientVpn.describeClientVpnConnections(target)[0];
    expect(row()).toMatchObject({ status: { code: 'terminating' }, connectionEndTime: '-' });
    clock.advanceMinutes(1);
    expect(row()).toMatchObject({
      status: { code: 'terminated' },
      connectionEndTime: '2026-03-01 09:05:03',
    });
  });

  test('by user name: each of theirs, and nobody else', () => {
    const { clientVpn } = simulationThatIsOn();
    const mine = [clientVpn.connect(endpointId, 'alice'), clientVpn.connect(endpointId, 'alice')];
    clientVpn.connect(endpointId, 'bob');
    const answer = clientVpn.terminateClientVpnConnections({ ...target, username: 'alice' });
    expect(answer.connectionStatuses.map((row) => row.connectionId)).toEqual(mine);
    expect(
      clientVpn.describeClientVpnConnections({
        ...target,
        filters: [{ name: 'username', values: ['bob'] }],
      }),
    ).toMatchObject([{ status: { code: 'active' } }]);
  });

  test('is refused where there is nothing to end', () => {
    const { clientVpn } = simulationThatIsOn();
    const connectionId = clientVpn.connect(endpointId, 'alice');
    clientVpn.disconnect(connectionId);
    const terminate = (chosen: { connectionId?: string; username?: string }): string | null =>
      refusalOf(() => clientVpn.terminateClientVpnConnections({ ...target, ...chosen }));
    expect(terminate({ connectionId })).toBe('InvalidClientVpnConnection.IdNotFound');
    expect(terminate({ username: 'alice' })).toBe('InvalidClientVpnConnection.UserNotFound');
    expect(terminate({})).toBe('MissingParameter');
    expect(terminate({ connectionId, username: 'alice' })).toBe('InvalidParameterCombination');
  });
});
