import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { LocalStackError } from './listen.ts';
import { systemErrorCode } from './system-error.ts';

/**
 * Reads a file that an earlier run saved.
 *
 * @returns `null` where there is none
 * @throws {LocalStackError} naming the file when it is there and cannot be used
 */
export function readSavedFile(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return null;
    throw damagedFile(path, error);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw damagedFile(path, error);
  }
}

export function damagedFile(path: string, cause: unknown): LocalStackError {
  return new LocalStackError(
    `The file ${path} is damaged or of another version; delete it to begin anew.`,
    { cause },
  );
}

/** Whole or not at all: a process killed in the middle leaves the file of before. */
export function writeSavedFile(path: string, content: unknown): void {
  const unfinished = `${path}.new`;
  writeFileSync(unfinished, `${JSON.stringify(content)}\n`);
  renameSync(unfinished, path);
}
