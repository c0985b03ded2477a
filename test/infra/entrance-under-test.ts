import type { Stack } from 'aws-cdk-lib';
import { ApplicationTargetGroup, TargetType } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Entrance } from '../../infra/lib/constructs/entrance.ts';
import type { EntranceProps } from '../../infra/lib/constructs/entrance.ts';
import { PortalNetwork } from '../../infra/lib/constructs/network.ts';
import { SignIn } from '../../infra/lib/constructs/sign-in.ts';
import { hostedZoneIn, synthesise } from './stack-under-test.ts';
import type { SynthesisedStack } from './stack-under-test.ts';

export const hostName = 'vpn.example.com';

/** The load balancer with all that it needs, in a stack. */
export function entranceOf(stack: Stack, changes: Partial<EntranceProps> = {}): Entrance {
  const hostedZone = hostedZoneIn(stack);
  const network = new PortalNetwork(stack, 'Network', {
    network: { kind: 'own', cidr: '10.82.0.0/24' },
    hasTasks: false,
    logRetention: RetentionDays.ONE_MONTH,
  });
  const signIn = new SignIn(stack, 'SignIn', {
    hostName,
    domain: { kind: 'prefix', prefix: 'example-vpn' },
    hostedZone,
    identityProvider: { kind: 'okta', metadataUrl: 'https://example.okta.com/metadata' },
    sessionHours: 9,
  });
  return new Entrance(stack, 'Entrance', {
    hostName,
    hostedZone,
    certificateArn: null,
    vpc: network.vpc,
    subnets: network.loadBalancerSubnets,
    signIn,
    sessionHours: 9,
    accessLogDays: null,
    hasFirewall: false,
    isProtected: true,
    ...changes,
  });
}

/** What it synthesises to, in front of a function. */
export function withEntrance(changes: Partial<EntranceProps> = {}): SynthesisedStack {
  return synthesise((stack) => {
    entranceOf(stack, changes).forwardTo(
      new ApplicationTargetGroup(stack, 'Target', {
        targetType: TargetType.LAMBDA,
        multiValueHeadersEnabled: true,
      }),
    );
  });
}
