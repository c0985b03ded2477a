import ejs from 'ejs';

import { templatesIn } from './templates-in-folder.ts';

/** Renders a template, named by its path in the folder without its ending, with a view-model. */
export type Render = (name: string, view: object) => string;

/**
 * What turns the direction of the text after it: in a name that somebody has chosen it would change what
 * the rest of the row seems to say. No sentence of the portal needs one.
 */
const directions = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** Most of what is shown has none of those, and nothing that would be markup. */
const special = new RegExp(`[&<>'"]|${directions.source}`);

/** What `<%= %>` writes of a value. */
function shown(value?: unknown): string {
  if (typeof value === 'string' && !special.test(value)) return value;
  return ejs.escapeXML(value).replaceAll(directions, '');
}

/**
 * Compiles every template once, at the start: a mistake in one is found before the first request,
 * and `this.include` in a template is a call, not EJS's own look at the disk and copy of the data.
 * Templates read nothing but `view`, so that no global is in their reach by accident.
 *
 * @throws {Error} naming the template that does not compile
 */
export function compileTemplates(folder: string): Render {
  const render: Render = (name, view) => {
    const template = templates.get(name);
    if (template === undefined) throw new Error(`there is no template ${name}`);
    return template(view);
  };
  const templates = templatesIn(folder, { escape: shown, include: render });
  return render;
}
