import { randomUUID } from 'node:crypto';

import type { RequestHandler } from 'express';

import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { defaultLanguage } from '../locales/index.ts';
import { contextOf, setContext } from '../request-context.ts';

/** Anybody may send requests, so what is told of those who are not signed in has a bound. */
export interface RequestLogs {
  readonly log: Log;
  readonly ofStrangers: Log;
}

/** Gives every request an id and, when it is answered, a log line without its query or headers. */
export function requestLog(
  clock: Clock,
  { log, ofStrangers }: RequestLogs,
  timeZone: string,
): RequestHandler {
  return (request, response, next) => {
    const requestId = randomUUID();
    const startedAt = clock.now();
    const { method, path } = request;
    const language = defaultLanguage;
    setContext(response, { requestId, language, timeZone, principal: null, pause: null });
    response.set('x-request-id', requestId);
    response.on('finish', () => {
      if (isRoutine(path) && response.statusCode < 400) return;
      const { principal } = contextOf(response);
      const fields = {
        requestId,
        method,
        path: path.slice(0, 200),
        status: response.statusCode,
        milliseconds: clock.now().getTime() - startedAt.getTime(),
        person: principal?.id ?? null,
      };
      (principal === null ? ofStrangers : log).info(fields, 'request');
    });
    next();
  };
}

/** An open tab asks for its fragment every few seconds: told one by one they would drown the rest. */
function isRoutine(path: string): boolean {
  return path.startsWith('/fragments/') || path.startsWith('/assets/');
}
