import { CfnWaitConditionHandle } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, expect, it } from '@jest/globals';
import { PortalNetwork } from '../../infra/lib/constructs/network.ts';
import type { PortalNetworkProps } from '../../infra/lib/constructs/network.ts';
import { synthesise } from './stack-under-test.ts';

const own = { kind: 'own', cidr: '10.82.0.0/24' } as const;
const existing = {
  kind: 'existing',
  vpcId: 'vpc-0123456789abcdef0',
  publicSubnetIds: ['subnet-0000000000000000a', 'subnet-0000000000000000b'],
  taskSubnetIds: [],
} as const;

function withNetwork(network: PortalNetworkProps['network'], hasTasks: boolean) {
  let made: PortalNetwork | undefined;
  const synthesised = synthesise((stack) => {
    made = new PortalNetwork(stack, 'Network', {
      network,
      hasTasks,
      logRetention: RetentionDays.ONE_MONTH,
    });
    // CloudFormation takes no template without a resource.
    new CfnWaitConditionHandle(stack, 'Other');
  });
  if (made === undefined) throw new Error('nothing was made');
  return { ...synthesised, network: made };
}

function idsOf(network: PortalNetwork, which: 'loadBalancerSubnets' | 'taskSubnets') {
  return (network[which].subnets ?? []).map(({ subnetId }) => subnetId);
}

const forFunction = withNetwork(own, false);
const forTasks = withNetwork(own, true);

describe('a network of its own', () => {
  it('has two public subnets, each in a zone and half of the range', () => {
    const subnets = forFunction.ofType('AWS::EC2::Subnet').map(({ Properties }) => Properties);
    expect(subnets.map(({ AvailabilityZone, CidrBlock }) => [AvailabilityZone, CidrBlock])).toEqual(
      [0, 1].map((zone) => [
        { 'Fn::Select': [zone, { 'Fn::GetAZs': '' }] },
        { 'Fn::Select': [zone, { 'Fn::Cidr': ['10.82.0.0/24', 2, '7'] }] },
      ]),
    );
    expect(forFunction.ofType('AWS::EC2::Route').map(({ Properties }) => Properties)).toEqual(
      [1, 2].map(() =>
        expect.objectContaining({
          DestinationCidrBlock: '0.0.0.0/0',
          GatewayId: expect.anything(),
        }),
      ),
    );
  });

  it.each([
    ['10.0.0.0/16', '15'],
    ['192.168.7.0/24', '7'],
  ])('cuts %s into halves of %s bits', (cidr, bits) => {
    const { ofType } = withNetwork({ kind: 'own', cidr }, false);
    expect(ofType('AWS::EC2::Subnet')[1]?.Properties['CidrBlock']).toEqual({
      'Fn::Select': [1, { 'Fn::Cidr': [cidr, 2, bits] }],
    });
  });

  it('has nothing in it that is charged by the hour', () => {
    for (const { ofType } of [forFunction, forTasks]) {
      expect(ofType('AWS::EC2::NatGateway')).toEqual([]);
      expect(ofType('AWS::EC2::EIP')).toEqual([]);
      const endpoints = ofType('AWS::EC2::VPCEndpoint').map(({ Properties }) => Properties);
      expect(endpoints.filter((each) => each['VpcEndpointType'] !== 'Gateway')).toEqual([]);
    }
  });

  it('gives no public address to whoever does not ask for one', () => {
    const subnets = forTasks.ofType('AWS::EC2::Subnet').map(({ Properties }) => Properties);
    expect(subnets.map((subnet) => subnet['MapPublicIpOnLaunch'])).toEqual([false, false]);
  });

  it('lets tasks out by a public address, and past the internet to the table and the image', () => {
    expect(forTasks.network.tasksHavePublicAddresses).toBe(true);
    expect(forTasks.network.taskSubnets).toEqual(forTasks.network.loadBalancerSubnets);
    const services = forTasks
      .ofType('AWS::EC2::VPCEndpoint')
      .map(({ Properties }) => JSON.stringify(Properties['ServiceName']));
    expect(services).toEqual([
      expect.stringContaining('.dynamodb'),
      expect.stringContaining('.s3'),
    ]);
  });

  it('has no endpoints where a function runs, which is not in it', () => {
    expect(forFunction.ofType('AWS::EC2::VPCEndpoint')).toEqual([]);
  });

  it('logs what was let in and what was not, for as long as it is told', () => {
    expect(forFunction.one('AWS::EC2::FlowLog')).toMatchObject({
      ResourceType: 'VPC',
      TrafficType: 'ALL',
    });
    expect(forFunction.one('AWS::Logs::LogGroup')).toMatchObject({ RetentionInDays: 30 });
  });

  it('asks no account for its zones, so that it is the same for everybody', () => {
    expect(forFunction.lookups).toEqual([]);
    expect(forTasks.lookups).toEqual([]);
  });
});

describe('a network that is there', () => {
  const taken = withNetwork(existing, true);

  it('is taken by its ids, and nothing is made in it, changed or looked up', () => {
    expect(Object.values(taken.resources).map(({ Type }) => Type)).toEqual([
      'AWS::CloudFormation::WaitConditionHandle',
    ]);
    expect(taken.lookups).toEqual([]);
    expect(taken.network.vpc.vpcId).toBe(existing.vpcId);
    expect(idsOf(taken.network, 'loadBalancerSubnets')).toEqual(existing.publicSubnetIds);
  });

  it('lets tasks run in the public subnets where it names no others', () => {
    expect(idsOf(taken.network, 'taskSubnets')).toEqual(existing.publicSubnetIds);
    expect(taken.network.tasksHavePublicAddresses).toBe(true);
  });

  it('gives tasks no public address where they have subnets with a way out of their own', () => {
    const { network } = withNetwork(
      { ...existing, taskSubnetIds: ['subnet-0000000000000000c'] },
      true,
    );
    expect(idsOf(network, 'taskSubnets')).toEqual(['subnet-0000000000000000c']);
    expect(idsOf(network, 'loadBalancerSubnets')).toEqual(existing.publicSubnetIds);
    expect(network.tasksHavePublicAddresses).toBe(false);
  });
});
