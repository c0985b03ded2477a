import type { RequestHandler } from 'express';

import type { PauseStore } from '../../lease/pause-store.ts';
import type { Log } from '../../log.ts';
import { contextOf } from '../request-context.ts';

/**
 * Every page tells of a pause, and nobody may read one that does not know of their own click: it is
 * read for each request. Where it cannot be read, the page has everything else to say.
 */
export function knowOfPause(pauses: Pick<PauseStore, 'get'>, log: Log): RequestHandler {
  return async (_request, response, next) => {
    const context = contextOf(response);
    try {
      context.pause = await pauses.get();
    } catch (error) {
      log.warn({ requestId: context.requestId, error }, 'the pause could not be read');
    }
    next();
  };
}
