import type { ErrorRequestHandler, RequestHandler } from 'express';

import { NotReadYetError, StoreError } from '../../errors.ts';
import { IdentityError } from '../../identity/verifier.ts';
import { ClientVpnError } from '../../vpn/client-vpn.ts';
import { PageError } from '../page-error.ts';
import type { Pages } from '../pages.ts';
import { contextOf } from '../request-context.ts';
import type { RequestLogs } from './request-log.ts';

/** Whatever no route has taken. */
export const notFound: RequestHandler = () => {
  throw new PageError({ code: 'page-not-found' });
};

export const methodNotAllowed: RequestHandler = () => {
  throw new PageError({ code: 'method-not-allowed' });
};

/** Every failure becomes a page that helps, and one log line that names the reason. */
export function errorPages(pages: Pages, { log, ofStrangers }: RequestLogs): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const pageError = toPageError(error);
    const { principal, requestId } = contextOf(response);
    const told = principal === null ? ofStrangers : log;
    const fields = { requestId, status: pageError.status, ...reasonOf(error, pageError) };
    if (pageError.status >= 500) told.error({ ...fields, error }, 'request failed');
    else told.warn(fields, 'request refused');
    if (response.headersSent) {
      next(error);
      return;
    }
    // Whatever the route had promised, such as a year for an asset: a failure is of this moment.
    response.set('cache-control', 'no-store');
    if (pageError.status === 405) response.set('allow', allowed(request.path));
    pages.error(response, pageError);
  };
}

/** The page for whatever went wrong; one that is a page already stays it. */
export function toPageError(error: unknown): PageError {
  if (error instanceof PageError) return error;
  const options = { cause: error };
  if (error instanceof IdentityError) {
    switch (error.problem) {
      case 'missing':
        return new PageError({ code: 'not-signed-in' }, options);
      case 'expired':
        return new PageError({ code: 'sign-in-expired' }, options);
      case 'keys-unavailable':
        return new PageError({ code: 'aws-unavailable' }, options);
      case 'malformed':
      case 'wrong-algorithm':
      case 'wrong-signer':
      case 'wrong-client':
      case 'wrong-issuer':
      case 'bad-signature':
      case 'unknown-key':
      case 'no-subject':
        return new PageError({ code: 'identity-not-verified' }, options);
    }
  }
  if (error instanceof NotReadYetError) return new PageError({ code: 'aws-unavailable' }, options);
  if (error instanceof ClientVpnError) return new PageError({ code: 'aws-unavailable' }, options);
  if (error instanceof StoreError) return new PageError({ code: 'store-unavailable' }, options);
  // A path with a broken percent-encoding.
  if (error instanceof URIError) return new PageError({ code: 'malformed-id' }, options);
  return new PageError(problemsByStatus.get(statusOf(error)) ?? { code: 'unexpected' }, options);
}

/** Express and its body parser say what went wrong by a status on the error. */
const problemsByStatus: ReadonlyMap<number | null, PageError['problem']> = new Map([
  [400, { code: 'body-unreadable' }],
  [413, { code: 'body-too-large' }],
  [415, { code: 'wrong-content-type' }],
]);

function statusOf(error: unknown): number | null {
  return typeof error === 'object' && error !== null && 'status' in error
    ? Number(error.status)
    : null;
}

/** For the log: a name from a closed list, and never what was sent. */
function reasonOf(error: unknown, pageError: PageError): { reason: string; detail?: string } {
  const reason = pageError.problem.code;
  return error instanceof IdentityError ? { reason, detail: error.problem } : { reason };
}

function allowed(path: string): string {
  if (/^\/admin\/.*\/stop$/.test(path)) return 'GET, HEAD, POST';
  return /^\/admin\/|\/(?:lease|release|sign-out)$/.test(path) ? 'POST' : 'GET, HEAD';
}
