import express from 'express';
import type { ErrorRequestHandler, NextFunction, Request, RequestHandler, Response } from 'express';

import type { ErrorProblem } from '../locales/error-problem.ts';

import { PageError } from '../page-error.ts';

const formType = 'application/x-www-form-urlencoded';

/** Forms are the only bodies there are; most of ours fit in a few bytes. */
export const formBody: RequestHandler = formBodyUpTo('8kb');

/** For a form with words of people's own, which may be many before they are refused as too many. */
function formBodyUpTo(limit: string): RequestHandler {
  return express
    .Router()
    .use(refuseOtherTypes, express.urlencoded({ extended: false, limit, parameterLimit: 20 }));
}

/**
 * For a form with a reason: nothing else of it can be large.
 *
 * @param tooLong what is wrong with one that is
 */
export function formBodyWithReason(tooLong: ErrorProblem): RequestHandler {
  const tellOfTheReason: ErrorRequestHandler = (error: unknown, _request, _response, next) => {
    const isTooMuch =
      error instanceof Error && 'type' in error && error.type === 'entity.too.large';
    next(isTooMuch ? new PageError(tooLong, { cause: error }) : error);
  };
  return express.Router().use(formBodyUpTo('64kb'), tellOfTheReason);
}

function refuseOtherTypes(request: Request, _response: Response, next: NextFunction): void {
  if (hasBody(request.headers) && request.is(formType) === false) {
    throw new PageError({ code: 'wrong-content-type' });
  }
  next();
}

/** One field of the form; `null` where it is missing or was sent twice. */
export function formField(body: unknown, name: string): string | null {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return null;
  const value: unknown = Object.entries(body).find(([field]) => field === name)?.[1];
  return typeof value === 'string' ? value : null;
}

function hasBody(headers: Readonly<Record<string, unknown>>): boolean {
  const length = headers['content-length'];
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}
