import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationProtocol,
  ApplicationTargetGroup,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { entranceOf, hostName, withEntrance } from './entrance-under-test.ts';
import { synthesise } from './stack-under-test.ts';

const root = path.join(import.meta.dirname, '..', '..');
const certificateArn =
  'arn:aws:acm:ap-northeast-1:111122223333:certificate/00000000-0000-0000-0000-000000000000';

const entrance = withEntrance();
const loadBalancer = entrance.one('AWS::ElasticLoadBalancingV2::LoadBalancer');
const attributes = new Map(
  z
    .array(z.object({ Key: z.string(), Value: z.string() }))
    .parse(loadBalancer['LoadBalancerAttributes'])
    .map(({ Key, Value }) => [Key, Value]),
);
const listeners = entrance
  .ofType('AWS::ElasticLoadBalancingV2::Listener')
  .map(({ Properties }) => Properties);
const https = listeners.find(({ Port: port }) => port === 443);

describe('the load balancer', () => {
  it('faces the internet, in two zones', () => {
    expect(loadBalancer).toMatchObject({ Scheme: 'internet-facing', Type: 'application' });
    expect(loadBalancer['Subnets']).toHaveLength(2);
  });

  it.each([
    ['deletion_protection.enabled', 'true'],
    ['routing.http.drop_invalid_header_fields.enabled', 'true'],
    ['routing.http.desync_mitigation_mode', 'strictest'],
    ['routing.http.xff_header_processing.mode', 'append'],
    ['idle_timeout.timeout_seconds', '60'],
  ])('has %s at %s', (key, value) => {
    expect(attributes.get(key)).toBe(value);
  });

  it('gives up an idle connection before the container does', () => {
    const written = readFileSync(path.join(root, 'src', 'container.ts'), 'utf8');
    const [, milliseconds = ''] = /keepAliveMilliseconds = ([\d_]+)/.exec(written) ?? [];
    const idle = Number(attributes.get('idle_timeout.timeout_seconds')) * 1000;
    expect(Number(milliseconds.replaceAll('_', ''))).toBeGreaterThan(idle);
  });

  it('is not protected where the setting says so', () => {
    const { one } = withEntrance({ isProtected: false });
    expect(
      one('AWS::ElasticLoadBalancingV2::LoadBalancer')['LoadBalancerAttributes'],
    ).toContainEqual({ Key: 'deletion_protection.enabled', Value: 'false' });
  });

  it('speaks TLS 1.2 at least', () => {
    expect(https).toMatchObject({
      Protocol: 'HTTPS',
      SslPolicy: expect.stringMatching(/^ELBSecurityPolicy-TLS13-1-[23]-/),
    });
  });

  it('redirects plain HTTP to its own name and to no other', () => {
    expect(listeners.filter(({ Port: port }) => port !== 443)).toEqual([
      expect.objectContaining({
        Port: 80,
        DefaultActions: [
          {
            Type: 'redirect',
            RedirectConfig: {
              Protocol: 'HTTPS',
              Port: '443',
              Host: hostName,
              StatusCode: 'HTTP_301',
            },
          },
        ],
      }),
    ]);
  });

  it('is reached on two ports, and reaches the user pool alone', () => {
    const group = entrance.one('AWS::EC2::SecurityGroup');
    const ports = z.array(z.looseObject({ FromPort: z.number(), ToPort: z.number() }));
    expect(ports.parse(group['SecurityGroupIngress']).map(({ FromPort }) => FromPort)).toEqual([
      443, 80,
    ]);
    expect(group['SecurityGroupEgress']).toEqual([
      expect.objectContaining({ FromPort: 443, ToPort: 443, IpProtocol: 'tcp' }),
    ]);
  });

  it('reaches a container that it forwards to, on its port', () => {
    const { ofType } = synthesise((stack) => {
      const vpc = Vpc.fromVpcAttributes(stack, 'There', {
        vpcId: 'vpc-0123456789abcdef0',
        availabilityZones: ['none'],
      });
      const tasks = new SecurityGroup(stack, 'Tasks', { vpc, description: 'tasks' });
      const target = new ApplicationTargetGroup(stack, 'Target', {
        vpc,
        port: 8080,
        protocol: ApplicationProtocol.HTTP,
        targetType: TargetType.IP,
      });
      entranceOf(stack, { vpc }).forwardTo(target);
      target.registerConnectable(tasks, Port.tcp(8080));
    });
    expect(ofType('AWS::EC2::SecurityGroupIngress').map(({ Properties }) => Properties)).toEqual([
      expect.objectContaining({ FromPort: 8080, SourceSecurityGroupId: expect.anything() }),
    ]);
  });

  it('has the name of the portal', () => {
    expect(entrance.one('AWS::Route53::RecordSet')).toMatchObject({
      Name: 'vpn.example.com.',
      Type: 'A',
      AliasTarget: expect.anything(),
    });
  });
});

describe('the certificate', () => {
  it('is made, and proved by the zone', () => {
    expect(entrance.one('AWS::CertificateManager::Certificate')).toMatchObject({
      DomainName: hostName,
      ValidationMethod: 'DNS',
      DomainValidationOptions: [{ DomainName: hostName, HostedZoneId: 'Z0123456789ABCDEFGHIJ' }],
    });
  });

  it('is not made where there is one', () => {
    const { ofType } = withEntrance({ certificateArn });
    expect(ofType('AWS::CertificateManager::Certificate')).toEqual([]);
    expect(ofType('AWS::ElasticLoadBalancingV2::Listener')).toContainEqual(
      expect.objectContaining({
        Properties: expect.objectContaining({
          Certificates: [{ CertificateArn: certificateArn }],
        }),
      }),
    );
  });
});

describe('access logs', () => {
  it('are not written, and cost nothing, unless a setting says so', () => {
    expect(attributes.get('access_logs.s3.enabled')).toBeUndefined();
    expect(entrance.ofType('AWS::S3::Bucket')).toEqual([]);
  });

  const logging = withEntrance({ accessLogDays: 30 });

  it('are kept for the time that is set, in a bucket that is closed and stays', () => {
    const [bucket] = logging.ofType('AWS::S3::Bucket');
    expect(bucket).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
          ],
        },
        LifecycleConfiguration: {
          Rules: [expect.objectContaining({ ExpirationInDays: 30, Status: 'Enabled' })],
        },
        PublicAccessBlockConfiguration: { BlockPublicPolicy: true, RestrictPublicBuckets: true },
      },
    });
  });

  it('are written to no bucket that can be read without TLS', () => {
    expect(JSON.stringify(logging.one('AWS::S3::BucketPolicy'))).toContain(
      '"Condition":{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny"',
    );
  });
});

describe('the firewall', () => {
  it('is not there, and costs nothing, unless a setting says so', () => {
    expect(entrance.ofType('AWS::WAFv2::WebACL')).toEqual([]);
  });

  it('limits each address, keeps no request, and blocks no session for its size', () => {
    const guarded = withEntrance({ hasFirewall: true });
    const acl = JSON.stringify(guarded.one('AWS::WAFv2::WebACL'));
    expect(acl).toContain('"RateBasedStatement":{"AggregateKeyType":"IP","Limit":5000}');
    expect(acl).not.toContain('"SampledRequestsEnabled":true');
    expect(acl).toContain(
      '"RuleActionOverrides":[{"ActionToUse":{"Count":{}},"Name":"SizeRestrictions_Cookie_HEADER"},{"ActionToUse":{"Count":{}},"Name":"SizeRestrictions_QUERYSTRING"}]',
    );
    expect(guarded.ofType('AWS::WAFv2::WebACLAssociation')).toHaveLength(1);
  });
});
