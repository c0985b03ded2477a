import { Router } from 'express';

import type { Pages } from '../pages.ts';
import { methodNotAllowed } from '../middleware/errors.ts';

export interface SignOutSettings {
  /** The user pool's domain. */
  readonly cognitoDomain: string;
  readonly clientId: string;
  /** Where people reach the portal. */
  readonly portalUrl: string;
}

/** The load balancer keeps its session in up to four cookies, by how large the claims are. */
const sessionCookies = [0, 1, 2, 3].map((shard) => `AWSELBAuthSessionCookie-${shard}`);

/**
 * Ends the load balancer's session, then Cognito's, which comes back to a page that needs none.
 *
 * Source: Elastic Load Balancing, "Authenticate users using an Application Load Balancer", on
 * logging out; Cognito, "Logout endpoint".
 */
export function signOutRoutes(settings: SignOutSettings): Router {
  const logout = new URL('logout', `${settings.cognitoDomain.replace(/\/$/, '')}/`);
  logout.searchParams.set('client_id', settings.clientId);
  logout.searchParams.set('logout_uri', new URL('/signed-out', settings.portalUrl).href);

  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/sign-out')
    .post((_request, response) => {
      for (const name of sessionCookies) {
        response.clearCookie(name, { path: '/', secure: true, httpOnly: true });
      }
      response.redirect(303, logout.href);
    })
    .get((_request, response) => {
      response.redirect(303, '/');
    })
    .all(methodNotAllowed);
  return router;
}

export function signedOutRoutes(pages: Pages): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/signed-out', (_request, response) => {
    pages.signedOut(response);
  });
  return router;
}
