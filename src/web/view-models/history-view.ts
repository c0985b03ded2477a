import type { Listing } from '../../lease/endpoint-directory.ts';
import { endOfLease } from '../../usage/lease-record.ts';
import type {
  ConnectionsCursor,
  ConnectionsPage,
  LeasesCursor,
  LeasesPage,
} from '../../usage/usage-store.ts';
import { connectionsCursorText, leasesCursorText } from '../report-query.ts';
import type { EndpointNames } from '../usage-reading.ts';
import type { Moment } from '../locales/index.ts';
import type { Frame } from './frame.ts';
import { frameOf } from './frame.ts';
import { endpointPath } from './lease-form.ts';
import { figuresFor } from './usage-figures.ts';
import { queryOf, reportHref } from './usage-filter.ts';
import type { Pager, RecordsView } from './usage-records.ts';
import { pagerOf, recordRows } from './usage-records.ts';
import type { FrameInput, Wording } from './viewer.ts';
import { wordingFor } from './viewer.ts';

export interface HistoryData {
  /** `null` while AWS has not been read even once. */
  readonly listing: Listing | null;
  readonly records: ConnectionsPage;
  readonly after: ConnectionsCursor | null;
  readonly leases: LeasesPage;
  readonly asked: LeasesCursor | null;
}

/** What somebody may see of themselves. */
export interface HistoryView {
  readonly frame: Frame;
  readonly title: string;
  readonly intro: string;
  readonly leases: {
    readonly title: string;
    readonly columns: readonly string[];
    readonly rows: readonly {
      readonly name: string;
      readonly href: string;
      readonly since: Moment;
      readonly until: Moment;
    }[];
    readonly none: string;
  };
  /** Those that are over. */
  readonly earlier: {
    readonly title: string;
    readonly note: string;
    readonly columns: readonly string[];
    readonly rows: readonly {
      readonly name: string;
      readonly since: Moment;
      readonly ended: Moment;
      readonly how: string;
    }[];
    readonly none: string;
    readonly pager: Pager;
  };
  readonly records: RecordsView;
  readonly asOf: null;
}

const path = '/history';

export function historyView(input: FrameInput & HistoryData): HistoryView {
  const wording = wordingFor(input);
  const { history: words } = wording.text;
  const { after, asked, listing, records } = input;
  const figures = figuresFor(input.viewer, wording);
  const endpoints = listing?.endpoints ?? [];
  const names: EndpointNames = new Map(
    endpoints.map(({ endpoint, name }) => [endpoint.id, name] as const),
  );
  const places = {
    after: after === null ? '' : connectionsCursorText(after),
    asked: asked === null ? '' : leasesCursorText(asked),
  };
  return {
    frame: frameOf(input, wording, {
      name: 'history',
      title: words.title,
      icon: 'on',
      path,
      query: queryOf(places),
    }),
    title: words.title,
    intro: words.intro,
    leases: {
      title: words.leases.title,
      columns: [words.leases.endpoint, words.leases.since, words.leases.until],
      rows: endpoints.flatMap((endpoint) =>
        endpoint.ownLease === null
          ? []
          : [
              {
                name: endpoint.name,
                href: endpointPath(endpoint),
                since: wording.format.moment(endpoint.ownLease.requestedAt),
                until: wording.format.moment(endpoint.ownLease.until),
              },
            ],
      ),
      none: listing === null ? words.leases.unread : words.leases.none,
    },
    earlier: earlierLeases(input, names, places, wording),
    records: {
      id: 'records',
      title: words.connections.title,
      note: null,
      ...recordRows(records.connections, names, false, figures, wording),
      none: words.connections.none,
      orders: [],
      ordersLabel: '',
      pager: pagerOf(
        {
          first: after === null ? null : reportHref(path, { ...places, after: '' }),
          next:
            records.next === null
              ? null
              : reportHref(path, { ...places, after: connectionsCursorText(records.next) }),
        },
        wording,
      ),
    },
    asOf: null,
  };
}

/** What was asked for before; what is still held stands above it, as of now. */
function earlierLeases(
  { asked, leases, now, viewer }: FrameInput & HistoryData,
  names: EndpointNames,
  places: Readonly<Record<'after' | 'asked', string>>,
  wording: Wording,
): HistoryView['earlier'] {
  const words = wording.text.history.earlier;
  const figures = figuresFor(viewer, wording);
  const hrefTo = (place: string): string =>
    `${reportHref(path, { ...places, asked: place })}#earlier`;
  return {
    title: words.title,
    note: words.note,
    columns: [words.endpoint, words.since, words.ended, words.how],
    rows: leases.leases.flatMap((lease) => {
      const end = endOfLease(lease, now);
      if (end === null) return [];
      return [
        {
          name: names.get(lease.endpointId) ?? lease.endpointId,
          since: figures.moment(lease.from),
          ended: figures.moment(end.at),
          how: words.endings[end.how],
        },
      ];
    }),
    none: words.none,
    pager: {
      ...pagerOf(
        {
          first: asked === null ? null : hrefTo(''),
          next: leases.next === null ? null : hrefTo(leasesCursorText(leases.next)),
        },
        wording,
      ),
      label: words.pages,
    },
  };
}
