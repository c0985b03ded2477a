import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import {
  connectEnvironment,
  reconcilerEnvironment,
  serverEnvironment,
} from '../src/config/environment.ts';
import { connectTags } from '../src/vpn/connect-policy.ts';
import { anchorOf } from '../infra/lib/runbook.ts';
import { metrics, stopCauses } from '../src/config/metric-names.ts';
import { managedTag } from '../src/vpn/endpoint.ts';
import { defaultIdleGraceMinutes, defaultLeaseMinutes, policyTags } from '../src/vpn/policy.ts';
import { areas } from './import-rules.ts';

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
  .object({
    scripts: z.record(z.string(), z.string()),
    dependencies: z.record(z.string(), z.string()),
    devDependencies: z.record(z.string(), z.string()),
  })
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

/** The rows of the table under a heading or a marker: the text of each cell. */
function tableUnder(markdown: string, heading: string): readonly (readonly string[])[] {
  const start = markdown.indexOf(`\n${heading}\n`);
  if (start < 0) throw new Error(`there is no "${heading}"`);
  const [, table = ''] = /\n((?:\|.*\n)+)/.exec(markdown.slice(start)) ?? [];
  return table
    .trim()
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

const bare = (cell = ''): string => cell.replaceAll('`', '');
const firstCells = (rows: readonly (readonly string[])[]): readonly string[] =>
  rows.map(([cell]) => bare(cell));

const localVariables = [
  ...read('scripts/local/settings.ts').matchAll(/^ {2}(LOCAL_[A-Z_]+):/gm),
].map(([, name = '']) => name);
const variables = new Set([
  ...Object.keys(serverEnvironment.shape),
  ...Object.keys(connectEnvironment.shape),
  ...localVariables,
]);
const tags: readonly string[] = [managedTag, ...Object.values(policyTags)];
const reasons = [...read('src/lease/reason.ts').matchAll(/readonly code: '([a-z-]+)'/g)].map(
  ([, code = '']) => code,
);

/** Addresses as the documents write them, with `{id}` for what varies. */
const routeFiles = ['endpoints', 'health', 'sign-out', 'history', 'overview', 'usage', 'audit'];
const portalRoutes = routeFiles.flatMap((file) => {
  const written = read(`src/web/routes/${file}.ts`);
  const [, page = ''] = /^const page = '([^']+)';$/m.exec(written) ?? [];
  const source = written
    .replaceAll('.route(page)', `.route('${page}')`)
    .replaceAll('.route(`${page}.csv`)', `.route('${page}.csv')`);
  const single = [...source.matchAll(/\.(get|post)\('(\/[^']*)'/g)].map(
    ([, method = '', route = '']) => [method, route],
  );
  const chained = [
    ...source.matchAll(/\.route\('(\/[^']*)'\)([\s\S]*?);\n\n|\.route\('(\/[^']*)'\)([\s\S]*)/g),
  ].flatMap(([, route = '', chain = '', lastRoute = '', lastChain = '']) =>
    [...(chain + lastChain).matchAll(/^ {4}\.(get|post)\(/gm)].map(([, method = '']) => [
      method,
      route || lastRoute,
    ]),
  );
  return [...single, ...chained].map(
    ([method = '', route = '']) => `${method.toUpperCase()} ${route.replaceAll(':id', '{id}')}`,
  );
});
const administrators = [
  ...read('src/web/routes/administration.ts').matchAll(/ {2}form\(\s*'(\/[^']+)'/g),
].map(([, place = '']) => `/admin/endpoints/{id}${place.replaceAll(/:(\w+)/g, '{$1}')}`);
portalRoutes.push(
  ...administrators.map((place) => `POST ${place}`),
  // The others lead back to the endpoint; this one asks whether it is meant.
  ...administrators.filter((place) => place.endsWith('/stop')).map((place) => `GET ${place}`),
);
const ofTheSchedule = [
  ...read('src/web/routes/schedule.ts').matchAll(/ {2}form\(\s*'(\/[^']+)'/g),
].map(([, place = '']) => `/admin/schedule${place}`);
portalRoutes.push(...ofTheSchedule.map((place) => `POST ${place}`));
const localControls = [
  ...read('scripts/local/controls.ts').matchAll(/method: '([A-Z]+)',\n\s+path: \/\^(\S+)\$\/,/g),
].map(
  ([, method = '', pattern = '']) =>
    `${method} ${pattern.replaceAll('\\/', '/').replace('([^/]+)', '{id}')}`,
);
const routes = new Set([
  ...portalRoutes,
  ...localControls,
  'POST /local/sign-in',
  'GET /local/state',
]);

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

describe('the tables of the README', () => {
  const readme = read('README.md');

  it('have every tag, with its default', () => {
    const rows = tableUnder(readme, '## Which endpoints, and how');
    expect([...firstCells(rows)].sort()).toEqual([...tags].sort());
    const defaults = new Map(rows.map(([tag, standard]) => [bare(tag), bare(standard)]));
    expect(defaults.get(policyTags.idleMinutes)).toBe(String(defaultIdleGraceMinutes));
    expect(defaults.get(policyTags.leaseMinutes)).toBe(defaultLeaseMinutes.join(' '));
    const { connectClientVersion, connectOnePerPerson, connectPlatforms } = policyTags;
    for (const tag of [
      policyTags.silentMinutes,
      policyTags.offAt,
      connectOnePerPerson,
      connectClientVersion,
      connectPlatforms,
    ]) {
      expect(defaults.get(tag)).toBe('none');
    }
    const { offAtCutsOff, connectMembersOnly, connectLeaseHoldersOnly } = policyTags;
    const { connectNotWhileHeldOff, connectUnknownDevices } = policyTags;
    for (const tag of [
      offAtCutsOff,
      connectMembersOnly,
      connectLeaseHoldersOnly,
      connectNotWhileHeldOff,
      connectUnknownDevices,
    ]) {
      expect(defaults.get(tag)).toBe('false');
    }
  });

  it('have every variable of the environment, with its default', () => {
    const rows = tableUnder(readme, '## Configuration');
    const expected = Object.entries(serverEnvironment.shape).map(([name, schema]) => {
      const parsed = schema.safeParse(undefined);
      if (!parsed.success) return [name, 'required'];
      if (parsed.data === undefined) return [name, 'none'];
      const standard = Array.isArray(parsed.data) ? parsed.data.join(' ') : String(parsed.data);
      return [name, standard === '' ? 'none' : standard];
    });
    expect(rows.map(([name, standard]) => [bare(name), bare(standard)])).toEqual(expected);
  });

  it('say what the reconciler needs', () => {
    const isRequired = (schema: z.ZodType): boolean => !schema.safeParse(undefined).success;
    const entries = Object.entries(reconcilerEnvironment.shape);
    const required = entries.filter(([, schema]) => isRequired(schema)).map(([name]) => name);
    expect(required).toEqual(['TABLE_NAME']);
    const others = entries
      .filter(([, schema]) => !isRequired(schema))
      .map(([name]) => `\`${name}\``);
    expect(readme.replaceAll(/\s+/g, ' ')).toContain(
      `The reconciler needs \`TABLE_NAME\` alone, and knows ${others.slice(0, -1).join(', ')} and ${others.at(-1) ?? ''}.`,
    );
  });

  it('have every setting of the local stack, with its default', () => {
    const source = read('scripts/local/settings.ts');
    const rows = tableUnder(readme, '### Settings of the local stack');
    expect(firstCells(rows)).toEqual(localVariables);
    for (const [name, standard] of rows) {
      const [, inCode] =
        new RegExp(`${bare(name)}: \\S*?\\(?(?:\\S*default\\()?'?([\\w.]+)'?\\)`).exec(source) ??
        [];
      expect(bare(standard)).toBe(inCode);
    }
  });

  it('have every control of the local stack', () => {
    const rows = tableUnder(readme, '### Controls of the local stack');
    expect([...firstCells(rows)].sort()).toEqual(
      [...localControls, 'POST /local/sign-in', 'GET /local/state'].sort(),
    );
  });
});

describe('the document of the client connect handler', () => {
  const handler = read('docs/connect-handler.md');

  it('has every variable of its environment, with its default', () => {
    const expected = Object.entries(connectEnvironment.shape).map(([name, schema]) => {
      const parsed = schema.safeParse(undefined);
      return [name, parsed.success ? String(parsed.data) : 'required'];
    });
    const rows = tableUnder(handler, '## Configuration');
    expect(rows.map(([name, standard]) => [bare(name), bare(standard)])).toEqual(expected);
  });

  it('has every tag with a condition', () => {
    const rows = tableUnder(handler, '## Conditions');
    expect([...firstCells(rows)].sort()).toEqual(Object.values(connectTags).sort());
  });
});

describe('the architecture document', () => {
  const architecture = read('docs/architecture.md');

  it('has every reason', () => {
    expect(reasons.length).toBeGreaterThan(10);
    expect([...firstCells(tableUnder(architecture, '### Reasons'))].sort()).toEqual(
      [...reasons].sort(),
    );
  });

  it('has every address of the portal', () => {
    const missing = portalRoutes
      // Where a session ended between a page and its button, the browser comes back with a GET.
      .filter((route) => !/^GET .*\/(?:lease|release|sign-out)$/.test(route))
      .filter((route) => !codeIn(architecture).includes(route));
    expect(administrators).toHaveLength(4);
    expect(portalRoutes.length).toBeGreaterThan(15);
    expect(portalRoutes).toEqual(
      expect.arrayContaining([
        'GET /history',
        ...['', '/usage', '/usage.csv', '/audit', '/audit.csv'].map((rest) => `GET /admin${rest}`),
      ]),
    );
    expect(missing).toEqual([]);
  });

  it('has the import rules as they are enforced', () => {
    const cells = tableUnder(architecture, '<!-- import rules -->').map((row) => row.map(bare));
    expect(cells).toEqual(
      areas.map(({ except = [], files, may, name }) => [
        name,
        files.join(' '),
        may.join(' '),
        except.join(' '),
      ]),
    );
  });
});

describe('the document of metrics', () => {
  it('has every metric, with its unit and what it is told apart by', () => {
    const rows = tableUnder(read('docs/metrics.md'), '## What is measured').map((row) =>
      row.map(bare),
    );
    expect(rows.map(([name, unit, by]) => [name, unit, by])).toEqual(
      Object.entries(metrics).map(([name, { dimension, unit }]) => [name, unit, dimension ?? '']),
    );
  });

  it('has every cause of a stop', () => {
    const [, causes = ''] = /stops that were begun: ([^|]+)\|/.exec(read('docs/metrics.md')) ?? [];
    expect([...codeIn(causes)]).toEqual([...stopCauses]);
  });
});

describe('the document of dependencies', () => {
  const text = read('docs/dependencies.md');
  const packagesUnder = (heading: string): readonly string[] =>
    firstCells(tableUnder(text, heading)).flatMap((cell) => cell.split(', '));

  it('has every dependency at run time', () => {
    expect([...packagesUnder('## At run time')].sort()).toEqual(
      Object.keys(manifest.dependencies).sort(),
    );
  });

  it('has every dependency for development', () => {
    expect([...packagesUnder('## For development')].sort()).toEqual(
      Object.keys(manifest.devDependencies).sort(),
    );
  });
});

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
});
