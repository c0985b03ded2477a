import type { AuditEntry, AuditPage } from '../../audit/audit-log.ts';
import type { Month } from '../../usage/calendar.ts';
import type { Moment } from '../locales/index.ts';
import type { ReportFilter } from '../report-query.ts';
import type { EndpointNames } from '../usage-reading.ts';
import type { Frame } from './frame.ts';
import { frameOf } from './frame.ts';
import { figuresFor } from './usage-figures.ts';
import type { FilterView } from './usage-filter.ts';
import { filterParameters, filterView, queryOf, reportHref } from './usage-filter.ts';
import type { Pager } from './usage-records.ts';
import { pagerOf } from './usage-records.ts';
import type { DownloadView } from './usage-view.ts';
import { someDays } from './usage-view.ts';
import type { FrameInput, Wording } from './viewer.ts';
import { wordingFor } from './viewer.ts';

export interface AuditData {
  readonly filter: ReportFilter;
  readonly names: EndpointNames;
  readonly page: AuditPage;
  readonly after: string | null;
  /** The accounts' zone. */
  readonly timeZone: string;
  readonly thisMonth: Month;
  readonly oldestMonth: Month;
}

export interface AuditView {
  readonly frame: Frame;
  readonly title: string;
  readonly intro: string;
  readonly zone: string;
  readonly filter: FilterView;
  readonly entries: {
    readonly columns: readonly string[];
    readonly rows: readonly AuditRow[];
    readonly none: string;
    readonly pager: Pager;
  };
  readonly download: DownloadView;
  readonly asOf: null;
}

export interface AuditRow {
  readonly at: Moment;
  readonly actor: string;
  readonly address: string;
  readonly action: string;
  readonly detail: string;
  readonly endpoint: string;
  readonly outcome: string;
  readonly tone: 'good' | 'bad' | 'quiet';
  readonly requestIds: readonly string[];
  readonly noRequest: string;
}

const path = '/admin/audit';
const csvPath = '/admin/audit.csv';

/** What went as it was wished; everything else was refused, or has failed. */
const goodOutcomes: ReadonlySet<string> = new Set([
  'recorded',
  'confirmed',
  'released',
  'downloaded',
  'done',
]);
const quietOutcomes: ReadonlySet<string> = new Set(['abandoned', 'out-of-time']);

export function auditView(input: FrameInput & AuditData): AuditView {
  const wording = wordingFor(input);
  const { audit: words, usage } = wording.text;
  const { after, filter, names, page, timeZone } = input;
  const figures = figuresFor(input.viewer, wording);
  const parameters = filterParameters(filter);
  const { columns } = words;
  return {
    frame: frameOf(input, wording, {
      name: 'audit',
      title: `${words.title} – ${figures.month(filter.month)}`,
      icon: 'on',
      path,
      query: queryOf(parameters),
    }),
    title: words.title,
    intro: words.intro,
    zone: usage.accountsZone(timeZone),
    filter: filterView(
      {
        path,
        filter,
        names,
        thisMonth: input.thisMonth,
        oldestMonth: input.oldestMonth,
        personHint: words.personHint,
      },
      figures,
      wording,
    ),
    entries: {
      columns: [
        columns.at,
        columns.actor,
        columns.action,
        columns.endpoint,
        columns.outcome,
        columns.address,
        columns.requestIds,
      ],
      rows: page.entries.map((entry) => rowOf(entry, names, figures.moment(entry.at), wording)),
      none: page.next === null ? words.none : words.noneYet,
      pager: pagerOf(
        {
          first: after === null ? null : reportHref(path, parameters),
          next: page.next === null ? null : reportHref(path, { ...parameters, after: page.next }),
        },
        wording,
      ),
    },
    download: {
      title: usage.download.title,
      links: [{ href: reportHref(csvPath, parameters), text: words.download, label: null }],
      someDays: someDays(
        { action: csvPath, filter: parameters, month: filter.month },
        null,
        wording,
      ),
    },
    asOf: null,
  };
}

function rowOf(entry: AuditEntry, names: EndpointNames, at: Moment, { text }: Wording): AuditRow {
  const { audit: words } = text;
  const { actor, endpointId, outcome } = entry;
  // The portal's own acts come from no address, and nobody who signs in can take its name.
  const own = entry.address === null ? words.actors[actor.id] : undefined;
  return {
    at,
    actor: own ?? actor.name,
    address: entry.address ?? (own === undefined ? words.noAddress : words.inside),
    action: words.actions[entry.action],
    detail: entry.detail,
    endpoint: endpointId === null ? words.noEndpoint : (names.get(endpointId) ?? endpointId),
    outcome: words.outcomes[outcome] ?? outcome,
    tone: goodOutcomes.has(outcome) ? 'good' : quietOutcomes.has(outcome) ? 'quiet' : 'bad',
    requestIds: entry.requestIds,
    noRequest: words.noRequest,
  };
}
