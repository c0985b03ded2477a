/**
 * Reads a CSV file as RFC 4180 has it, and nothing laxer.
 *
 * @throws {Error} where it is not one
 */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      at += 1;
      for (;;) {
        const quote = text.indexOf('"', at);
        if (quote === -1) throw new Error('a quote is not closed');
        cell += text.slice(at, quote);
        at = quote + 1;
        if (text[at] !== '"') break;
        cell += '"';
        at += 1;
      }
    } else {
      const end = /[",\r\n]|$/.exec(text.slice(at))?.index ?? 0;
      cell = text.slice(at, at + end);
      at += end;
    }
    row.push(cell);
    if (text[at] === ',') {
      at += 1;
      if (at === text.length) throw new Error('the last line does not end');
    } else if (text.startsWith('\r\n', at)) {
      at += 2;
      rows.push(row);
      row = [];
    } else {
      throw new Error(`at ${at.toString()} neither a cell nor a line ends`);
    }
    // A line that ends with a comma has an empty cell after it.
    if (text[at - 1] === ',' && text.startsWith('\r\n', at)) {
      row.push('');
      at += 2;
      rows.push(row);
      row = [];
    }
  }
  return rows;
}
