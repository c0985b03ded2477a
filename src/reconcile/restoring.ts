import { minutesAfter } from '../clock.ts';
import { noIntent } from '../lease/endpoint-record.ts';
import type { EndpointRecord, StartIntent } from '../lease/endpoint-record.ts';
import type { Reason } from '../lease/reason.ts';
import { routeKey } from '../vpn/route.ts';
import type { Action, Decision } from './decision.ts';
import { look, nothing } from './decision.ts';
import { usable } from './keeping-on.ts';
import type { Readable } from './readable.ts';
import { troubleWithRoutes } from './trouble.ts';

/**
 * AWS runs at most 10 operations on an endpoint at a time; two are left to whoever else is at work.
 * Source: AWS Client VPN Administrator Guide, "Client VPN quotas".
 */
const mostRoutesInCreation = 8;

/**
 * From the beginning of the start. A route that AWS never finishes must not keep on, at AWS's price,
 * an endpoint that nobody needs.
 */
const longestRestoringMinutes = 60;

/** Every wanted network is associated; the start is over when its routes are back, too. */
export function decideRoutes(situation: Readable, underWay: StartIntent): Decision {
  const { associations, now, observation, record } = situation;
  const found = new Map(observation.routes.map((route) => [routeKey(route), route]));
  const start = withoutDeleted(underWay, record, found);
  const wanted = start.routes.filter(({ subnetId }) =>
    associations.some((association) => association.subnetId === subnetId),
  );
  const missing = wanted.filter((route) => !found.has(routeKey(route)));
  const inCreation = observation.routes.filter(({ status }) => status === 'creating').length;
  const room = Math.max(0, mostRoutesInCreation - inCreation);
  const trouble = troubleWithRoutes(start);
  const mayTry = trouble === null || trouble.retryAt <= now;
  const action: Action =
    missing.length > 0 && room > 0 && mayTry
      ? { kind: 'restore-routes', routes: missing.slice(0, room) }
      : nothing;

  const rows = wanted.map((route) => found.get(routeKey(route)));
  const failed = rows.filter((row) => row?.status === 'failed');
  const settled = rows.every((row) => row?.status === 'active' || row?.status === 'failed');
  const overdue = minutesAfter(start.since, longestRestoringMinutes) <= now;
  const hasGivenUp = trouble?.gaveUp === true && missing.length > 0;
  if (hasGivenUp || (settled && failed.length > 0) || (overdue && !settled)) {
    const message =
      trouble?.problem.message ?? failed.map((row) => row?.message).find(Boolean) ?? '';
    const unrestored = wanted.filter((route) => found.get(routeKey(route))?.status !== 'active');
    const reason: Reason = { code: 'routes-not-restored', failed: unrestored.length, message };
    // What is back is no longer the start's: whoever deletes it from here on means it.
    const rest =
      unrestored.length === start.routes.length ? start : { ...start, routes: unrestored };
    const asIfRestored = usable(situation, rest);
    // It can be used, so it is stopped like any other; until then its trouble is what people read.
    if (asIfRestored.state === 'stopping') return asIfRestored;
    return { ...asIfRestored, state: 'needs-attention', reason, action };
  }
  if (settled) return usable(situation, noIntent);
  const reason: Reason =
    trouble !== null && !mayTry
      ? { code: 'trying-again', problem: trouble.problem, retryAt: trouble.retryAt }
      : { code: 'restoring-routes' };
  return { ...look(situation, { state: 'starting', reason, intent: start }), action };
}

/** A route that AWS could not make, and that is gone now, was deleted by somebody who knew better. */
function withoutDeleted(
  start: StartIntent,
  { lastPass }: EndpointRecord,
  found: ReadonlyMap<string, unknown>,
): StartIntent {
  const failed = new Set(
    (lastPass?.seen?.routes ?? []).filter(({ status }) => status === 'failed').map(routeKey),
  );
  const routes = start.routes.filter(
    (route) => found.has(routeKey(route)) || !failed.has(routeKey(route)),
  );
  // The same start where nothing was deleted: it stands in the record as it is.
  return routes.length === start.routes.length ? start : { ...start, routes };
}
