/**
 * The rows of the table under a heading, or another line of its own, of a document: the text of each
 * cell, without backquotes.
 *
 * @throws {Error} where there is no such line, or no table under it
 */
export function tableUnder(markdown: string, line: string): readonly (readonly string[])[] {
  const start = `\n${markdown}`.indexOf(`\n${line}\n`);
  if (start < 0) throw new Error(`there is no "${line}"`);
  const [, table] = /\n((?:\|.*\n)+)/.exec(markdown.slice(start)) ?? [];
  if (table === undefined) throw new Error(`there is no table under "${line}"`);
  return table
    .trim()
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    );
}
