import ejs from 'ejs';
import type { Plugin } from 'esbuild';
import { templateOptions, templateSources } from '../../src/web/templates-in-folder.ts';

/**
 * Makes every template a function of the bundle, with byte code like all the rest: compiling them took
 * a tenth of the portal's start. What they write is the same; a failure in one names the template in
 * its stack, and not the line of it.
 *
 * @throws {Error} when a template does not compile
 */
export function compiledTemplates(views: string): Plugin {
  return {
    name: 'compiled-templates',
    setup(build) {
      build.onLoad({ filter: /[\\/]src[\\/]web[\\/]templates-in-folder\.ts$/ }, () => ({
        contents: moduleOf(templateSources(views)),
        loader: 'js',
      }));
    },
  };
}

/** In the place of `templatesIn`, for the templates that there are when the bundle is made. */
function moduleOf(sources: ReadonlyMap<string, string>): string {
  const parameters = `${templateOptions.localsName}, escapeFn`;
  // As methods, so that each has its name in the stack of what goes wrong in it.
  const methods = [...sources].map(([name, text]) => {
    const { source } = compiled(name, text);
    return `${JSON.stringify(name)}(${parameters}) { 'use strict';\n${source}}`;
  });
  return `
const written = { ${methods.join(',\n')} };
export function templatesIn(_folder, { escape, include }) {
  const tools = { include };
  return new Map(
    Object.entries(written).map(([name, write]) => [name, (view) => write.call(tools, view, escape)]),
  );
}
`;
}

function compiled(name: string, text: string): ejs.Template {
  const template = new ejs.Template(text, { ...templateOptions, compileDebug: false });
  try {
    template.compile();
  } catch (error) {
    throw new Error(`compiling the template ${name}`, { cause: error });
  }
  return template;
}
