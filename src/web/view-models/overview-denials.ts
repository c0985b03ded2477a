import type { ConnectDenial } from '../../audit/connect-denials.ts';
import type { Listing } from '../../lease/endpoint-directory.ts';
import type { Moment } from '../locales/index.ts';
import type { Figures } from './usage-figures.ts';
import type { Link, Wording } from './viewer.ts';

/** Who was not let in lately, and why. */
export interface DenialsView {
  readonly title: string;
  readonly intro: string;
  readonly rows: readonly { readonly at: Moment; readonly text: string }[];
  readonly none: string;
  readonly all: Link;
}

export function denialsView(
  { denials, listing }: { denials: readonly ConnectDenial[]; listing: Listing | null },
  figures: Figures,
  { text }: Wording,
): DenialsView {
  const words = text.denials;
  const names = new Map((listing?.endpoints ?? []).map((each) => [each.endpoint.id, each.name]));
  return {
    title: words.title,
    intro: words.intro,
    rows: denials.map(({ at, endpointId, person, reason }) => ({
      at: figures.moment(at),
      text: words.row(
        person === '' ? words.nobody : person,
        endpointId === null ? words.noEndpoint : (names.get(endpointId) ?? endpointId),
        words.reasons[reason],
      ),
    })),
    none: words.none,
    all: { href: '/admin/audit', text: words.all, label: null },
  };
}
