import { Duration, Stack } from 'aws-cdk-lib';
import { ApplicationTargetGroup, TargetType } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IApplicationLoadBalancerTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

import type { portalEnvironment } from '../../../src/config/environment.ts';
import { variablesOf } from '../environment-of.ts';
import type { EnvironmentOf } from '../environment-of.ts';
import { BundledFunction } from './bundled-function.ts';

/**
 * Two calls to AWS that are tried again take 20 seconds, and the pass that a request has begun is
 * waited for up to 5. The load balancer waits for 60.
 */
const timeout = Duration.seconds(30);

export interface PortalFunctionProps {
  readonly folder: string;
  readonly environment: EnvironmentOf<typeof portalEnvironment>;
  /** Of processing power, too: what a first answer takes is mostly that. */
  readonly memoryMegabytes: number;
  readonly reservedConcurrency: number | null;
  readonly logDays: RetentionDays;
}

/** The portal as the load balancer's target that costs nothing while nobody looks at it. */
export class PortalFunction extends Construct {
  readonly function: IFunction;
  readonly role: Role;
  readonly logGroup: ILogGroup;
  readonly targetGroup: ApplicationTargetGroup;

  constructor(scope: Construct, id: string, props: PortalFunctionProps) {
    super(scope, id);
    const bundled = new BundledFunction(this, 'Portal', {
      description: 'Client VPN portal: pages and wishes',
      folder: props.folder,
      environment: variablesOf(props.environment),
      memoryMegabytes: props.memoryMegabytes,
      timeout,
      reservedConcurrency: props.reservedConcurrency,
      logDays: props.logDays,
    });
    this.function = bundled.function;
    this.role = bundled.role;
    this.logGroup = bundled.logGroup;
    this.targetGroup = new ApplicationTargetGroup(this, 'Target', {
      targetType: TargetType.LAMBDA,
      targets: [asTarget(bundled.function)],
      // Otherwise one Set-Cookie of several is left, and nobody can sign out.
      multiValueHeadersEnabled: true,
      // Keeps one environment warm for a few cents a month, so that few people meet a cold one.
      healthCheck: {
        enabled: true,
        path: '/healthz',
        healthyHttpCodes: '200',
        interval: Duration.seconds(60),
        timeout: Duration.seconds(10),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 3,
      },
    });
  }
}

/**
 * The CDK's own target lets any load balancer of any account invoke the function by its ARN. Which
 * target group it is cannot be said: AWS names it only when the permission is there.
 */
function asTarget(portal: IFunction): IApplicationLoadBalancerTarget {
  return {
    attachToApplicationTargetGroup(targetGroup) {
      const stack = Stack.of(portal);
      portal.addPermission('LoadBalancer', {
        principal: new ServicePrincipal('elasticloadbalancing.amazonaws.com'),
        sourceAccount: stack.account,
        sourceArn: stack.formatArn({
          service: 'elasticloadbalancing',
          resource: 'targetgroup',
          resourceName: '*',
        }),
      });
      targetGroup.node.addDependency(portal);
      return { targetType: TargetType.LAMBDA, targetJson: { id: portal.functionArn } };
    },
  };
}
