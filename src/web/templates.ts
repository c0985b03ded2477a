import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import ejs from 'ejs';

/** Renders a template, named by its path in the folder without its ending, with a view-model. */
export type Render = (name: string, view: object) => string;

/**
 * Compiles every template once, at the start: a mistake in one is found before the first request,
 * and an include is looked up here, not on the disk for each request, as EJS does by itself.
 * Templates read nothing but `view`, so that no global is in their reach by accident.
 *
 * @throws {Error} naming the template that does not compile
 */
export function compileTemplates(folder: string): Render {
  const options: Omit<ejs.Options, 'async' | 'client'> = {
    cache: true,
    // A template that had a file name would have its includes searched for beside it.
    includer: (name) => ({ filename: nameIn(folder, name) }),
    _with: false,
    localsName: 'view',
    strict: true,
  };
  const templates = new Map<string, ejs.TemplateFunction>();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (path.extname(file) !== '.ejs') continue;
    const name = file.slice(0, -'.ejs'.length);
    try {
      const template = ejs.compile(readFileSync(path.join(folder, file), 'utf8'), options);
      templates.set(name, template);
      ejs.cache.set(nameIn(folder, name), template);
    } catch (error) {
      throw new Error(`compiling the template ${name}`, { cause: error });
    }
  }
  return (name, view) => {
    const template = templates.get(name);
    if (template === undefined) throw new Error(`there is no template ${name}`);
    return template(view);
  };
}

/** EJS keeps the templates of all folders in one place. */
function nameIn(folder: string, name: string): string {
  return path.join(folder, name);
}
