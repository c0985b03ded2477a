import { SimpleFetcher } from 'aws-jwt-verify/https';

import type { Clock } from '../clock.ts';
import { secondsBetween } from '../clock.ts';
import { IdentityError } from '../identity/verifier.ts';

/** Gets one public key of the load balancer, as PEM. */
export type FetchKey = (url: string) => Promise<ArrayBuffer>;

/** From AWS's key service, over HTTPS. */
export const fetchKeyFromAws: FetchKey = (() => {
  const fetcher = new SimpleFetcher();
  return (url) => fetcher.fetch(url);
})();

/** A key that could not be had is not asked for again for so long. */
const rememberFailureSeconds = 60;
const mostFailuresRemembered = 100;
/** A load balancer signs with a handful of keys a day; more than this a minute is no load balancer. */
const mostFetches = 20;
const fetchesPerSeconds = 60;

/**
 * Bounds what a stranger who makes up key ids can cause: the verifier's own cache neither remembers
 * failures nor limits what it asks for.
 */
export function createKeyFetcher(fetchKey: FetchKey, clock: Clock): FetchKey {
  const failures = new Map<string, Date>();
  let fetches: Date[] = [];

  return async (url) => {
    const now = clock.now();
    const failedAt = failures.get(url);
    if (failedAt !== undefined && secondsBetween(failedAt, now) < rememberFailureSeconds) {
      throw new IdentityError('unknown-key');
    }
    fetches = fetches.filter((at) => secondsBetween(at, now) < fetchesPerSeconds);
    if (fetches.length >= mostFetches) throw new IdentityError('keys-unavailable');
    fetches.push(now);
    try {
      return await fetchKey(url);
    } catch (error) {
      failures.delete(url);
      failures.set(url, now);
      const oldest = failures.keys().next();
      if (failures.size > mostFailuresRemembered && oldest.done !== true) {
        failures.delete(oldest.value);
      }
      throw new IdentityError('keys-unavailable', { cause: error });
    }
  };
}
