import compression from 'compression';
import type { RequestHandler } from 'express';

/** Compresses for whoever asks for it; the rest is not even negotiated with. */
export function compressed(): RequestHandler {
  const negotiate = compression();
  return (request, response, next) => {
    if (request.headers['accept-encoding'] !== undefined) {
      negotiate(request, response, next);
      return;
    }
    response.vary('accept-encoding');
    next();
  };
}
