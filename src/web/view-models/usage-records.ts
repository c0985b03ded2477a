import type { ConnectionRecord } from '../../usage/connection-record.ts';
import type { Moment } from '../locales/index.ts';
import type { EndpointNames } from '../usage-reading.ts';
import type { Figures } from './usage-figures.ts';
import type { Link, Wording } from './viewer.ts';

/** Connections, one a row. */
export interface RecordsView {
  readonly id: string;
  readonly title: string;
  readonly note: string | null;
  /** Without a person where they are all the viewer's own. */
  readonly columns: readonly Column[];
  /** Beside each figure, where there is no room for columns. */
  readonly labels: Readonly<Record<RecordLabel, string>>;
  readonly rows: readonly {
    readonly id: string;
    readonly person: string | null;
    readonly endpoint: string;
    readonly from: Moment;
    /** `null` while it is open. */
    readonly to: Moment | null;
    readonly open: string;
    readonly hours: string;
    readonly sent: string;
    readonly received: string;
    readonly address: string;
    readonly ending: string;
  }[];
  readonly none: string;
  /** The two orders; empty where there is but one. */
  readonly orders: readonly (Link & { readonly isCurrent: boolean })[];
  readonly ordersLabel: string;
  readonly pager: Pager;
}

export type RecordLabel =
  'person' | 'endpoint' | 'from' | 'to' | 'hours' | 'sent' | 'received' | 'ending' | 'address';

export interface Column {
  readonly text: string;
  readonly isNumber: boolean;
}

export interface Pager {
  readonly label: string;
  /** `null` on the first page. */
  readonly first: Link | null;
  /** `null` on the last one. */
  readonly next: Link | null;
}

export function recordRows(
  records: readonly ConnectionRecord[],
  names: EndpointNames,
  withPerson: boolean,
  figures: Figures,
  { text }: Wording,
): Pick<RecordsView, 'columns' | 'labels' | 'rows'> {
  const { records: words, unnamed } = text.usage;
  return {
    columns: columnsOf(
      [
        ...(withPerson ? [words.person] : []),
        words.endpoint,
        words.from,
        words.to,
        words.hours,
        words.sent,
        words.received,
        words.ending,
        words.address,
      ],
      [words.hours, words.sent, words.received],
    ),
    labels: words,
    rows: records.map((record) => ({
      id: record.connectionId,
      person: withPerson ? (record.person === '' ? unnamed : record.person) : null,
      endpoint: names.get(record.endpointId) ?? record.endpointId,
      from: figures.moment(record.from),
      to: record.to === null ? null : figures.moment(record.to),
      open: words.open,
      hours: figures.hours(((record.to ?? record.seenAt).getTime() - record.from.getTime()) / 1000),
      sent: figures.bytes(record.ingressBytes),
      received: figures.bytes(record.egressBytes),
      address: record.clientAddress,
      ending: record.ending === null ? words.stillOpen : words.endings[record.ending],
    })),
  };
}

export function columnsOf(texts: readonly string[], numbers: readonly string[]): readonly Column[] {
  return texts.map((text) => ({ text, isNumber: numbers.includes(text) }));
}

export function pagerOf(
  { first, next }: { readonly first: string | null; readonly next: string | null },
  { text }: Wording,
): Pager {
  const { pager: words } = text.usage;
  return {
    label: words.label,
    first: first === null ? null : { href: first, text: words.first, label: null },
    next: next === null ? null : { href: next, text: words.next, label: null },
  };
}
