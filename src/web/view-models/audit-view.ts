import { readDetail } from '../../audit/audit-detail.ts';
import type { AuditEntry, AuditPage } from '../../audit/audit-log.ts';
import type { Month } from '../../usage/calendar.ts';
import type { Moment } from '../locales/index.ts';
import type { ReportFilter } from '../report-query.ts';
import type { EndpointNames } from '../usage-reading.ts';
import type { Frame } from './frame.ts';
import { frameOf } from './frame.ts';
import type { Figures } from './usage-figures.ts';
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
    readonly labels: Readonly<Record<AuditColumn, string>>;
    readonly rows: readonly AuditRow[];
    readonly none: string;
    readonly pager: Pager;
  };
  readonly download: DownloadView;
  readonly asOf: null;
}

type AuditColumn = keyof Wording['text']['audit']['columns'];

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
const quietOutcomes: ReadonlySet<string> = new Set(['begun', 'abandoned', 'out-of-time']);

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
      labels: columns,
      rows: page.entries.map((entry) => rowOf(entry, names, figures, wording)),
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

function rowOf(
  entry: AuditEntry,
  names: EndpointNames,
  figures: Figures,
  wording: Wording,
): AuditRow {
  const { audit: words } = wording.text;
  const { actor, endpointId, outcome } = entry;
  // The portal's own acts come from no address, and nobody who signs in can take its name.
  const own = entry.address === null ? words.actors[actor.id] : undefined;
  return {
    at: figures.moment(entry.at),
    actor: own ?? actor.name,
    address: entry.address ?? (own === undefined ? words.noAddress : words.inside),
    action: words.actions[entry.action],
    detail: detailOf(entry, figures, wording),
    endpoint: endpointId === null ? words.noEndpoint : (names.get(endpointId) ?? endpointId),
    outcome: words.outcomes[outcome] ?? outcome,
    tone: goodOutcomes.has(outcome) ? 'good' : quietOutcomes.has(outcome) ? 'quiet' : 'bad',
    requestIds: entry.requestIds,
    noRequest: words.noRequest,
  };
}

function detailOf(entry: AuditEntry, figures: Figures, { format, text }: Wording): string {
  const { details: words } = text.audit;
  const detail = readDetail(entry);
  const end = (until: Date | null): string =>
    until === null ? words.untilNoTime : words.until(figures.moment(until).text);
  switch (detail.kind) {
    case 'until':
      return end(detail.until);
    case 'minutes':
      return detail.minutes === null
        ? words.noLength
        : words.length(format.minutes(detail.minutes));
    case 'hold':
      return words.hold(words.holds[detail.hold ?? 'neither'], end(detail.until), detail.why);
    case 'pause':
      return words.pause(end(detail.until), detail.why);
    case 'reason': {
      const { code, silent } = detail;
      const why = reasonWords(code, text.audit.reasons);
      return silent === 0 ? why : words.silent(why, silent, format.count(silent));
    }
    case 'termination':
      return words.termination(detail.connectionId, detail.by);
    case 'refusals': {
      const { further } = detail;
      const count = further === null ? null : { value: further, figure: format.count(further) };
      return words.refusals(count, figures.moment(detail.since).text);
    }
    case 'text':
      return detail.text;
  }
}

/** One that is not in use any more is shown as it was written. */
function reasonWords(code: string, words: Readonly<Partial<Record<string, string>>>): string {
  return (Object.hasOwn(words, code) ? words[code] : undefined) ?? code;
}
