import { daysAfter } from '../../src/clock.ts';
import { localListenerRules } from './deployment.ts';
import type { DeploymentState, StackState } from './deployment.ts';
import { sampleRoleArns } from './sample-roles.ts';
import { sampleAccountId, sampleRegion } from './sample-world.ts';

/** The name that a deployment gets where nobody chooses another. */
const localStackName = 'vpn-portal';

/** All as it should be. The stacks come later, when their outputs are known. */
export function sampleDeployment(portal: {
  readonly albArn: string;
  readonly clientId: string;
  /** The user pool's address, which ends in its id. */
  readonly issuer: string;
  readonly url: string;
  readonly now: Date;
}): DeploymentState {
  return {
    region: sampleRegion,
    accountId: sampleAccountId,
    albArn: portal.albArn,
    portalUrl: portal.url,
    userPoolId: portal.issuer.slice(portal.issuer.lastIndexOf('/') + 1),
    userPoolDomain: 'local',
    client: {
      id: portal.clientId,
      hasSecret: true,
      callbackUrls: [`${portal.url}/oauth2/idpresponse`],
      logoutUrls: [`${portal.url}/signed-out`],
      identityProviders: ['CompanyDirectory'],
      flows: ['code'],
      scopes: ['openid'],
    },
    identityProviders: [
      {
        name: 'CompanyDirectory',
        type: 'SAML',
        attributeMapping: { email: 'email', 'custom:groups': 'groups' },
      },
    ],
    targetGroup: { targetType: 'lambda', multiValueHeaders: true },
    sessionTimeoutSeconds: 9 * 3600,
    listenerRules: localListenerRules,
    expiry: daysAfter(portal.now, 300),
    expiries: new Map(),
    stacks: [],
    roles: new Map(),
  };
}

/** The portal's stack, with the outputs that the deployed one has. */
export function portalStack(environment: Readonly<Record<string, string>>): StackState {
  const outputs = {
    TableName: environment['TABLE_NAME'] ?? '',
    LoadBalancerArn: environment['ALB_ARN'] ?? '',
    UserPoolClientId: environment['COGNITO_CLIENT_ID'] ?? '',
    UserPoolId: (environment['COGNITO_ISSUER'] ?? '').split('/').at(-1) ?? '',
    PortalUrl: environment['PORTAL_URL'] ?? '',
    ReconcilerRuleName: environment['RECONCILER_RULE_NAME'] ?? '',
    PriceAssociationHour: environment['PRICE_ASSOCIATION_HOUR'] ?? '',
    PriceConnectionHour: environment['PRICE_CONNECTION_HOUR'] ?? '',
    PortalRoleArn: sampleRoleArns.portal,
    ReconcilerRoleArn: sampleRoleArns.reconciler,
  };
  return {
    name: localStackName,
    status: 'UPDATE_COMPLETE',
    outputs,
    resources: [
      {
        logicalId: 'Entrance',
        type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
        physicalId: outputs.LoadBalancerArn,
      },
      {
        logicalId: 'Schedule',
        type: 'AWS::Events::Rule',
        physicalId: outputs.ReconcilerRuleName,
      },
    ],
  };
}
