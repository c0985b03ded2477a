import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  AssociateClientVpnTargetNetworkCommand,
  CreateClientVpnRouteCommand,
  DeleteClientVpnRouteCommand,
  DescribeClientVpnConnectionsCommand,
  DescribeClientVpnEndpointsCommand,
  DescribeClientVpnRoutesCommand,
  DescribeClientVpnTargetNetworksCommand,
  DescribeSubnetsCommand,
  DisassociateClientVpnTargetNetworkCommand,
  TerminateClientVpnConnectionsCommand,
} from '@aws-sdk/client-ec2';
import {
  endpointId,
  foreignSubnet,
  minutes,
  refusalOf,
  startAwsStack,
  subnetA,
  subnetA2,
  subnetC,
  vpcId,
} from './ec2-stack.ts';
import type { AwsStack } from './ec2-stack.ts';

const target = { ClientVpnEndpointId: endpointId };
let stack: AwsStack;
beforeEach(async () => {
  stack = await startAwsStack();
});
afterEach(() => stack.close());

function associate(
  SubnetId: string,
  ClientToken?: string,
): Promise<{ AssociationId?: string | undefined }> {
  return stack.client.send(
    new AssociateClientVpnTargetNetworkCommand({
      ...target,
      SubnetId,
      ...(ClientToken === undefined ? {} : { ClientToken }),
    }),
  );
}

function disassociate(AssociationId: string): Promise<unknown> {
  return stack.client.send(
    new DisassociateClientVpnTargetNetworkCommand({ ...target, AssociationId }),
  );
}

function createRoute(DestinationCidrBlock: string, TargetVpcSubnetId = subnetA): Promise<unknown> {
  return stack.client.send(
    new CreateClientVpnRouteCommand({ ...target, DestinationCidrBlock, TargetVpcSubnetId }),
  );
}

async function codeOf(call: Promise<unknown>): Promise<string | undefined> {
  return (await refusalOf(call))?.code;
}

async function networkStatuses(): Promise<unknown> {
  const answer = await stack.client.send(new DescribeClientVpnTargetNetworksCommand(target));
  return answer.ClientVpnTargetNetworks?.map((network) => network.Status?.Code);
}

test('an endpoint goes on and off again, with everything it gains and loses', async () => {
  const { AssociationId = '' } = await associate(subnetA);
  expect(await networkStatuses()).toEqual(['associating']);
  stack.advanceMinutes(minutes.toAssociate);
  expect(await networkStatuses()).toEqual(['associated']);

  expect(await createRoute('0.0.0.0/0')).toMatchObject({ Status: { Code: 'creating' } });
  stack.advanceMinutes(minutes.toRoute);
  stack.clientVpn.connect(endpointId, 'alice');

  expect(await disassociate(AssociationId)).toMatchObject({
    AssociationId,
    Status: { Code: 'disassociating' },
  });
  const endpoints = await stack.client.send(new DescribeClientVpnEndpointsCommand({}));
  expect(endpoints.ClientVpnEndpoints?.[0]?.Status?.Code).toBe('pending-associate');
  const routes = await stack.client.send(new DescribeClientVpnRoutesCommand(target));
  expect(routes.Routes?.map((route) => route.Status?.Code)).toEqual(['deleting', 'deleting']);
  const connections = await stack.client.send(new DescribeClientVpnConnectionsCommand(target));
  expect(connections.Connections).toMatchObject([
    { Status: { Code: 'terminated' }, ConnectionEndTime: '2026-03-01 09:06:00' },
  ]);

  stack.advanceMinutes(minutes.toDisassociate);
  expect(await networkStatuses()).toEqual([]);
  expect((await stack.client.send(new DescribeClientVpnRoutesCommand(target))).Routes).toEqual([]);
});

test('connections stay listed for an hour after they ended', async () => {
  stack.turnOn();
  stack.clientVpn.disconnect(stack.clientVpn.connect(endpointId, 'alice'));
  const listed = async (): Promise<number | undefined> =>
    (await stack.client.send(new DescribeClientVpnConnectionsCommand(target))).Connections?.length;
  stack.advanceMinutes(59);
  expect(await listed()).toBe(1);
  stack.advanceMinutes(1);
  expect(await listed()).toBe(0);
});

test('terminating answers the status before and after', async () => {
  stack.turnOn();
  const ConnectionId = stack.clientVpn.connect(endpointId, 'alice');
  const answer = await stack.client.send(
    new TerminateClientVpnConnectionsCommand({ ...target, Username: 'alice' }),
  );
  expect(answer).toMatchObject({
    ClientVpnEndpointId: endpointId,
    Username: 'alice',
    ConnectionStatuses: [
      {
        ConnectionId,
        PreviousStatus: { Code: 'active' },
        CurrentStatus: { Code: 'terminating' },
      },
    ],
  });
});

test('a deleted route is deleting first, then gone', async () => {
  stack.turnOn();
  await createRoute('0.0.0.0/0');
  stack.advanceMinutes(minutes.toRoute);
  const route = { DestinationCidrBlock: '0.0.0.0/0', TargetVpcSubnetId: subnetA };
  const remove = (): Promise<unknown> =>
    stack.client.send(new DeleteClientVpnRouteCommand({ ...target, ...route }));
  expect(await remove()).toMatchObject({ Status: { Code: 'deleting' } });
  stack.advanceMinutes(minutes.toRoute);
  expect(await codeOf(remove())).toBe('InvalidClientVpnRouteNotFound');
});

describe('a client token', () => {
  test('makes a repeated request one request, and is refused for another', async () => {
    const first = await associate(subnetA, 'start-1');
    expect((await associate(subnetA, 'start-1')).AssociationId).toBe(first.AssociationId);
    expect(await networkStatuses()).toEqual(['associating']);
    expect(await codeOf(associate(subnetC, 'start-1'))).toBe('IdempotentParameterMismatch');
  });

  test('answers the old association after that one was removed', async () => {
    const first = await associate(subnetA, 'start-1');
    stack.advanceMinutes(minutes.toAssociate);
    await disassociate(first.AssociationId ?? '');
    stack.advanceMinutes(minutes.toDisassociate);
    expect(await associate(subnetA, 'start-1')).toMatchObject({
      AssociationId: first.AssociationId,
    });
    expect(await networkStatuses()).toEqual([]);
  });
});

describe('a dry run', () => {
  test('of each kind of operation says that it would succeed, and does nothing', async () => {
    const associationId = stack.turnOn();
    const dry = { ...target, DryRun: true };
    const before = stack.clientVpn.snapshot();
    for (const call of [
      stack.client.send(new DescribeClientVpnRoutesCommand(dry)),
      stack.client.send(new DescribeSubnetsCommand({ DryRun: true })),
      stack.client.send(new AssociateClientVpnTargetNetworkCommand({ ...dry, SubnetId: subnetC })),
      stack.client.send(
        new DisassociateClientVpnTargetNetworkCommand({ ...dry, AssociationId: associationId }),
      ),
      stack.client.send(
        new CreateClientVpnRouteCommand({
          ...dry,
          DestinationCidrBlock: '0.0.0.0/0',
          TargetVpcSubnetId: subnetA,
        }),
      ),
    ]) {
      expect(await refusalOf(call)).toEqual({ code: 'DryRunOperation', status: 412 });
    }
    expect(stack.clientVpn.snapshot()).toEqual(before);
  });

  test('of what would fail says why', async () => {
    expect(
      await codeOf(
        stack.client.send(
          new DisassociateClientVpnTargetNetworkCommand({
            ...target,
            AssociationId: 'cvpn-assoc-0ffffffffffffffff',
            DryRun: true,
          }),
        ),
      ),
    ).toBe('InvalidClientVpnAssociationIdNotFound');
  });
});

describe('the error', () => {
  test('of a second association of a subnet', async () => {
    stack.turnOn();
    expect(await refusalOf(associate(subnetA))).toEqual({
      code: 'InvalidClientVpnDuplicateAssociationException',
      status: 400,
    });
  });

  test('of a subnet in a zone that is taken', async () => {
    stack.turnOn();
    expect(await codeOf(associate(subnetA2))).toBe('InvalidClientVpnSubnetId.DuplicateAz');
  });

  test('of a subnet of another account, another VPC, or none', async () => {
    const elsewhere = 'vpc-0bbbbbbbbbbbbbbbb';
    const outside = 'subnet-0bbbbbbbbbbbbbbbb';
    stack.turnOn();
    stack.clientVpn.addVpc({ id: elsewhere, cidr: '10.9.0.0/16' });
    stack.clientVpn.addSubnet({
      id: outside,
      vpcId: elsewhere,
      cidr: '10.9.1.0/24',
      availabilityZone: 'ap-northeast-1d',
    });
    expect(await codeOf(associate(foreignSubnet))).toBe(
      'InvalidClientVpnSubnetId.DifferentAccount',
    );
    expect(await codeOf(associate(outside))).toBe('InvalidClientVpnSubnetId.NotFound');
    expect(await codeOf(associate('subnet-0eeeeeeeeeeeeeeee'))).toBe('InvalidSubnetID.NotFound');
  });

  test('of a subnet that overlaps with the client addresses', async () => {
    const overlapping = 'cvpn-endpoint-0bbbbbbbbbbbbbbbb';
    stack.clientVpn.addEndpoint({ id: overlapping, clientCidr: '10.0.0.0/22' });
    expect(
      await codeOf(
        stack.client.send(
          new AssociateClientVpnTargetNetworkCommand({
            ClientVpnEndpointId: overlapping,
            SubnetId: subnetA,
          }),
        ),
      ),
    ).toBe('InvalidClientVpnSubnetId.OverlappingCidr');
  });

  test('of an endpoint that does not exist', async () => {
    const none = { ClientVpnEndpointId: 'cvpn-endpoint-0ffffffffffffffff' };
    expect(await codeOf(stack.client.send(new DescribeClientVpnConnectionsCommand(none)))).toBe(
      'InvalidClientVpnEndpointId.NotFound',
    );
  });

  test('of an association that is on its way, or gone', async () => {
    const { AssociationId = '' } = await associate(subnetA);
    expect(await codeOf(disassociate(AssociationId))).toBe('IncorrectState');
    expect(await codeOf(disassociate('cvpn-assoc-0ffffffffffffffff'))).toBe(
      'InvalidClientVpnAssociationIdNotFound',
    );
  });

  test('of a route before its association, a second one, and the eleventh operation', async () => {
    expect(await codeOf(createRoute('0.0.0.0/0'))).toBe(
      'InvalidClientVpnActiveAssociationNotFound',
    );
    stack.turnOn();
    await createRoute('172.16.0.0/24');
    expect(await codeOf(createRoute('172.16.0.0/24'))).toBe('InvalidClientVpnDuplicateRoute');
    for (let number = 1; number < 10; number += 1) {
      await createRoute(`172.16.${String(number)}.0/24`);
    }
    expect(await codeOf(createRoute('172.16.10.0/24'))).toBe('ConcurrentMutationLimitExceeded');
  });

  test('of the 101st route of an association', async () => {
    stack.turnOn();
    for (let number = 0; number < 99; number += 1) {
      stack.clientVpn.createClientVpnRoute({
        clientVpnEndpointId: endpointId,
        destinationCidrBlock: `172.16.${String(number)}.0/24`,
        targetVpcSubnetId: subnetA,
      });
      stack.advanceMinutes(minutes.toRoute);
    }
    expect(await codeOf(createRoute('172.17.0.0/24'))).toBe('ClientVpnRouteLimitExceeded');
  });

  test('of ending a connection that nobody has', async () => {
    stack.turnOn();
    const terminate = (chosen: object): Promise<string | undefined> =>
      codeOf(stack.client.send(new TerminateClientVpnConnectionsCommand({ ...target, ...chosen })));
    expect(await terminate({ ConnectionId: 'cvpn-connection-0ffffffffffffffff' })).toBe(
      'InvalidClientVpnConnection.IdNotFound',
    );
    expect(await terminate({ Username: 'nobody' })).toBe('InvalidClientVpnConnection.UserNotFound');
  });

  test('of a missing parameter names it', async () => {
    await expect(
      stack.client.send(
        new AssociateClientVpnTargetNetworkCommand({ ClientVpnEndpointId: endpointId }),
      ),
    ).rejects.toMatchObject({
      name: 'MissingParameter',
      message: 'The request must contain the parameter SubnetId',
    });
    await expect(
      stack.client.send(new DescribeClientVpnRoutesCommand({ ClientVpnEndpointId: undefined })),
    ).rejects.toMatchObject({
      name: 'MissingParameter',
      message: 'The request must contain the parameter ClientVpnEndpointId',
    });
  });

  test('carries its request id, also in the header', async () => {
    const error: unknown = await associate('subnet-0eeeeeeeeeeeeeeee').catch(
      (reason: unknown) => reason,
    );
    const call = stack.ec2.calls().at(-1);
    expect(error).toMatchObject({ $metadata: { requestId: call?.requestId } });
    expect(call).toMatchObject({
      action: 'AssociateClientVpnTargetNetwork',
      outcome: 'InvalidSubnetID.NotFound',
      parameters: { SubnetId: 'subnet-0eeeeeeeeeeeeeeee' },
    });
  });
});

test('the VPC of the samples is the one that associations name', async () => {
  stack.turnOn();
  const answer = await stack.client.send(new DescribeClientVpnTargetNetworksCommand(target));
  expect(answer.ClientVpnTargetNetworks?.[0]?.VpcId).toBe(vpcId);
});
