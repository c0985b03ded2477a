import { z } from 'zod';
import type { ServiceStandIn } from '../aws-server.ts';
import type { LocalDeployment } from '../deployment.ts';
import { createJsonService } from '../described-service.ts';
import type { Faults } from '../faults.ts';
import { ServiceFault } from '../service-fault.ts';

const clientRequest = z.object({ UserPoolId: z.string(), ClientId: z.string() });
const providerRequest = z.object({ UserPoolId: z.string(), ProviderName: z.string() });

/**
 * Cognito's user pools, as far as the description of a client and of an identity provider goes.
 * Source of the form: Amazon Cognito user pools API Reference.
 */
export function createCognitoStandIn(dependencies: {
  readonly deployment: LocalDeployment;
  readonly faults: Faults;
}): ServiceStandIn {
  const { deployment, faults } = dependencies;

  function requirePool(userPoolId: string): void {
    if (userPoolId !== deployment.state().userPoolId) {
      throw missing(`User pool ${userPoolId} does not exist.`);
    }
  }

  return createJsonService({
    name: 'cognito-idp',
    target: 'AWSCognitoIdentityProviderService',
    faults,
    actions: {
      DescribeUserPoolClient(input) {
        const { ClientId, UserPoolId } = clientRequest.parse(input);
        requirePool(UserPoolId);
        const { client } = deployment.state();
        if (ClientId !== client.id) throw missing(`User pool client ${ClientId} does not exist.`);
        return {
          UserPoolClient: {
            UserPoolId,
            ClientId,
            ClientName: 'load-balancer',
            ...(client.hasSecret ? { ClientSecret: 'local-client-secret' } : {}),
            CallbackURLs: client.callbackUrls,
            LogoutURLs: client.logoutUrls,
            SupportedIdentityProviders: client.identityProviders,
            AllowedOAuthFlows: client.flows,
            AllowedOAuthFlowsUserPoolClient: true,
            AllowedOAuthScopes: client.scopes,
          },
        };
      },
      DescribeIdentityProvider(input) {
        const { ProviderName, UserPoolId } = providerRequest.parse(input);
        requirePool(UserPoolId);
        const provider = deployment
          .state()
          .identityProviders.find(({ name }) => name === ProviderName);
        if (provider === undefined) {
          throw missing(`Identity provider ${ProviderName} does not exist.`);
        }
        return {
          IdentityProvider: {
            UserPoolId,
            ProviderName,
            ProviderType: provider.type,
            ProviderDetails: { MetadataURL: 'https://idp.example.com/saml/metadata' },
            AttributeMapping: provider.attributeMapping,
          },
        };
      },
    },
  });
}

function missing(message: string): ServiceFault {
  return new ServiceFault('ResourceNotFoundException', message);
}
