import { can } from '../../identity/principal.ts';
import type { Capability, Principal } from '../../identity/principal.ts';
import type { Catalogue } from '../locales/index.ts';
import type { PageName } from './frame.ts';

export interface Navigation {
  readonly label: string;
  readonly links: readonly {
    readonly href: string;
    readonly text: string;
    /** For `aria-current`: the page itself, or the section that it belongs to; `null` elsewhere. */
    readonly current: 'page' | 'true' | null;
  }[];
}

interface Section {
  readonly href: string;
  readonly text: keyof Catalogue['navigation']['links'];
  readonly page: PageName;
  /** Pages that lie under it. */
  readonly beneath: readonly PageName[];
  /** `null` for everybody. */
  readonly needs: Capability | null;
}

const sections: readonly Section[] = [
  {
    href: '/',
    text: 'endpoints',
    page: 'home',
    beneath: ['endpoint', 'confirm-stop'],
    needs: null,
  },
  { href: '/history', text: 'history', page: 'history', beneath: [], needs: null },
  { href: '/admin', text: 'overview', page: 'overview', beneath: [], needs: 'usage:read' },
  { href: '/admin/usage', text: 'usage', page: 'usage', beneath: [], needs: 'usage:read' },
  { href: '/admin/audit', text: 'audit', page: 'audit', beneath: [], needs: 'audit:read' },
];

/** The sections that a person may open. */
export function navigationOf(
  principal: Principal,
  page: PageName,
  words: Catalogue['navigation'],
): Navigation {
  return {
    label: words.label,
    links: sections
      .filter(({ needs }) => needs === null || can(principal, needs))
      .map((section) => ({
        href: section.href,
        text: words.links[section.text],
        current: section.page === page ? 'page' : section.beneath.includes(page) ? 'true' : null,
      })),
  };
}
