import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import ejs from 'ejs';

/** Renders a template of the folder with a view-model. */
export type Render = (file: string, view: object) => string;

/**
 * Compiles every template once, at the start: a mistake in one is found before the first request,
 * and an `include` is a call and no look at the disk. Templates read nothing but `view`, so that no
 * global is in their reach by accident.
 */
export function compileTemplates(folder: string): Render {
  const templates = new Map<string, Render>();

  function render(file: string, view: object): string {
    const template = templates.get(file);
    if (template === undefined) throw new Error(`there is no template ${file}`);
    return template(file, view);
  }

  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (path.extname(name) !== '.ejs') continue;
    const file = path.join(folder, name);
    const compiled = ejs.compile(readFileSync(file, 'utf8'), {
      client: true,
      filename: file,
      _with: false,
      localsName: 'view',
      strict: true,
    });
    const include = (included: string, view?: object): string =>
      render(path.join(path.dirname(file), `${included}.ejs`), view ?? {});
    templates.set(file, (_file, view) => compiled(view, ejs.escapeXML, include));
  }
  return render;
}
