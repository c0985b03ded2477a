import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { z } from 'zod';

import { compiledTemplates } from '../../scripts/bundle/compiled-templates.ts';
import { compileTemplates } from '../../src/web/templates.ts';
import type { Render } from '../../src/web/templates.ts';

const templates = path.join(import.meta.dirname, '../../src/web/templates.ts');
const bundled = z.object({ compileTemplates: z.custom<typeof compileTemplates>() });
const nowhere = '/nowhere';

let folder = '';
let bundles = 0;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'compiled-templates-'));
});
beforeEach(() => {
  rmSync(path.join(folder, 'views'), { recursive: true, force: true });
  for (const name of ['pages', 'partials']) {
    mkdirSync(path.join(folder, 'views', name), { recursive: true });
  }
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const write = (name: string, text: string): void => {
  writeFileSync(path.join(folder, 'views', `${name}.ejs`), text);
};

/** What a bundle would render with, which has no folder of templates beside it. */
async function renderOfBundle(): Promise<Render> {
  bundles += 1;
  const outfile = path.join(folder, `bundle-${bundles}.cjs`);
  await build({
    entryPoints: [templates],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    minifySyntax: true,
    logLevel: 'silent',
    plugins: [compiledTemplates(path.join(folder, 'views'))],
  });
  const loaded = bundled.parse(createRequire(import.meta.url)(outfile));
  return loaded.compileTemplates(nowhere);
}

describe('the templates of a bundle', () => {
  it('write what those of a checkout write', async () => {
    write('partials/row', '<li title="<%= view.name %>"><%- view.markup %>\n</li>');
    write(
      'list',
      "<ul>\n<% for (const row of view.rows) { -%>\n  <%- this.include('partials/row', row) %>\n<% } -%>\n</ul>",
    );
    const view = { rows: [{ name: '"><b>', markup: '<i></i>' }, { name: '\u202Etxt' }] };
    const render = await renderOfBundle();
    const written = render('list', view);
    expect(written).toBe(compileTemplates(path.join(folder, 'views'))('list', view));
    expect(written).toContain('title="&#34;&gt;&lt;b&gt;"');
    expect(written).toContain('title="txt"');
  });

  it('are strict: a name that nobody has declared is not made a global', async () => {
    write('careless', '<% undeclared = 1; %>');
    const render = await renderOfBundle();
    expect(() => render('careless', {})).toThrow('undeclared is not defined');
  });

  it('are named where they fail', async () => {
    write('pages/broken', '<%= view.absent.name %>');
    const render = await renderOfBundle();
    let stack: unknown;
    try {
      render('pages/broken', {});
    } catch (error) {
      stack = z.object({ stack: z.string() }).parse(error).stack;
    }
    expect(stack).toContain('pages/broken');
  });

  it('are no more than there are', async () => {
    const render = await renderOfBundle();
    expect(() => render('nowhere', {})).toThrow('there is no template nowhere');
  });

  it('stop the bundle where one does not compile, and say which', async () => {
    write('partials/row', '<% if (view.name) { %>');
    await expect(renderOfBundle()).rejects.toThrow('compiling the template partials/row');
  });
});
