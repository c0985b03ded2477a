import type { RequestHandler } from 'express';

import type { Clock } from '../../clock.ts';
import type { PauseStore } from '../../lease/pause-store.ts';
import type { Pause } from '../../lease/pause.ts';
import type { Log } from '../../log.ts';
import { createSharedReading } from '../../shared-reading.ts';
import { contextOf } from '../request-context.ts';

/** Within this time everybody who looks shares one reading, as with the endpoints. */
const sharedSeconds = 1;

/**
 * Every page tells of a pause. What that costs does not depend on how many people look; nobody may
 * read a page that does not know of their own click, though, and both the form and the page that it
 * leads to are under `/admin`: there it is read for each request. Where it cannot be read, the page
 * has everything else to say.
 */
export function knowOfPause(
  pauses: Pick<PauseStore, 'get'>,
  clock: Clock,
  log: Log,
): RequestHandler {
  const readings = createSharedReading<'pause', Pause | null>({
    clock,
    seconds: sharedSeconds,
    mostKeys: 1,
    read: () => pauses.get(),
  });
  return async (request, response, next) => {
    const context = contextOf(response);
    const mayBeTheirOwn = request.path.startsWith('/admin');
    try {
      // What others have read before is older than what is said now.
      if (mayBeTheirOwn) readings.forget('pause');
      context.pause = await (mayBeTheirOwn ? pauses.get() : readings.get('pause'));
    } catch (error) {
      log.warn({ requestId: context.requestId, error }, 'the pause could not be read');
    }
    next();
  };
}
