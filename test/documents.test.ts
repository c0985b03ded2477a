import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { connectEnvironment, serverEnvironment } from '../src/config/environment.ts';
import { anchorOf } from '../infra/lib/runbook.ts';
import { managedTag } from '../src/vpn/endpoint.ts';
import { policyTags } from '../src/vpn/policy.ts';
import { tableUnder } from './builders/markdown-table.ts';
import { localControls, localVariables } from './local-stack-names.ts';

const root = path.join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

const manifest = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read('package.json')));

/** What stands in backquotes, and every line of an indented block. */
function codeIn(markdown: string): readonly string[] {
  const spans = [...markdown.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  const lines = [...markdown.matchAll(/^ {4}(\S.*)$/gm)].map(([, code = '']) => code);
  return [...spans, ...lines];
}

function headingsIn(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
}

const variables = new Set([
  ...Object.keys(serverEnvironment.shape),
  ...Object.keys(connectEnvironment.shape),
  ...localVariables,
]);
const tags: readonly string[] = [managedTag, ...Object.values(policyTags)];
/** The portal's are held against the app by `test/web/routes-document.test.ts`. */
const portalRoutes = tableUnder(read('docs/architecture.md'), '<!-- routes -->').map(
  ([route = '']) => route,
);
const routes = new Set([...portalRoutes, ...localControls]);
/** What is written to the log, and what else the code says, as a constant. */
const source = ['src', 'infra'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => read(path.join(folder, name))),
);

describe.each(documents)('%s', (document) => {
  const markdown = read(document);
  const code = codeIn(markdown);

  it('names files and folders that are there', () => {
    const named = code
      .map((text) => text.replace(/^node /, '').split(' ')[0] ?? '')
      .filter((text) =>
        /^(?:src|scripts|test|views|docs|\.ci)\/|^[\w-]+\.(?:md|json|ts)$/.test(text),
      );
    expect(named.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  });

  it('links to what is there', () => {
    const links = [...markdown.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const local = links.filter((target) => !target.startsWith('https://'));
    const isThere = (target: string): boolean => {
      const [file = '', anchor] = target.split('#');
      const linked = file === '' ? document : path.join(path.dirname(document), file);
      if (!existsSync(path.join(root, linked))) return false;
      return anchor === undefined || headingsIn(read(linked)).map(anchorOf).includes(anchor);
    };
    expect(local.filter((target) => !isThere(target))).toEqual([]);
  });

  it('names commands that can be run', () => {
    const commands = [...markdown.matchAll(/\bnpm run (?:--silent )?([\w:-]+)/g)].map(
      ([, script = '']) => script,
    );
    expect(commands.filter((script) => !Object.hasOwn(manifest.scripts, script))).toEqual([]);
  });

  it('names variables that are read', () => {
    const named = code.flatMap((text) => text.match(/\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b/g) ?? []);
    expect(named.filter((name) => !variables.has(name))).toEqual([]);
  });

  it('names tags that count', () => {
    const named: readonly string[] = markdown.match(/\bvpn-portal:[a-z-]+/g) ?? [];
    expect(named.filter((tag) => !tags.includes(tag))).toEqual([]);
  });

  it('names addresses that answer', () => {
    const named = code.filter((text) => /^(?:GET|POST|PUT|DELETE|HEAD) \//.test(text));
    expect(named.filter((route) => !routes.has(route))).toEqual([]);
  });
});

describe.each(['operator-runbook', 'events', 'metrics', 'connect-handler'])(
  'docs/%s.md',
  (name) => {
    it('names lines of the log that are written', () => {
      // What people read on pages begins with a capital.
      const named = [...read(`docs/${name}.md`).matchAll(/(?<=[\s(])_([a-z][^_\n]*)_/g)].map(
        ([, message = '']) => message,
      );
      expect(named.length).toBeGreaterThan(0);
      const missing = named.filter((text) => !source.some((file) => file.includes(`'${text}'`)));
      expect(missing).toEqual([]);
    });
  },
);

describe('the records of decisions', () => {
  it('are all in their list', () => {
    const records = documents
      .filter((file) => /adr\/\d{4}-/.test(file))
      .map((file) => path.basename(file));
    const listed = [...read('docs/adr/README.md').matchAll(/\]\((\d{4}-[^)]+)\)/g)].map(
      ([, file = '']) => file,
    );
    expect(listed).toEqual(records.sort());
  });

  it('have one form, and the title by which the list names them', () => {
    const titles = tableUnder(read('docs/adr/README.md'), '').map(([, title]) => title);
    const records = documents.filter((file) => /adr\/\d{4}-/.test(file)).sort();
    const found = records.map((file) => {
      const text = read(file);
      const [, number = '', title = ''] = /^# (\d+)\. (.+)$/m.exec(text) ?? [];
      const parts = [...text.matchAll(/^\*\*([^*]+?)\.?\*\*/gm)].map(([, part]) => part);
      return { number: Number(number), title, parts: parts.filter((part) => part !== 'Context') };
    });
    const parts = ['Decision', 'What else there was', 'Consequences'];
    expect(found).toEqual(titles.map((title, at) => ({ number: at + 1, title, parts })));
  });
});
