import { secondsAfter } from '../clock.ts';
import type { StartIntent, Trouble } from '../lease/endpoint-record.ts';
import type { Association } from '../vpn/association.ts';
import type { AwsProblem } from '../vpn/observation.ts';

/**
 * How often a start may fail before somebody has to look. `busy` is AWS working on something else,
 * which passes; a wrong set-up or a missing permission does not pass by being tried again, but a
 * change that an administrator has just made takes a moment to arrive.
 */
const mostTries: Readonly<Record<AwsProblem['kind'], number>> = {
  busy: 60,
  unreachable: 12,
  unknown: 5,
  misconfigured: 3,
  'not-allowed': 3,
};

const mostFailedAssociations = 3;
const firstRetrySeconds = 5;
const longestRetrySeconds = 60;
/** After giving up: seldom enough to harm nobody, often enough that a mended AWS is noticed. */
const probeSeconds = 15 * 60;

/**
 * The trouble after one more failure. Given up stays given up, whatever fails the next time; but each
 * operation has its own tries.
 */
export function afterFailure(last: Trouble | null, problem: AwsProblem, now: Date): Trouble {
  const before = last?.problem.operation === problem.operation ? last : null;
  const tries = (before?.tries ?? 0) + 1;
  const most = before?.gaveUp === true ? 0 : mostTries[problem.kind];
  return troubleAfter(tries, most, problem, now);
}

/**
 * Counts associations that AWS reports as failed, each of them once. The next try is a new request
 * with a new token.
 */
export function withFailedAssociations(
  start: StartIntent,
  failed: readonly Association[],
  now: Date,
): StartIntent {
  const fresh = failed.filter(({ id }) => !start.failedAssociations.includes(id));
  if (fresh.length === 0) return start;
  const failedAssociations = [...start.failedAssociations, ...fresh.map(({ id }) => id)];
  const tries = failedAssociations.length;
  const trouble = troubleAfter(tries, mostFailedAssociations, associationFailure(fresh), now);
  return { ...start, failedAssociations, round: start.round + 1, roundAt: now, trouble };
}

/** An association that failed, in the form of a problem: AWS reports it in a status, not an error. */
export function associationFailure(failed: readonly Association[]): AwsProblem {
  return {
    kind: 'unknown',
    operation: 'AssociateClientVpnTargetNetwork',
    code: 'association-failed',
    message: failed.map(({ message }) => message).find(Boolean) ?? '',
    requestId: null,
  };
}

function troubleAfter(tries: number, most: number, problem: AwsProblem, now: Date): Trouble {
  const gaveUp = tries >= most;
  const retrySeconds = gaveUp
    ? probeSeconds
    : Math.min(firstRetrySeconds * 2 ** (tries - 1), longestRetrySeconds);
  return { problem, tries, at: now, retryAt: secondsAfter(now, retrySeconds), gaveUp };
}

/** What went wrong with a route keeps no association waiting, and the other way round. */
export function troubleWithRoutes({ trouble }: StartIntent): Trouble | null {
  return trouble?.problem.operation === 'CreateClientVpnRoute' ? trouble : null;
}

export function troubleWithAssociations({ trouble }: StartIntent): Trouble | null {
  return trouble?.problem.operation === 'CreateClientVpnRoute' ? null : trouble;
}
