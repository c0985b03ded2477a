import type { Response } from 'express';

import type { Principal } from '../identity/principal.ts';
import type { Pause } from '../lease/pause.ts';
import type { Language } from './locales/index.ts';

/** What the middleware has found out about a request, for the routes after it. */
export interface RequestContext {
  /** Also in the answer's `x-request-id`, on error pages, and in the log. */
  readonly requestId: string;
  language: Language;
  timeZone: string;
  /** `null` on the pages that need no sign-in, and where signing in has failed. */
  principal: Principal | null;
  /** As it is stored, one that is over included; `null` where none is, and where nobody is signed in. */
  pause: Pause | null;
}

const contexts = new WeakMap<Response, RequestContext>();

export function setContext(response: Response, context: RequestContext): void {
  contexts.set(response, context);
}

export function contextOf(response: Response): RequestContext {
  const context = contexts.get(response);
  if (context === undefined) throw new Error('the request has no context yet');
  return context;
}

/** Who is asking, on a route behind the sign-in. */
export function principalOf(response: Response): Principal {
  const { principal } = contextOf(response);
  if (principal === null) throw new Error('the route stands before the sign-in');
  return principal;
}
