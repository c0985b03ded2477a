import { createPublicKey } from 'node:crypto';

import { NonRetryableFetchError } from 'aws-jwt-verify/error';
import { SimpleFetcher } from 'aws-jwt-verify/https';

import type { Clock } from '../clock.ts';
import { secondsAfter, secondsBetween } from '../clock.ts';
import { IdentityError } from '../identity/verifier.ts';

/** Gets one public key of the load balancer, as PEM. */
export type FetchKey = (url: string) => Promise<ArrayBuffer>;

/** From AWS's key service, over HTTPS. */
export const fetchKeyFromAws: FetchKey = (() => {
  const fetcher = new SimpleFetcher();
  return (url) => fetcher.fetch(url);
})();

/** A key that could not be had is not asked for again for so long; people may wait for it. */
const rememberFailureSeconds = 10;
/** The verifier keeps the last two keys itself; beyond that one is good for a while. */
const rememberKeySeconds = 600;
const mostRemembered = 100;
/** A load balancer signs with a handful of keys a day; more than this a minute is no load balancer. */
const mostFetches = 20;
const fetchesPerSeconds = 60;

interface Key {
  readonly pem: ArrayBuffer;
  readonly until: Date;
}

interface Failure {
  readonly problem: 'unknown-key' | 'keys-unavailable';
  readonly until: Date;
}

/**
 * Bounds what a stranger who makes up key ids can cause. The verifier's own cache holds two keys,
 * does not remember failures, and does not limit what it asks for.
 */
export function createKeyFetcher(fetchKey: FetchKey, clock: Clock): FetchKey {
  const keys = new Map<string, Key>();
  const failures = new Map<string, Failure>();
  let fetches: Date[] = [];

  return async (url) => {
    const now = clock.now();
    const key = keys.get(url);
    if (key !== undefined && key.until > now) return key.pem;
    const failure = failures.get(url);
    if (failure !== undefined && failure.until > now) throw new IdentityError(failure.problem);

    fetches = fetches.filter((at) => secondsBetween(at, now) < fetchesPerSeconds);
    if (fetches.length >= mostFetches) throw new IdentityError('keys-unavailable');
    fetches.push(now);
    const failed = (problem: Failure['problem'], cause?: unknown): IdentityError => {
      remember(failures, url, { problem, until: secondsAfter(now, rememberFailureSeconds) });
      return new IdentityError(problem, { cause });
    };
    let pem: ArrayBuffer;
    try {
      pem = await fetchKey(url);
    } catch (error) {
      // The key service has answered, and has no such key; or it has not answered.
      throw failed(
        error instanceof NonRetryableFetchError ? 'unknown-key' : 'keys-unavailable',
        error,
      );
    }
    if (!isForEs256(pem)) throw failed('unknown-key');
    remember(keys, url, { pem, until: secondsAfter(now, rememberKeySeconds) });
    return pem;
  };
}

/**
 * Whether it is a public key on the curve that ES256 names. The verifier checks the token's
 * algorithm, and then a signature by whatever kind of key there is.
 */
function isForEs256(pem: ArrayBuffer): boolean {
  try {
    const key = createPublicKey(Buffer.from(pem));
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
  } catch {
    return false;
  }
}

/** Of too many, the oldest is forgotten. */
function remember<Value>(known: Map<string, Value>, url: string, value: Value): void {
  known.delete(url);
  known.set(url, value);
  const oldest = known.keys().next();
  if (known.size > mostRemembered && oldest.done !== true) known.delete(oldest.value);
}
