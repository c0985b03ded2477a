import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { secondsAfter } from '../../../src/clock.ts';
import type { Clock } from '../../../src/clock.ts';
import type { SamplePerson } from './people.ts';

/** What stands in every token of one load balancer. */
export interface TokenIssue {
  readonly albArn: string;
  readonly clientId: string;
  /** The user pool's address, without a slash at its end. */
  readonly issuer: string;
}

export interface TokenSigner {
  /** A fresh `x-amzn-oidc-data`, valid for two minutes. */
  signIdentity(person: SamplePerson): string;
  /** A fresh `x-amzn-oidc-accesstoken`, valid for an hour. */
  signAccessToken(person: SamplePerson): { readonly token: string; readonly expiresAt: Date };
  /** From now on signs with another key; tokens of the keys before stay verifiable. */
  rotateKey(): void;
  /** The public half of a key as PEM, or `null` for a key id that was never used. */
  publicKey(keyId: string): string | null;
}

const identitySeconds = 120;
const accessTokenSeconds = 3600;

/**
 * Signs what a load balancer with an authenticate-cognito action adds to a request.
 *
 * @param clock the real time: whoever verifies a token compares it with the wall clock, whatever
 *   the time of the simulated world
 */
export function createTokenSigner(issue: TokenIssue, clock: Clock): TokenSigner {
  const publicKeys = new Map<string, string>();
  let current = addKey(publicKeys);
  // Made when the first person signs in: an RSA key takes long enough to be felt at every start.
  let accessTokenKey: { readonly id: string; readonly key: KeyObject } | null = null;
  const userPoolId = issue.issuer.slice(issue.issuer.lastIndexOf('/') + 1);

  return {
    signIdentity(person) {
      const exp = epochSeconds(secondsAfter(clock.now(), identitySeconds));
      const header = {
        typ: 'JWT',
        kid: current.id,
        alg: 'ES256',
        iss: issue.issuer,
        client: issue.clientId,
        signer: issue.albArn,
        exp,
      };
      const payload = {
        sub: person.subject,
        // The user-info answer that the load balancer copies has its booleans as strings.
        email_verified: 'true',
        email: person.email,
        username: userName(person),
        'custom:groups': `[${person.groups.join(', ')}]`,
        exp,
        iss: issue.issuer,
      };
      // AWS pads the parts with "=", unlike RFC 7515, and signs them with the padding.
      const signed = `${padded(JSON.stringify(header))}.${padded(JSON.stringify(payload))}`;
      const signature = sign('sha256', Buffer.from(signed), {
        key: current.key,
        dsaEncoding: 'ieee-p1363',
      });
      return `${signed}.${padded(signature)}`;
    },

    signAccessToken(person) {
      accessTokenKey ??= {
        id: randomUUID(),
        key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
      };
      const issuedAt = clock.now();
      const expiresAt = secondsAfter(issuedAt, accessTokenSeconds);
      const payload = {
        sub: person.subject,
        'cognito:groups': [`${userPoolId}_IdentityCenter`],
        iss: issue.issuer,
        version: 2,
        client_id: issue.clientId,
        token_use: 'access',
        scope: 'openid',
        auth_time: epochSeconds(issuedAt),
        exp: epochSeconds(expiresAt),
        iat: epochSeconds(issuedAt),
        jti: randomUUID(),
        username: userName(person),
      };
      const signed = `${unpadded({ kid: accessTokenKey.id, alg: 'RS256' })}.${unpadded(payload)}`;
      const signature = sign('sha256', Buffer.from(signed), accessTokenKey.key);
      return { token: `${signed}.${signature.toString('base64url')}`, expiresAt };
    },

    rotateKey() {
      current = addKey(publicKeys);
    },

    publicKey: (keyId) => publicKeys.get(keyId) ?? null,
  };
}

function addKey(publicKeys: Map<string, string>): { readonly id: string; readonly key: KeyObject } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomUUID();
  publicKeys.set(id, publicKey.export({ type: 'spki', format: 'pem' }).toString());
  return { id, key: privateKey };
}

/** The name Cognito gives to somebody who comes from a SAML provider. */
function userName(person: SamplePerson): string {
  return `IdentityCenter_${person.email}`;
}

function epochSeconds(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}

function padded(part: string | Buffer): string {
  const bytes = typeof part === 'string' ? Buffer.from(part) : part;
  return bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}

function unpadded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
