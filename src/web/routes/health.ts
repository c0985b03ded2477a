import { Router } from 'express';

import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { createSharedReading } from '../../shared-reading.ts';

/** However often the store is asked after, it is read once in so long. */
const readinessSeconds = 1;

/** For load balancers and orchestrators, which have no identity. */
export function healthRoutes(
  checkStore: () => Promise<void>,
  clock: Clock,
  ofStrangers: Log,
): Router {
  const readiness = createSharedReading({
    clock,
    seconds: readinessSeconds,
    mostKeys: 1,
    read: checkStore,
  });
  const router = Router({ caseSensitive: true, strict: true });

  // Calls nothing: a process must not be replaced because something else is down.
  router.get('/healthz', (_request, response) => {
    response.type('text/plain').send('ok\n');
  });

  router.get('/readyz', async (_request, response) => {
    try {
      await readiness.get(undefined);
      response.type('text/plain').send('ready\n');
    } catch (error) {
      ofStrangers.warn({ error }, 'not ready');
      response.status(503).type('text/plain').send('the store cannot be reached\n');
    }
  });

  return router;
}
