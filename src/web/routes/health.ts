import { Router } from 'express';

import type { Log } from '../../log.ts';

/** For load balancers and orchestrators, which have no identity. */
export function healthRoutes(checkStore: () => Promise<void>, log: Log): Router {
  const router = Router({ caseSensitive: true, strict: true });

  // Calls nothing: a process must not be replaced because something else is down.
  router.get('/healthz', (_request, response) => {
    response.type('text/plain').send('ok\n');
  });

  router.get('/readyz', async (_request, response) => {
    try {
      await checkStore();
      response.type('text/plain').send('ready\n');
    } catch (error) {
      log.warn({ error }, 'not ready');
      response.status(503).type('text/plain').send('the store cannot be reached\n');
    }
  });

  return router;
}
