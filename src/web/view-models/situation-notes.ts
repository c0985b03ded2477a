import { secondsBetween } from '../../clock.ts';
import type { EndpointForPerson } from '../../lease/endpoint-directory.ts';
import type { Pause } from '../../lease/pause.ts';
import { pauseInEffect } from '../../lease/pause.ts';
import type { Reason } from '../../lease/reason.ts';
import type { FrameInput, Wording } from './viewer.ts';

/** An administrator's word, as everybody who sees the endpoint is told of it. */
export interface HoldView {
  readonly kind: 'on' | 'off';
  readonly title: string;
  /** Who said so, and when. */
  readonly by: string;
  /** Why, in the administrator's own words. */
  readonly why: string;
}

/** `null` while no hold counts. */
export function holdView(
  { status }: EndpointForPerson,
  { text, format }: Wording,
): HoldView | null {
  const { hold } = status;
  if (hold === null) return null;
  const { held } = text.administration;
  return {
    kind: hold.kind,
    title: held[hold.kind](format.time(hold.until)),
    by: held.givenBy(hold.by.name, format.time(hold.at)),
    why: hold.reason,
  };
}

/** What whoever is connected, or about to connect, should know in time. */
export function warningsOf(
  endpoint: EndpointForPerson,
  pause: Pause | null,
  wording: Wording,
): readonly string[] {
  return [
    costsMoney(endpoint, wording),
    endsSoon(endpoint, pause, wording),
    silentConnections(endpoint, wording),
    endpoint.status.lacksRules ? wording.text.administration.lacksRules : null,
  ].filter((warning) => warning !== null);
}

/** What cannot be managed may be on all the same, and nobody turns it off. */
function costsMoney({ status }: EndpointForPerson, { text }: Wording): string | null {
  if (!isOnAnyway(status)) return null;
  const { costs } = text.administration;
  const { code } = status.reason;
  if (code === 'policy-invalid') return costs.mistagged;
  return code === 'subnets-invalid' ? costs.partly : null;
}

/** Before the latest hour, where it concerns anybody. */
function endsSoon(
  endpoint: EndpointForPerson,
  pause: Pause | null,
  { text, format }: Wording,
): string | null {
  const { policy, status } = endpoint;
  const { endsSoonAt, hold } = status;
  if (endsSoonAt === null || !policy.ok) return null;
  if (hold?.kind === 'off') return null;
  if (!mayBeUsed(status) && status.heldUntil === null) return null;
  const { endsSoon: words } = text.administration;
  const time = format.time(endsSoonAt);
  const waits = isRehearsed(endpoint) || pauseInEffect(pause, endsSoonAt) !== null;
  const cutsOff = policy.policy.latestHourCutsOff && !waits;
  return cutsOff ? words.cutsOff(time) : words.staysOn(time);
}

/** An idle endpoint has connections only where none of them counts. */
function hasOnlySilentOnes({ status }: EndpointForPerson): boolean {
  return status.reason.code === 'idle-grace' && status.connected > 0;
}

function silentConnections(endpoint: EndpointForPerson, { text, format }: Wording): string | null {
  const { policy, status } = endpoint;
  if (!hasOnlySilentOnes(endpoint)) return null;
  if (!policy.ok || policy.policy.silentMinutes === null) return null;
  return text.administration.silent(
    status.connected,
    format.count(status.connected),
    format.minutes(policy.policy.silentMinutes),
  );
}

/** Whether the schedule only says what it would do. */
export function isRehearsed({ schedule }: EndpointForPerson): boolean {
  return schedule?.dryRun === true;
}

/** Whether one can be connected as it is. */
export function mayBeUsed({ state, reason }: EndpointForPerson['status']): boolean {
  return state === 'on' || reason.code === 'routes-not-restored';
}

/** Whether networks are associated although something keeps the portal from its work. */
export function isOnAnyway({ reason, seen, state }: EndpointForPerson['status']): boolean {
  if (state !== 'needs-attention' || reason.code === 'gave-up') return false;
  return seen?.associations.some(({ status }) => status === 'associated') ?? false;
}

/** What is going on, where the reason alone would deny that somebody is connected. */
export function differentHappening(endpoint: EndpointForPerson, { text }: Wording): string | null {
  return hasOnlySilentOnes(endpoint) ? text.administration.unused : null;
}

/** What comes next, where the reason alone would promise something else. */
export function differentNext(
  endpoint: EndpointForPerson,
  { now, pause }: Pick<FrameInput, 'now' | 'pause'>,
  { text, format }: Wording,
): string | null {
  const { hold, reason, state } = endpoint.status;
  const { administration: words } = text;
  const mayPromise = state === 'on' || state === 'stopping';
  const saysSoItself =
    reason.code === 'disassociating' ||
    reason.code === 'dry-run' ||
    reason.code === 'stopping-paused';
  if (!mayPromise || saysSoItself || 'problem' in reason) return null;
  if (isRehearsed(endpoint)) return words.dryRun.next;
  const counts = pauseInEffect(pause, promisedAt(reason) ?? now);
  if (state === 'on' && counts !== null) return words.pause.next(format.time(counts.until));
  const isTold = reason.code === 'held-off';
  return state === 'on' && hold?.kind === 'off' && !isTold ? words.held.offOnceUnused : null;
}

/** Before when a reason promises that nothing goes off anyway; `null` where it promises no time. */
function promisedAt(reason: Reason): Date | null {
  if (reason.code === 'idle-grace') return reason.stopAt;
  return reason.code === 'kept-on-by-lease' || reason.code === 'held-on' ? reason.until : null;
}

/** A stop takes AWS some minutes; what goes off later has gone off for another reason. */
const stopTakesAtMostSeconds = 3600;

/** To whoever comes back and finds off what they had asked for; `null` where it went off by itself. */
export function stoppedBefore(
  { status }: EndpointForPerson,
  { text, format }: Wording,
): string | null {
  const { hold, since, state, stoppedAt } = status;
  if (state !== 'off' || stoppedAt === null || since === null || hold !== null) return null;
  const seconds = secondsBetween(stoppedAt, since);
  if (seconds < 0 || seconds > stopTakesAtMostSeconds) return null;
  return text.administration.stoppedAt(format.time(stoppedAt));
}
