import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { letInUnjudged, unjudgedReasons } from '../src/audit/connect-denials.ts';
import { en } from '../src/web/locales/en.ts';

/* What no page shows is in everybody's way: texts, styles, and parts of templates. */

const root = path.join(import.meta.dirname, '..');

/** The text of every file under a folder whose name ends so. */
function textsIn(folder: string, ending: RegExp): readonly { file: string; text: string }[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name))
    .map((name) => path.posix.join(folder, name))
    .map((file) => ({ file, text: readFileSync(path.join(root, file), 'utf8') }));
}

const joined = (texts: readonly { text: string }[]): string =>
  texts.map(({ text }) => text).join('\n');
const wordsOf = (text: string): ReadonlySet<string> => new Set(text.match(/[\w-]+/g));

const templates = textsIn('views', /\.ejs$/);
const scripts = textsIn('views/assets', /\.js$/);
const code = textsIn('src', /\.ts$/);
const ofPages = joined([...templates, ...scripts]);
const localStack = joined(textsIn('scripts/local', /\.ts$/));

describe('what no page uses', () => {
  it.each([
    ...textsIn('views', /\.css$/).map((sheet) => ({ ...sheet, pages: ofPages })),
    ...textsIn('scripts/local', /\.css$/).map((sheet) => ({ ...sheet, pages: localStack })),
  ])('is no class in $file', ({ pages, text }) => {
    const selectors = text.replaceAll(/\/\*[^]*?\*\//g, '').replaceAll(/\{[^{}]*\}/g, '{}');
    const classes = new Set([...selectors.matchAll(/\.([a-z][\w-]*)/g)].map(([, name]) => name));
    expect(classes.size).toBeGreaterThan(5);
    const used = wordsOf(pages);
    // `badge-<%= view.card.state %>`: the rest is a word of the code.
    const beginnings = [...pages.matchAll(/\b([a-z][\w-]*-)<%=/g)].map(([, begin = '']) => begin);
    const rest = wordsOf(joined(code));
    const isMade = (name: string): boolean =>
      beginnings.some((begin) => name.startsWith(begin) && rest.has(name.slice(begin.length))) ||
      /^(?:heat|chart-labels)-\d+$/.test(name);
    const unused = [...classes].filter((name = '') => !used.has(name) && !isMade(name));
    expect(unused).toEqual([]);
  });

  it('is no property in a style sheet', () => {
    const sheets = joined(textsIn('views', /\.css$/));
    const properties = new Set(
      [...sheets.matchAll(/(--[\w-]+)\s*:/g)].map(([, name = '']) => name),
    );
    expect(properties.size).toBeGreaterThan(10);
    expect([...properties].filter((name) => !sheets.includes(`var(${name}`))).toEqual([]);
  });

  it('is no part of a template', () => {
    const included = new Set([...ofPages.matchAll(/include\('([^']+)'/g)].map(([, name]) => name));
    const sent = wordsOf(joined(code));
    const parts = templates
      .map(({ file }) => file.replace(/^views\/|\.ejs$/g, ''))
      // A page's template is named after the page.
      .filter((name) => !included.has(name) && !sent.has(path.basename(name)));
    expect(parts).toEqual([]);
  });

  it('is no text', () => {
    const users = code.filter(({ file }) => !file.startsWith('src/web/locales/'));
    const inLocales = joined(textsIn('src/web/locales', /^(?!(?:en|ja)\.ts)[a-z-]+\.ts$/));
    const used = wordsOf(`${joined(users)}\n${inLocales}\n${joined(templates)}`);
    // Made from the reasons, and looked up as the audit has them.
    const made = new Set(unjudgedReasons.map(letInUnjudged));
    const unused = keysOf(en).filter((name) => !used.has(name) && !made.has(name));
    expect(keysOf(en).length).toBeGreaterThan(300);
    expect(unused).toEqual([]);
  });
});

/** Every name in a catalogue, however deep. */
function keysOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([name, inside]) => [name, ...keysOf(inside)]);
}
