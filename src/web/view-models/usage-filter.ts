import type { Month } from '../../usage/calendar.ts';
import { monthAfter } from '../../usage/calendar.ts';
import type { EndpointId } from '../../vpn/ids.ts';
import { longestPerson } from '../report-query.ts';
import type { ReportFilter } from '../report-query.ts';
import type { EndpointNames } from '../usage-reading.ts';
import type { Figures } from './usage-figures.ts';
import type { Link, Wording } from './viewer.ts';

export interface FilterView {
  readonly action: string;
  readonly title: string;
  readonly month: Choices;
  readonly endpoint: Choices;
  readonly person: {
    readonly label: string;
    readonly value: string;
    readonly hint: string;
    readonly longest: number;
  };
  readonly button: string;
  /** `null` where nothing is filtered. */
  readonly reset: Link | null;
  readonly monthsLabel: string;
  readonly earlier: Link | null;
  readonly later: Link | null;
}

interface Choices {
  readonly label: string;
  readonly choices: readonly {
    readonly value: string;
    readonly text: string;
    readonly selected: boolean;
  }[];
}

export type Parameters = Readonly<Record<string, string>>;

/** The parameters that say what a report is about. */
export function filterParameters({ endpointId, month, person }: ReportFilter): Parameters {
  return { month, endpoint: endpointId ?? '', person };
}

/** An address, without the parameters that are empty. */
export function reportHref(path: string, parameters: Parameters): string {
  const query = queryOf(parameters);
  return query === '' ? path : `${path}?${query}`;
}

export function queryOf(parameters: Parameters): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== '');
  return new URLSearchParams(given).toString();
}

/**
 * @param input.thisMonth the last month that can be chosen
 * @param input.oldestMonth the first one that there may be anything of
 */
export function filterView(
  input: {
    readonly path: string;
    readonly filter: ReportFilter;
    readonly names: EndpointNames;
    readonly thisMonth: Month;
    readonly oldestMonth: Month;
    readonly personHint: string;
  },
  figures: Figures,
  { text }: Wording,
): FilterView {
  const { filter, names, oldestMonth, path, thisMonth } = input;
  const { filter: words } = text.usage;
  const { endpointId, month, person } = filter;
  const endpoints = new Map<EndpointId, string>(names);
  if (endpointId !== null && !endpoints.has(endpointId)) endpoints.set(endpointId, endpointId);
  const monthLink = (to: Month, label: (month: string) => string): Link => ({
    href: reportHref(path, { ...filterParameters(filter), month: to }),
    text: label(figures.month(to)),
    label: null,
  });
  return {
    action: path,
    title: words.title,
    month: {
      label: words.month,
      choices: monthsTo(thisMonth, oldestMonth, month).map((value) => ({
        value,
        text: figures.month(value),
        selected: value === month,
      })),
    },
    endpoint: {
      label: words.endpoint,
      choices: [
        { value: '', text: words.everyEndpoint, selected: endpointId === null },
        ...[...endpoints].map(([value, name]) => ({
          value,
          text: name,
          selected: value === endpointId,
        })),
      ],
    },
    person: {
      label: words.person,
      value: person,
      hint: input.personHint,
      longest: longestPerson,
    },
    button: words.show,
    reset:
      endpointId === null && person === ''
        ? null
        : { href: reportHref(path, { month }), text: words.reset, label: null },
    monthsLabel: words.months,
    earlier: month > oldestMonth ? monthLink(monthAfter(month, -1), words.before) : null,
    later: month < thisMonth ? monthLink(monthAfter(month, 1), words.after) : null,
  };
}

/** The newest first, and the one that is shown, wherever it lies. */
function monthsTo(thisMonth: Month, oldest: Month, shown: Month): readonly Month[] {
  const months: Month[] = [];
  for (let month = thisMonth; month >= oldest; month = monthAfter(month, -1)) months.push(month);
  return months.includes(shown) ? months : [...months, shown].sort().toReversed();
}
