import { orOk, verdict } from './finding.ts';
import type { Verdict } from './finding.ts';

/** The user pool's client with which the load balancer signs people in. */
export interface SignInClient {
  readonly hasSecret: boolean;
  readonly callbackUrls: readonly string[];
  readonly logoutUrls: readonly string[];
  readonly identityProviders: readonly string[];
  readonly flows: readonly string[];
  readonly scopes: readonly string[];
  /** `null`: all of them. */
  readonly readableAttributes: readonly string[] | null;
}

export interface IdentityProvider {
  readonly name: string;
  /** `SAML`, `OIDC`, … */
  readonly type: string;
  /** The user pool's attribute, and the identity provider's name for it. */
  readonly attributeMapping: ReadonlyMap<string, string>;
}

/** What Cognito calls the people it knows itself. */
export const ownUsers = 'COGNITO';

const console =
  'Cognito › User pools › App clients › Login pages. Deploying again puts it back: npx cdk deploy';

/** @param client `null` where the user pool does not know it */
export function judgeSignInClient(
  client: SignInClient | null,
  expected: { readonly clientId: string; readonly portalUrl: string },
): readonly Verdict[] {
  const { clientId, portalUrl } = expected;
  if (client === null) {
    return [verdict.problem(`The user pool has no client ${clientId}.`, console)];
  }
  const callback = new URL('/oauth2/idpresponse', portalUrl).href;
  const signedOut = new URL('/signed-out', portalUrl).href;
  const wrong: Verdict[] = [];
  if (!client.callbackUrls.includes(callback)) {
    wrong.push(
      verdict.problem(
        `The client ${clientId} does not allow ${callback} as a callback, so signing in ends in an error of Cognito's. It allows ${listed(client.callbackUrls)}.`,
        console,
      ),
    );
  }
  if (!client.logoutUrls.includes(signedOut)) {
    wrong.push(
      verdict.problem(
        `The client ${clientId} does not allow ${signedOut} after signing out, so signing out ends in an error of Cognito's. It allows ${listed(client.logoutUrls)}.`,
        console,
      ),
    );
  }
  if (!client.hasSecret) {
    wrong.push(
      verdict.problem(
        `The client ${clientId} has no secret, and a load balancer signs nobody in without.`,
        'A client keeps to having none: make another one, by deploying again.',
      ),
    );
  }
  if (!client.flows.includes('code')) {
    wrong.push(
      verdict.problem(
        `The client ${clientId} does not allow the authorization code grant, which load balancers use.`,
        console,
      ),
    );
  }
  if (!client.scopes.includes('openid')) {
    wrong.push(verdict.problem(`The client ${clientId} does not allow the scope openid.`, console));
  }
  return orOk(wrong, `The client ${clientId} leads back to ${callback} and ${signedOut}.`);
}

/**
 * @param providers those that the client names, as the user pool describes them; one that it does
 *   not know is missing
 * @param groupsClaim such as `custom:groups`
 */
export function judgeIdentityProviders(
  client: Pick<SignInClient, 'identityProviders' | 'readableAttributes'>,
  providers: readonly IdentityProvider[],
  groupsClaim: string,
): readonly Verdict[] {
  const federated = client.identityProviders.filter((name) => name !== ownUsers);
  const where = 'Cognito › User pools › Social and external providers';
  const wrong: Verdict[] = [];
  if (federated.length === 0) {
    wrong.push(
      verdict.problem(
        'People cannot sign in with the identity provider: the client names none.',
        console,
      ),
    );
  }
  if (client.identityProviders.includes(ownUsers)) {
    wrong.push(
      verdict.warning(
        "The client lets in users of the user pool's own, past the identity provider.",
        console,
      ),
    );
  }
  for (const name of federated) {
    const provider = providers.find((candidate) => candidate.name === name);
    if (provider === undefined) {
      wrong.push(
        verdict.problem(`The client names ${name}, which the user pool does not know.`, where),
      );
    } else if (!provider.attributeMapping.has(groupsClaim)) {
      wrong.push(
        verdict.problem(
          `${name} does not map ${groupsClaim}: the portal sees nobody's groups, so that endpoints with groups have no people, and nobody administers.`,
          `${where} › ${name} › Attribute mapping: ${groupsClaim}, from the attribute in which the identity provider sends groups`,
        ),
      );
    }
  }
  if (client.readableAttributes?.includes(groupsClaim) === false) {
    wrong.push(
      verdict.problem(
        `The client may not read ${groupsClaim}, so the load balancer does not get it.`,
        'Cognito › User pools › App clients › Attribute permissions',
      ),
    );
  }
  return orOk(wrong, `${federated.join(', ')} signs people in and maps ${groupsClaim}.`);
}

function listed(urls: readonly string[]): string {
  return urls.length === 0 ? 'none' : urls.join(', ');
}
