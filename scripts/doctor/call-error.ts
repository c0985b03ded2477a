/** A call to AWS that gave nothing to judge by. */
export class CallError extends Error {
  override readonly name = 'CallError';
  /** As a policy names it, such as `acm:DescribeCertificate`. */
  readonly action: string;
  /** The credentials may not make it; otherwise it failed in another way. */
  readonly isRefused: boolean;

  constructor(action: string, details: { isRefused: boolean; cause: unknown }) {
    super(sentenceOf(details.cause), { cause: details.cause });
    this.action = action;
    this.isRefused = details.isRefused;
  }
}

function sentenceOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.message === '' ? cause.name : `${cause.name}: ${cause.message}`;
}
