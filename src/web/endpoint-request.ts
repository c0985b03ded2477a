import type { Request, Response } from 'express';

import { parseEndpointId } from '../vpn/ids.ts';
import type { EndpointId } from '../vpn/ids.ts';
import { PageError } from './page-error.ts';

/** @throws {PageError} for a path that names no endpoint */
export function endpointIdOf(request: Request): EndpointId {
  const { id } = request.params;
  const endpointId = typeof id === 'string' ? parseEndpointId(id) : null;
  if (endpointId === null) throw new PageError({ code: 'malformed-id' });
  return endpointId;
}

/** Which revision the page has to know of: the redirect after a change says so. */
export function revisionOf(request: Request): number {
  const { revision } = request.query;
  return typeof revision === 'string' && /^[0-9]{1,9}$/.test(revision) ? Number(revision) : 0;
}

/**
 * Where a session ended between a page and its button, the load balancer comes back with a GET. It
 * leads to the endpoint's page, which says that the click came to nothing.
 */
export function backToTheEndpoint(request: Request, response: Response): void {
  response.redirect(303, `/endpoints/${endpointIdOf(request)}?${notDone}`);
}

/** The same for the forms of the overview. */
export function backToTheOverview(_request: Request, response: Response): void {
  response.redirect(303, `/admin?${notDone}`);
}

const notDone = 'not-done';

/** Whether somebody comes from a click that came to nothing. */
export function cameToNothing(request: Request): boolean {
  return request.query[notDone] !== undefined;
}
