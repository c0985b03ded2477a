import { can } from '../../identity/principal.ts';
import type { EndpointForPerson } from '../../lease/endpoint-directory.ts';
import type { EndpointState } from '../../lease/endpoint-record.ts';
import type { Lease } from '../../lease/lease.ts';
import type { Moment } from '../locales/index.ts';
import type { LeaseForm, ReleaseForm } from './lease-form.ts';
import { endpointPath, leaseForm, longestOf, releaseForm } from './lease-form.ts';
import type { EndingView } from './going-off.ts';
import { endingOf, goesOff } from './going-off.ts';
import type { HoldView } from './situation-notes.ts';
import {
  differentHappening,
  differentNext,
  holdView,
  isOnAnyway,
  mayBeUsed,
  stoppedBefore,
  warningsOf,
} from './situation-notes.ts';
import type { StartView } from './start-view.ts';
import { startView } from './start-view.ts';
import type { FrameInput, Link, Viewer, Wording } from './viewer.ts';
import { wordingFor } from './viewer.ts';

export interface Fact {
  readonly label: string;
  readonly value: string;
  /** For a point in time, its form for `<time datetime>`. */
  readonly iso: string | null;
}

/** One endpoint in a nutshell: on the home page, and at the top of its own. */
export interface EndpointCard {
  readonly id: string;
  readonly name: string;
  readonly state: EndpointState;
  readonly stateText: string;
  readonly since: Moment | null;
  readonly happening: string;
  readonly next: string;
  readonly quote: { readonly label: string; readonly text: string } | null;
  readonly problems: { readonly title: string; readonly sentences: readonly string[] } | null;
  readonly startedOutside: string | null;
  /** An administrator has turned it off, whoever had asked for it; `null` otherwise. */
  readonly stoppedBefore: string | null;
  /** An administrator's word over everybody's leases; `null` without one. */
  readonly hold: HoldView | null;
  readonly warnings: readonly string[];
  readonly facts: readonly Fact[];
  readonly start: StartView | null;
  readonly leaseForm: LeaseForm | null;
  /** Said in place of the form where the longest time has been asked for already. */
  readonly longest: string | null;
  readonly releaseForm: ReleaseForm | null;
  /** Whether there is anything to press on the home page. */
  readonly hasActions: boolean;
  readonly readOnly: string | null;
  readonly download: Link | null;
  readonly details: Link;
  /** The button that asks for notifications; `null` where there is nothing to wait for. */
  readonly notify: NotifyView | null;
  /** What there is to notify of, for the script. */
  readonly news: NewsView;
  /** That it goes off soon; `null` where it does not, as far as anybody can tell. */
  readonly ending: EndingView | null;
  /** What the script says aloud when the state has changed. */
  readonly announcement: string;
}

export interface NotifyView {
  readonly ask: string;
  readonly asked: string;
  readonly refused: string;
}

/** The words of the notifications: the script cannot know the language. */
export interface NewsView {
  readonly ready: Notification;
  readonly stopping: Notification;
  readonly endingTitle: string;
}

interface Notification {
  readonly title: string;
  readonly body: string;
}

export function endpointCard(
  endpoint: EndpointForPerson,
  input: Pick<FrameInput, 'viewer' | 'now' | 'pause'>,
  wording: Wording = wordingFor(input),
): EndpointCard {
  const { text, format } = wording;
  const { status, name, mayUse } = endpoint;
  const words = text.endpoint;
  const told = text.reason(status.reason, format);
  const path = endpointPath(endpoint);
  const form = leaseForm(endpoint, wording, input.now);
  const release = releaseForm(endpoint, wording);
  const problems = problemSentences(endpoint, wording);
  const starting = status.state === 'starting';
  const notify = notifyView(endpoint, wording);
  return {
    id: endpoint.endpoint.id,
    name,
    state: status.state,
    stateText: words.states[status.state],
    since:
      status.since === null
        ? null
        : { text: words.sinceTime(format.time(status.since)), iso: status.since.toISOString() },
    happening: differentHappening(endpoint, wording) ?? told.happened,
    next: differentNext(endpoint, input, wording) ?? told.next,
    quote: told.quote === '' ? null : { label: words.awsSays, text: told.quote },
    problems: problems.length === 0 ? null : { title: words.problems, sentences: problems },
    startedOutside: status.startedOutside ? words.startedOutside : null,
    stoppedBefore: stoppedBefore(endpoint, wording),
    hold: holdView(endpoint, wording),
    warnings: warningsOf(endpoint, input.pause, wording),
    facts: factsOf(endpoint, input, wording),
    start: status.progress === null ? null : startView(status.progress, name, wording),
    leaseForm: form,
    longest: form === null ? longestOf(endpoint, wording) : null,
    releaseForm: release,
    hasActions: notify !== null || form !== null || release !== null,
    readOnly: isReadOnly(input.viewer) ? words.readOnly : null,
    download: mayUse
      ? {
          href: `${path}/client-configuration`,
          text: words.download,
          label: words.downloadFor(name),
        }
      : null,
    details: starting
      ? { href: path, text: words.watch, label: words.watchOf(name) }
      : { href: path, text: words.details, label: words.detailsOf(name) },
    notify,
    news: newsOf(name, wording),
    ending: endingOf(endpoint, input, wording),
    announcement: words.announcement(name, words.states[status.state]),
  };
}

function isReadOnly({ principal }: Viewer): boolean {
  return principal === null || !can(principal, 'endpoint:use');
}

/** To whoever waits for it, and to whoever may be using it. */
function notifyView({ mayUse, status }: EndpointForPerson, { text }: Wording): NotifyView | null {
  const { ask, asked, askOfEnd, refused } = text.endpoint.notify;
  if (status.state === 'starting') return { ask, asked, refused };
  return mayUse && mayBeUsed(status) ? { ask: askOfEnd, asked, refused } : null;
}

function newsOf(name: string, { text }: Wording): NewsView {
  const { ending, ready, stopping } = text.endpoint.notify;
  return {
    ready: { title: ready.title(name), body: ready.body },
    stopping: { title: stopping.title(name), body: stopping.body },
    endingTitle: ending.title(name),
  };
}

function problemSentences({ status }: EndpointForPerson, { text }: Wording): readonly string[] {
  const { reason } = status;
  if (reason.code === 'policy-invalid') return reason.problems.map(text.policyProblem);
  if (reason.code === 'subnets-invalid') return reason.problems.map(text.subnetProblem);
  return [];
}

function factsOf(
  endpoint: EndpointForPerson,
  input: Pick<FrameInput, 'viewer' | 'now' | 'pause'>,
  wording: Wording,
): readonly Fact[] {
  const { text, format } = wording;
  const { facts, ...words } = text.endpoint;
  const { status } = endpoint;
  const usable = mayBeUsed(status);
  const off = goesOff(endpoint, input, wording);
  const list: (Fact | null)[] = [
    status.state === 'off'
      ? {
          label: facts.usually,
          value:
            status.usualSeconds === null
              ? words.usuallyUnknown
              : words.usuallyHere(format.roughly(status.usualSeconds)),
          iso: null,
        }
      : null,
    status.heldUntil === null
      ? null
      : {
          label: usable ? facts.until : facts.wantedUntil,
          value: format.time(status.heldUntil),
          iso: status.heldUntil.toISOString(),
        },
    off === null ? null : { label: facts.goesOff, ...off },
    status.leases.length === 0
      ? null
      : {
          label: facts.askedForBy,
          value: words.people(peopleOf(status.leases, input.viewer, words.you)),
          iso: null,
        },
    usable || isOnAnyway(status)
      ? {
          label: facts.connected,
          value:
            status.connected === 0
              ? words.nobodyConnected
              : words.connected(status.connected, format.count(status.connected)),
          iso: null,
        }
      : null,
  ];
  return list.filter((fact) => fact !== null);
}

/** Oneself first: that is whom one looks for. */
function peopleOf(leases: readonly Lease[], viewer: Viewer, you: string): readonly string[] {
  const isOwn = (lease: Lease): boolean => isLeaseOf(viewer, lease);
  return [
    ...(leases.some(isOwn) ? [you] : []),
    ...leases.filter((lease) => !isOwn(lease)).map((lease) => lease.personName),
  ];
}

export function isLeaseOf({ principal }: Viewer, lease: Lease): boolean {
  return principal !== null && lease.personId === principal.id;
}
