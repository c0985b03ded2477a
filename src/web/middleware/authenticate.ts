import type { RequestHandler } from 'express';

import type { IdentityVerifier } from '../../identity/verifier.ts';
import { contextOf } from '../request-context.ts';

/** Everything after this knows who is asking, from nothing but what the load balancer signed. */
export function authenticate(verifier: IdentityVerifier): RequestHandler {
  return async (request, response, next) => {
    contextOf(response).principal = await verifier.verify(request.get('x-amzn-oidc-data'));
    next();
  };
}
