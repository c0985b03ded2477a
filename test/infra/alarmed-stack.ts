import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';

import { AlarmTopic } from '../../infra/lib/constructs/alarm-topic.ts';
import { PortalAlarms } from '../../infra/lib/constructs/alarms.ts';
import { PortalBudget } from '../../infra/lib/constructs/budget.ts';
import { PortalDashboard } from '../../infra/lib/constructs/dashboard.ts';
import { PortalEvents } from '../../infra/lib/constructs/events.ts';

export const account = '111122223333';
const region = 'ap-northeast-1';
export const name = 'vpn-test';
export const reconcilerName = 'reconciler';
export const balancer = 'app/portal/0123456789abcdef';
export const arn = (service: string, rest: string) =>
  `arn:aws:${service}:${region}:${account}:${rest}`;

export interface AlarmedStackOptions {
  readonly runbookUrl?: string | null;
  readonly emails?: readonly string[];
}

/** In an app of its own; what is wrong with the constructs as they are deployed, `validations.test.ts` finds. */
export function createStack(): Stack {
  const app = new App({
    context: { '@aws-cdk/core:enablePartitionLiterals': true },
    builtinCloudFormationValidation: false,
  });
  return new Stack(app, 'Test', { env: { account, region } });
}

/** All that tells administrators something, around a portal that is somewhere else. */
export function synthesizeAlarmedStack(options: AlarmedStackOptions = {}): Template {
  const { emails = ['operators@example.com', 'on-call@example.com'], runbookUrl = null } = options;
  const stack = createStack();
  const namespace = name;
  const reconciler = LambdaFunction.fromFunctionArn(
    stack,
    'Reconciler',
    arn('lambda', `function:${reconcilerName}`),
  );
  const loadBalancer = ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(
    stack,
    'LoadBalancer',
    {
      loadBalancerArn: arn('elasticloadbalancing', `loadbalancer/${balancer}`),
      securityGroupId: 'sg-0123456789abcdef0',
    },
  );
  const deadLetters = Queue.fromQueueArn(stack, 'DeadLetters', arn('sqs', 'dead-letters'));
  const { topic } = new AlarmTopic(stack, 'AlarmTopic', { emails });
  const { alarms } = new PortalAlarms(stack, 'Alarms', {
    name,
    namespace,
    topic,
    reconciler,
    deadLetters,
    loadBalancer,
    onTooLongHours: 14,
    runbookUrl,
  });
  new PortalDashboard(stack, 'Dashboard', {
    name,
    namespace,
    alarms,
    reconciler,
    loadBalancer,
    portalUrl: 'https://vpn.example.com',
    runbookUrl,
  });
  new PortalBudget(stack, 'Budget', { name, monthlyUsd: 100, emails });
  new PortalEvents(stack, 'Events', { name });
  return Template.fromStack(stack);
}
