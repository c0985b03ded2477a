import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  DescribeClientVpnAuthorizationRulesCommand,
  DescribeClientVpnConnectionsCommand,
  DescribeClientVpnEndpointsCommand,
  DescribeClientVpnRoutesCommand,
  DescribeClientVpnTargetNetworksCommand,
  DescribeSubnetsCommand,
  ExportClientVpnClientConfigurationCommand,
  paginateDescribeClientVpnConnections,
  paginateDescribeClientVpnEndpoints,
} from '@aws-sdk/client-ec2';
import { X509Certificate } from 'node:crypto';
import {
  description,
  endpointId,
  refusalOf,
  startAwsStack,
  subnetA,
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

describe('what the SDK reads', () => {
  test('an endpoint, with text that XML could harm', async () => {
    stack.turnOn();
    const answer = await stack.client.send(new DescribeClientVpnEndpointsCommand({}));
    expect(answer.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.NextToken).toBeUndefined();
    expect(answer.ClientVpnEndpoints).toEqual([
      {
        ClientVpnEndpointId: endpointId,
        Description: description,
        Status: { Code: 'available' },
        CreationTime: '2026-03-01T09:00:00',
        DnsName: `*.${endpointId}.prod.clientvpn.ap-northeast-1.amazonaws.com`,
        ClientCidrBlock: '10.250.0.0/22',
        SplitTunnel: true,
        VpnProtocol: 'openvpn',
        TransportProtocol: 'udp',
        VpnPort: 443,
        AssociatedTargetNetworks: [{ NetworkId: subnetA, NetworkType: 'vpc' }],
        ServerCertificateArn: expect.stringMatching(
          /^arn:aws:acm:ap-northeast-1:123456789012:certificate\/[0-9a-f-]{36}$/,
        ),
        AuthenticationOptions: [
          {
            Type: 'federated-authentication',
            FederatedAuthentication: {
              SamlProviderArn: 'arn:aws:iam::123456789012:saml-provider/client-vpn',
            },
          },
        ],
        ConnectionLogOptions: { Enabled: false },
        Tags: [
          { Key: 'Name', Value: '東京 <office> & "co"' },
          { Key: 'vpn-portal:managed', Value: 'true' },
        ],
        SecurityGroupIds: [expect.stringMatching(/^sg-[0-9a-f]{17}$/)],
        VpcId: vpcId,
        SelfServicePortalUrl: `https://self-service.clientvpn.amazonaws.com/endpoints/${endpointId}`,
        ClientConnectOptions: { Enabled: false },
        SessionTimeoutHours: 24,
        ClientLoginBannerOptions: { Enabled: false },
        ClientRouteEnforcementOptions: { Enforced: false },
        DisconnectOnSessionTimeout: true,
        EndpointIpAddressType: 'ipv4',
        TrafficIpAddressType: 'ipv4',
      },
    ]);
  });

  test('the three kinds of authentication, and a Transit Gateway', async () => {
    const other = 'cvpn-endpoint-0bbbbbbbbbbbbbbbb';
    stack.clientVpn.addEndpoint({
      id: other,
      authentication: ['certificate', 'directory-service'],
      clientCidr: null,
      transitGateway: {
        transitGatewayId: 'tgw-0aaaaaaaaaaaaaaaa',
        attachmentId: 'tgw-attach-0aaaaaaaaaaaaaaaa',
        availabilityZones: ['ap-northeast-1a'],
      },
    });
    stack.clientVpn.associateClientVpnTargetNetwork({
      clientVpnEndpointId: other,
      availabilityZone: 'ap-northeast-1a',
    });
    const endpoints = await stack.client.send(
      new DescribeClientVpnEndpointsCommand({ ClientVpnEndpointIds: [other] }),
    );
    const endpoint = endpoints.ClientVpnEndpoints?.[0];
    expect(endpoint?.AuthenticationOptions).toMatchObject([
      { Type: 'certificate-authentication', MutualAuthentication: {} },
      { Type: 'directory-service-authentication', ActiveDirectory: {} },
    ]);
    expect(endpoint?.ClientCidrBlock).toBeUndefined();
    expect(endpoint?.TransitGatewayConfiguration).toEqual({
      TransitGatewayId: 'tgw-0aaaaaaaaaaaaaaaa',
      TransitGatewayAttachmentId: 'tgw-attach-0aaaaaaaaaaaaaaaa',
      AvailabilityZones: ['ap-northeast-1a'],
    });
    const networks = await stack.client.send(
      new DescribeClientVpnTargetNetworksCommand({ ClientVpnEndpointId: other }),
    );
    expect(networks.ClientVpnTargetNetworks).toEqual([
      {
        AssociationId: expect.stringMatching(/^cvpn-assoc-/),
        ClientVpnEndpointId: other,
        Status: { Code: 'associating' },
        SecurityGroups: [],
        AvailabilityZones: ['ap-northeast-1a'],
        AvailabilityZoneIds: ['apne1-az1'],
      },
    ]);
  });

  test('target networks, also by their ids', async () => {
    const associationId = stack.turnOn();
    stack.turnOn(subnetC);
    const all = await stack.client.send(new DescribeClientVpnTargetNetworksCommand(target));
    expect(all.ClientVpnTargetNetworks).toHaveLength(2);
    const one = await stack.client.send(
      new DescribeClientVpnTargetNetworksCommand({ ...target, AssociationIds: [associationId] }),
    );
    expect(one.ClientVpnTargetNetworks).toEqual([
      {
        AssociationId: associationId,
        ClientVpnEndpointId: endpointId,
        TargetNetworkId: subnetA,
        VpcId: vpcId,
        Status: { Code: 'associated' },
        SecurityGroups: [expect.stringMatching(/^sg-/)],
      },
    ]);
  });

  test('the message of an association that failed', async () => {
    stack.clientVpn.failNextAssociation(subnetA, 'No & "address"\u0000 left\u0007 <sorry>');
    stack.turnOn();
    const answer = await stack.client.send(new DescribeClientVpnTargetNetworksCommand(target));
    expect(answer.ClientVpnTargetNetworks?.[0]?.Status).toEqual({
      Code: 'association-failed',
      Message: 'No & "address" left <sorry>',
    });
  });

  test('connections, and those that match a filter', async () => {
    stack.turnOn();
    const connectionId = stack.clientVpn.connect(endpointId, 'alice@example.com');
    stack.clientVpn.connect(endpointId, 'bob@example.com');
    const answer = await stack.client.send(
      new DescribeClientVpnConnectionsCommand({
        ...target,
        Filters: [{ Name: 'username', Values: ['alice@*'] }],
      }),
    );
    expect(answer.Connections).toEqual([
      {
        ClientVpnEndpointId: endpointId,
        ConnectionId: connectionId,
        Username: 'alice@example.com',
        CommonName: '',
        ConnectionEstablishedTime: '2026-03-01 09:05:00',
        ConnectionEndTime: '-',
        Timestamp: '2026-03-01 09:05:00',
        IngressBytes: expect.stringMatching(/^\d+$/),
        EgressBytes: expect.stringMatching(/^\d+$/),
        IngressPackets: expect.stringMatching(/^\d+$/),
        EgressPackets: expect.stringMatching(/^\d+$/),
        ClientIp: '10.250.0.2',
        Status: { Code: 'active' },
      },
    ]);
  });

  test('routes by destination, origin and target', async () => {
    stack.turnOn();
    stack.clientVpn.createClientVpnRoute({
      clientVpnEndpointId: endpointId,
      destinationCidrBlock: '0.0.0.0/0',
      targetVpcSubnetId: subnetA,
      description,
    });
    const destinations = async (name: string, value: string): Promise<unknown> => {
      const answer = await stack.client.send(
        new DescribeClientVpnRoutesCommand({
          ...target,
          Filters: [{ Name: name, Values: [value] }],
        }),
      );
      return answer.Routes?.map((route) => route.DestinationCidr);
    };
    expect(await destinations('origin', 'associate')).toEqual(['10.0.0.0/16']);
    expect(await destinations('destination-cidr', '0.0.0.0/0')).toEqual(['0.0.0.0/0']);
    expect(await destinations('target-subnet', subnetC)).toEqual([]);
    const all = await stack.client.send(new DescribeClientVpnRoutesCommand(target));
    expect(all.Routes?.[0]).toEqual({
      ClientVpnEndpointId: endpointId,
      DestinationCidr: '0.0.0.0/0',
      TargetSubnet: subnetA,
      Type: 'Nat',
      Origin: 'add-route',
      Status: { Code: 'creating' },
      Description: description,
    });
  });

  test('authorization rules and subnets', async () => {
    stack.clientVpn.addAuthorizationRule(endpointId, {
      destinationCidr: '10.0.0.0/16',
      groupId: 'staff',
      description,
    });
    const rules = await stack.client.send(new DescribeClientVpnAuthorizationRulesCommand(target));
    expect(rules.AuthorizationRules).toEqual([
      {
        ClientVpnEndpointId: endpointId,
        Description: description,
        GroupId: 'staff',
        AccessAll: false,
        DestinationCidr: '10.0.0.0/16',
        Status: { Code: 'active' },
      },
    ]);
    const subnets = await stack.client.send(
      new DescribeSubnetsCommand({ SubnetIds: [subnetC, subnetA] }),
    );
    expect(subnets.Subnets).toMatchObject([
      {
        SubnetId: subnetA,
        VpcId: vpcId,
        CidrBlock: '10.0.1.0/24',
        AvailabilityZone: 'ap-northeast-1a',
        AvailabilityZoneId: 'apne1-az1',
        AvailableIpAddressCount: 251,
        State: 'available',
        OwnerId: '123456789012',
      },
      { SubnetId: subnetC },
    ]);
  });

  test('a client configuration with a certificate that parses', async () => {
    const answer = await stack.client.send(new ExportClientVpnClientConfigurationCommand(target));
    const configuration = answer.ClientConfiguration ?? '';
    expect(configuration).toBe(
      stack.clientVpn.exportClientVpnClientConfiguration({ clientVpnEndpointId: endpointId }),
    );
    const pem = /<ca>\n([\s\S]*)\n<\/ca>/.exec(configuration)?.[1] ?? '';
    expect(new X509Certificate(pem).ca).toBe(true);
  });
});

describe('paging', () => {
  test('shows each row once, however many pages it takes', async () => {
    for (let number = 10; number < 22; number += 1) {
      stack.clientVpn.addEndpoint({ id: `cvpn-endpoint-0bbbbbbbbbbbbbb${String(number)}` });
    }
    const pages: number[] = [];
    const ids = new Set<string | undefined>();
    for await (const page of paginateDescribeClientVpnEndpoints(
      { client: stack.client, pageSize: 5 },
      {},
    )) {
      pages.push(page.ClientVpnEndpoints?.length ?? 0);
      for (const endpoint of page.ClientVpnEndpoints ?? []) ids.add(endpoint.ClientVpnEndpointId);
    }
    expect(pages).toEqual([5, 5, 3]);
    expect(ids.size).toBe(13);
  });

  test('leaves nobody out when rows of an earlier page disappear between two pages', async () => {
    stack.turnOn();
    const gone = [1, 2, 3, 4, 5].map((number) =>
      stack.clientVpn.connect(endpointId, `gone-${String(number)}`),
    );
    stack.advanceMinutes(1);
    for (let number = 1; number <= 6; number += 1) {
      stack.clientVpn.connect(endpointId, `stays-${String(number)}`);
    }
    for (const connectionId of gone) stack.clientVpn.disconnect(connectionId);
    const people: (string | undefined)[] = [];
    for await (const page of paginateDescribeClientVpnConnections(
      { client: stack.client, pageSize: 5 },
      // The SDK's paginator writes its token into the input it is given.
      { ...target },
    )) {
      people.push(...(page.Connections ?? []).map((connection) => connection.Username));
      stack.advanceMinutes(61);
    }
    expect(people.filter((person) => person?.startsWith('stays-'))).toHaveLength(6);
  });

  test.each([4, 0, 1001])('refuses a page of %d', async (size) => {
    expect(
      await refusalOf(
        stack.client.send(new DescribeClientVpnConnectionsCommand({ ...target, MaxResults: size })),
      ),
    ).toEqual({ code: 'InvalidParameterValue', status: 400 });
  });

  test.each(['garbage', Buffer.from('{"scope":7}').toString('base64url')])(
    'refuses the token %s, which it never gave',
    async (token) => {
      expect(
        await refusalOf(
          stack.client.send(
            new DescribeClientVpnConnectionsCommand({ ...target, NextToken: token }),
          ),
        ),
      ).toEqual({ code: 'InvalidNextToken', status: 400 });
    },
  );

  test('refuses the token of another listing', async () => {
    for (let number = 10; number < 16; number += 1) {
      stack.clientVpn.addEndpoint({ id: `cvpn-endpoint-0bbbbbbbbbbbbbb${String(number)}` });
    }
    const page = await stack.client.send(new DescribeClientVpnEndpointsCommand({ MaxResults: 5 }));
    expect(page.NextToken).toBeDefined();
    expect(
      await refusalOf(
        stack.client.send(
          new DescribeClientVpnRoutesCommand({ ...target, NextToken: page.NextToken }),
        ),
      ),
    ).toMatchObject({ code: 'InvalidNextToken' });
  });
});

describe('filters', () => {
  test('of endpoints: the documented ones, and no tags', async () => {
    const found = async (Name: string, ...Values: string[]): Promise<number | undefined> => {
      const answer = await stack.client.send(
        new DescribeClientVpnEndpointsCommand({ Filters: [{ Name, Values }] }),
      );
      return answer.ClientVpnEndpoints?.length;
    };
    expect(await found('endpoint-id', 'nothing', endpointId)).toBe(1);
    expect(await found('transport-protocol', 'tcp')).toBe(0);
    expect(await refusalOf(found('tag:vpn-portal:managed', 'true'))).toMatchObject({
      code: 'InvalidParameterValue',
    });
  });

  test('of subnets: tags too, and several must all match', async () => {
    const answer = await stack.client.send(
      new DescribeSubnetsCommand({
        Filters: [
          { Name: 'vpc-id', Values: [vpcId] },
          { Name: 'availability-zone', Values: ['ap-northeast-1c'] },
        ],
      }),
    );
    expect(answer.Subnets?.map((subnet) => subnet.SubnetId)).toEqual([subnetC]);
    const tagged = await stack.client.send(
      new DescribeSubnetsCommand({ Filters: [{ Name: 'tag:Name', Values: ['*'] }] }),
    );
    expect(tagged.Subnets).toEqual([]);
  });

  test('of target networks and authorization rules', async () => {
    stack.turnOn();
    stack.clientVpn.addAuthorizationRule(endpointId, { destinationCidr: '10.0.0.0/16' });
    const networks = await stack.client.send(
      new DescribeClientVpnTargetNetworksCommand({
        ...target,
        Filters: [{ Name: 'target-network-id', Values: [subnetC] }],
      }),
    );
    expect(networks.ClientVpnTargetNetworks).toEqual([]);
    const rules = await stack.client.send(
      new DescribeClientVpnAuthorizationRulesCommand({
        ...target,
        Filters: [{ Name: 'destination-cidr', Values: ['10.*'] }],
      }),
    );
    expect(rules.AuthorizationRules).toHaveLength(1);
  });
});
