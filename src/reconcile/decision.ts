import { secondsAfter } from '../clock.ts';
import { passSpacingSeconds } from '../lease/endpoint-record.ts';
import type { EndpointRecord, EndpointState, Intent } from '../lease/endpoint-record.ts';
import type { Lease } from '../lease/lease.ts';
import type { Reason } from '../lease/reason.ts';
import type { AssociationId, SubnetId } from '../vpn/ids.ts';
import type { Observation } from '../vpn/observation.ts';
import type { ParsedPolicy } from '../vpn/policy.ts';
import type { ManualRoute } from '../vpn/route.ts';
import type { SubnetProblem } from '../vpn/subnet.ts';
import type { Pausing } from './pausing.ts';

/** Everything a decision rests on. */
export interface Situation {
  readonly now: Date;
  readonly policy: ParsedPolicy;
  readonly record: EndpointRecord;
  /** Every stored lease, those that have ended included: the last end starts the idle clock. */
  readonly leases: readonly Lease[];
  readonly observation: Observation;
  /** Of the policy's subnets; empty where AWS would take them all. */
  readonly subnetProblems: readonly SubnetProblem[];
  /** False in the portal: only the scheduled reconciler's role may disassociate. */
  readonly mayDisassociate: boolean;
  /** Whether what would stop by itself has to wait. */
  readonly pausing: Pausing;
  /** The id that a new start would get. */
  readonly newStartId: string;
}

export interface Decision {
  readonly action: Action;
  readonly state: EndpointState;
  readonly reason: Reason;
  /** What the record must say before the action is taken. */
  readonly intent: Intent;
  readonly lookAgainAt: Date;
}

export type Action =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'associate'; readonly subnets: readonly SubnetId[] }
  | { readonly kind: 'restore-routes'; readonly routes: readonly ManualRoute[] }
  | {
      readonly kind: 'disassociate';
      readonly associations: readonly AssociationId[];
      readonly because: StopCause;
    };

/**
 * Why associations are taken away. The first two look after those who are connected; at the next
 * two an administrator, or the endpoint's own tag, has said that they are cut off; a failed
 * association carries nobody.
 */
export type StopCause = 'idle' | 'held-off' | 'requested' | 'latest-hour' | 'failed';

export const nothing: Action = { kind: 'nothing' };

/** A little under a minute, so that a schedule that jitters never finds it not due yet. */
const steadyPassSeconds = 55;

/**
 * Does nothing for now.
 *
 * @param seen `steady`: nothing is changing, so that the schedule's next pass is soon enough
 */
export function look(
  situation: Pick<Situation, 'now'>,
  seen: { state: EndpointState; reason: Reason; intent: Intent; steady?: boolean },
): Decision {
  const { state, reason, intent, steady = false } = seen;
  const seconds = steady ? steadyPassSeconds : passSpacingSeconds;
  return {
    action: nothing,
    state,
    reason,
    intent,
    lookAgainAt: secondsAfter(situation.now, seconds),
  };
}
