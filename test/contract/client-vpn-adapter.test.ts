import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import {
  endpointId,
  failureOf,
  noEndpointId,
  noSubnetId,
  otherSubnetId,
  route,
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

const createRoute = (clientToken = 'token-1') =>
  stack.adapter.createRoute({ endpointId, route, clientToken });

describe('what is read', () => {
  beforeEach(() => start(1));

  it('is every endpoint, with its tags', async () => {
    const [endpoint, ...others] = await stack.adapter.listEndpoints();
    expect(others).toEqual([]);
    expect(endpoint).toEqual({
      id: endpointId,
      status: 'pending-associate',
      description: sample.description,
      authentication: ['federated'],
      clientCidr: '10.250.0.0/22',
      splitTunnel: true,
      vpcId: null,
      transitGateway: false,
      tags: new Map([
        ['Name', '東京 <office> & "co"'],
        ['vpn-portal:managed', 'true'],
      ]),
    });
  });

  it('is one endpoint, or that there is none', async () => {
    stack.turnOn();
    expect(await stack.adapter.findEndpoint(endpointId)).toMatchObject({
      id: endpointId,
      status: 'available',
      vpcId: sample.vpcId,
    });
    expect(await stack.adapter.findEndpoint(noEndpointId)).toBeNull();
  });

  it('is an endpoint of a Transit Gateway and its associations, which have no subnet', async () => {
    const transitGateway = {
      transitGatewayId: 'tgw-0123456789abcdef0',
      attachmentId: 'tgw-attach-0123456789abcdef0',
      availabilityZones: ['ap-northeast-1a'],
    };
    stack.clientVpn.addEndpoint({ id: noEndpointId, transitGateway, clientCidr: null });
    stack.clientVpn.associateClientVpnTargetNetwork({
      clientVpnEndpointId: noEndpointId,
      availabilityZone: 'ap-northeast-1a',
    });
    const found = await stack.adapter.findEndpoint(noEndpointId);
    expect(found).toMatchObject({ transitGateway: true, clientCidr: null });
    expect(await stack.adapter.listAssociations(noEndpointId)).toMatchObject([
      { subnetId: null, vpcId: null, status: 'associating' },
    ]);
  });

  it('is every association, with the reason of one that failed', async () => {
    expect(await stack.adapter.listAssociations(endpointId)).toEqual([]);
    const id = stack.turnOn();
    stack.clientVpn.failNextAssociation(sample.subnetC, 'No capacity');
    stack.turnOn(sample.subnetC);
    const associations = await stack.adapter.listAssociations(endpointId);
    expect(associations).toHaveLength(2);
    expect(associations).toEqual(
      expect.arrayContaining([
        { id, subnetId, vpcId: sample.vpcId, status: 'associated', message: '' },
        expect.objectContaining({
          subnetId: otherSubnetId,
          status: 'association-failed',
          message: 'No capacity',
        }),
      ]),
    );
  });

  it('is every route, whoever made it', async () => {
    stack.turnOn();
    await createRoute();
    const routes = await stack.adapter.listRoutes(endpointId);
    expect(routes).toHaveLength(2);
    expect(routes).toEqual(
      expect.arrayContaining([
        { ...route, status: 'creating', message: '', origin: 'add-route' },
        expect.objectContaining({ destinationCidr: '10.0.0.0/16', origin: 'associate' }),
      ]),
    );
  });

  it('is every connection, live and ended, with its times in UTC', async () => {
    stack.turnOn();
    const ended = stack.clientVpn.connect(endpointId, 'bob@example.com');
    const establishedAt = stack.clientVpn.now();
    stack.advanceMinutes(1);
    stack.clientVpn.disconnect(ended);
    const endedAt = stack.clientVpn.now();
    const live = stack.clientVpn.connect(endpointId, 'alice@example.com');
    const connections = await stack.adapter.listConnections(endpointId);
    expect(connections).toHaveLength(2);
    expect(connections).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          id: ended,
          person: 'bob@example.com',
          status: 'terminated',
          establishedAt,
          endedAt,
        }),
        expect.objectContaining({
          id: live,
          person: 'alice@example.com',
          status: 'active',
          endedAt: null,
          ingressBytes: 4212,
        }),
      ]),
    );
  });

  it('is those of the subnets that exist', async () => {
    expect(await stack.adapter.findSubnets([subnetId, noSubnetId])).toEqual([
      {
        id: subnetId,
        vpcId: sample.vpcId,
        cidr: '10.0.1.0/24',
        availabilityZone: 'ap-northeast-1a',
        availableAddresses: 251,
      },
    ]);
    expect(await stack.adapter.findSubnets([noSubnetId])).toEqual([]);
    stack.fail('InvalidSubnetID.NotFound', 400);
    expect(await stack.adapter.findSubnets([noSubnetId])).toEqual([]);
  });

  it('is the client configuration as AWS gives it', async () => {
    const exported = await stack.adapter.exportClientConfiguration(endpointId);
    expect(exported).toBe(
      stack.clientVpn.exportClientVpnClientConfiguration({ clientVpnEndpointId: endpointId }),
    );
    expect(exported).toContain('<ca>');
  });
});

describe('a listing of many pages', () => {
  beforeEach(() => start(1));

  function connectMany(): void {
    stack.turnOn();
    for (let count = 0; count < 1001; count += 1) {
      stack.clientVpn.connect(endpointId, `person-${count}@example.com`);
      // Rows are in the order of their times.
      if (count % 500 === 0) stack.advanceMinutes(1);
    }
  }

  it('is read to its end', async () => {
    connectMany();
    const connections = await stack.adapter.listConnections(endpointId);
    expect(new Set(connections.map(({ person }) => person)).size).toBe(1001);
    expect(stack.callsOf('DescribeClientVpnConnections')).toMatchObject([
      { parameters: { MaxResults: '1000' } },
      { parameters: { MaxResults: '1000', NextToken: expect.any(String) } },
    ]);
  });

  it('fails as a whole where its last page cannot be read', async () => {
    connectMany();
    let pages = 0;
    stack.client.middlewareStack.add(
      (next) => (input) => {
        pages += 1;
        if (pages === 2) stack.fail('ServiceUnavailable', 503);
        return next(input);
      },
      { step: 'initialize' },
    );
    const failure = await failureOf(stack.adapter.listConnections(endpointId));
    expect(failure).toMatchObject({ kind: 'unreachable', code: 'ServiceUnavailable' });
    expect(pages).toBe(2);
  });
});
