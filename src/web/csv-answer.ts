import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { Response } from 'express';

import type { Cell } from './csv.ts';
import { byteOrderMark, csvRow } from './csv.ts';
import type { ReportPage } from './locales/report-problem.ts';
import { PageError } from './page-error.ts';

export interface CsvFile {
  readonly name: string;
  /** Stable, whatever the language: programs read them. */
  readonly columns: readonly string[];
  /** A page of the store at a time. */
  readonly rows: AsyncIterable<readonly (readonly Cell[])[]>;
  /** Where to go back to from a file that is too long. */
  readonly page: ReportPage;
}

/**
 * Sends a file as it is read, so that a long one needs no more memory than a short one; or, where an
 * answer may only be so long, all at once, or not at all.
 *
 * @throws {PageError} where it is too long, or the store does not answer at the beginning
 */
export async function sendCsv(
  response: Response,
  file: CsvFile,
  longestAnswerBytes: number | null,
): Promise<void> {
  const pages = textsOf(file);
  if (longestAnswerBytes !== null) {
    const whole = await collected(pages, longestAnswerBytes, file.page);
    setHead(response, file.name);
    response.end(whole);
    return;
  }
  // Before the head: a store that cannot be read is then still an error page.
  const beginning = await pages.next();
  setHead(response, file.name);
  const all = async function* (): AsyncGenerator<string> {
    if (beginning.done !== true) yield beginning.value;
    yield* pages;
  };
  await pipeline(Readable.from(all()), response);
}

async function* textsOf({ columns, rows }: CsvFile): AsyncGenerator<string> {
  let head = `${byteOrderMark}${csvRow(columns)}`;
  for await (const page of rows) {
    yield head + page.map(csvRow).join('');
    head = '';
  }
  if (head !== '') yield head;
}

async function collected(
  pages: AsyncIterable<string>,
  longestBytes: number,
  page: ReportPage,
): Promise<string> {
  const parts: string[] = [];
  let bytes = 0;
  for await (const text of pages) {
    // As it travels out of a Lambda function: in JSON, where a quote or a line's end takes more.
    bytes += Buffer.byteLength(JSON.stringify(text));
    if (bytes > longestBytes) throw new PageError({ code: 'answer-too-long', longestBytes, page });
    parts.push(text);
  }
  return parts.join('');
}

function setHead(response: Response, name: string): void {
  response.attachment(name);
  response.set('content-type', 'text/csv; charset=utf-8');
}
