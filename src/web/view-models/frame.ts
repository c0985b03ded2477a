import { catalogueOf, languages } from '../locales/index.ts';
import type { Navigation } from './navigation.ts';
import { navigationOf } from './navigation.ts';
import type { PauseBanner } from './pause-view.ts';
import { pauseBanner } from './pause-view.ts';
import type { FrameInput, Wording } from './viewer.ts';

export type PageName =
  | 'home'
  | 'endpoint'
  | 'confirm-stop'
  | 'history'
  | 'overview'
  | 'usage'
  | 'audit'
  | 'error'
  | 'signed-out';

/** What surrounds a page: its head, header and footer. */
export interface Frame {
  readonly page: PageName;
  readonly language: string;
  readonly timeZone: string;
  readonly title: string;
  readonly product: string;
  /** Goes before the title of a page that the script changes. */
  readonly icon: string;
  readonly stylesheet: string;
  /** Of the pages with figures alone; `null` on the others. */
  readonly moreStyles: string | null;
  readonly script: string;
  readonly skip: string;
  readonly languageLabel: string;
  readonly languages: readonly {
    readonly code: string;
    readonly name: string;
    readonly href: string;
    readonly current: boolean;
  }[];
  /** `null` where nobody is signed in. */
  readonly person: { readonly name: string; readonly label: string } | null;
  readonly signOut: string;
  /** `null` where nobody is signed in. */
  readonly navigation: Navigation | null;
  /** Told on every page; `null` without a pause. */
  readonly pause: PauseBanner | null;
  readonly zone: string;
  /** For the script, which cannot know the language. */
  readonly messages: {
    readonly sessionEnded: string;
    readonly signInAgain: string;
    readonly notUpToDate: string;
  };
  readonly path: string;
}

/**
 * @param title what comes before the product's name; `null` for the name alone
 * @param icon what the tab shows
 * @param query what the address has beyond its path, which another language is to keep
 */
export function frameOf(
  input: FrameInput,
  wording: Wording,
  page: { name: PageName; title: string | null; icon: IconName; path: string; query?: string },
): Frame {
  const { text, format } = wording;
  const { viewer, assetUrl } = input;
  const { frame } = text;
  const path = ownPath(page.path);
  const kept = page.query === undefined || page.query === '' ? '' : `${page.query}&`;
  return {
    page: page.name,
    language: viewer.language,
    timeZone: viewer.timeZone,
    title: pageTitle(page.title, frame.product),
    product: frame.product,
    icon: assetUrl(`icon-${page.icon}.svg`),
    stylesheet: assetUrl('portal.css'),
    moreStyles: pagesWithFigures.has(page.name) ? assetUrl('usage.css') : null,
    script: assetUrl('live.js'),
    skip: frame.skip,
    languageLabel: frame.language,
    languages: languages.map((code) => ({
      code,
      name: catalogueOf(code).frame.languageName,
      href: `${path}?${kept}lang=${code}`,
      current: code === viewer.language,
    })),
    person:
      viewer.principal === null
        ? null
        : {
            name: viewer.principal.name,
            label: frame.signedInAs(viewer.principal.name),
          },
    signOut: frame.signOut,
    navigation:
      viewer.principal === null ? null : navigationOf(viewer.principal, page.name, text.navigation),
    pause: pauseBanner(input, wording),
    zone: frame.zone(viewer.timeZone, format.zone),
    messages: {
      sessionEnded: frame.sessionEnded,
      signInAgain: frame.signInAgain,
      notUpToDate: frame.notUpToDate,
    },
    path,
  };
}

const pagesWithFigures: ReadonlySet<PageName> = new Set(['history', 'overview', 'usage', 'audit']);

/** Of a state, or of one that is on and goes off soon. */
export type IconName = 'off' | 'starting' | 'on' | 'ending' | 'stopping' | 'needs-attention';

export function pageTitle(title: string | null, product: string): string {
  return title === null ? product : `${title} · ${product}`;
}

/** A path that starts with two slashes would be an address at another host. */
function ownPath(path: string): string {
  return /^\/(?![/\\])/.test(path) ? path : '/';
}
