import type { ServiceStandIn } from '../aws-server.ts';
import type { SimulatedClientVpn } from '../client-vpn/simulated-client-vpn.ts';
import type { LocalDeployment } from '../deployment.ts';
import { createQueryService } from '../described-service.ts';
import type { Context } from '../iam/condition.ts';
import { evaluate } from '../iam/evaluate.ts';
import type { Verdict } from '../iam/evaluate.ts';
import type { Faults } from '../faults.ts';
import { ServiceFault } from '../service-fault.ts';

/**
 * IAM, as far as GetSAMLProvider and SimulatePrincipalPolicy go: the providers with which people sign in
 * to the simulated endpoints, and what the policies of the deployed roles say. Source of the form: IAM
 * API Reference.
 */
export function createIamStandIn(dependencies: {
  readonly deployment: LocalDeployment;
  readonly clientVpn: SimulatedClientVpn;
  readonly faults: Faults;
}): ServiceStandIn {
  const { clientVpn, deployment, faults } = dependencies;

  function isKnown(arn: string): boolean {
    return clientVpn
      .describeClientVpnEndpoints()
      .flatMap(({ authenticationOptions }) => authenticationOptions)
      .some(
        (option) => option.type === 'federated-authentication' && option.samlProviderArn === arn,
      );
  }

  return createQueryService({
    name: 'iam',
    namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
    faults,
    actions: {
      GetSAMLProvider(parameters) {
        const arn = parameters.get('SAMLProviderArn') ?? '';
        if (!isKnown(arn)) {
          throw new ServiceFault('NoSuchEntity', `There is no SAML provider ${arn}.`, 404);
        }
        const { expiries, expiry } = deployment.state();
        return { ValidUntil: (expiries.get(arn) ?? expiry).toISOString() };
      },
      SimulatePrincipalPolicy(parameters) {
        const arn = parameters.get('PolicySourceArn') ?? '';
        const statements = deployment.state().roles.get(arn);
        if (statements === undefined) {
          throw new ServiceFault('NoSuchEntity', `The role ${arn} cannot be found.`, 404);
        }
        const resources = membersOf(parameters, 'ResourceArns');
        const context = contextIn(parameters);
        const results = membersOf(parameters, 'ActionNames').flatMap((action) =>
          (resources.length === 0 ? ['*'] : resources).map((resource) => ({
            EvalActionName: action,
            EvalResourceName: resource,
            EvalDecision: decisions[evaluate(statements, { action, resource, context }).outcome],
          })),
        );
        return { EvaluationResults: results, IsTruncated: 'false' };
      },
    },
  });
}

const decisions: Readonly<Record<Verdict['outcome'], string>> = {
  allowed: 'allowed',
  denied: 'explicitDeny',
  'not-allowed': 'implicitDeny',
};

/** `Name.member.1`, `Name.member.2`, … as far as they go. */
function membersOf(parameters: URLSearchParams, name: string): readonly string[] {
  const found: string[] = [];
  for (let one = parameters.get(`${name}.member.1`); one !== null;) {
    found.push(one);
    one = parameters.get(`${name}.member.${found.length + 1}`);
  }
  return found;
}

function contextIn(parameters: URLSearchParams): Context {
  const entries = new Map<string, readonly string[]>();
  const prefix = 'ContextEntries.member.';
  for (let at = 1; ; at += 1) {
    const key = parameters.get(`${prefix}${at}.ContextKeyName`);
    if (key === null) return entries;
    entries.set(key.toLowerCase(), membersOf(parameters, `${prefix}${at}.ContextKeyValues`));
  }
}
