import type { Month } from '../../usage/calendar.ts';
import { daysOf } from '../../usage/calendar.ts';
import { personKey } from '../../usage/connection-record.ts';
import type { Prices } from '../../usage/cost.ts';
import type { OnPeriod } from '../../usage/on-period.ts';
import type { MonthReport } from '../../usage/usage-reports.ts';
import type { ConnectionsPage } from '../../usage/usage-store.ts';
import type { UsageQuery } from '../report-query.ts';
import { connectionsCursorText, defaultSort, sortText } from '../report-query.ts';
import type { EndpointNames } from '../usage-reading.ts';
import type { DaysChart } from './chart-days.ts';
import { daysChart } from './chart-days.ts';
import type { Frame } from './frame.ts';
import { frameOf } from './frame.ts';
import { figuresFor } from './usage-figures.ts';
import type { Figures } from './usage-figures.ts';
import type { FilterView, Parameters } from './usage-filter.ts';
import { filterParameters, filterView, queryOf, reportHref } from './usage-filter.ts';
import type { HeatMap } from './usage-heat-map.ts';
import { heatMap } from './usage-heat-map.ts';
import type { PeopleView } from './usage-people.ts';
import { peopleView } from './usage-people.ts';
import type { PeriodsView } from './usage-periods.ts';
import { periodsView } from './usage-periods.ts';
import type { RecordsView } from './usage-records.ts';
import { pagerOf, recordRows } from './usage-records.ts';
import type { TotalsView } from './usage-totals.ts';
import { totalsOfMonth, totalsOfPerson } from './usage-totals.ts';
import type { FrameInput, Link, Wording } from './viewer.ts';
import { wordingFor } from './viewer.ts';

/** What the page tells. */
export interface UsageData {
  readonly query: UsageQuery;
  readonly report: MonthReport;
  readonly names: EndpointNames;
  readonly records: ConnectionsPage;
  /** The oldest first. */
  readonly periods: readonly OnPeriod[];
  readonly prices: Prices | null;
  /** The accounts' zone. */
  readonly timeZone: string;
  readonly thisMonth: Month;
  readonly oldestMonth: Month;
}

export interface UsageView {
  readonly frame: Frame;
  readonly title: string;
  readonly intro: string;
  readonly zone: string;
  readonly filter: FilterView;
  readonly totals: TotalsView;
  /** What belongs to endpoints and to no single person; `null` where one person is shown. */
  readonly endpoints: {
    /** `null` where there are no figures to draw. */
    readonly pictures: { readonly chart: DaysChart; readonly week: HeatMap } | null;
    readonly people: PeopleView;
    readonly periods: PeriodsView;
  } | null;
  readonly records: RecordsView;
  readonly download: DownloadView;
  readonly asOf: null;
}

/** The files, of the whole of what is shown or of some days of it. */
export interface DownloadView {
  readonly title: string;
  readonly links: readonly Link[];
  readonly someDays: {
    readonly title: string;
    readonly action: string;
    readonly fields: readonly { readonly name: string; readonly value: string }[];
    readonly from: { readonly label: string; readonly value: string };
    readonly to: { readonly label: string; readonly value: string };
    readonly first: string;
    readonly last: string;
    /** `null` where there is but one kind. */
    readonly kinds: {
      readonly label: string;
      readonly choices: readonly { readonly value: string; readonly text: string }[];
    } | null;
    readonly button: string;
  };
}

const path = '/admin/usage';
const csvPath = '/admin/usage.csv';

export function usageView(input: FrameInput & UsageData): UsageView {
  const wording = wordingFor(input);
  const { usage: words } = wording.text;
  const { names, periods, prices, query, report, timeZone } = input;
  const figures = figuresFor(input.viewer, wording, prices?.currency);
  const filter = filterParameters(query);
  const isOneEndpoint = query.endpointId !== null;
  return {
    frame: frameOf(input, wording, {
      name: 'usage',
      title: `${words.title} – ${figures.month(query.month)}`,
      icon: 'on',
      path,
      query: queryOf({ ...filter, ...choicesOf(query), periods: pageText(query) }),
    }),
    title: words.title,
    intro: words.intro,
    zone: words.accountsZone(timeZone),
    filter: filterView(
      {
        path,
        filter: query,
        names,
        thisMonth: input.thisMonth,
        oldestMonth: input.oldestMonth,
        personHint: words.filter.personHint,
      },
      figures,
      wording,
    ),
    totals:
      query.person === ''
        ? totalsOfMonth(report, prices, isOneEndpoint, figures, wording)
        : totalsOfPerson(report, personIn(report, query.person), figures, wording),
    endpoints:
      query.person !== ''
        ? null
        : {
            pictures:
              report.computedAt === null
                ? null
                : {
                    chart: daysChart(report, figures, wording),
                    week: heatMap(report, timeZone, figures, wording),
                  },
            people: peopleView(
              report.people,
              {
                path,
                parameters: filter,
                sort: query.sort,
                all: query.allPeople,
                beyond: report.peopleBeyond,
              },
              figures,
              wording,
            ),
            periods: periodsView(
              periods,
              { names, page: query.periodsPage, hrefTo: periodsHref(query) },
              figures,
              wording,
            ),
          },
    records: recordsView(input, figures, wording),
    download: downloadView(filter, query, wording),
    asOf: null,
  };
}

/** Where a page of on-periods is, with the rest as it is shown. */
function periodsHref(query: UsageQuery): (page: number) => string {
  const parameters = { ...filterParameters(query), ...choicesOf(query) };
  return (page) =>
    `${reportHref(path, { ...parameters, periods: page === 1 ? '' : page.toString() })}#periods`;
}

function personIn({ people }: MonthReport, person: string): MonthReport['people'][number] | null {
  return people.find((total) => personKey(total.person) === personKey(person)) ?? null;
}

function pageText({ periodsPage }: UsageQuery): string {
  return periodsPage === 1 ? '' : periodsPage.toString();
}

/** What has been chosen beyond the filter, where it is not what is shown anyhow. */
function choicesOf({ allPeople, order, sort }: UsageQuery): Parameters {
  return {
    sort: sortText(sort) === sortText(defaultSort) ? '' : sortText(sort),
    people: allPeople ? 'all' : '',
    order: order === 'newest-first' ? '' : order,
  };
}

function recordsView(
  { names, query, records }: UsageData,
  figures: Figures,
  wording: Wording,
): RecordsView {
  const { records: words } = wording.text.usage;
  const parameters = { ...filterParameters(query), ...choicesOf(query) };
  const hrefTo = (changes: Parameters): string =>
    `${reportHref(path, { ...parameters, ...changes })}#records`;
  return {
    id: 'records',
    title: words.title,
    note: words.note,
    ...recordRows(records.connections, names, true, figures, wording),
    none: records.next === null ? words.none : words.noneYet,
    ordersLabel: words.order,
    orders: (['newest-first', 'oldest-first'] as const).map((order) => ({
      href: hrefTo({ order: order === 'newest-first' ? '' : order }),
      text: order === 'newest-first' ? words.newestFirst : words.oldestFirst,
      label: null,
      isCurrent: order === query.order,
    })),
    pager: pagerOf(
      {
        first: query.after === null ? null : hrefTo({}),
        next: records.next === null ? null : hrefTo({ after: connectionsCursorText(records.next) }),
      },
      wording,
    ),
  };
}

function downloadView(
  filter: Parameters,
  { month, person }: UsageQuery,
  wording: Wording,
): DownloadView {
  const { download: words } = wording.text.usage;
  const connections: Link = {
    href: reportHref(csvPath, filter),
    text: words.connections,
    label: null,
  };
  const periods: Link = {
    href: reportHref(csvPath, { ...filter, kind: 'periods' }),
    text: words.periods,
    label: null,
  };
  // A period belongs to nobody in particular.
  const hasPeriods = person === '';
  return {
    title: words.title,
    links: hasPeriods ? [connections, periods] : [connections],
    someDays: someDays(
      { action: csvPath, filter, month },
      hasPeriods
        ? {
            label: words.kind,
            choices: [
              { value: 'connections', text: words.connections },
              { value: 'periods', text: words.periods },
            ],
          }
        : null,
      wording,
    ),
  };
}

/** A form for the files of some days of a month. */
export function someDays(
  file: { readonly action: string; readonly filter: Parameters; readonly month: Month },
  kinds: DownloadView['someDays']['kinds'],
  { text }: Wording,
): DownloadView['someDays'] {
  const { download: words } = text.usage;
  const days = daysOf(file.month);
  const first = days[0] ?? '';
  const last = days.at(-1) ?? '';
  return {
    title: words.someDays,
    action: file.action,
    fields: Object.entries(file.filter)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => ({ name, value })),
    from: { label: words.from, value: first },
    to: { label: words.to, value: last },
    first,
    last,
    kinds,
    button: words.button,
  };
}
