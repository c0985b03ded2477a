import type { Statement } from './iam/policy-document.ts';

/**
 * What around the portal the local stack pretends to have: the load balancer, the user pool, the
 * certificates, the SAML provider and the stacks of CloudFormation. What stands in for them in
 * earnest is elsewhere (`scripts/local/alb/`); this is how AWS would describe it.
 */
export interface DeploymentState {
  readonly region: string;
  readonly accountId: string;
  readonly albArn: string;
  /** Where people reach the portal, such as http://127.0.0.1:8080. */
  readonly portalUrl: string;
  readonly userPoolId: string;
  /** The user pool's own domain: a prefix. */
  readonly userPoolDomain: string;
  readonly client: UserPoolClientState;
  readonly identityProviders: readonly IdentityProviderState[];
  readonly targetGroup: {
    readonly targetType: 'lambda' | 'ip';
    readonly multiValueHeaders: boolean;
  };
  /** How many seconds a session at the load balancer lasts. */
  readonly sessionTimeoutSeconds: number;
  readonly listenerRules: readonly ListenerRuleState[];
  /** When certificates and SAML providers expire that `expiries` does not name. */
  readonly expiry: Date;
  /** By ARN. */
  readonly expiries: ReadonlyMap<string, Date>;
  readonly stacks: readonly StackState[];
  /** What the policies of a role say, by its ARN. */
  readonly roles: ReadonlyMap<string, readonly Statement[]>;
}

export interface UserPoolClientState {
  readonly id: string;
  readonly hasSecret: boolean;
  readonly callbackUrls: readonly string[];
  readonly logoutUrls: readonly string[];
  readonly identityProviders: readonly string[];
  readonly flows: readonly string[];
  readonly scopes: readonly string[];
}

export interface IdentityProviderState {
  readonly name: string;
  readonly type: 'SAML' | 'OIDC';
  /** The user pool's attribute, and the identity provider's name for it. */
  readonly attributeMapping: Readonly<Record<string, string>>;
}

/** The last rule has no paths: it is the listener's default. */
export interface ListenerRuleState {
  readonly paths: readonly string[] | null;
  readonly does: 'forward' | 'authenticate' | 'deny';
}

export interface StackState {
  readonly name: string;
  readonly status: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly resources: readonly {
    readonly logicalId: string;
    readonly type: string;
    readonly physicalId: string;
  }[];
}

/** It can be changed from outside, so that a test sees what the doctor says to that. */
export interface LocalDeployment {
  state(): DeploymentState;
  change(part: Partial<DeploymentState>): void;
}

export function createLocalDeployment(initial: DeploymentState): LocalDeployment {
  let state = initial;
  return {
    state: () => state,
    change(part) {
      state = { ...state, ...part };
    },
  };
}

/** The listener's rules as `scripts/local/alb/listener-rules.ts` acts. */
export const localListenerRules: readonly ListenerRuleState[] = [
  { paths: ['/healthz', '/signed-out', '/assets/*'], does: 'forward' },
  { paths: ['/fragments/*'], does: 'deny' },
  { paths: null, does: 'authenticate' },
];

const listenerCertificateId = '0a1b2c3d-4e5f-4a6b-8c7d-000000000443';

export function listenerCertificateArn({
  accountId,
  region,
}: Pick<DeploymentState, 'accountId' | 'region'>): string {
  return `arn:aws:acm:${region}:${accountId}:certificate/${listenerCertificateId}`;
}
