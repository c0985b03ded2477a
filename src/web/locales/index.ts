import type { Catalogue } from './en.ts';
import { en } from './en.ts';
import { ja } from './ja.ts';
import type { Language } from './languages.ts';

export type { Catalogue } from './en.ts';
export { createFormat, parseTimeZone } from './format.ts';
export type { Format, Moment } from './format.ts';
export { defaultLanguage, languages, negotiateLanguage, parseLanguage } from './languages.ts';
export type { Language } from './languages.ts';
export type { Notice, Told } from './told.ts';

const catalogues: Readonly<Record<Language, Catalogue>> = { en, ja };

export function catalogueOf(language: Language): Catalogue {
  return catalogues[language];
}
