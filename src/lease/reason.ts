import type { AwsProblem } from '../vpn/observation.ts';
import type { PolicyProblem } from '../vpn/policy.ts';
import type { SubnetProblem } from '../vpn/subnet.ts';

/**
 * Why an endpoint is as it is: a closed list. A pass logs it, the record keeps it, the page says it
 * in words, so that nobody reads one thing and the log another.
 */
export type Reason =
  /** Off: no lease, nothing associated. */
  | { readonly code: 'nobody-needs-it' }
  /** Starting: the lease is recorded and the associations are being asked for. */
  | { readonly code: 'lease-held'; readonly until: Date }
  | { readonly code: 'associating' }
  | { readonly code: 'restoring-routes' }
  /** Starting, but AWS is still taking the last associations away. */
  | { readonly code: 'waiting-for-the-stop' }
  | { readonly code: 'removing-a-failed-association'; readonly message: string }
  /** Starting, after a failure, and tried again at a time that is known. */
  | { readonly code: 'trying-again'; readonly problem: AwsProblem; readonly retryAt: Date }
  /** Needs attention: a bounded number of tries has failed. */
  | { readonly code: 'gave-up'; readonly problem: AwsProblem; readonly retryAt: Date }
  /** Needs attention, but usable. */
  | { readonly code: 'routes-not-restored'; readonly failed: number; readonly message: string }
  /** On, for one of three reasons. */
  | { readonly code: 'kept-on-by-lease'; readonly until: Date }
  | { readonly code: 'connected'; readonly connected: number }
  | { readonly code: 'idle-grace'; readonly stopAt: Date }
  /** On, because an administrator holds it on. */
  | { readonly code: 'held-on'; readonly until: Date; readonly by: string; readonly why: string }
  /** Off, or on its way there, because an administrator holds it off. */
  | { readonly code: 'held-off'; readonly until: Date; readonly by: string; readonly why: string }
  /** Stopping. `silent`: so many connections had moved nothing for too long to count. */
  | { readonly code: 'idle'; readonly since: Date; readonly silent: number }
  | { readonly code: 'stopped-by-an-administrator'; readonly by: string }
  | { readonly code: 'latest-hour'; readonly at: Date }
  | { readonly code: 'disassociating' }
  /** Needs attention: AWS refuses to take something away, and goes on charging for it. */
  | { readonly code: 'stop-failed'; readonly problem: AwsProblem }
  /** Needs attention: it should have gone off, and whoever turns things off has not come. */
  | { readonly code: 'stop-overdue'; readonly since: Date }
  /** On, only because the schedule says what it would do, and does nothing. */
  | { readonly code: 'dry-run'; readonly since: Date }
  /** On, only because an administrator has paused the stopping of everything. */
  | {
      readonly code: 'stopping-paused';
      readonly until: Date;
      readonly by: string;
      readonly why: string;
    }
  /** Nothing is done, because AWS could not be read completely. */
  | { readonly code: 'reading-incomplete'; readonly problem: AwsProblem }
  /** Needs attention, and nothing is done to it until somebody mends the tags. */
  | { readonly code: 'policy-invalid'; readonly problems: readonly PolicyProblem[] }
  | { readonly code: 'subnets-invalid'; readonly problems: readonly SubnetProblem[] };

export type ReasonCode = Reason['code'];
