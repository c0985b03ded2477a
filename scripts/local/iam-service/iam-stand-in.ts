import type { ServiceStandIn } from '../aws-server.ts';
import type { SimulatedClientVpn } from '../client-vpn/simulated-client-vpn.ts';
import type { LocalDeployment } from '../deployment.ts';
import { createQueryService } from '../described-service.ts';
import type { Faults } from '../faults.ts';
import { ServiceFault } from '../service-fault.ts';

/**
 * IAM, as far as GetSAMLProvider goes: the providers with which people sign in to the simulated
 * endpoints. Source of the form: IAM API Reference.
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
    },
  });
}
