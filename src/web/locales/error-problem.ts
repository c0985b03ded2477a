import type { ReportProblem } from './report-problem.ts';
import type { ScheduleProblem } from './schedule-problem.ts';

/** Everything a page may have to apologise for, from a closed list: each has its sentences. */
export type ErrorProblem =
  | { readonly code: 'malformed-id' }
  | { readonly code: 'page-not-found' }
  | { readonly code: 'endpoint-unknown' }
  | { readonly code: 'minutes-not-offered'; readonly choices: readonly number[] }
  | { readonly code: 'hold-kind-unknown' }
  | { readonly code: 'hold-until-not-usable'; readonly longestDays: number }
  | { readonly code: 'hold-reason-missing' }
  | { readonly code: 'hold-reason-too-long'; readonly longest: number }
  | { readonly code: 'connection-gone' }
  | { readonly code: 'body-unreadable' }
  | { readonly code: 'body-too-large' }
  | { readonly code: 'wrong-content-type' }
  | { readonly code: 'unknown-language' }
  | { readonly code: 'cross-site-request' }
  | { readonly code: 'not-permitted' }
  | { readonly code: 'not-signed-in' }
  | { readonly code: 'sign-in-expired' }
  | { readonly code: 'identity-not-verified' }
  | { readonly code: 'aws-unavailable' }
  | { readonly code: 'store-unavailable' }
  | { readonly code: 'method-not-allowed' }
  | ReportProblem
  | ScheduleProblem
  | { readonly code: 'unexpected' };

export type ErrorCode = ErrorProblem['code'];
