import type { Prices } from '../../usage/cost.ts';
import type { PersonTotal } from '../../usage/totals.ts';
import type { MonthReport } from '../../usage/usage-reports.ts';
import type { Figures } from './usage-figures.ts';
import type { Wording } from './viewer.ts';

/** One figure of a report, which says what it is. */
export interface Figure {
  readonly label: string;
  readonly value: string;
  /** In words, for who wants to know; also shown by the pointer. */
  readonly explanation: string;
  /** What it is in proportion; `null` where that says nothing. */
  readonly note: string | null;
  readonly tone: 'plain' | 'good' | 'bad';
}

export interface TotalsView {
  readonly title: string;
  readonly estimate: string;
  readonly figures: readonly Figure[];
  /** What the reader has to know of them: no prices, nobody looked, one person alone. */
  readonly notes: readonly string[];
  readonly explain: { readonly title: string; readonly invoice: string };
  readonly asOf: string | null;
}

/** @param isOneEndpoint whether the report is of one endpoint alone */
export function totalsOfMonth(
  report: MonthReport,
  prices: Prices | null,
  isOneEndpoint: boolean,
  figures: Figures,
  wording: Wording,
): TotalsView {
  const { totals: words, share } = wording.text.usage;
  const { explanations } = words;
  const { total } = report;
  const { alwaysOnSeconds, connectionSeconds, cost, gapSeconds, onSeconds, people } = total;
  const plain = (label: string, value: string, explanation: string): Figure => ({
    label,
    value,
    explanation,
    note: null,
    tone: 'plain',
  });
  const hours: readonly Figure[] = [
    {
      ...plain(words.onHours, figures.hours(onSeconds), explanations.onHours),
      note: alwaysOnSeconds === 0 ? null : share(figures.percent(onSeconds / alwaysOnSeconds)),
    },
    plain(words.connectionHours, figures.hours(connectionSeconds), explanations.connectionHours),
    plain(words.people, figures.count(people), explanations.people),
  ];
  const money =
    cost === null || prices === null
      ? [plain(words.alwaysOnHours, figures.hours(alwaysOnSeconds), explanations.alwaysOnHours)]
      : [
          plain(
            words.cost,
            figures.money(cost.associations + cost.connections),
            [
              explanations.cost(
                figures.price(prices.perAssociationHour),
                figures.price(prices.perConnectionHour),
              ),
              prices.billing === 'pro-rated' ? explanations.proRated : explanations.fullHours,
            ].join(' '),
          ),
          plain(words.alwaysOn, figures.money(cost.alwaysOn), explanations.alwaysOn),
          ...(isOneEndpoint
            ? []
            : [
                plain(
                  words.portal,
                  figures.money(cost.portal),
                  explanations.portal(figures.money(prices.portalPerMonth)),
                ),
              ]),
          {
            ...plain(
              cost.saved < 0 ? words.lost : words.saved,
              figures.money(Math.abs(cost.saved)),
              explanations.saved,
            ),
            note: gapSeconds === 0 ? null : words.savedUnread(figures.hours(gapSeconds)),
            tone: cost.saved < 0 ? ('bad' as const) : ('good' as const),
          },
        ];
  return {
    ...headOf(report, figures, wording),
    figures: report.computedAt === null ? [] : [...hours, ...money],
    notes: [
      ...(report.computedAt === null ? [words.none] : []),
      ...(prices === null ? [words.noPrices] : []),
      ...(prices !== null && isOneEndpoint ? [explanations.portalNotSplit] : []),
      ...(gapSeconds === 0
        ? []
        : [(isOneEndpoint ? words.notObservedHere : words.notObserved)(figures.hours(gapSeconds))]),
    ],
  };
}

/** One person's, of which no money can be said. */
export function totalsOfPerson(
  report: MonthReport,
  person: PersonTotal | null,
  figures: Figures,
  wording: Wording,
): TotalsView {
  const { totals: words } = wording.text.usage;
  const { explanations } = words;
  const plain = { note: null, tone: 'plain' } as const;
  return {
    ...headOf(report, figures, wording),
    figures: [
      {
        ...plain,
        label: words.connectionHours,
        value: figures.hours(person?.connectionSeconds ?? 0),
        explanation: explanations.connectionHours,
      },
      {
        ...plain,
        label: words.connections,
        value: figures.count(person?.connections ?? 0),
        explanation: explanations.connections,
      },
      {
        ...plain,
        label: words.data,
        value: figures.bytes(person?.bytes ?? 0),
        explanation: explanations.data,
      },
    ],
    notes: [words.ofPerson],
  };
}

function headOf(
  { computedAt, month }: MonthReport,
  figures: Figures,
  { text }: Wording,
): Pick<TotalsView, 'title' | 'estimate' | 'explain' | 'asOf'> {
  const { estimate, totals: words } = text.usage;
  return {
    title: words.title(figures.month(month)),
    estimate,
    explain: { title: words.explain, invoice: words.invoice },
    asOf: computedAt === null ? null : words.asOf(figures.moment(computedAt).text),
  };
}
