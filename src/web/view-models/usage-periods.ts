import type { OnPeriod } from '../../usage/on-period.ts';
import type { Moment } from '../locales/index.ts';
import type { EndpointNames } from '../usage-reading.ts';
import type { Figures } from './usage-figures.ts';
import type { Column } from './usage-records.ts';
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
  /** How many there are beyond those listed; `null` where that is all of them. */
  readonly more: string | null;
}

type PeriodLabel = 'endpoint' | 'network' | 'from' | 'to' | 'hours' | 'startedBy' | 'endedBecause';

const shownAtOnce = 25;

/** @param periods the oldest first */
export function periodsView(
  periods: readonly OnPeriod[],
  names: EndpointNames,
  figures: Figures,
  { text }: Wording,
): PeriodsView {
  const { periods: words, records } = text.usage;
  const { endpoint, from, hours, to } = records;
  const { endedBecause, network, startedBy } = words;
  const hidden = periods.length - shownAtOnce;
  return {
    title: words.title,
    note: words.note,
    columns: columnsOf([endpoint, network, from, to, hours, startedBy, endedBecause], [hours]),
    labels: { endpoint, network, from, to, hours, startedBy, endedBecause },
    rows: periods
      .slice(-shownAtOnce)
      .toReversed()
      .map((period) => ({
        endpoint: names.get(period.endpointId) ?? period.endpointId,
        network: period.subnetId ?? period.associationId,
        from: figures.moment(period.from),
        to: period.to === null ? null : figures.moment(period.to),
        lasting: words.lasting,
        hours: figures.hours(
          ((period.to ?? period.seenAt).getTime() - period.from.getTime()) / 1000,
        ),
        startedBy: starterOf(period, words.starters),
        endedBecause:
          period.endedBecause === null ? words.lasting : words.ends[period.endedBecause],
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
    more: hidden > 0 ? words.more(hidden, figures.count(hidden)) : null,
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
