import type { ErrorProblem } from '../locales/error-problem.ts';
import type { Frame } from './frame.ts';
import { frameOf } from './frame.ts';
import type { FrameInput, Link } from './viewer.ts';
import { wordingFor } from './viewer.ts';

export type { ErrorCode, ErrorProblem } from '../locales/error-problem.ts';

export type ErrorStatus = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 500 | 503;

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
    link: wayBack(input, { ...errors, report: wording.text.usage.backToPage }, frame.signInAgain),
    requestId: { label: errors.requestId, value: input.requestId },
  };
}

/** What is wrong with what a form of an endpoint's page has sent leads back to that page. */
const ofAForm: ReadonlySet<ErrorProblem['code']> = new Set([
  'minutes-not-offered',
  'hold-kind-unknown',
  'hold-until-not-usable',
  'hold-reason-missing',
  'hold-reason-too-long',
  'connection-gone',
]);

const ofTheSchedule: ReadonlySet<ErrorProblem['code']> = new Set([
  'pause-until-not-usable',
  'pause-reason-missing',
  'pause-reason-too-long',
  'rule-missing',
  'rule-refused',
  'rule-not-confirmed',
]);

function wayBack(
  { path, problem, status }: Parameters<typeof errorView>[0],
  texts: { overview: string; tryAgain: string; endpoint: string; schedule: string; report: string },
  signInAgain: string,
): Link {
  if ('page' in problem) return { href: problem.page, text: texts.report, label: null };
  const page = /^(?:\/admin)?(\/endpoints\/[\w-]+)\//.exec(path)?.[1];
  if (ofAForm.has(problem.code) && page !== undefined) {
    return { href: page, text: texts.endpoint, label: null };
  }
  if (ofTheSchedule.has(problem.code)) {
    return { href: '/admin#schedule', text: texts.schedule, label: null };
  }
  const text = status === 401 ? signInAgain : status >= 500 ? texts.tryAgain : texts.overview;
  return { href: '/', text, label: null };
}
