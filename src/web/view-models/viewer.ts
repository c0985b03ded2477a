import type { Principal } from '../../identity/principal.ts';
import type { Pause } from '../../lease/pause.ts';
import type { Catalogue, Format, Language } from '../locales/index.ts';
import { catalogueOf, createFormat } from '../locales/index.ts';

/** Who reads the page, and how. `principal` is `null` where nobody is signed in. */
export interface Viewer {
  readonly principal: Principal | null;
  readonly language: Language;
  /** An IANA zone that `parseTimeZone` has accepted. */
  readonly timeZone: string;
}

/** What every page needs to know. */
export interface FrameInput {
  readonly viewer: Viewer;
  /** As it is stored: it may be over. */
  readonly pause: Pause | null;
  /** The path of the page, without its query. */
  readonly path: string;
  readonly assetUrl: (name: string) => string;
  readonly requestId: string;
  readonly now: Date;
}

/** The viewer's words and figures. */
export interface Wording {
  readonly text: Catalogue;
  readonly format: Format;
}

export function wordingFor({ viewer, now }: Pick<FrameInput, 'viewer' | 'now'>): Wording {
  const text = catalogueOf(viewer.language);
  const format = createFormat({
    language: viewer.language,
    timeZone: viewer.timeZone,
    now,
    joinDay: text.frame.joinDay,
  });
  return { text, format };
}

export interface Link {
  readonly href: string;
  readonly text: string;
  /** For a screen reader, where the text alone would not say whose link it is. */
  readonly label: string | null;
}
