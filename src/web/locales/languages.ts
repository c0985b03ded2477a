export const languages = ['en', 'ja'] as const;
export type Language = (typeof languages)[number];

/** What is spoken to somebody whose browser asks for none of our languages. */
export const defaultLanguage: Language = 'en';

/** `null` for a language that the pages do not have. */
export function parseLanguage(text: string): Language | null {
  return languages.find((language) => language === text) ?? null;
}

/**
 * The language of ours that the browser prefers. `ja-JP` counts as `ja`; `q=0` means never; of two
 * with the same weight the first wins.
 *
 * Source: RFC 9110, 12.5.4 (Accept-Language) and 12.4.2 (quality values).
 */
export function negotiateLanguage(acceptLanguage: string | undefined): Language {
  let best: Language = defaultLanguage;
  let bestWeight = 0;
  for (const range of (acceptLanguage ?? '').slice(0, 1000).split(',')) {
    const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const language = tag === '*' ? defaultLanguage : parseLanguage(tag.split('-')[0] ?? '');
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    const weight = quality === undefined ? 1 : Number(quality.slice(2));
    if (language !== null && weight > bestWeight && weight <= 1) {
      best = language;
      bestWeight = weight;
    }
  }
  return best;
}
