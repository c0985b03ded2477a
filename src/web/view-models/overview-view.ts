import { minutesAfter, secondsBetween } from '../../clock.ts';
import type { ConnectDenial } from '../../audit/connect-denials.ts';
import type { EndpointForPerson, Listing } from '../../lease/endpoint-directory.ts';
import type { EndpointState } from '../../lease/endpoint-record.ts';
import type { Prices } from '../../usage/cost.ts';
import type { EndpointReport, MonthReport } from '../../usage/usage-reports.ts';
import type { Moment } from '../locales/index.ts';
import { may } from './administration-view.ts';
import type { Frame } from './frame.ts';
import { frameOf } from './frame.ts';
import { endpointPath } from './lease-form.ts';
import type { DenialsView } from './overview-denials.ts';
import { denialsView } from './overview-denials.ts';
import type { RuleData, ScheduleView } from './overview-schedule.ts';
import { isAtWork, scheduleProblems, scheduleView } from './overview-schedule.ts';
import type { PausingView } from './pause-view.ts';
import { pausingView } from './pause-view.ts';
import type { Figures } from './usage-figures.ts';
import { figuresFor } from './usage-figures.ts';
import { reportHref } from './usage-filter.ts';
import type { TotalsView } from './usage-totals.ts';
import { totalsOfMonth } from './usage-totals.ts';
import type { FrameInput, Link, Wording } from './viewer.ts';
import { wordingFor } from './viewer.ts';

export interface OverviewData {
  /** `null` while AWS has not been read even once. */
  readonly listing: Listing | null;
  /** Of this month, and every endpoint. */
  readonly report: MonthReport;
  readonly prices: Prices | null;
  /** `null` where no rule runs the schedule, as far as anybody has told. */
  readonly rule: RuleData | null;
  /** The last clients that were not let in, the newest first. */
  readonly denials: readonly ConnectDenial[];
  /** The accounts' zone. */
  readonly timeZone: string;
  readonly notDone?: boolean;
}

export interface OverviewView {
  readonly frame: Frame;
  readonly title: string;
  readonly intro: string;
  readonly attention: {
    readonly title: string;
    readonly items: readonly { readonly text: string; readonly link: Link | null }[];
    readonly nothing: string;
  };
  readonly schedule: ScheduleView;
  /** `null` for whoever may not pause the stopping. */
  readonly pausing: PausingView | null;
  /** Said to somebody whose click came to nothing; `null` otherwise. */
  readonly notDone: string | null;
  readonly denials: DenialsView;
  readonly month: TotalsView & { readonly more: Link; readonly zone: string };
  readonly endpoints: {
    readonly title: string;
    readonly connectedLabel: string;
    readonly rows: readonly EndpointRow[];
    readonly none: string;
  };
  readonly asOf: string | null;
}

export interface EndpointRow {
  readonly id: string;
  readonly name: string;
  readonly href: string;
  readonly badge: {
    readonly state: EndpointState;
    readonly stateText: string;
    readonly since: Moment | null;
  };
  readonly happening: string;
  readonly next: string;
  readonly connected: readonly string[];
  readonly nobody: string;
  readonly figures: readonly { readonly label: string; readonly value: string }[];
  readonly act: Link;
}

const connectedShown = 8;
/** The schedule reads every minute. What it cannot read stays as it is, and may cost money unseen. */
const unreadAfterMinutes = 5;

export function overviewView(input: FrameInput & OverviewData): OverviewView {
  const wording = wordingFor(input);
  const { text, format } = wording;
  const { overview: words, usage } = text;
  const { listing, prices, report } = input;
  const figures = figuresFor(input.viewer, wording, prices?.currency);
  // What is wrong comes first, and what is on before what is off.
  const endpoints = (listing?.endpoints ?? []).toSorted(
    (a, b) => weights[b.status.state] - weights[a.status.state],
  );
  const totals = totalsOfMonth(report, prices, false, figures, wording);
  return {
    frame: frameOf(input, wording, {
      name: 'overview',
      title: words.title,
      icon: endpoints[0]?.status.state === 'needs-attention' ? 'needs-attention' : 'on',
      path: '/admin',
    }),
    title: words.title,
    intro: words.intro,
    attention: {
      title: words.attention.title,
      items: attentionItems(input, endpoints, figures, wording),
      nothing: words.attention.nothing,
    },
    schedule: scheduleView(input, wording),
    pausing: pausingView(input, wording),
    notDone: input.notDone === true ? text.frame.notDone : null,
    denials: denialsView(input, figures, wording),
    month: {
      ...totals,
      title: words.month.title(figures.month(report.month)),
      more: {
        href: reportHref('/admin/usage', { month: report.month }),
        text: words.month.more,
        label: null,
      },
      zone: usage.accountsZone(input.timeZone),
    },
    endpoints: {
      title: words.endpoints.title,
      connectedLabel: words.endpoints.connected,
      rows: endpoints.map((endpoint) =>
        endpointRow(
          endpoint,
          report.endpoints.find(({ endpointId }) => endpointId === endpoint.endpoint.id) ?? null,
          input,
          figures,
          wording,
        ),
      ),
      none: listing === null ? words.endpoints.notRead : words.endpoints.none,
    },
    asOf: listing === null ? null : text.frame.asOf(format.time(listing.readAt)),
  };
}

const weights: Readonly<Record<EndpointState, number>> = {
  'needs-attention': 4,
  starting: 3,
  stopping: 2,
  on: 1,
  off: 0,
};

function attentionItems(
  input: FrameInput & OverviewData,
  endpoints: readonly EndpointForPerson[],
  figures: Figures,
  wording: Wording,
): OverviewView['attention']['items'] {
  const { text, format } = wording;
  const { attention: words, schedule } = text.overview;
  const items: { text: string; link: Link | null }[] = scheduleProblems(input, wording).map(
    (problem) => ({ text: problem, link: null }),
  );
  for (const endpoint of endpoints) {
    const { lacksRules, reason, state } = endpoint.status;
    const link = {
      href: endpointPath(endpoint),
      text: words.look,
      label: text.endpoint.detailsOf(endpoint.name),
    };
    const unreadSeconds =
      input.listing === null ? null : unreadFor(endpoint, input.listing, input.now);
    // What the schedule rehearses is said once, and not of each endpoint.
    if (unreadSeconds !== null) {
      const why = reason.code === 'reading-incomplete' ? text.reason(reason, format).happened : '';
      items.push({ text: words.unread(endpoint.name, format.roughly(unreadSeconds), why), link });
    } else if (state === 'needs-attention' && reason.code !== 'dry-run') {
      const { happened } = text.reason(reason, format);
      items.push({ text: words.endpoint(endpoint.name, happened), link });
    }
    if (lacksRules) items.push({ text: words.noRules(endpoint.name), link });
  }
  if (input.listing?.schedule?.dryRun === true) items.push({ text: schedule.dryRun, link: null });
  const { gapSeconds } = input.report.total;
  if (gapSeconds > 0) items.push({ text: words.gaps(figures.hours(gapSeconds)), link: null });
  return items;
}

/**
 * For how many seconds an endpoint could not be read completely, where that is too long; else `null`.
 * While the schedule does not run, that is what people are told.
 */
function unreadFor({ status }: EndpointForPerson, listing: Listing, now: Date): number | null {
  const { reason, seen, since } = status;
  const readAt = seen?.at ?? (reason.code === 'reading-incomplete' ? since : null);
  if (readAt === null || !isAtWork(listing, now)) return null;
  return minutesAfter(readAt, unreadAfterMinutes) < now ? secondsBetween(readAt, now) : null;
}

function endpointRow(
  endpoint: EndpointForPerson,
  report: EndpointReport | null,
  { viewer }: Pick<FrameInput, 'viewer'>,
  figures: Figures,
  { text, format }: Wording,
): EndpointRow {
  const { administration, endpoint: states, overview } = text;
  const { endpoints: words } = overview;
  const { name, status } = endpoint;
  const told = text.reason(status.reason, format);
  const named = (status.seen?.connections ?? []).slice(0, connectedShown);
  const more = status.connected - named.length;
  const mayAct = may(viewer, 'endpoint:hold') || may(viewer, 'endpoint:stop');
  return {
    id: endpoint.endpoint.id,
    name,
    href: endpointPath(endpoint),
    badge: {
      state: status.state,
      stateText: states.states[status.state],
      since:
        status.since === null
          ? null
          : {
              text: states.sinceTime(format.time(status.since)),
              iso: status.since.toISOString(),
            },
    },
    happening: told.happened,
    next: told.next,
    connected: [
      ...named.map(({ establishedAt, person }) =>
        words.since(
          person === '' ? administration.connections.unnamed : person,
          format.time(establishedAt),
        ),
      ),
      ...(more > 0 ? [words.more(figures.count(more))] : []),
    ],
    nobody: status.seen === null ? words.unread : words.nobody,
    figures:
      report === null
        ? [{ label: words.thisMonth, value: words.noFigures }]
        : [
            { label: words.onHours, value: figures.hours(report.onSeconds) },
            ...(report.cost === null
              ? []
              : [
                  {
                    label: words.cost,
                    value: figures.money(report.cost.associations + report.cost.connections),
                  },
                  { label: words.saved, value: figures.money(report.cost.saved) },
                ]),
          ],
    act: {
      href: endpointPath(endpoint),
      text: mayAct ? words.act : words.open,
      label: mayAct ? words.actOf(name) : words.openOf(name),
    },
  };
}
