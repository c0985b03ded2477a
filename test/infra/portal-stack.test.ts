import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import type { EnvironmentOf } from '../../infra/lib/environment-of.ts';
import { settings as example } from '../../infra/settings.example.ts';
import type { reconcilerEnvironment } from '../../src/config/environment.ts';
import { resourceOf, synthesisePortal } from './synthesised-portal.ts';
import type { Resource, SynthesisedPortal } from './synthesised-portal.ts';

let lambda: SynthesisedPortal;
let container: SynthesisedPortal;
/** In a network that is there already, and without prices. */
let elsewhere: SynthesisedPortal;

beforeAll(() => {
  lambda = synthesisePortal({
    lambda: { reservedConcurrency: 20, memoryMegabytes: 512 },
    schedule: { dryRun: true, reservedConcurrency: 2 },
  });
  container = synthesisePortal({
    host: 'container',
    container: { tasks: 3, architecture: 'x86_64' },
  });
  elsewhere = synthesisePortal({
    host: 'container',
    network: {
      kind: 'existing',
      vpcId: 'vpc-0123456789abcdef0',
      publicSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
      taskSubnetIds: ['subnet-0123456789abcdef2'],
    },
    prices: { byRegion: { 'ap-northeast-1': null }, portalPerMonth: 27 },
    accessLogs: true,
    firewall: true,
    deletionProtection: false,
    alarms: { emails: ['operators@example.com'], monthlyBudgetUsd: null },
  });
});

afterAll(() => {
  lambda.remove();
  container.remove();
  elsewhere.remove();
});

const portalDescription = 'Client VPN portal: pages and wishes';
const reconcilerDescription = 'Client VPN reconciler: makes endpoints what the leases say';

function functionOf({ portal }: SynthesisedPortal, Description: string): Resource['Properties'] {
  return resourceOf(portal, 'AWS::Lambda::Function', { Description }).Properties;
}

function attributesOf(targetGroup: Resource): Readonly<Record<string, string>> {
  const pairs = z.array(z.object({ Key: z.string(), Value: z.string() }));
  return Object.fromEntries(
    pairs
      .parse(targetGroup.Properties['TargetGroupAttributes'])
      .map(({ Key, Value }) => [Key, Value]),
  );
}

describe('the portal as a function', () => {
  it('runs on arm64 and the Node.js that it is tested on', () => {
    expect(functionOf(lambda, portalDescription)).toMatchObject({
      Architectures: ['arm64'],
      Runtime: `nodejs${process.versions.node.split('.')[0] ?? ''}.x`,
      Handler: 'index.handler',
      MemorySize: 512,
    });
  });

  it('gets every value of a header that has several', () => {
    const targetGroup = resourceOf(lambda.portal, 'AWS::ElasticLoadBalancingV2::TargetGroup');
    expect(targetGroup.Properties['TargetType']).toBe('lambda');
    expect(attributesOf(targetGroup)).toMatchObject({
      'lambda.multi_value_headers.enabled': 'true',
    });
  });

  it('is looked at by the load balancer, at the address that asks for nobody', () => {
    const { Properties } = resourceOf(lambda.portal, 'AWS::ElasticLoadBalancingV2::TargetGroup');
    expect(Properties).toMatchObject({ HealthCheckEnabled: true, HealthCheckPath: '/healthz' });
  });

  it('has as long as two calls and a pass may take, and less than the load balancer waits', () => {
    const { Timeout } = functionOf(lambda, portalDescription);
    const balancer = resourceOf(lambda.portal, 'AWS::ElasticLoadBalancingV2::LoadBalancer');
    expect(Timeout).toBe(30);
    expect(JSON.stringify(balancer)).toContain(
      '{"Key":"idle_timeout.timeout_seconds","Value":"60"}',
    );
  });

  it('can be invoked by load balancers of this account, and by no other account’s', () => {
    const permission = resourceOf(lambda.portal, 'AWS::Lambda::Permission', {
      Principal: 'elasticloadbalancing.amazonaws.com',
    });
    expect(permission.Properties).toMatchObject({
      SourceAccount: '111122223333',
      SourceArn: 'arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:targetgroup/*',
    });
  });

  it('brings no container, no cluster and no repository', () => {
    expect(JSON.stringify(lambda.portal.toJSON())).not.toMatch(/AWS::(ECS|ECR)::/);
  });
});

describe('the portal as a container', () => {
  const definition = () => {
    const task = resourceOf(container.portal, 'AWS::ECS::TaskDefinition').Properties;
    const [first] = z.array(z.record(z.string(), z.unknown())).parse(task['ContainerDefinitions']);
    return first ?? {};
  };

  it('can write no file, is not root, and has no capability of the kernel’s', () => {
    expect(definition()).toMatchObject({
      ReadonlyRootFilesystem: true,
      User: '10001:10001',
      LinuxParameters: { Capabilities: { Drop: ['ALL'] } },
    });
  });

  it('is asked for its health by ECS and by the load balancer', () => {
    const { HealthCheck } = z
      .object({ HealthCheck: z.object({ Command: z.array(z.string()) }) })
      .parse(definition());
    expect(HealthCheck.Command.slice(0, 3)).toEqual(['CMD', 'node', '-e']);
    expect(HealthCheck.Command[3]).toContain('http://127.0.0.1:8080/healthz');
    const targetGroup = resourceOf(container.portal, 'AWS::ElasticLoadBalancingV2::TargetGroup');
    expect(targetGroup.Properties).toMatchObject({
      TargetType: 'ip',
      Port: 8080,
      HealthCheckPath: '/healthz',
    });
  });

  it('has time to finish: longer before it is killed than a request and its pass may take', () => {
    const targetGroup = resourceOf(container.portal, 'AWS::ElasticLoadBalancingV2::TargetGroup');
    expect(attributesOf(targetGroup)['deregistration_delay.timeout_seconds']).toBe('20');
    expect(definition()['StopTimeout']).toBe(35);
  });

  it('takes back a version that does not come up, and never runs short of tasks', () => {
    expect(resourceOf(container.portal, 'AWS::ECS::Service').Properties).toMatchObject({
      DesiredCount: 3,
      DeploymentConfiguration: {
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        MinimumHealthyPercent: 100,
      },
    });
  });

  it('runs on the architecture of the settings', () => {
    const task = resourceOf(container.portal, 'AWS::ECS::TaskDefinition');
    expect(task.Properties['RuntimePlatform']).toMatchObject({ CpuArchitecture: 'X86_64' });
  });

  it('writes to a log of its own', () => {
    expect(definition()['LogConfiguration']).toMatchObject({ LogDriver: 'awslogs' });
  });

  it('lets in the load balancer and nobody else, and goes out over TLS alone', () => {
    const { portal } = container;
    const group = resourceOf(portal, 'AWS::EC2::SecurityGroup', {
      GroupDescription: 'Client VPN portal: in from the load balancer, out to AWS',
    });
    expect(group.Properties['SecurityGroupIngress']).toBeUndefined();
    expect(group.Properties['SecurityGroupEgress']).toEqual([
      expect.objectContaining({ FromPort: 443, ToPort: 443, IpProtocol: 'tcp' }),
    ]);
    const ingress = resourceOf(portal, 'AWS::EC2::SecurityGroupIngress').Properties;
    expect(ingress).toMatchObject({ FromPort: 8080, ToPort: 8080 });
    expect(JSON.stringify(ingress['SourceSecurityGroupId'])).toContain('Entrance');
  });

  it('does not run the schedule: the reconciler stays a function, with its role', () => {
    expect(definition()['Environment']).toContainEqual({
      Name: 'RECONCILE_IN_PROCESS',
      Value: 'false',
    });
    expect(functionOf(container, reconcilerDescription)).toBeDefined();
    expect(Object.keys(container.portal.findResources('AWS::Lambda::Function'))).toHaveLength(1);
  });

  it('leaves the options of Node to the image', () => {
    expect(JSON.stringify(definition()['Environment'])).not.toContain('NODE_OPTIONS');
  });
});

describe.each([
  ['a function', () => lambda],
  ['a container', () => container],
])('the schedule beside %s', (_host, host) => {
  const everyMinute = { ScheduleExpression: 'rate(1 minute)' };
  const rule = () => resourceOf(host().portal, 'AWS::Events::Rule', everyMinute).Properties;
  const queueArn = () => {
    const ids = Object.keys(host().portal.findResources('AWS::SQS::Queue'));
    const id = ids.find((each) => each.startsWith('Schedule'));
    return { 'Fn::GetAtt': [id, 'Arn'] };
  };

  it('comes every minute, on the default bus, where the portal looks for it', () => {
    expect(rule()).toMatchObject({ ScheduleExpression: 'rate(1 minute)', State: 'ENABLED' });
    expect(rule()['EventBusName']).toBeUndefined();
    expect(rule()['Name']).toBeUndefined();
  });

  it('keeps what did not reach the function, and offers it no longer than a minute', () => {
    expect(rule()['Targets']).toEqual([
      expect.objectContaining({
        DeadLetterConfig: { Arn: queueArn() },
        RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 2 },
      }),
    ]);
  });

  it('keeps what failed, and does not run it again', () => {
    const { Properties } = resourceOf(host().portal, 'AWS::Lambda::EventInvokeConfig');
    expect(Properties).toMatchObject({
      DestinationConfig: { OnFailure: { Destination: queueArn() } },
      MaximumEventAgeInSeconds: 60,
      MaximumRetryAttempts: 0,
    });
  });

  it('ends a run that hangs', () => {
    expect(functionOf(host(), reconcilerDescription)['Timeout']).toBe(120);
  });
});

describe('reserved concurrency', () => {
  const reserved = (from: SynthesisedPortal, description: string) =>
    functionOf(from, description)['ReservedConcurrentExecutions'];

  it('is what the settings say', () => {
    expect(reserved(lambda, portalDescription)).toBe(20);
    expect(reserved(lambda, reconcilerDescription)).toBe(2);
  });

  it('is not asked for by itself: a new account has none to spare', () => {
    expect(reserved(container, reconcilerDescription)).toBeUndefined();
  });
});

describe('the environment of the functions', () => {
  const variables = (description: string) =>
    z
      .object({ Variables: z.record(z.string(), z.unknown()) })
      .parse(functionOf(lambda, description)['Environment']).Variables;

  it('says of a dry run what the settings say', () => {
    expect(variables(reconcilerDescription)['RECONCILER_DRY_RUN']).toBe('true');
  });

  it('names the load balancer that this stack makes, the rule, and the table of the other', () => {
    const [balancer] = Object.keys(
      lambda.portal.findResources('AWS::ElasticLoadBalancingV2::LoadBalancer'),
    );
    const ofTheSchedule = { Properties: { ScheduleExpression: 'rate(1 minute)' } };
    const [rule] = Object.keys(lambda.portal.findResources('AWS::Events::Rule', ofTheSchedule));
    expect(variables(portalDescription)).toMatchObject({
      ALB_ARN: { Ref: balancer },
      RECONCILER_RULE_NAME: { Ref: rule },
      TABLE_NAME: { 'Fn::ImportValue': expect.stringContaining('vpn-portal-data') },
    });
  });

  it('has the prices of the Region, and no other Region’s', () => {
    expect(variables(portalDescription)).toMatchObject({
      PRICE_ASSOCIATION_HOUR: '0.15',
      PRICE_CONNECTION_HOUR: '0.05',
    });
  });

  it('has no price where the settings leave it open', () => {
    const task = resourceOf(elsewhere.portal, 'AWS::ECS::TaskDefinition').Properties;
    expect(JSON.stringify(task)).toContain('CURRENCY');
    expect(JSON.stringify(task)).not.toContain('PRICE_');
  });

  it('is not complete for the compiler where a variable is missing', () => {
    // @ts-expect-error -- every variable of the schema has to be named
    const incomplete: EnvironmentOf<typeof reconcilerEnvironment> = { TABLE_NAME: 'portal' };
    expect(incomplete).toBeDefined();
  });
});

describe('logs', () => {
  it.each([
    ['a function', () => lambda],
    ['a container', () => container],
  ])(
    'beside %s are kept as long as the settings say, and no longer than the stack',
    (_host, host) => {
      const logs = Object.values(host().portal.findResources('AWS::Logs::LogGroup'));
      expect(logs.length).toBeGreaterThan(1);
      for (const log of logs) {
        expect(log).toMatchObject({ Properties: { RetentionInDays: 90 } });
      }
    },
  );
});

describe('a network that is there already', () => {
  it('is used by its ids, and nothing is made in it', () => {
    const { portal } = elsewhere;
    const balancer = resourceOf(portal, 'AWS::ElasticLoadBalancingV2::LoadBalancer');
    expect(balancer.Properties['Subnets']).toEqual([
      'subnet-0123456789abcdef0',
      'subnet-0123456789abcdef1',
    ]);
    expect(resourceOf(portal, 'AWS::ECS::Service').Properties).toMatchObject({
      NetworkConfiguration: {
        AwsvpcConfiguration: { AssignPublicIp: 'DISABLED', Subnets: ['subnet-0123456789abcdef2'] },
      },
    });
    expect(JSON.stringify(portal.toJSON())).not.toMatch(/AWS::EC2::(VPC|Subnet|Route)"/);
  });
});

describe('what is left to the settings', () => {
  const types = (from: SynthesisedPortal) => JSON.stringify(from.portal.toJSON());

  it.each(['AWS::WAFv2::WebACL', 'AWS::S3::Bucket'])(
    'makes %s where it is asked for alone',
    (type) => {
      expect(types(elsewhere)).toContain(`"${type}"`);
      expect(types(lambda)).not.toContain(`"${type}"`);
    },
  );

  it('makes a budget unless there is to be none', () => {
    expect(types(lambda)).toContain('"AWS::Budgets::Budget"');
    expect(types(elsewhere)).not.toContain('"AWS::Budgets::Budget"');
  });

  it('guards the load balancer against deletion unless it is to go', () => {
    const guard = (value: string) => `{"Key":"deletion_protection.enabled","Value":"${value}"}`;
    expect(types(lambda)).toContain(guard('true'));
    expect(types(elsewhere)).toContain(guard('false'));
  });
});

it('nothing is asked of an account', () => {
  for (const { lookups } of [lambda, container, elsewhere]) expect(lookups).toEqual([]);
});

describe('a name of Cognito’s below the portal’s', () => {
  const domainOf = (hostName: string): Resource => {
    const below = synthesisePortal({
      signIn: {
        ...example.signIn,
        domain: {
          kind: 'own',
          hostName,
          certificateArn:
            'arn:aws:acm:us-east-1:111122223333:certificate/00000000-0000-0000-0000-000000000000',
        },
      },
    });
    below.remove();
    return resourceOf(below.portal, 'AWS::Cognito::UserPoolDomain', { Domain: hostName });
  };

  it('waits for the portal’s, without which Cognito would refuse it', () => {
    const [record] = Object.keys(
      lambda.portal.findResources('AWS::Route53::RecordSet', {
        Properties: { Name: 'vpn.example.com.' },
      }),
    );
    expect(record).toBeDefined();
    expect(domainOf('sign-in.vpn.example.com')).toMatchObject({ DependsOn: [record] });
  });

  it('does not wait where it is beside it', () => {
    expect(domainOf('sign-in.example.com')).not.toHaveProperty('DependsOn');
  });
});

describe('what the stack tells', () => {
  it.each([
    'PortalUrl',
    'SamlAnswerUrl',
    'SamlAudience',
    'LoadBalancerArn',
    'TargetGroupArn',
    'UserPoolId',
    'UserPoolClientId',
    'TableName',
    'ReconcilerRuleName',
    'EventBusName',
    'PortalRoleArn',
    'ReconcilerRoleArn',
  ])('has %s, of either host', (name) => {
    for (const { portal } of [lambda, container]) {
      expect(Object.keys(portal.findOutputs(name))).toEqual([name]);
    }
  });
});
