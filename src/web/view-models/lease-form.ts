import { secondsBetween } from '../../clock.ts';
import { leaseEnd } from '../../lease/lease.ts';
import type { EndpointForPerson } from '../../lease/endpoint-directory.ts';
import { nextLatestHour } from '../../vpn/latest-hour.ts';
import type { Wording } from './viewer.ts';

/** A form that requests or extends a lease. */
export interface LeaseForm {
  readonly action: string;
  readonly selectId: string;
  readonly label: string;
  readonly choices: readonly { readonly minutes: number; readonly text: string }[];
  readonly button: string;
  /** The one thing to do here; otherwise it stands back behind something else. */
  readonly primary: boolean;
}

export interface ReleaseForm {
  readonly action: string;
  readonly button: string;
  readonly hint: string;
}

export function endpointPath(endpoint: EndpointForPerson): string {
  return `/endpoints/${endpoint.endpoint.id}`;
}

/** `null` where asking would change nothing, or is not for this person. */
export function leaseForm(
  endpoint: EndpointForPerson,
  { text, format }: Wording,
  now: Date,
): LeaseForm | null {
  const { policy, status, mayUse, ownLease } = endpoint;
  if (!mayUse || !policy.ok) return null;
  const { hold, reason } = status;
  if (hold?.kind === 'off') return null;
  const { lease } = text.endpoint;
  const form = (
    button: string,
    primary: boolean,
    choices: LeaseForm['choices'],
    label = lease.turnOnFor,
  ): LeaseForm | null =>
    choices.length === 0
      ? null
      : {
          action: `${endpointPath(endpoint)}/lease`,
          selectId: `minutes-${endpoint.endpoint.id}`,
          label,
          choices,
          button,
          primary,
        };
  const { latestHour } = policy.policy;
  const latest = latestHour === null ? null : nextLatestHour(latestHour, now);
  const leaseMinutes = distinct(policy.policy.leaseMinutes, now, latest);
  const untilTime = (minutes: number): string =>
    lease.untilTime(format.time(leaseEnd(minutes, now, latest)));
  const durations = leaseMinutes.map((minutes) => ({
    minutes,
    text:
      latest !== null && leaseEnd(minutes, now, latest) === latest
        ? untilTime(minutes)
        : format.minutes(minutes),
  }));
  // A lease is never shortened: a choice that ends no later than one's own would do nothing.
  const extensions = leaseMinutes
    .filter(
      (minutes) =>
        ownLease === null || secondsBetween(ownLease.until, leaseEnd(minutes, now, latest)) >= 60,
    )
    .map((minutes) => ({ minutes, text: untilTime(minutes) }));
  const extend = (primary: boolean): LeaseForm | null =>
    form(ownLease === null ? lease.keepOn : lease.extend, primary, extensions, lease.extendUntil);

  switch (status.state) {
    case 'off':
      return form(lease.turnOn, true, durations);
    case 'stopping':
      return form(lease.turnOnAgain, true, durations);
    case 'starting':
      return ownLease === null ? form(lease.meToo, false, durations) : extend(false);
    case 'on':
      return extend(true);
    case 'needs-attention':
      if (reason.code === 'gave-up') return form(lease.tryAgain, true, durations);
      if (reason.code === 'routes-not-restored' || reason.code === 'stop-failed') {
        return extend(true);
      }
      if (reason.code === 'reading-incomplete') {
        return ownLease === null ? form(lease.turnOn, true, durations) : extend(false);
      }
      return null;
  }
}

/** Of several choices that would all end at the latest hour one is enough. */
function distinct(choices: readonly number[], now: Date, latest: Date | null): readonly number[] {
  const ends = choices.map((minutes) => leaseEnd(minutes, now, latest).getTime());
  return choices.filter((_minutes, index) => ends.indexOf(ends[index] ?? NaN) === index);
}

/** Said where there is no form any more because the longest time has been asked for. */
export function longestOf(
  { mayUse, ownLease, policy, status }: EndpointForPerson,
  { text, format }: Wording,
): string | null {
  if (ownLease === null || status.state !== 'on' || !mayUse || !policy.ok) return null;
  if (status.hold?.kind === 'off') return null;
  const { latestHour } = policy.policy;
  const { lease } = text.endpoint;
  return latestHour !== null &&
    nextLatestHour(latestHour, ownLease.askedAt).getTime() === ownLease.until.getTime()
    ? lease.longestTonight(format.time(ownLease.until))
    : lease.longest;
}

/** `null` where there is nothing of one's own to take back. */
export function releaseForm(endpoint: EndpointForPerson, { text }: Wording): ReleaseForm | null {
  if (endpoint.ownLease === null) return null;
  const { lease } = text.endpoint;
  return {
    action: `${endpointPath(endpoint)}/lease/release`,
    button: endpoint.status.state === 'on' ? lease.release : lease.cancel,
    hint: lease.releaseHint,
  };
}
