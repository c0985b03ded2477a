import path from 'node:path';

import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import {
  Capability,
  Cluster,
  ContainerImage,
  CpuArchitecture,
  FargateService,
  FargateTaskDefinition,
  LinuxParameters,
  LogDriver,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import {
  ApplicationProtocol,
  ApplicationTargetGroup,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { ICluster } from 'aws-cdk-lib/aws-ecs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

import type { serverEnvironment } from '../../../src/config/environment.ts';
import { variablesOf } from '../environment-of.ts';
import type { EnvironmentOf } from '../environment-of.ts';

const port = 8080;
/** The Dockerfile's user, said once more: ECS shows it, and refuses another image's root. */
const user = '10001:10001';

/** CloudFormation takes a `${}` for its own. */
const healthCheck = `fetch('http://127.0.0.1:${port}/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))`;

export interface PortalServiceProps {
  readonly environment: Omit<EnvironmentOf<typeof serverEnvironment>, ServiceOwn>;
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  /** Where the subnets have no other way out. Nothing but the load balancer gets in either way. */
  readonly assignPublicIp: boolean;
  readonly architecture: 'arm64' | 'x86_64';
  readonly tasks: number;
  readonly logDays: RetentionDays;
}

/** What the service knows by itself. */
type ServiceOwn = 'HOST' | 'PORT' | 'RECONCILE_IN_PROCESS' | 'RECONCILER_DRY_RUN';

/** The portal as containers on Fargate, from the image of the Dockerfile. */
export class PortalService extends Construct {
  readonly role: Role;
  readonly logGroup: ILogGroup;
  readonly targetGroup: ApplicationTargetGroup;
  readonly service: FargateService;

  constructor(scope: Construct, id: string, props: PortalServiceProps) {
    super(scope, id);
    const { vpc } = props;
    this.logGroup = new LogGroup(this, 'Log', {
      retention: props.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
      description: 'Client VPN portal: pages and wishes',
    });
    const task = this.taskOf(props);
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'Client VPN portal: in from the load balancer, out to AWS',
      allowAllOutbound: false,
    });
    securityGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'AWS, over TLS');
    this.service = new FargateService(this, 'Service', {
      cluster: this.clusterIn(vpc),
      taskDefinition: task,
      desiredCount: props.tasks,
      vpcSubnets: props.subnets,
      assignPublicIp: props.assignPublicIp,
      securityGroups: [securityGroup],
      // A new version takes over before the old one goes; one that does not come up is taken back.
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      circuitBreaker: { enable: true, rollback: true },
      healthCheckGracePeriod: Duration.seconds(30),
    });
    this.targetGroup = new ApplicationTargetGroup(this, 'Target', {
      vpc,
      targetType: TargetType.IP,
      protocol: ApplicationProtocol.HTTP,
      port,
      targets: [this.service.loadBalancerTarget({ containerName: 'portal', containerPort: port })],
      // What has been begun is answered within 15 seconds, or cut.
      deregistrationDelay: Duration.seconds(20),
      healthCheck: {
        path: '/healthz',
        healthyHttpCodes: '200',
        interval: Duration.seconds(15),
        timeout: Duration.seconds(5),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 3,
      },
    });
  }

  private clusterIn(vpc: IVpc): ICluster {
    const cluster = new Cluster(this, 'Cluster', { vpc });
    Validations.of(cluster).acknowledge({
      id: 'AwsSolutions-ECS4',
      reason:
        'Container Insights costs more than the tasks that it would watch. The load balancer counts answers, failures and healthy tasks, and the portal writes its own metrics.',
    });
    // The CDK declares optional members in a way that does not know `exactOptionalPropertyTypes`.
    return cluster as ICluster;
  }

  private taskOf(props: PortalServiceProps): FargateTaskDefinition {
    const isArm = props.architecture === 'arm64';
    const task = new FargateTaskDefinition(this, 'Task', {
      cpu: 256,
      memoryLimitMiB: 512,
      taskRole: this.role,
      runtimePlatform: {
        cpuArchitecture: isArm ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
    });
    const linuxParameters = new LinuxParameters(this, 'Linux');
    linuxParameters.dropCapabilities(Capability.ALL);
    task.addContainer('portal', {
      image: ContainerImage.fromAsset(path.join(import.meta.dirname, '../../..'), {
        platform: isArm ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64,
      }),
      portMappings: [{ containerPort: port }],
      readonlyRootFilesystem: true,
      user,
      linuxParameters,
      // 15 seconds for requests, and as long for the passes that they have begun.
      stopTimeout: Duration.seconds(35),
      logging: LogDriver.awsLogs({ logGroup: this.logGroup, streamPrefix: 'portal' }),
      // ECS does not look at the image's own.
      healthCheck: {
        command: ['CMD', 'node', '-e', healthCheck],
        interval: Duration.seconds(15),
        timeout: Duration.seconds(3),
        startPeriod: Duration.seconds(10),
        retries: 3,
      },
      environment: {
        NODE_ENV: 'production',
        ...variablesOf<typeof serverEnvironment>({
          ...props.environment,
          HOST: '0.0.0.0',
          PORT: String(port),
          // The schedule is a function of its own, with a role of its own.
          RECONCILE_IN_PROCESS: 'false',
          RECONCILER_DRY_RUN: undefined,
        }),
      },
    });
    Validations.of(task).acknowledge({
      id: 'AwsSolutions-ECS2',
      reason:
        'None of the variables is a secret: names, addresses and prices. The portal keeps no secret; its only credentials are those of its role.',
    });
    Validations.of(task).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'ecr:GetAuthorizationToken, with which ECS pulls the image, can be allowed on * only. It is a right of the execution role, which the portal cannot use.',
    });
    return task;
  }
}
