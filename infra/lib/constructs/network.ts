import { Fn, RemovalPolicy, Tags, Validations } from 'aws-cdk-lib';
import {
  CfnInternetGateway,
  CfnVPC,
  CfnVPCGatewayAttachment,
  FlowLog,
  FlowLogDestination,
  FlowLogMaxAggregationInterval,
  FlowLogResourceType,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  PublicSubnet,
  Subnet,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { ISubnet, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** A VPC of the portal's own, of this range. */
export interface OwnNetwork {
  readonly kind: 'own';
  readonly cidr: string;
}

/** One that is there, by its ids: nothing is looked up, and nothing in it is changed. */
export interface ExistingNetwork {
  readonly kind: 'existing';
  readonly vpcId: string;
  /** In two zones at least, with a route to an internet gateway. */
  readonly publicSubnetIds: readonly string[];
  /** Where tasks run, with a way out of their own. Empty: in the public ones. */
  readonly taskSubnetIds: readonly string[];
}

export interface PortalNetworkProps {
  readonly network: OwnNetwork | ExistingNetwork;
  /** Whether containers run in it. A Lambda function needs no network of ours. */
  readonly hasTasks: boolean;
  /** How long the flow logs of an own network are kept. */
  readonly logRetention: RetentionDays;
}

/** A load balancer takes two zones at least. More would cost a public address each, and save nobody. */
const zones = [0, 1];

/**
 * Where the load balancer stands and, if there are any, the tasks run.
 *
 * There are public subnets and no others. The load balancer needs them, to be reached and to reach
 * Cognito. Tasks need a way out as well: the keys with which the load balancer signs are published
 * on the internet alone, so no set of interface endpoints would do. A NAT gateway would cost more
 * than the rest of the portal; a public address costs a tenth of it, and is no way in, because the
 * tasks' security group admits the load balancer and nobody else.
 */
export class PortalNetwork extends Construct {
  readonly vpc: IVpc;
  readonly loadBalancerSubnets: SubnetSelection;
  readonly taskSubnets: SubnetSelection;
  /** Whether a task gets out by a public address of its own. */
  readonly tasksHavePublicAddresses: boolean;

  constructor(scope: Construct, id: string, props: PortalNetworkProps) {
    super(scope, id);
    const { network } = props;
    const { publicSubnets, vpc } =
      network.kind === 'own' ? this.make(network, props) : this.take(network);
    this.vpc = vpc;
    this.loadBalancerSubnets = { subnets: publicSubnets };
    const taskSubnetIds = network.kind === 'own' ? [] : network.taskSubnetIds;
    this.tasksHavePublicAddresses = taskSubnetIds.length === 0;
    this.taskSubnets = this.tasksHavePublicAddresses
      ? this.loadBalancerSubnets
      : { subnets: this.subnetsOf('TaskSubnet', taskSubnetIds) };
  }

  private take({ publicSubnetIds, vpcId }: ExistingNetwork) {
    const publicSubnets = this.subnetsOf('PublicSubnet', publicSubnetIds);
    // The zones would have to be looked up. Whatever asked for one would fail, and nothing does.
    const availabilityZones = ['not-looked-up'];
    const vpc = Vpc.fromVpcAttributes(this, 'Vpc', { vpcId, availabilityZones });
    return { publicSubnets, vpc };
  }

  private subnetsOf(id: string, subnetIds: readonly string[]): ISubnet[] {
    return subnetIds.map((subnetId, at) => {
      const subnet = Subnet.fromSubnetId(this, `${id}${at + 1}`, subnetId);
      Validations.of(subnet).acknowledge({
        id: 'Annotation::@aws-cdk/aws-ec2:noSubnetRouteTableId',
        reason: 'Nothing here reads or changes the routes of a network that is somebody else’s.',
      });
      return subnet;
    });
  }

  /**
   * Made of single parts, because the construct for a whole VPC asks the account for its zones, and
   * what is synthesised would depend on who does it. CloudFormation chooses them instead.
   */
  private make({ cidr }: OwnNetwork, { hasTasks, logRetention }: PortalNetworkProps) {
    const resource = new CfnVPC(this, 'Resource', {
      cidrBlock: cidr,
      enableDnsHostnames: true,
      enableDnsSupport: true,
    });
    Tags.of(resource).add('Name', this.node.path);
    const gateway = new CfnInternetGateway(this, 'InternetGateway');
    const attachment = new CfnVPCGatewayAttachment(this, 'GatewayAttachment', {
      vpcId: resource.ref,
      internetGatewayId: gateway.ref,
    });
    const availabilityZones = zones.map((zone) => Fn.select(zone, Fn.getAzs()));
    const publicSubnets = zones.map((zone) => {
      const subnet = new PublicSubnet(this, `PublicSubnet${zone + 1}`, {
        vpcId: resource.ref,
        availabilityZone: availabilityZones[zone] ?? '',
        cidrBlock: Fn.select(zone, Fn.cidr(cidr, zones.length, hostBits(cidr))),
        // Whoever needs an address asks for it.
        mapPublicIpOnLaunch: false,
      });
      subnet.addDefaultInternetRoute(gateway.ref, attachment);
      return subnet;
    });
    const vpc = Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId: resource.ref,
      availabilityZones,
      publicSubnetIds: publicSubnets.map(({ subnetId }) => subnetId),
      publicSubnetRouteTableIds: publicSubnets.map(({ routeTable }) => routeTable.routeTableId),
    });
    this.logFlows(vpc, logRetention);
    if (hasTasks) {
      // Free of charge, and keeps the table's traffic, and the image's, off the internet.
      vpc.addGatewayEndpoint('DynamoDb', { service: GatewayVpcEndpointAwsService.DYNAMODB });
      vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
    }
    return { publicSubnets, vpc };
  }

  /** Who knocked, and who was let in: cents in a month for a load balancer and some tasks. */
  private logFlows(vpc: IVpc, retention: RetentionDays): void {
    new FlowLog(this, 'FlowLog', {
      resourceType: FlowLogResourceType.fromVpc(vpc),
      destination: FlowLogDestination.toCloudWatchLogs(
        new LogGroup(this, 'FlowLogGroup', { retention, removalPolicy: RemovalPolicy.DESTROY }),
      ),
      trafficType: FlowLogTrafficType.ALL,
      maxAggregationInterval: FlowLogMaxAggregationInterval.TEN_MINUTES,
    });
  }
}

/** For subnets that are half of the range each. */
function hostBits(cidr: string): string {
  return String(32 - Number(cidr.split('/')[1]) - 1);
}
