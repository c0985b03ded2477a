import type { Request } from 'express';

import type { Day, Month } from '../usage/calendar.ts';
import { daysOf, parseMonth, rangeOfDay, rangeOfMonth } from '../usage/calendar.ts';
import type { TimeRange } from '../usage/on-period.ts';
import type { ConnectionsCursor, ConnectionsQuery, LeasesCursor } from '../usage/usage-store.ts';
import { parseConnectionId, parseEndpointId } from '../vpn/ids.ts';
import type { EndpointId } from '../vpn/ids.ts';
import type { FilterPart, ReportPage } from './locales/report-problem.ts';
import { PageError } from './page-error.ts';

/** What a report is about. */
export interface ReportFilter {
  readonly month: Month;
  /** `null` for every endpoint. */
  readonly endpointId: EndpointId | null;
  /** Empty for everybody. */
  readonly person: string;
}

export const peopleColumns = ['name', 'hours', 'connections', 'bytes'] as const;
export type PeopleColumn = (typeof peopleColumns)[number];

export interface PeopleSort {
  readonly by: PeopleColumn;
  readonly descending: boolean;
}

/** A usage page, or its files. */
export interface UsageQuery extends ReportFilter {
  readonly sort: PeopleSort;
  /** Everybody in the list of people, not only those who come first. */
  readonly allPeople: boolean;
  readonly order: ConnectionsQuery['order'];
  readonly after: ConnectionsCursor | null;
  /** Of on-periods, from 1. */
  readonly periodsPage: number;
}

/** Nobody's name is longer; a key of the table may not be much longer. */
export const longestPerson = 256;
const longestPlace = 120;

/* Each throws a `PageError` that says what of the address cannot be used. */

export function reportFilterOf(request: Request, page: ReportPage, thisMonth: Month): ReportFilter {
  const field = fieldsOf(request, page);
  const monthText = field('month', 'month');
  const month = monthText === '' ? thisMonth : parseMonth(monthText);
  if (month === null) throw notUsable('month', page);
  const endpointText = field('endpoint', 'endpoint');
  const endpointId = endpointText === '' ? null : parseEndpointId(endpointText);
  if (endpointText !== '' && endpointId === null) throw notUsable('endpoint', page);
  const person = field('person', 'person').trim();
  if (person.length > longestPerson) throw notUsable('person', page);
  return { month, endpointId, person };
}

export const defaultSort: PeopleSort = { by: 'hours', descending: true };

export function usageQueryOf(request: Request, page: ReportPage, thisMonth: Month): UsageQuery {
  const field = fieldsOf(request, page);
  const sortText = field('sort', 'sort');
  const sort = sortText === '' ? defaultSort : sortOf(sortText);
  const order = field('order', 'sort');
  if (sort === null) throw notUsable('sort', page);
  if (order !== '' && order !== 'newest-first' && order !== 'oldest-first') {
    throw notUsable('sort', page);
  }
  return {
    ...reportFilterOf(request, page, thisMonth),
    sort,
    allPeople: field('people', 'sort') === 'all',
    order: order === '' ? 'newest-first' : order,
    after: connectionsCursorOf(request, page),
    periodsPage: pageOf(field('periods', 'page'), page),
  };
}

function pageOf(text: string, page: ReportPage): number {
  if (text === '') return 1;
  if (!/^[1-9][0-9]{0,4}$/.test(text)) throw notUsable('page', page);
  return Number(text);
}

/** `-hours` is descending. */
function sortOf(text: string): PeopleSort | null {
  const descending = text.startsWith('-');
  const by = peopleColumns.find((column) => column === (descending ? text.slice(1) : text));
  return by === undefined ? null : { by, descending };
}

export function sortText({ by, descending }: PeopleSort): string {
  return `${descending ? '-' : ''}${by}`;
}

export function connectionsCursorOf(request: Request, page: ReportPage): ConnectionsCursor | null {
  const text = fieldsOf(request, page)('after', 'place');
  if (text === '') return null;
  const [time = '', id = ''] = text.split('_', 2);
  const connectionId = parseConnectionId(id);
  const from = timeOf(time);
  if (connectionId === null || from === null) throw notUsable('place', page);
  return { from, connectionId };
}

export function connectionsCursorText({ connectionId, from }: ConnectionsCursor): string {
  return `${from.toISOString()}_${connectionId}`;
}

/** Where the list of one's own leases goes on. */
export function leasesCursorOf(request: Request, page: ReportPage): LeasesCursor | null {
  const text = fieldsOf(request, page)('asked', 'place');
  if (text === '') return null;
  const [time = '', id = ''] = text.split('_', 2);
  const endpointId = parseEndpointId(id);
  const from = timeOf(time);
  if (endpointId === null || from === null) throw notUsable('place', page);
  return { from, endpointId };
}

export function leasesCursorText({ endpointId, from }: LeasesCursor): string {
  return `${from.toISOString()}_${endpointId}`;
}

/** `null` for text that is not a time exactly as the portal writes it. */
function timeOf(text: string): Date | null {
  const time = new Date(text);
  return !Number.isNaN(time.getTime()) && time.toISOString() === text ? time : null;
}

/** A place that is not in what is listed, or no longer. */
export function refusePlaceOutside(
  after: { readonly from: Date } | null,
  range: TimeRange,
  page: ReportPage,
): void {
  if (after !== null && (after.from < range.from || after.from >= range.to)) {
    throw notUsable('place', page);
  }
}

/** Where a list of the audit goes on: the audit's own text, which only it can read. */
export function auditPlaceOf(request: Request): string | null {
  const text = fieldsOf(request, '/admin/audit')('after', 'place');
  if (text === '') return null;
  if (text.length > longestPlace || !/^[\x21-\x7e]+$/.test(text)) {
    throw notUsable('place', '/admin/audit');
  }
  return text;
}

/** The month, or the days of it that are asked for by `from` and `to`, both included. */
export function rangeFor(
  request: Request,
  page: ReportPage,
  month: Month,
  timeZone: string,
): TimeRange & { readonly isWholeMonth: boolean } {
  const field = fieldsOf(request, page);
  const from = field('from', 'days');
  const to = field('to', 'days');
  if (from === '' && to === '') return { ...rangeOfMonth(month, timeZone), isWholeMonth: true };
  const days = daysOf(month);
  const first = dayIn(days, from === '' ? days[0] : from, page);
  const last = dayIn(days, to === '' ? days.at(-1) : to, page);
  if (first > last) throw notUsable('days', page);
  return {
    from: rangeOfDay(first, timeZone).from,
    to: rangeOfDay(last, timeZone).to,
    isWholeMonth: false,
  };
}

function dayIn(days: readonly Day[], text: string | undefined, page: ReportPage): Day {
  const day = days.find((each) => each === text);
  if (day === undefined) throw notUsable('days', page);
  return day;
}

export function notUsable(part: FilterPart, page: ReportPage): PageError {
  return new PageError({ code: 'filter-not-usable', part, page });
}

/** One field of the address; empty where it is missing. */
function fieldsOf(request: Request, page: ReportPage) {
  return (name: string, part: FilterPart): string => {
    const value = request.query[name] ?? '';
    if (typeof value !== 'string') throw notUsable(part, page);
    return value;
  };
}
