import { readFileSync } from 'node:fs';
import path from 'node:path';

/* What the local stack takes, read off its source, for the documents to be held against. */

const folder = path.join(import.meta.dirname, '../scripts/local');
const read = (file: string): string => readFileSync(path.join(folder, file), 'utf8');

export const settingsSource = read('settings.ts');

export const localVariables = [...settingsSource.matchAll(/^ {2}(LOCAL_[A-Z_]+):/gm)].map(
  ([, name = '']) => name,
);

/** Addresses as the documents write them, with `{id}` for what varies. */
export const localControls = [
  ...[...read('controls.ts').matchAll(/method: '([A-Z]+)',\n\s+path: \/\^(\S+)\$\/,/g)].map(
    ([, method = '', pattern = '']) =>
      `${method} ${pattern.replaceAll('\\/', '/').replace('([^/]+)', '{id}')}`,
  ),
  'POST /local/sign-in',
  'GET /local/state',
];
