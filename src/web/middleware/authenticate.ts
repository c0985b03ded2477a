import type { Request, RequestHandler } from 'express';

import type { IdentityVerifier } from '../../identity/verifier.ts';
import { contextOf } from '../request-context.ts';

/** Everything after this knows who is asking, from nothing but what the load balancer signed. */
export function authenticate(verifier: IdentityVerifier): RequestHandler {
  return async (request, response, next) => {
    const principal = await verifier.verify(request.get('x-amzn-oidc-data'));
    const address = addressOf(request);
    contextOf(response).principal = address === null ? principal : { ...principal, address };
    next();
  };
}

/**
 * The load balancer adds the address that it was asked from at the end; what stands before that came
 * with the request, and may say anything.
 * Source: Elastic Load Balancing User Guide, "HTTP headers and Application Load Balancers".
 */
function addressOf(request: Request): string | null {
  const last = request.get('x-forwarded-for')?.split(',').at(-1)?.trim() ?? '';
  return /^[0-9a-fA-F.:]{2,45}$/.test(last) ? last : null;
}
