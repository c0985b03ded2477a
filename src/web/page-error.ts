import type { ErrorProblem, ErrorStatus } from './view-models/error-view.ts';

const statuses: Readonly<Record<ErrorProblem['code'], ErrorStatus>> = {
  'malformed-id': 404,
  'page-not-found': 404,
  'endpoint-unknown': 404,
  'minutes-not-offered': 400,
  'hold-kind-unknown': 400,
  'hold-until-not-usable': 400,
  'hold-reason-missing': 400,
  'hold-reason-too-long': 400,
  'connection-gone': 409,
  'pause-until-not-usable': 400,
  'pause-reason-missing': 400,
  'pause-reason-too-long': 400,
  'rule-missing': 409,
  'rule-refused': 503,
  'rule-not-confirmed': 503,
  'body-unreadable': 400,
  'body-too-large': 413,
  'wrong-content-type': 415,
  'unknown-language': 400,
  'cross-site-request': 403,
  'not-permitted': 403,
  'not-signed-in': 401,
  'sign-in-expired': 401,
  'identity-not-verified': 401,
  'aws-unavailable': 503,
  'store-unavailable': 503,
  'method-not-allowed': 405,
  'filter-not-usable': 400,
  'answer-too-long': 400,
  unexpected: 500,
};

/** Ends a request with an error page: its sentence, and the status that goes with it. */
export class PageError extends Error {
  override readonly name = 'PageError';
  readonly problem: ErrorProblem;
  readonly status: ErrorStatus;

  constructor(problem: ErrorProblem, options?: { cause?: unknown }) {
    super(problem.code, options);
    this.problem = problem;
    this.status = statuses[problem.code];
  }
}
