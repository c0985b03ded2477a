import { Duration, Validations } from 'aws-cdk-lib';
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IUserPool, IUserPoolClient, IUserPoolDomain } from 'aws-cdk-lib/aws-cognito';
import { Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationListenerRule,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  DesyncMitigationMode,
  IpAddressType,
  ListenerAction,
  ListenerCondition,
  SslPolicy,
  UnauthenticatedAction,
  XffHeaderProcessingMode,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type {
  ApplicationListener,
  IApplicationTargetGroup,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { AuthenticateCognitoAction } from 'aws-cdk-lib/aws-elasticloadbalancingv2-actions';
import { ARecord, RecordTarget } from 'aws-cdk-lib/aws-route53';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { LoadBalancerTarget } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';

import { AccessLogBucket } from './access-log-bucket.ts';
import { Firewall } from './firewall.ts';
import { listenerRules } from './listener-rules.ts';
import type { ListenerRule } from './listener-rules.ts';

export interface EntranceProps {
  /** Where people reach the portal. */
  readonly hostName: string;
  readonly hostedZone: IHostedZone;
  /** `null`: one is made, and proved by the zone. */
  readonly certificateArn: string | null;
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  readonly signIn: {
    readonly userPool: IUserPool;
    readonly client: IUserPoolClient;
    readonly domain: IUserPoolDomain;
  };
  /** After which people are asked again who they are. */
  readonly sessionHours: number;
  /** How long the log of every request is kept; `null`: none is written. */
  readonly accessLogDays: number | null;
  /** A web ACL in front of the load balancer, at AWS's prices for it. */
  readonly hasFirewall: boolean;
  /** Whether AWS refuses to delete the load balancer, with whose ARN every identity is signed. */
  readonly isProtected: boolean;
}

/**
 * The load balancer, and what it lets through. A request reaches the portal through one of the
 * rules in `listener-rules.ts`, under the portal's own name, and in no other way.
 */
export class Entrance extends Construct {
  readonly loadBalancer: ApplicationLoadBalancer;
  readonly listener: ApplicationListener;
  readonly url: string;
  /** Under which people find it. */
  readonly name: ARecord;
  private readonly props: EntranceProps;

  constructor(scope: Construct, id: string, props: EntranceProps) {
    super(scope, id);
    this.props = props;
    this.url = `https://${props.hostName}`;
    this.loadBalancer = this.makeLoadBalancer();
    this.listener = this.makeListener();
    this.redirectToHttps();
    this.name = new ARecord(this, 'Name', {
      zone: props.hostedZone,
      recordName: `${props.hostName}.`,
      target: RecordTarget.fromAlias(new LoadBalancerTarget(this.loadBalancer)),
    });
    if (props.hasFirewall) {
      new Firewall(this, 'Firewall', { loadBalancerArn: this.loadBalancer.loadBalancerArn });
    }
  }

  /** Sends what the rules let through to the portal. To be called once. */
  forwardTo(targetGroup: IApplicationTargetGroup): void {
    for (const rule of listenerRules) {
      new ApplicationListenerRule(this, rule.id, {
        listener: this.listener,
        priority: rule.priority,
        conditions: [
          ListenerCondition.hostHeaders([this.props.hostName]),
          ListenerCondition.pathPatterns([...rule.paths]),
        ],
        action: this.actionOf(rule, ListenerAction.forward([targetGroup])),
      });
    }
  }

  private actionOf({ action }: ListenerRule, forward: ListenerAction): ListenerAction {
    switch (action) {
      case 'pass':
        return forward;
      case 'deny':
        return this.authenticated(UnauthenticatedAction.DENY, forward);
      case 'authenticate':
        return this.authenticated(UnauthenticatedAction.AUTHENTICATE, forward);
    }
  }

  /** Both kinds share the cookie, so they must agree in everything but what becomes of strangers. */
  private authenticated(
    onUnauthenticatedRequest: UnauthenticatedAction,
    next: ListenerAction,
  ): ListenerAction {
    const { client, domain, userPool } = this.props.signIn;
    return new AuthenticateCognitoAction({
      userPool,
      userPoolClient: client,
      userPoolDomain: domain,
      // The one scope that yields the groups; see the client.
      scope: 'openid',
      sessionTimeout: Duration.hours(this.props.sessionHours),
      onUnauthenticatedRequest,
      next,
    });
  }

  private makeLoadBalancer(): ApplicationLoadBalancer {
    const { accessLogDays, isProtected, subnets, vpc } = this.props;
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'The load balancer of the Client VPN portal: HTTPS from everywhere',
      allowAllOutbound: false,
    });
    securityGroup.addIngressRule(Peer.anyIpv4(), Port.tcp(443), 'HTTPS');
    securityGroup.addIngressRule(Peer.anyIpv4(), Port.tcp(80), 'Redirected to HTTPS');
    Validations.of(securityGroup).acknowledge({
      id: 'AwsSolutions-EC23',
      reason:
        'Employees who need the VPN are not in the company network yet, and their addresses are not known. Only ports 443 and 80 are open; port 80 redirects, and everything but the health check, the stylesheet with its like and the page after signing out needs a sign-in.',
    });
    const loadBalancer = new ApplicationLoadBalancer(this, 'LoadBalancer', {
      vpc,
      vpcSubnets: subnets,
      securityGroup,
      internetFacing: true,
      ipAddressType: IpAddressType.IPV4,
      deletionProtection: isProtected,
      // Longer than a Lambda function of the portal may take, shorter than the container keeps an
      // idle connection.
      idleTimeout: Duration.seconds(60),
      dropInvalidHeaderFields: true,
      desyncMitigationMode: DesyncMitigationMode.STRICTEST,
      // The audit takes the last address, which is the one that the load balancer has seen itself.
      xffHeaderProcessingMode: XffHeaderProcessingMode.APPEND,
      preserveXffClientPort: false,
      wafFailOpen: false,
    });
    if (accessLogDays === null) {
      Validations.of(loadBalancer).acknowledge({
        id: 'AwsSolutions-ELB2',
        reason:
          'By setting. The portal logs every request itself, and the audit tells who did what. The access log adds the requests that never reached the portal, and can be turned on with `accessLogs`.',
      });
    } else {
      const { bucket } = new AccessLogBucket(this, 'AccessLogs', { days: accessLogDays });
      loadBalancer.logAccessLogs(bucket);
    }
    return loadBalancer;
  }

  private makeListener(): ApplicationListener {
    return this.loadBalancer.addListener('Https', {
      port: 443,
      protocol: ApplicationProtocol.HTTPS,
      certificates: [this.certificate()],
      sslPolicy: SslPolicy.TLS13_12_RES_PQ,
      open: false,
      // Whoever asks for another name, or for none, is looking for somebody else. Forwarding is not
      // left to a default: what no rule lets through goes no further.
      defaultAction: ListenerAction.fixedResponse(404, {
        contentType: 'text/plain',
        messageBody: 'There is nothing here.',
      }),
    });
  }

  private redirectToHttps(): void {
    this.loadBalancer.addListener('Http', {
      port: 80,
      protocol: ApplicationProtocol.HTTP,
      open: false,
      defaultAction: ListenerAction.redirect({
        protocol: 'HTTPS',
        port: '443',
        // Not the name that was asked for: nobody is sent elsewhere from here.
        host: this.props.hostName,
        permanent: true,
      }),
    });
  }

  private certificate(): ICertificate {
    const { certificateArn, hostedZone, hostName } = this.props;
    return certificateArn === null
      ? new Certificate(this, 'Certificate', {
          domainName: hostName,
          validation: CertificateValidation.fromDns(hostedZone),
        })
      : Certificate.fromCertificateArn(this, 'Certificate', certificateArn);
  }
}
