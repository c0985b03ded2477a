import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * What a browser may do with our pages: nothing from elsewhere, no inline script, no frame.
 *
 * @param formTargets origins that a submitted form may be redirected to: signing out, and signing in
 *   again where a session ends between a page and its button
 */
export function securityHeaders(formTargets: readonly string[]): RequestHandler {
  const self = "'self'";
  const none = "'none'";
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: [none],
        objectSrc: [none],
        scriptSrc: [self],
        styleSrc: [self],
        imgSrc: [self],
        connectSrc: [self],
        formAction: [self, ...formTargets],
        baseUri: [none],
        frameAncestors: [none],
      },
    },
    strictTransportSecurity: { maxAge: 365 * 24 * 60 * 60, includeSubDomains: true },
    frameguard: { action: 'deny' },
    // Not `no-referrer`: browsers then send `Origin: null` with a form, and the check for
    // cross-site requests needs the real one.
    referrerPolicy: { policy: 'same-origin' },
  });
}
