import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from '@jest/globals';

/* What docs/security.md says is shown by a test is shown by one that is there. */

const root = path.join(import.meta.dirname, '..');
const document = readFileSync(path.join(root, 'docs/security.md'), 'utf8');

interface Evidence {
  readonly file: string;
  readonly titles: readonly string[];
}

/** A test file in backquotes, and the titles in quotation marks that come before the next one. */
function evidenceIn(markdown: string): readonly Evidence[] {
  const pieces = markdown.split(/`(test\/[^`\n]+)`/);
  return pieces.flatMap((file, at) => {
    if (at % 2 === 0) return [];
    // A list goes on in the lines below; a row of a table, or a paragraph, ends it.
    const [after = ''] = (pieces[at + 1] ?? '').split(/\n(?! {2}\S)/);
    const titles = [...after.matchAll(/“([^”]+)”/g)].map(([, title = '']) =>
      title.replace(/\s+/g, ' '),
    );
    return [{ file, titles }];
  });
}

const evidence = evidenceIn(document);

/** As it stands in the source: on one line, whatever quotes are around it. */
function titlesIn(file: string): string {
  return readFileSync(path.join(root, file), 'utf8').replaceAll("\\'", "'");
}

describe('the document on security', () => {
  it('names tests by file and by title', () => {
    expect(evidence.length).toBeGreaterThan(100);
    expect(evidence.flatMap(({ titles }) => titles).length).toBeGreaterThan(150);
  });

  it('names files that are there', () => {
    const files = [...new Set(evidence.map(({ file }) => file))];
    expect(files.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  });

  it('quotes titles that stand in them', () => {
    const missing = evidence
      .filter(({ file }) => existsSync(path.join(root, file)))
      .flatMap(({ file, titles }) =>
        titles.filter((title) => !titlesIn(file).includes(title)).map((title) => [file, title]),
      );
    expect(missing).toEqual([]);
  });

  it('goes through every chapter of the standard', () => {
    const chapters = [...document.matchAll(/^### V(\d+) /gm)].map(([, chapter]) => Number(chapter));
    expect(chapters).toEqual(Array.from({ length: 17 }, (_, index) => index + 1));
  });

  it('says of each requirement how it stands, each once', () => {
    const rows = [...document.matchAll(/^\| (\d+\.\d+\.\d+) +\| ([^|]+)\| ([^\n]+)\|$/gm)];
    const numbers = rows.map(([, number]) => number);
    expect(numbers.length).toBeGreaterThan(120);
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const [, , about = '', stands = ''] of rows) {
      expect(about.trim()).not.toBe('');
      expect(stands.trim()).not.toBe('');
    }
  });
});
