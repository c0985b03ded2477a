import type { Listing } from '../../lease/endpoint-directory.ts';
import type { ConnectionsCursor, ConnectionsPage } from '../../usage/usage-store.ts';
import { connectionsCursorText } from '../report-query.ts';
import type { EndpointNames } from '../usage-reading.ts';
import type { Moment } from '../locales/index.ts';
import type { Frame } from './frame.ts';
import { frameOf } from './frame.ts';
import { endpointPath } from './lease-form.ts';
import { figuresFor } from './usage-figures.ts';
import { queryOf, reportHref } from './usage-filter.ts';
import type { RecordsView } from './usage-records.ts';
import { pagerOf, recordRows } from './usage-records.ts';
import type { FrameInput } from './viewer.ts';
import { wordingFor } from './viewer.ts';

export interface HistoryData {
  /** `null` while AWS has not been read even once. */
  readonly listing: Listing | null;
  readonly records: ConnectionsPage;
  readonly after: ConnectionsCursor | null;
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
  readonly records: RecordsView;
  readonly asOf: null;
}

const path = '/history';

export function historyView(input: FrameInput & HistoryData): HistoryView {
  const wording = wordingFor(input);
  const { history: words } = wording.text;
  const { after, listing, records } = input;
  const figures = figuresFor(input.viewer, wording);
  const endpoints = listing?.endpoints ?? [];
  const names: EndpointNames = new Map(
    endpoints.map(({ endpoint, name }) => [endpoint.id, name] as const),
  );
  return {
    frame: frameOf(input, wording, {
      name: 'history',
      title: words.title,
      icon: 'on',
      path,
      query: queryOf({ after: after === null ? '' : connectionsCursorText(after) }),
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
          first: after === null ? null : path,
          next:
            records.next === null
              ? null
              : reportHref(path, { after: connectionsCursorText(records.next) }),
        },
        wording,
      ),
    },
    asOf: null,
  };
}
