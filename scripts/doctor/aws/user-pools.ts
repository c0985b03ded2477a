import {
  DescribeIdentityProviderCommand,
  DescribeUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';

import type { DoctorPorts } from '../ports.ts';
import { finding } from './calling.ts';

const missing = /^ResourceNotFoundException$/;

export function createUserPools(
  client: CognitoIdentityProviderClient,
): Pick<DoctorPorts, 'findSignInClient' | 'findIdentityProvider'> {
  return {
    async findSignInClient(UserPoolId, ClientId) {
      const answer = await finding('cognito-idp:DescribeUserPoolClient', missing, () =>
        client.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId })),
      );
      const found = answer?.UserPoolClient;
      if (found === undefined) return null;
      return {
        // The secret itself goes no further than here.
        hasSecret: found.ClientSecret !== undefined,
        callbackUrls: found.CallbackURLs ?? [],
        logoutUrls: found.LogoutURLs ?? [],
        identityProviders: found.SupportedIdentityProviders ?? [],
        flows: found.AllowedOAuthFlows ?? [],
        scopes: found.AllowedOAuthScopes ?? [],
        readableAttributes: found.ReadAttributes ?? null,
      };
    },

    async findIdentityProvider(UserPoolId, ProviderName) {
      const answer = await finding('cognito-idp:DescribeIdentityProvider', missing, () =>
        client.send(new DescribeIdentityProviderCommand({ UserPoolId, ProviderName })),
      );
      const found = answer?.IdentityProvider;
      if (found === undefined) return null;
      return {
        name: ProviderName,
        type: found.ProviderType ?? '',
        attributeMapping: new Map(Object.entries(found.AttributeMapping ?? {})),
      };
    },
  };
}
