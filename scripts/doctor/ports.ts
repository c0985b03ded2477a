import type { Catalogue } from '../../src/vpn/catalogue.ts';
import type { AssociationId, EndpointId, SubnetId } from '../../src/vpn/ids.ts';
import type { Subnet } from '../../src/vpn/subnet.ts';
import type { Certificate } from './certificate.ts';
import type { Declarations } from './declarations.ts';
import type { Stack } from './deployment.ts';
import type { Listener, TargetGroup } from './load-balancer.ts';
import type { Allowance, TriedAction } from './permissions.ts';
import type { Question, Simulated } from './role-permissions.ts';
import type { SamlProvider } from './saml-provider.ts';
import type { IdentityProvider, SignInClient } from './sign-in.ts';
import type { VpnEndpoint } from './vpn-endpoint.ts';

/**
 * What the doctor asks of AWS. Nothing is changed. Every call rejects with a `CallError`, and
 * answers `null` for what is not there.
 */
export interface DoctorPorts {
  findStack(name: string): Promise<Stack | null>;
  /** What all stacks of the Region declare of Client VPN. */
  listDeclarations(): Promise<Declarations>;
  listListeners(albArn: string): Promise<readonly Listener[] | null>;
  findTargetGroup(arn: string): Promise<TargetGroup | null>;
  findCertificate(arn: string): Promise<Certificate | null>;
  findSignInClient(userPoolId: string, clientId: string): Promise<SignInClient | null>;
  findIdentityProvider(userPoolId: string, name: string): Promise<IdentityProvider | null>;
  findSamlProvider(arn: string): Promise<SamlProvider | null>;
  /** What the policies of a role say to each action of each question. */
  simulateRole(
    roleArn: string,
    questions: readonly Question[],
  ): Promise<readonly Simulated[] | null>;
  /** As EventBridge says it, such as `ENABLED`. */
  ruleState(name: string): Promise<string | null>;
  readCatalogue(tableName: string): Promise<Catalogue | 'no-table' | null>;
  listEndpoints(): Promise<readonly VpnEndpoint[]>;
  findSubnets(subnetIds: readonly SubnetId[]): Promise<readonly Subnet[]>;
  countAuthorizationRules(endpointId: EndpointId): Promise<number>;
  listAssociations(endpointId: EndpointId): Promise<readonly AssociationId[]>;
  tryAction(
    action: TriedAction,
    on: { readonly endpointId: EndpointId; readonly subnetId: SubnetId },
  ): Promise<Allowance>;
}
