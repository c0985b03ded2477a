import type { ErrorRequestHandler } from 'express';

import type { AuditLog } from '../../audit/audit-log.ts';
import { requestRefusals } from '../../audit/request-refusals.ts';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { PageError } from '../page-error.ts';
import { requestEntry } from '../request-audit.ts';
import { contextOf } from '../request-context.ts';
import { toPageError } from './errors.ts';

/**
 * Notes whoever asks for what they may not have, and every form that was refused before the service
 * behind it heard of it. What the services refuse they note themselves, with what exactly was asked for.
 */
export function auditRefusals(audit: AuditLog, clock: Clock, log: Log): ErrorRequestHandler {
  return async (error: unknown, request, response, next) => {
    const reads = request.method === 'GET' || request.method === 'HEAD';
    const outcome = reads ? refusedReading(error) : refusedBeforeTheService(error);
    if (outcome !== null) {
      const entry = requestEntry(request, response, { at: clock.now(), outcome });
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

function refusedReading(error: unknown): string | null {
  return error instanceof PageError && error.problem.code === 'not-permitted'
    ? error.problem.code
    : null;
}

function refusedBeforeTheService(error: unknown): string | null {
  // A page may have a sentence of its own for what the body parser has refused.
  const cause: unknown = error instanceof PageError ? (error.cause ?? error) : error;
  const { code } = toPageError(cause).problem;
  return requestRefusals.find((refusal) => refusal === code) ?? null;
}
