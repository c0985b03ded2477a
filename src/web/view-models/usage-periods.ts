import type { OnPeriod } from '../../usage/on-period.ts';
import type { Moment } from '../locales/index.ts';
import type { EndpointNames } from '../usage-reading.ts';
import type { Figures } from './usage-figures.ts';
import type { Column, Pager } from './usage-records.ts';
import { columnsOf } from './usage-records.ts';
import type { Wording } from './viewer.ts';

export interface PeriodsView {
  readonly title: string;
  readonly note: string;
  readonly columns: readonly Column[];
  /** The columns' names, for a phone, where a row is a block. */
  readonly labels: Readonly<Record<PeriodLabel, string>>;
  /** The newest first. */
  readonly rows: readonly {
    readonly endpoint: string;
    readonly network: string;
    readonly from: Moment;
    /** `null` while it lasts. */
    readonly to: Moment | null;
    readonly lasting: string;
    readonly hours: string;
    readonly startedBy: string;
    readonly endedBecause: string;
    /** What is not known of it, because nobody looked. */
    readonly gaps: readonly string[];
  }[];
  readonly none: string;
  /** Which of how many these are; `null` where they are all of them. */
  readonly shown: string | null;
  readonly pager: Pager;
}

type PeriodLabel = 'endpoint' | 'network' | 'from' | 'to' | 'hours' | 'startedBy' | 'endedBecause';

const shownAtOnce = 25;

/**
 * All of a month's are read to find those that touch it, so that any page of them is at hand.
 *
 * @param periods the oldest first
 * @param options.page from 1; beyond the last one there is nothing
 */
export function periodsView(
  periods: readonly OnPeriod[],
  options: {
    readonly names: EndpointNames;
    readonly page: number;
    readonly hrefTo: (page: number) => string;
  },
  figures: Figures,
  wording: Wording,
): PeriodsView {
  const { periods: words, records } = wording.text.usage;
  const { endpoint, from, hours, to } = records;
  const { endedBecause, network, startedBy } = words;
  const { hrefTo, names, page } = options;
  const first = (page - 1) * shownAtOnce;
  const listed = periods.toReversed().slice(first, first + shownAtOnce);
  const isLast = first + shownAtOnce >= periods.length;
  const count = (index: number): string => figures.count(index);
  return {
    title: words.title,
    note: words.note,
    columns: columnsOf([endpoint, network, from, to, hours, startedBy, endedBecause], [hours]),
    labels: { endpoint, network, from, to, hours, startedBy, endedBecause },
    rows: listed.map((period) => ({
      endpoint: names.get(period.endpointId) ?? period.endpointId,
      network: period.subnetId ?? period.associationId,
      from: figures.moment(period.from),
      to: period.to === null ? null : figures.moment(period.to),
      lasting: words.lasting,
      hours: figures.hours(((period.to ?? period.seenAt).getTime() - period.from.getTime()) / 1000),
      startedBy: starterOf(period, words.starters),
      endedBecause: period.endedBecause === null ? words.lasting : words.ends[period.endedBecause],
      gaps: [
        ...(period.unobservedSince === null
          ? []
          : [words.beganUnobserved(figures.moment(period.unobservedSince).text)]),
        ...(period.unobservedUntil === null
          ? []
          : [words.endedUnobserved(figures.moment(period.unobservedUntil).text)]),
      ],
    })),
    none: words.none,
    shown:
      listed.length === 0 || listed.length === periods.length
        ? null
        : words.shown(count(first + 1), count(first + listed.length), count(periods.length)),
    pager: {
      label: words.pages,
      first: page === 1 ? null : { href: hrefTo(1), text: words.newest, label: null },
      next: isLast ? null : { href: hrefTo(page + 1), text: words.earlier, label: null },
    },
  };
}

function starterOf(
  { startedBy }: OnPeriod,
  words: Wording['text']['usage']['periods']['starters'],
): string {
  switch (startedBy.kind) {
    case 'person':
      return startedBy.name;
    case 'administrator':
      return words.administrator(startedBy.name);
    case 'portal':
    case 'outside':
      return words[startedBy.kind];
  }
}
