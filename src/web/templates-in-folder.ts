import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import ejs from 'ejs';

/** What a template is given beside its view. */
export interface TemplateTools {
  /** What `<%= %>` writes of a value. */
  readonly escape: (value?: unknown) => string;
  /** `this.include` in a template. */
  readonly include: (name: string, view: object) => string;
}

/** How each template is compiled, wherever that is done: here, or when a bundle is made. */
export const templateOptions = {
  _with: false,
  localsName: 'view',
  strict: true,
  // What templates are given are view-models, which no request can shape: they need no copy
  // without a prototype, as data from outside would.
  unsafePrototypeLocals: true,
} as const;

/** The source of each template under this folder, by its path without the ending. */
export function templateSources(folder: string): ReadonlyMap<string, string> {
  return new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => path.extname(file) === '.ejs')
      .map((file) => [
        file.slice(0, -'.ejs'.length).replaceAll(path.sep, '/'),
        readFileSync(path.join(folder, file), 'utf8'),
      ]),
  );
}

/**
 * Compiles every template under a folder. In a Lambda bundle these are functions of the bundle's own
 * code instead (`scripts/bundle/compiled-templates.ts`): there is nothing to compile at a start.
 *
 * @returns them by their path in the folder without its ending
 * @throws {Error} naming the template that does not compile
 */
export function templatesIn(
  folder: string,
  { escape, include }: TemplateTools,
): ReadonlyMap<string, (view: object) => string> {
  const options = { ...templateOptions, escape, context: { include } };
  return new Map(
    [...templateSources(folder)].map(([name, source]) => {
      try {
        return [name, ejs.compile(source, options)];
      } catch (error) {
        throw new Error(`compiling the template ${name}`, { cause: error });
      }
    }),
  );
}
