import type { Principal } from './principal.ts';

/** Says who sent a request, from what the load balancer signed, or why that is not known. */
export interface IdentityVerifier {
  /**
   * @param token the `x-amzn-oidc-data` header, exactly as received; `undefined` where there is none
   * @throws {IdentityError} whenever the token is anything but valid, and where the keys to check
   *   it cannot be had
   */
  verify(token: string | undefined): Promise<Principal>;
}

/** Closed, because each has a log line and a place in the runbook. None of them holds the token. */
export type IdentityProblem =
  | 'missing'
  | 'malformed'
  | 'wrong-algorithm'
  | 'wrong-signer'
  | 'wrong-client'
  | 'wrong-issuer'
  | 'expired'
  | 'bad-signature'
  | 'unknown-key'
  | 'no-subject'
  | 'keys-unavailable';

export class IdentityError extends Error {
  override readonly name = 'IdentityError';
  readonly problem: IdentityProblem;

  constructor(problem: IdentityProblem, options?: { cause?: unknown }) {
    super(`verifying the identity that the load balancer signed: ${problem}`, options);
    this.problem = problem;
  }
}
