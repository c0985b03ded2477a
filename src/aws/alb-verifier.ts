import { AlbJwtVerifier } from 'aws-jwt-verify';
import { AlbJwksCache } from 'aws-jwt-verify/alb-cache';
import {
  AlbJwtInvalidClientIdError,
  AlbJwtInvalidSignerError,
  FetchError,
  JwtExpiredError,
  JwtInvalidIssuerError,
  JwtInvalidSignatureAlgorithmError,
  JwtInvalidSignatureError,
} from 'aws-jwt-verify/error';
import { z } from 'zod';

import type { Clock } from '../clock.ts';
import { capabilitiesOf } from '../identity/principal.ts';
import type { GroupRoles, Principal } from '../identity/principal.ts';
import { IdentityError } from '../identity/verifier.ts';
import type { IdentityProblem, IdentityVerifier } from '../identity/verifier.ts';
import { createKeyFetcher } from './alb-keys.ts';
import type { FetchKey } from './alb-keys.ts';

export interface AlbVerifierOptions {
  /** The load balancer's ARN. Every AWS customer's load balancer signs with keys of one service. */
  readonly albArn: string;
  readonly clientId: string;
  /** Of the user pool: `https://cognito-idp.<region>.amazonaws.com/<pool>`. */
  readonly issuer: string;
  /** The claim that carries the groups, as the user pool maps them from SAML. */
  readonly groupsClaim: string;
  readonly roles: GroupRoles;
  /** The real time: tokens are not part of anybody's simulated world. */
  readonly clock: Clock;
  readonly fetchKey: FetchKey;
}

/** What a token said, and until when it may be believed. */
interface Verified {
  readonly principal: Principal;
  readonly expiresAt: Date;
}

/** A token is of some kilobytes, and lives for two minutes. */
const mostRemembered = 500;

/** The ALB refuses claims and token of more than 11 KB by itself; base64 adds a third. */
const longestToken = 16 * 1024;

/** Everything about the header that can be wrong is checked before a key is asked for. */
const header = z.object({
  typ: z.literal('JWT').optional(),
  alg: z.string(),
  // The shape alone: AWS promises a UUID of no particular version.
  kid: z.guid(),
  signer: z.string(),
  client: z.string(),
  iss: z.string(),
  exp: z.number(),
});

const claims = z.object({
  sub: z.string().min(1),
  exp: z.number(),
  email: z.string().optional(),
  username: z.string().optional(),
});

/**
 * Checks `x-amzn-oidc-data`: ES256 signature, **signer**, client, issuer and expiry, in the header
 * and in the payload. The library leaves three of these open (an expired header, the header's
 * issuer, a payload without expiry), which are closed here.
 *
 * Source: Elastic Load Balancing, "Authenticate users using an Application Load Balancer".
 */
export function createAlbVerifier(options: AlbVerifierOptions): IdentityVerifier {
  const { albArn, clientId, clock, issuer } = options;
  const fetcher = createKeyFetcher(options.fetchKey, clock);
  const verifier = AlbJwtVerifier.create(
    { albArn, clientId, issuer },
    { jwksCache: new AlbJwksCache({ fetcher: { fetch: fetcher } }) },
  );

  /** @returns when the header expires */
  function checkHeader(token: string): Date {
    const parsed = header.safeParse(decodePart(token, 0));
    if (!parsed.success) throw new IdentityError('malformed');
    const { alg, client, exp, iss, signer } = parsed.data;
    if (alg !== 'ES256') throw new IdentityError('wrong-algorithm');
    if (signer !== albArn) throw new IdentityError('wrong-signer');
    if (client !== clientId) throw new IdentityError('wrong-client');
    if (iss !== issuer) throw new IdentityError('wrong-issuer');
    const expiresAt = new Date(exp * 1000);
    if (expiresAt <= clock.now()) throw new IdentityError('expired');
    return expiresAt;
  }

  // A page's requests, and those of its open tab, bring the same token: what has been verified
  // to the last letter needs no second look at its signature, only at the time.
  const verified = new Map<string, Verified>();

  function remembered(token: string): Principal | null {
    const known = verified.get(token);
    if (known === undefined) return null;
    if (known.expiresAt > clock.now()) return known.principal;
    verified.delete(token);
    return null;
  }

  function remember(token: string, known: Verified): void {
    verified.set(token, known);
    const oldest = verified.keys().next();
    if (verified.size > mostRemembered && oldest.done !== true) verified.delete(oldest.value);
  }

  return {
    async verify(token) {
      if (token === undefined || token === '') throw new IdentityError('missing');
      if (token.length > longestToken) throw new IdentityError('malformed');
      const known = remembered(token);
      if (known !== null) return known;
      const headerExpiresAt = checkHeader(token);
      let payload: unknown;
      try {
        payload = await verifier.verify(token);
      } catch (error) {
        throw new IdentityError(problemOf(error), { cause: error });
      }
      const { expiresAt, principal } = principalFrom(payload, options);
      if (expiresAt <= clock.now()) throw new IdentityError('expired');
      remember(token, { principal, expiresAt: earlier(expiresAt, headerExpiresAt) });
      return principal;
    },
  };
}

function principalFrom(payload: unknown, options: AlbVerifierOptions): Verified {
  const known = claims.safeParse(payload);
  if (!known.success) {
    const withoutExpiry = known.error.issues.some(({ path }) => path[0] === 'exp');
    throw new IdentityError(withoutExpiry ? 'expired' : 'no-subject');
  }
  const { email, exp, sub, username } = known.data;
  const groups = readGroups(payload, options.groupsClaim);
  const principal = {
    id: sub,
    name: [email, username].find((name) => name !== undefined && name.trim() !== '') ?? sub,
    groups,
    capabilities: capabilitiesOf(groups, options.roles),
  };
  return { principal, expiresAt: new Date(exp * 1000) };
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}

/** SAML groups arrive as one string, `[a, b]`, or `a` bare where there is one. */
function readGroups(payload: unknown, claim: string): readonly string[] {
  const all = z.record(z.string(), z.unknown()).safeParse(payload);
  const text = all.success ? all.data[claim] : undefined;
  if (typeof text !== 'string') return [];
  return text
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map((group) => group.trim())
    .filter((group) => group !== '');
}

function decodePart(token: string, index: number): unknown {
  const parts = token.split('.');
  const part = parts[index];
  if (parts.length !== 3 || part === undefined) throw new IdentityError('malformed');
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch (error) {
    throw new IdentityError('malformed', { cause: error });
  }
}

function problemOf(error: unknown): IdentityProblem {
  if (error instanceof IdentityError) return error.problem;
  if (error instanceof JwtInvalidSignatureError) return 'bad-signature';
  if (error instanceof JwtExpiredError) return 'expired';
  if (error instanceof JwtInvalidIssuerError) return 'wrong-issuer';
  if (error instanceof AlbJwtInvalidSignerError) return 'wrong-signer';
  if (error instanceof AlbJwtInvalidClientIdError) return 'wrong-client';
  if (error instanceof JwtInvalidSignatureAlgorithmError) return 'wrong-algorithm';
  if (error instanceof FetchError) return 'keys-unavailable';
  return 'malformed';
}
