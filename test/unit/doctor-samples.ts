import type { Verdict } from '../../scripts/doctor/finding.ts';
import type { Listener, TargetGroup } from '../../scripts/doctor/load-balancer.ts';
import type { ListenerRule, RuleActions } from '../../scripts/doctor/listener-rules.ts';
import type { IdentityProvider, SignInClient } from '../../scripts/doctor/sign-in.ts';
import type { VpnEndpoint } from '../../scripts/doctor/vpn-endpoint.ts';
import { parseEndpointId, parseSubnetId, parseVpcId } from '../../src/vpn/ids.ts';
import type { Subnet } from '../../src/vpn/subnet.ts';

export const now = new Date('2026-10-05T09:00:00Z');

function present<Value>(value: Value | null): Value {
  if (value === null) throw new Error('a sample id does not parse');
  return value;
}

export const endpointId = present(parseEndpointId('cvpn-endpoint-0aaaaaaaaaaaaaaaa'));
export const subnetA = present(parseSubnetId('subnet-0aaaaaaaaaaaaaaaa'));
export const subnetC = present(parseSubnetId('subnet-0cccccccccccccccc'));
export const vpc = present(parseVpcId('vpc-0aaaaaaaaaaaaaaaa'));
export const otherVpc = present(parseVpcId('vpc-0bbbbbbbbbbbbbbbb'));

/** In place of the sentences: how each look has ended. */
export function outcomesOf(verdicts: readonly Verdict[]): readonly string[] {
  return verdicts.map(({ outcome }) => outcome);
}

/** The one thing that is wrong, with what is to be done about it. */
export function onlyOf(verdicts: readonly Verdict[]): Verdict {
  const [one, ...others] = verdicts;
  if (one === undefined || others.length > 0) {
    throw new Error(`not one verdict: ${JSON.stringify(verdicts)}`);
  }
  return one;
}

export function aSubnet(changed: Partial<Subnet> = {}): Subnet {
  return {
    id: subnetA,
    vpcId: vpc,
    cidr: '10.0.1.0/24',
    availabilityZone: 'ap-northeast-1a',
    availableAddresses: 250,
    ...changed,
  };
}

export function anEndpoint(
  changed: Partial<VpnEndpoint['endpoint']> = {},
  around: Partial<Omit<VpnEndpoint, 'endpoint'>> = {},
): VpnEndpoint {
  return {
    endpoint: {
      id: endpointId,
      status: 'pending-associate',
      description: '',
      authentication: ['federated'],
      clientCidr: '10.250.0.0/22',
      splitTunnel: true,
      vpcId: null,
      transitGateway: false,
      tags: new Map([
        ['vpn-portal:managed', 'true'],
        ['vpn-portal:subnets', `${subnetA} ${subnetC}`],
        ['vpn-portal:name', 'Tokyo'],
      ]),
      ...changed,
    },
    serverCertificateArn: 'arn:aws:acm:ap-northeast-1:111122223333:certificate/one',
    samlProviderArns: ['arn:aws:iam::111122223333:saml-provider/vpn'],
    hasSelfServicePortal: true,
    ...around,
  };
}

export const expectedSignIn = {
  host: 'vpn.example.com',
  userPoolId: 'ap-northeast-1_Pool',
  clientId: 'client',
};
export const targetGroupArn =
  'arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:targetgroup/portal/1';

export const authentication: NonNullable<RuleActions['authentication']> = {
  userPoolId: expectedSignIn.userPoolId,
  clientId: expectedSignIn.clientId,
  scopes: ['openid'],
  otherwise: 'authenticate',
  sessionSeconds: 9 * 3600,
};

export const forward: RuleActions = { authentication: null, targetGroupArns: [targetGroupArn] };
export const signIn: RuleActions = { authentication, targetGroupArns: [targetGroupArn] };
export const refuse: RuleActions = {
  authentication: { ...authentication, otherwise: 'deny' },
  targetGroupArns: [targetGroupArn],
};
export const answer: RuleActions = { authentication: null, targetGroupArns: [] };

export function paths(patterns: readonly string[], actions: RuleActions): ListenerRule {
  return { conditions: [{ field: 'path-pattern', patterns }], actions };
}

export const goodRules: readonly ListenerRule[] = [
  paths(['/healthz', '/signed-out', '/assets/*'], forward),
  paths(['/fragments/*'], refuse),
  { conditions: [], actions: signIn },
];

export function listener(
  rules: readonly ListenerRule[],
  changed: Partial<Listener> = {},
): Listener {
  return { arn: 'listener', protocol: 'HTTPS', port: 443, certificateArns: [], rules, ...changed };
}

export function targetGroup(changed: Partial<TargetGroup> = {}): TargetGroup {
  return {
    arn: targetGroupArn,
    targetType: 'lambda',
    attributes: new Map([['lambda.multi_value_headers.enabled', 'true']]),
    ...changed,
  };
}

export function client(changed: Partial<SignInClient> = {}): SignInClient {
  return {
    hasSecret: true,
    callbackUrls: ['https://vpn.example.com/oauth2/idpresponse'],
    logoutUrls: ['https://vpn.example.com/signed-out'],
    identityProviders: ['Okta'],
    flows: ['code'],
    scopes: ['openid'],
    readableAttributes: ['email', 'custom:groups'],
    ...changed,
  };
}

export function provider(changed: Partial<IdentityProvider> = {}): IdentityProvider {
  return {
    name: 'Okta',
    type: 'SAML',
    attributeMapping: new Map([
      ['email', 'email'],
      ['custom:groups', 'groups'],
    ]),
    ...changed,
  };
}
