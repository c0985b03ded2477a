import type { ErrorProblem } from '../locales/error-problem.ts';
import type { Frame } from './frame.ts';
import { frameOf } from './frame.ts';
import type { FrameInput, Link } from './viewer.ts';
import { wordingFor } from './viewer.ts';

export type { ErrorCode, ErrorProblem } from '../locales/error-problem.ts';

export type ErrorStatus = 400 | 401 | 403 | 404 | 405 | 413 | 415 | 500 | 503;

export interface ErrorView {
  readonly frame: Frame;
  /** The status in words, such as `Error 404`. */
  readonly status: string;
  readonly title: string;
  readonly happened: string;
  readonly next: string;
  readonly link: Link;
  readonly requestId: { readonly label: string; readonly value: string };
}

/** A page that says what went wrong, what to do, and under which id the log knows of it. */
export function errorView(
  input: FrameInput & { readonly status: ErrorStatus; readonly problem: ErrorProblem },
): ErrorView {
  const wording = wordingFor(input);
  const { errors, frame } = wording.text;
  const notice = errors.notice(input.problem, wording.format);
  return {
    frame: frameOf(input, wording, {
      name: 'error',
      title: notice.title,
      icon: 'needs-attention',
      // The address that failed may take no GET: switching the language must not fail again.
      path: '/',
    }),
    status: errors.status(input.status.toString()),
    title: notice.title,
    happened: notice.happened,
    next: notice.next,
    link: { href: '/', text: linkText(input.status, errors, frame.signInAgain), label: null },
    requestId: { label: errors.requestId, value: input.requestId },
  };
}

function linkText(
  status: ErrorStatus,
  texts: { overview: string; tryAgain: string },
  signInAgain: string,
): string {
  if (status === 401) return signInAgain;
  return status >= 500 ? texts.tryAgain : texts.overview;
}
