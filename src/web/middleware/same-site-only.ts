import type { Request, RequestHandler } from 'express';

import { PageError } from '../page-error.ts';

/**
 * Refuses what another site makes a browser send. Browsers say where a request comes from in
 * `Sec-Fetch-Site`; those too old for that send `Origin` with every POST. A request with neither
 * does not come from a browser, so nobody's sign-in rides on it unasked.
 *
 * Source: W3C, "Fetch Metadata Request Headers"; OWASP, "Cross-Site Request Forgery Prevention".
 *
 * @param origin of the portal itself
 */
export function sameSiteOnly(origin: string): RequestHandler {
  return (request, _response, next) => {
    if (!isOurs(request, origin)) throw new PageError({ code: 'cross-site-request' });
    next();
  };
}

function isOurs(request: Request, origin: string): boolean {
  const site = request.get('sec-fetch-site');
  const reads = request.method === 'GET' || request.method === 'HEAD';
  if (site === 'same-origin') return true;
  if (reads) {
    // Typed, bookmarked, or an old browser; or a link that somebody follows into a page of its own.
    return site === undefined || site === 'none' || isLinkFollowed(request);
  }
  if (site !== undefined) return false;
  const from = request.get('origin');
  return from === undefined || from === origin;
}

function isLinkFollowed(request: Request): boolean {
  return (
    request.get('sec-fetch-mode') === 'navigate' && request.get('sec-fetch-dest') === 'document'
  );
}
