import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { createAwsClients } from '../../src/aws/clients.ts';
import { createEc2ClientVpn } from '../../src/aws/ec2-client-vpn.ts';
import {
  endpointId,
  failureOf,
  foreignSubnetId,
  noAssociationId,
  noConnectionId,
  noEndpointId,
  noSubnetId,
  otherSubnetId,
  route,
  sameZoneSubnetId,
  startAdapterStack,
  subnetId,
} from './client-vpn-adapter-stack.ts';
import type { AdapterStack } from './client-vpn-adapter-stack.ts';
import * as sample from './ec2-stack.ts';

let stack: AdapterStack;

async function start(maxAttempts: number): Promise<void> {
  stack = await startAdapterStack(maxAttempts);
}

afterEach(() => stack.close());

const lostAnswer = (action: string, code: string) => {
  stack.faults.add({ service: 'ec2', action, code, status: 500, times: 1, effect: 'after' });
};
const associate = (clientToken = 'token-1', subnet = subnetId) =>
  stack.adapter.associate({ endpointId, subnetId: subnet, clientToken });
const createRoute = (clientToken = 'token-1') =>
  stack.adapter.createRoute({ endpointId, route, clientToken });

describe('what is asked for', () => {
  beforeEach(() => start(1));

  it('is accepted, under the token that was given', async () => {
    const accepted = { outcome: 'accepted', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) };
    expect(await associate()).toEqual(accepted);
    expect(stack.callsOf('AssociateClientVpnTargetNetwork')[0]).toMatchObject({
      parameters: {
        ClientVpnEndpointId: endpointId,
        SubnetId: subnetId,
        ClientToken: 'token-1',
      },
    });
    stack.advanceMinutes(sample.minutes.toAssociate);
    expect(await createRoute()).toEqual(accepted);
    expect(stack.callsOf('CreateClientVpnRoute')[0]).toMatchObject({
      parameters: {
        DestinationCidrBlock: route.destinationCidr,
        TargetVpcSubnetId: subnetId,
        Description: route.description,
        ClientToken: 'token-1',
      },
    });
    const [association] = await stack.adapter.listAssociations(endpointId);
    const associationId = association?.id ?? noAssociationId;
    expect(await stack.adapter.disassociate({ endpointId, associationId })).toEqual(accepted);
    expect(await stack.adapter.listAssociations(endpointId)).toMatchObject([
      { id: associationId, status: 'disassociating' },
    ]);
  });

  it('leaves out a description that is empty', async () => {
    stack.turnOn();
    const plain = { ...route, description: '' };
    await stack.adapter.createRoute({ endpointId, route: plain, clientToken: 'token-1' });
    expect(stack.callsOf('CreateClientVpnRoute')[0]?.parameters).not.toHaveProperty('Description');
  });

  it('is a success where it is so already', async () => {
    const alreadySo = {
      outcome: 'already-so',
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    };
    stack.turnOn();
    expect(await associate('another token')).toEqual(alreadySo);
    await createRoute();
    expect(await createRoute('another token')).toEqual(alreadySo);
    const gone = { endpointId, associationId: noAssociationId };
    expect(await stack.adapter.disassociate(gone)).toEqual(alreadySo);
  });

  it.each(['InvalidClientVpnDuplicateAssociation', 'ClientVpnEndpointAssociationExists'])(
    'is a success by the name %s, too',
    async (code) => {
      stack.fail(code, 400);
      expect(await associate()).toMatchObject({ outcome: 'already-so' });
    },
  );

  it('is no success by a name that means it for another act', async () => {
    stack.fail('InvalidClientVpnDuplicateRoute', 400);
    expect(await failureOf(associate())).toMatchObject({ kind: 'unknown' });
    stack.fail('InvalidClientVpnAssociationIdNotFound', 400);
    expect(await failureOf(createRoute())).toMatchObject({ kind: 'unknown' });
    stack.fail('ClientVpnEndpointAssociationExistsNot', 400);
    expect(await failureOf(associate())).toMatchObject({ kind: 'unknown' });
    stack.fail('InvalidClientVpnDuplicateAssociation', 400);
    const listing = await failureOf(stack.adapter.listAssociations(endpointId));
    expect(listing).toMatchObject({ kind: 'unknown' });
  });
});

describe('a refusal of AWS', () => {
  beforeEach(() => start(1));

  it.each([
    ['busy', 'ConcurrentMutationLimitExceeded', 400],
    ['busy', 'IncorrectState', 400],
    ['busy', 'InvalidClientVpnActiveAssociationNotFound', 400],
    ['busy', 'RequestLimitExceeded', 503],
    ['busy', 'Throttling', 400],
    ['misconfigured', 'InvalidClientVpnSubnetId.DuplicateAz', 400],
    ['misconfigured', 'InvalidClientVpnSubnetId.NotFound', 400],
    ['misconfigured', 'InvalidClientVpnSubnetId.DifferentAccount', 400],
    ['misconfigured', 'InvalidClientVpnSubnetId.OverlappingCidr', 400],
    ['misconfigured', 'InvalidSubnetID.NotFound', 400],
    ['misconfigured', 'InvalidClientVpnEndpointId.NotFound', 400],
    ['misconfigured', 'ClientVpnRouteLimitExceeded', 400],
    ['not-allowed', 'UnauthorizedOperation', 403],
    ['not-allowed', 'AuthFailure', 401],
    ['unreachable', 'InternalError', 500],
    ['unreachable', 'ServiceUnavailable', 503],
    ['unknown', 'SomethingNew', 400],
  ])('is %s where it is called %s', async (kind, code, status) => {
    stack.fail(code, status);
    const failure = await failureOf(associate());
    expect(failure).toMatchObject({
      name: 'ClientVpnError',
      kind,
      code,
      operation: 'AssociateClientVpnTargetNetwork',
      requestId: stack.ec2.calls()[0]?.requestId,
    });
    expect(failure.message).not.toBe('');
    expect(failure.cause).toBeInstanceOf(Error);
  });

  it('comes from AWS itself, in its own words', async () => {
    stack.turnOn();
    expect(await failureOf(associate('t', sameZoneSubnetId))).toMatchObject({
      kind: 'misconfigured',
      code: 'InvalidClientVpnSubnetId.DuplicateAz',
      message: expect.stringContaining('ap-northeast-1a'),
    });
    expect(await failureOf(associate('t', noSubnetId))).toMatchObject({ kind: 'misconfigured' });
    expect(await failureOf(associate('t', foreignSubnetId))).toMatchObject({
      kind: 'misconfigured',
    });
    const soon = { endpointId, route: { ...route, subnetId: otherSubnetId }, clientToken: 't' };
    expect(await failureOf(stack.adapter.createRoute(soon))).toMatchObject({ kind: 'busy' });
  });

  const reads: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['DescribeClientVpnEndpoints', () => stack.adapter.listEndpoints()],
    ['DescribeClientVpnEndpoints', () => stack.adapter.findEndpoint(endpointId)],
    ['DescribeClientVpnTargetNetworks', () => stack.adapter.listAssociations(endpointId)],
    ['DescribeClientVpnRoutes', () => stack.adapter.listRoutes(endpointId)],
    ['DescribeClientVpnConnections', () => stack.adapter.listConnections(endpointId)],
    ['DescribeSubnets', () => stack.adapter.findSubnets([subnetId])],
    [
      'ExportClientVpnClientConfiguration',
      () => stack.adapter.exportClientConfiguration(endpointId),
    ],
    [
      'DisassociateClientVpnTargetNetwork',
      () => stack.adapter.disassociate({ endpointId, associationId: noAssociationId }),
    ],
    ['CreateClientVpnRoute', () => createRoute()],
    [
      'TerminateClientVpnConnections',
      () => stack.adapter.terminateConnection({ endpointId, connectionId: noConnectionId }),
    ],
    [
      'DescribeClientVpnAuthorizationRules',
      () => stack.adapter.countAuthorizationRules(endpointId),
    ],
  ];

  it.each(reads)('to %s names that operation', async (operation, call) => {
    stack.fail('UnauthorizedOperation', 403);
    expect(await failureOf(call())).toMatchObject({ kind: 'not-allowed', operation });
  });

  it('to list what belongs to no endpoint is a failure, and not an empty list', async () => {
    for (const list of [
      stack.adapter.listAssociations(noEndpointId),
      stack.adapter.listRoutes(noEndpointId),
      stack.adapter.listConnections(noEndpointId),
      stack.adapter.countAuthorizationRules(noEndpointId),
    ]) {
      expect(await failureOf(list)).toMatchObject({ kind: 'misconfigured' });
    }
  });
});

describe('an answer that does not come', () => {
  it.each([
    ['InternalError', 500],
    ['Unavailable', 503],
    ['RequestLimitExceeded', 503],
  ])('for %s is asked for again, under the same token', async (code, status) => {
    await start(3);
    stack.fail(code, status, 2);
    expect(await associate()).toMatchObject({ outcome: 'accepted' });
    const tokens = stack
      .callsOf('AssociateClientVpnTargetNetwork')
      .map(({ parameters }) => parameters['ClientToken']);
    expect(tokens).toEqual(['token-1', 'token-1', 'token-1']);
    expect(await stack.adapter.listAssociations(endpointId)).toHaveLength(1);
  });

  it.each(['InternalError', 'ConnectionReset'])(
    'although AWS has done it (%s) leads to no second association',
    async (code) => {
      await start(3);
      lostAnswer('AssociateClientVpnTargetNetwork', code);
      expect(await associate()).toMatchObject({ outcome: 'accepted' });
      expect(stack.callsOf('AssociateClientVpnTargetNetwork')).toHaveLength(2);
      expect(await stack.adapter.listAssociations(endpointId)).toHaveLength(1);
    },
  );

  it('is given up after the third time', async () => {
    await start(3);
    stack.fail('InternalError', 500, 9);
    expect(await failureOf(associate())).toMatchObject({
      kind: 'unreachable',
      code: 'InternalError',
    });
    expect(stack.callsOf('AssociateClientVpnTargetNetwork')).toHaveLength(3);
  });

  it.each(['ConcurrentMutationLimitExceeded', 'IncorrectState'])(
    'is not asked for again by the SDK where AWS is busy (%s)',
    async (code) => {
      await start(3);
      stack.fail(code, 400, 9);
      expect(await failureOf(associate())).toMatchObject({ kind: 'busy', code });
      expect(stack.callsOf('AssociateClientVpnTargetNetwork')).toHaveLength(1);
    },
  );

  it('because the connection is reset is unreachable, with no request id', async () => {
    await start(1);
    stack.fail('ConnectionReset', 0);
    const failure = await failureOf(associate());
    expect(failure).toMatchObject({ kind: 'unreachable', requestId: null });
  });

  it('is waited for five seconds, and is unreachable then', async () => {
    await start(1);
    stack.fail('Timeout', 0);
    const { ec2, dynamo } = createAwsClients({
      ec2: {
        endpoint: stack.url,
        region: 'ap-northeast-1',
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
        maxAttempts: 1,
      },
      dynamo: { region: 'ap-northeast-1' },
    });
    const failure = await failureOf(createEc2ClientVpn(ec2).listEndpoints());
    expect(failure).toMatchObject({ kind: 'unreachable', requestId: null });
    ec2.destroy();
    dynamo.destroy();
  });

  it('to a change is waited for nine seconds in all, tries included, and for a reading longer', async () => {
    await start(1);
    stack.fail('Timeout', 0, 99);
    const { ec2, dynamo } = createAwsClients({
      ec2: {
        endpoint: stack.url,
        region: 'ap-northeast-1',
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      },
      dynamo: { region: 'ap-northeast-1' },
    });
    const adapter = createEc2ClientVpn(ec2);
    let readings = 'under way';
    const reading = failureOf(adapter.listAssociations(endpointId)).finally(() => {
      readings = 'over';
    });
    const begun = performance.now();
    const timed = async (act: Promise<unknown>) => {
      const { kind, operation } = await failureOf(act);
      return { kind, operation, soon: performance.now() - begun < 8900 };
    };
    const acts = await Promise.all([
      timed(adapter.associate({ endpointId, subnetId, clientToken: 'token-1' })),
      timed(adapter.createRoute({ endpointId, route, clientToken: 'token-1' })),
      timed(adapter.disassociate({ endpointId, associationId: noAssociationId })),
      timed(adapter.terminateConnection({ endpointId, connectionId: noConnectionId })),
    ]);
    const operations = [
      'AssociateClientVpnTargetNetwork',
      'CreateClientVpnRoute',
      'DisassociateClientVpnTargetNetwork',
      'TerminateClientVpnConnections',
    ];
    expect(acts).toEqual(
      operations.map((operation) => ({ kind: 'unreachable', operation, soon: false })),
    );
    for (const operation of operations) expect(stack.callsOf(operation)).toHaveLength(2);
    expect(readings).toBe('under way');
    expect(await reading).toMatchObject({ kind: 'unreachable' });
    for (const operation of operations) expect(stack.callsOf(operation)).toHaveLength(2);
    ec2.destroy();
    dynamo.destroy();
  });

  it('because nobody listens is unreachable', async () => {
    await start(1);
    const { client } = stack;
    client.config.endpoint = () =>
      Promise.resolve({ protocol: 'http:', hostname: '127.0.0.1', port: 1, path: '/' });
    const failure = await failureOf(stack.adapter.listEndpoints());
    expect(failure).toMatchObject({ kind: 'unreachable', requestId: null });
  });
});
