import type { PersonTotal } from '../../usage/totals.ts';
import { defaultSort, peopleColumns, sortText } from '../report-query.ts';
import type { PeopleColumn, PeopleSort } from '../report-query.ts';
import type { Figures } from './usage-figures.ts';
import type { Parameters } from './usage-filter.ts';
import { reportHref } from './usage-filter.ts';
import type { Link, Wording } from './viewer.ts';

export interface PeopleView {
  readonly title: string;
  readonly columns: readonly {
    readonly name: PeopleColumn;
    readonly link: Link;
    /** For `aria-sort`. */
    readonly sorted: 'ascending' | 'descending' | 'none';
  }[];
  readonly rows: readonly {
    /** A name, and the page of this person's use; no address where AWS names nobody. */
    readonly name: string;
    readonly href: string | null;
    readonly hours: string;
    readonly connections: string;
    readonly bytes: string;
    /** Of the hours of who has the most, in whole percent. */
    readonly percent: number;
  }[];
  readonly none: string;
  /** That there are more, whom the figures do not name; `null` where there are none. */
  readonly beyond: string | null;
  /** `null` where everybody is listed. */
  readonly showAll: Link | null;
}

const shownAtFirst = 20;

/** @param parameters of the page, without the order of people */
export function peopleView(
  people: readonly PersonTotal[],
  options: {
    readonly path: string;
    readonly parameters: Parameters;
    readonly sort: PeopleSort;
    readonly all: boolean;
    /** How many there are whom the figures do not name. */
    readonly beyond: number;
  },
  figures: Figures,
  { text }: Wording,
): PeopleView {
  const { all, parameters, path, sort } = options;
  const { people: words, unnamed } = text.usage;
  const labels: Readonly<Record<PeopleColumn, string>> = {
    name: words.person,
    hours: words.hours,
    connections: words.connections,
    bytes: words.data,
  };
  const sorted = people.toSorted((a, b) => (sort.descending ? -1 : 1) * compare(sort.by, a, b));
  const most = Math.max(1, ...people.map(({ connectionSeconds }) => connectionSeconds));
  const everybody = all ? 'all' : '';
  const order = sortText(sort) === sortText(defaultSort) ? '' : sortText(sort);
  return {
    title: words.title,
    columns: peopleColumns.map((name) => {
      const isCurrent = sort.by === name;
      // A figure is asked for because of its largest values, a name from the beginning.
      const descending = isCurrent ? !sort.descending : name !== 'name';
      return {
        name,
        link: {
          href: `${reportHref(path, {
            ...parameters,
            sort: sortText({ by: name, descending }),
            people: everybody,
          })}#people`,
          text: labels[name],
          label: words.sortBy(labels[name]),
        },
        sorted: isCurrent ? (sort.descending ? 'descending' : 'ascending') : 'none',
      };
    }),
    rows: (all ? sorted : sorted.slice(0, shownAtFirst)).map((total) => ({
      name: total.person === '' ? unnamed : total.person,
      href: total.person === '' ? null : reportHref(path, { ...parameters, person: total.person }),
      hours: figures.hours(total.connectionSeconds),
      connections: figures.count(total.connections),
      bytes: figures.bytes(total.bytes),
      percent: Math.round((100 * total.connectionSeconds) / most),
    })),
    none: words.none,
    beyond:
      options.beyond === 0 ? null : words.beyond(options.beyond, figures.count(options.beyond)),
    showAll:
      all || sorted.length <= shownAtFirst
        ? null
        : {
            href: `${reportHref(path, { ...parameters, sort: order, people: 'all' })}#people`,
            text: words.showAll(sorted.length, figures.count(sorted.length)),
            label: null,
          },
  };
}

function compare(by: PeopleColumn, a: PersonTotal, b: PersonTotal): number {
  switch (by) {
    case 'name':
      return a.person.localeCompare(b.person);
    case 'hours':
      return a.connectionSeconds - b.connectionSeconds;
    case 'connections':
      return a.connections - b.connections;
    case 'bytes':
      return a.bytes - b.bytes;
  }
}
