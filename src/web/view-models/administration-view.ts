import { can } from '../../identity/principal.ts';
import type { Capability } from '../../identity/principal.ts';
import { longestReason } from '../../lease/administration.ts';
import type { EndpointForPerson } from '../../lease/endpoint-directory.ts';
import type { ScheduleRun } from '../../vpn/catalogue.ts';
import { holdMinutes } from '../hold-minutes.ts';
import type { Moment } from '../locales/index.ts';
import type { Link, Viewer, Wording } from './viewer.ts';

export interface DurationField {
  readonly label: string;
  readonly choices: readonly { readonly minutes: number; readonly text: string }[];
}

export interface ReasonField {
  readonly label: string;
  readonly hint: string;
  readonly longest: number;
}

export interface HoldForm {
  readonly action: string;
  readonly title: string;
  readonly kind: {
    readonly label: string;
    readonly choices: readonly { readonly value: 'on' | 'off'; readonly text: string }[];
  };
  readonly duration: DurationField;
  readonly reason: ReasonField;
  readonly button: string;
  readonly hint: string;
}

/** What somebody may do to an endpoint beyond leases. */
export interface AdministrationView {
  readonly title: string;
  readonly intro: string;
  readonly holdForm: HoldForm | null;
  readonly stop: { readonly title: string; readonly link: Link; readonly hint: string } | null;
}

export interface AdministrationButton {
  readonly action: string;
  readonly button: string;
}

export interface ConnectionsView {
  readonly title: string;
  readonly columns: readonly string[];
  /** Whether there is a column for buttons. */
  readonly mayEnd: boolean;
  readonly rows: readonly {
    readonly id: string;
    readonly person: string;
    readonly since: Moment;
    /** Said of one that an administrator has asked to end already; `null` of the others. */
    readonly ending: string | null;
    readonly end: (AdministrationButton & { readonly label: string }) | null;
  }[];
  readonly none: string;
  /** How many there are beyond those that are listed; `null` where that is all of them. */
  readonly more: string | null;
}

export function administrationPath(endpoint: EndpointForPerson): string {
  return `/admin/endpoints/${endpoint.endpoint.id}`;
}

export function may({ principal }: Viewer, capability: Capability): boolean {
  return principal !== null && can(principal, capability);
}

/** `null` for whoever may neither hold nor stop. */
export function administrationView(
  endpoint: EndpointForPerson,
  viewer: Viewer,
  wording: Wording,
): AdministrationView | null {
  const { administration: words } = wording.text;
  const mayHold = may(viewer, 'endpoint:hold');
  const mayStop = may(viewer, 'endpoint:stop');
  if (!mayHold && !mayStop) return null;
  return {
    title: words.title,
    intro: words.intro,
    holdForm: mayHold ? holdForm(endpoint, wording) : null,
    stop: mayStop
      ? {
          title: words.stop.title,
          link: {
            href: `${administrationPath(endpoint)}/stop`,
            text: words.stop.link,
            label: null,
          },
          hint: words.stop.hint,
        }
      : null,
  };
}

function holdForm(endpoint: EndpointForPerson, wording: Wording): HoldForm {
  const { format, text } = wording;
  const { hold: words } = text.administration;
  const hint = words.reasonHint(format.count(longestReason));
  return {
    action: `${administrationPath(endpoint)}/hold`,
    title: words.title,
    kind: {
      label: words.kind,
      choices: [
        { value: 'on', text: words.on },
        { value: 'off', text: words.off },
      ],
    },
    duration: durationField(holdMinutes, wording),
    reason: reasonField(hint, wording),
    button: words.button,
    hint: words.replaces,
  };
}

export function durationField(choices: readonly number[], wording: Wording): DurationField {
  return {
    label: wording.text.administration.hold.duration,
    choices: choices.map((minutes) => ({ minutes, text: durationText(minutes, wording) })),
  };
}

/** @param hint who reads it, and how long it may be */
export function reasonField(hint: string, { text }: Wording): ReasonField {
  return { label: text.administration.hold.reason, hint, longest: longestReason };
}

const minutesOfDay = 24 * 60;

function durationText(minutes: number, { format, text }: Wording): string {
  const days = minutes / minutesOfDay;
  return Number.isInteger(days)
    ? text.administration.hold.days(days, format.count(days))
    : format.minutes(minutes);
}

/** `null` where there is no hold, or it is not this person's to take back. */
export function releaseHold(
  endpoint: EndpointForPerson,
  viewer: Viewer,
  { text }: Wording,
): AdministrationButton | null {
  if (endpoint.status.hold === null || !may(viewer, 'endpoint:hold')) return null;
  return {
    action: `${administrationPath(endpoint)}/release-hold`,
    button: text.administration.held.release,
  };
}

/** `null` for whoever is told no more than how many are connected. */
export function connectionsView(
  endpoint: EndpointForPerson,
  viewer: Viewer,
  wording: Wording,
): ConnectionsView | null {
  const mayEnd = may(viewer, 'connection:terminate');
  if (!mayEnd && !may(viewer, 'endpoint:see-all')) return null;
  const { text, format } = wording;
  const { connections: words } = text.administration;
  const connections = endpoint.status.seen?.connections ?? [];
  return {
    title: words.title,
    mayEnd,
    columns: [words.person, words.since, ...(mayEnd ? [words.action] : [])],
    rows: connections.map(({ establishedAt, id, person }) => {
      const name = person === '' ? words.unnamed : person;
      const ending = endpoint.ending.includes(id);
      return {
        id,
        person: name,
        since: format.moment(establishedAt),
        ending: ending ? words.ending : null,
        end:
          mayEnd && !ending
            ? {
                action: `${administrationPath(endpoint)}/connections/${id}/terminate`,
                button: words.end,
                label: words.endOf(name),
              }
            : null,
      };
    }),
    none: words.none,
    more: unlisted(endpoint, wording),
  };
}

/** What administrators and auditors read above everything else; `null` without a dry run. */
export interface DryRunView {
  readonly title: string;
  readonly text: string;
}

export function dryRunView(
  schedule: ScheduleRun | null,
  viewer: Viewer,
  { text }: Wording,
): DryRunView | null {
  const { title, text: told } = text.administration.dryRun;
  return schedule?.dryRun === true && may(viewer, 'endpoint:see-all')
    ? { title, text: told }
    : null;
}

/** A reading names a hundred connections at most, and counts all of them. */
export function unlisted({ status }: EndpointForPerson, { text, format }: Wording): string | null {
  const more = status.connected - (status.seen?.connections.length ?? 0);
  return more > 0 ? text.administration.connections.more(format.count(more)) : null;
}
