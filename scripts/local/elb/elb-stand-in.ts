import type { ServiceStandIn } from '../aws-server.ts';
import { listenerCertificateArn } from '../deployment.ts';
import type { DeploymentState, ListenerRuleState, LocalDeployment } from '../deployment.ts';
import { createQueryService } from '../described-service.ts';
import type { XmlElements } from '../ec2/xml.ts';
import type { Faults } from '../faults.ts';
import { ServiceFault } from '../service-fault.ts';

/**
 * Elastic Load Balancing, as far as the description of one load balancer goes. It has what one in
 * AWS has to have: a listener for HTTPS with the rules, and one for HTTP that leads there. Source of
 * the form: Elastic Load Balancing API Reference, version 2015-12-01.
 */
export function createElbStandIn(dependencies: {
  readonly deployment: LocalDeployment;
  readonly faults: Faults;
}): ServiceStandIn {
  const { deployment, faults } = dependencies;

  return createQueryService({
    name: 'elasticloadbalancing',
    namespace: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
    faults,
    actions: {
      DescribeListeners(parameters) {
        const state = deployment.state();
        if (parameters.get('LoadBalancerArn') !== state.albArn) {
          throw new ServiceFault('LoadBalancerNotFound', 'One or more load balancers not found');
        }
        return {
          Listeners: [
            {
              ListenerArn: listenerArn(state, 443),
              LoadBalancerArn: state.albArn,
              Port: 443,
              Protocol: 'HTTPS',
              SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06',
              Certificates: [{ CertificateArn: listenerCertificateArn(state) }],
              DefaultActions: actionsOf(state, lastOf(state.listenerRules)),
            },
            {
              ListenerArn: listenerArn(state, 80),
              LoadBalancerArn: state.albArn,
              Port: 80,
              Protocol: 'HTTP',
              DefaultActions: [toHttps],
            },
          ],
        };
      },
      DescribeRules(parameters) {
        const state = deployment.state();
        const listener = parameters.get('ListenerArn') ?? '';
        if (listener === listenerArn(state, 80)) return { Rules: [defaultRule([toHttps])] };
        if (listener !== listenerArn(state, 443)) {
          throw new ServiceFault('ListenerNotFound', 'One or more listeners not found');
        }
        return {
          Rules: state.listenerRules.map((rule, index) => ruleElements(state, rule, index)),
        };
      },
      DescribeTargetGroups(parameters) {
        const state = deployment.state();
        requireTargetGroup(state, parameters.get('TargetGroupArns.member.1'));
        const { targetType } = state.targetGroup;
        return {
          TargetGroups: [
            {
              TargetGroupArn: targetGroupArn(state),
              TargetGroupName: 'portal',
              TargetType: targetType,
            },
          ],
        };
      },
      DescribeTargetGroupAttributes(parameters) {
        const state = deployment.state();
        requireTargetGroup(state, parameters.get('TargetGroupArn'));
        const { multiValueHeaders, targetType } = state.targetGroup;
        const attribute = {
          Key: 'lambda.multi_value_headers.enabled',
          Value: String(multiValueHeaders),
        };
        return { Attributes: targetType === 'lambda' ? [attribute] : [] };
      },
    },
  });
}

const toHttps: XmlElements = {
  Type: 'redirect',
  RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' },
};

function listenerArn({ albArn }: DeploymentState, port: number): string {
  const id = String(port).padStart(16, '0');
  return `${albArn.replace(':loadbalancer/', ':listener/')}/${id}`;
}

function targetGroupArn({ accountId, region }: DeploymentState): string {
  return `arn:aws:elasticloadbalancing:${region}:${accountId}:targetgroup/portal/0a1b2c3d4e5f6789`;
}

function requireTargetGroup(state: DeploymentState, arn: string | null): void {
  if (arn !== targetGroupArn(state)) {
    throw new ServiceFault('TargetGroupNotFound', 'One or more target groups not found');
  }
}

function ruleElements(state: DeploymentState, rule: ListenerRuleState, index: number): XmlElements {
  const actions = actionsOf(state, rule);
  if (rule.paths === null) return defaultRule(actions);
  return {
    RuleArn: `${listenerArn(state, 443).replace(':listener/', ':listener-rule/')}/${String(index)}`,
    Priority: String((index + 1) * 10),
    Conditions: [
      {
        Field: 'path-pattern',
        Values: rule.paths,
        PathPatternConfig: { Values: rule.paths },
      },
    ],
    Actions: actions,
    IsDefault: false,
  };
}

function defaultRule(actions: readonly XmlElements[]): XmlElements {
  return { Priority: 'default', Conditions: [], Actions: actions, IsDefault: true };
}

function actionsOf(state: DeploymentState, { does }: ListenerRuleState): readonly XmlElements[] {
  const forward = { Type: 'forward', TargetGroupArn: targetGroupArn(state) };
  if (does === 'forward') return [{ ...forward, Order: 1 }];
  const { accountId, client, region, sessionTimeoutSeconds, userPoolDomain, userPoolId } = state;
  const authenticate = {
    Type: 'authenticate-cognito',
    Order: 1,
    AuthenticateCognitoConfig: {
      UserPoolArn: `arn:aws:cognito-idp:${region}:${accountId}:userpool/${userPoolId}`,
      UserPoolClientId: client.id,
      UserPoolDomain: userPoolDomain,
      SessionCookieName: 'AWSELBAuthSessionCookie',
      Scope: 'openid',
      SessionTimeout: sessionTimeoutSeconds,
      OnUnauthenticatedRequest: does,
    },
  };
  return [authenticate, { ...forward, Order: 2 }];
}

function lastOf(rules: readonly ListenerRuleState[]): ListenerRuleState {
  return rules.at(-1) ?? { paths: null, does: 'authenticate' };
}
