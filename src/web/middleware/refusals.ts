import type { ErrorRequestHandler } from 'express';

import type { AuditLog } from '../../audit/audit-log.ts';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { PageError } from '../page-error.ts';
import { requestEntry } from '../request-audit.ts';
import { contextOf } from '../request-context.ts';

/**
 * Notes whoever asks for what they may not have. Acts are asked for by POST, and the services that
 * perform them note their refusals themselves, with what exactly was asked for.
 */
export function auditRefusals(audit: AuditLog, clock: Clock, log: Log): ErrorRequestHandler {
  return async (error: unknown, request, response, next) => {
    const isRefused = error instanceof PageError && error.problem.code === 'not-permitted';
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (isRefused && reads) {
      const entry = requestEntry(request, response, { at: clock.now(), outcome: 'not-permitted' });
      try {
        if (entry !== null) await audit.append(entry);
      } catch (failure) {
        // It stays a refusal, whether it could be noted or not.
        const { requestId } = contextOf(response);
        log.error({ requestId, error: failure }, 'refusal not noted in the audit');
      }
    }
    next(error);
  };
}
