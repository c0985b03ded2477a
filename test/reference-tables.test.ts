import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { runbookHeadings } from '../infra/lib/runbook.ts';
import { denialReasons } from '../src/audit/connect-denials.ts';
import {
  connectEnvironment,
  reconcilerEnvironment,
  serverEnvironment,
} from '../src/config/environment.ts';
import { metrics, stopCauses } from '../src/config/metric-names.ts';
import { connectTags, parseConnectPolicy } from '../src/vpn/connect-policy.ts';
import type { ConnectPolicy } from '../src/vpn/connect-policy.ts';
import { managedTag } from '../src/vpn/endpoint.ts';
import { parsePolicy, policyTags } from '../src/vpn/policy.ts';
import type { Policy } from '../src/vpn/policy.ts';
import { anEndpoint } from './builders/endpoint-for-person.ts';
import { tableUnder } from './builders/markdown-table.ts';
import { areas } from './import-rules.ts';
import { localControls, localVariables, settingsSource } from './local-stack-names.ts';

/*
 * The tables in which one looks things up, held against the code in both directions: what there is
 * stands in them, and nothing else does. Those of the routes, the settings, the events and the doctor
 * are held by the tests of these.
 */

const root = path.join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const table = (file: string, line: string) => tableUnder(read(file), line);
const firstCells = (rows: readonly (readonly string[])[]): readonly string[] =>
  rows.map(([cell = '']) => cell);

const manifest = z
  .object({
    scripts: z.record(z.string(), z.string()),
    dependencies: z.record(z.string(), z.string()),
    devDependencies: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(read('package.json')));

const reasons = [...read('src/lease/reason.ts').matchAll(/readonly code: '([a-z-]+)'/g)].map(
  ([, code = '']) => code,
);

/** In the form of the tables, of a variable that is not set. */
function defaultOf(schema: z.ZodType): string {
  const parsed = schema.safeParse(undefined);
  if (!parsed.success) return 'required';
  if (parsed.data === undefined) return 'none';
  const value = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);
  const data = value.parse(parsed.data);
  const standard = Array.isArray(data) ? data.join(' ') : String(data);
  return standard === '' ? 'none' : standard;
}

describe('the table of tags', () => {
  const rows = table('README.md', '## Which endpoints, and how');
  const subnet = (number: number): string => `subnet-${number.toString(16).padStart(8, '0')}`;
  const subnets = (count: number): string =>
    Array.from({ length: count }, (_, number) => subnet(number)).join(' ');

  /** All that is read of an endpoint that has what is required, and besides a tag. */
  function policyWith(tag: string, value: string): (Policy & ConnectPolicy) | null {
    const tags = new Map<string, string>([[policyTags.subnets, subnets(1)]]).set(tag, value);
    const parsed = parsePolicy(anEndpoint({ tags }));
    return parsed.ok ? { ...parsed.policy, ...parseConnectPolicy(tags).policy } : null;
  }

  it('has every tag', () => {
    expect([...firstCells(rows)].sort()).toEqual([managedTag, ...Object.values(policyTags)].sort());
  });

  it('says of each what is so without it', () => {
    const without = policyWith('Team', 'x') ?? {};
    const inWords: ReadonlyMap<string, string> = new Map([
      [managedTag, ''],
      [policyTags.subnets, 'required'],
      [policyTags.name, 'the Name tag, else the id'],
      [policyTags.groups, 'everyone who is signed in'],
    ]);
    const said = rows.map(([tag = '', standard = '']) => [tag, standard] as const);
    expect(said.filter(([tag]) => inWords.has(tag))).toEqual([...inWords]);
    const values = said.filter(([tag, standard]) => standard !== 'none' && !inWords.has(tag));
    for (const [tag, standard] of values) {
      expect([tag, policyWith(tag, standard)]).toEqual([tag, without]);
    }
    const none = rows.filter(([, standard]) => standard === 'none');
    const nothing = Object.entries(without).filter(([, value]) => value === null);
    // The groups are one of these, for which the table has words.
    expect(none).toHaveLength(nothing.length - 1);
  });

  it('says of each how much is taken', () => {
    const valueOf: Partial<Record<string, (most: number) => string>> = {
      [policyTags.subnets]: subnets,
      [policyTags.name]: (most) => 'x'.repeat(most),
    };
    const limits = rows.flatMap(([tag = '', , meaning = '']) =>
      [...meaning.matchAll(/\bat most (\d+)/g)].map(([, most]) => [tag, Number(most)] as const),
    );
    expect(limits.length).toBeGreaterThan(4);
    for (const [tag, most] of limits) {
      const value = valueOf[tag] ?? String;
      expect([tag, policyWith(tag, value(most)) === null]).toEqual([tag, false]);
      expect([tag, policyWith(tag, value(most + 1)) === null]).toEqual([tag, true]);
    }
  });
});

describe('the tables of the environment', () => {
  const readme = read('README.md');

  it('have every variable of the portal, with its default', () => {
    expect(
      table('README.md', '## Configuration').map(([name, standard]) => [name, standard]),
    ).toEqual(
      Object.entries(serverEnvironment.shape).map(([name, schema]) => [name, defaultOf(schema)]),
    );
  });

  it('have every variable of the client connect handler, with its default', () => {
    expect(
      table('docs/connect-handler.md', '## Configuration').map(([name, standard]) => [
        name,
        standard,
      ]),
    ).toEqual(
      Object.entries(connectEnvironment.shape).map(([name, schema]) => [name, defaultOf(schema)]),
    );
  });

  it('say what the reconciler needs', () => {
    const entries = Object.entries(reconcilerEnvironment.shape);
    const isRequired = ([, schema]: (typeof entries)[number]) => defaultOf(schema) === 'required';
    expect(entries.filter(isRequired).map(([name]) => name)).toEqual(['TABLE_NAME']);
    const others = entries.filter((entry) => !isRequired(entry)).map(([name]) => `\`${name}\``);
    expect(readme.replaceAll(/\s+/g, ' ')).toContain(
      `The reconciler needs \`TABLE_NAME\` alone, and knows ${others.slice(0, -1).join(', ')} and ${others.at(-1) ?? ''}.`,
    );
  });

  it('have every variable of the local stack, with its default', () => {
    const rows = table('README.md', '### Settings of the local stack');
    expect(firstCells(rows)).toEqual(localVariables);
    for (const [name = '', standard] of rows) {
      const [, inCode] =
        new RegExp(`${name}: \\S*?\\(?(?:\\S*default\\()?'?([\\w.]+)'?\\)`).exec(settingsSource) ??
        [];
      expect([name, standard]).toEqual([name, inCode]);
    }
  });
});

describe('the table of the local stack’s controls', () => {
  it('has every control', () => {
    const rows = table('README.md', '### Controls of the local stack');
    expect([...firstCells(rows)].sort()).toEqual([...localControls].sort());
  });
});

describe('the table of commands', () => {
  const named = read('CONTRIBUTING.md')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)])
    .map(([, command = '']) => command);

  it('has every script of the manifest', () => {
    const scripts = named.map((command) => /^npm (?:run )?([\w:-]+)/.exec(command)?.[1]);
    const missing = Object.keys(manifest.scripts).filter((script) => !scripts.includes(script));
    expect(missing).toEqual([]);
  });

  it('has every program that no script of the manifest starts', () => {
    const started = [...Object.values(manifest.scripts), ...named].join('\n');
    const programs = readdirSync(path.join(root, 'scripts')).filter((file) => file.endsWith('.ts'));
    expect(programs.length).toBeGreaterThan(5);
    expect(programs.filter((file) => !started.includes(`scripts/${file}`))).toEqual([]);
  });
});

describe('the tables of the client connect handler', () => {
  it('have every tag with a condition', () => {
    const rows = table('docs/connect-handler.md', '## Conditions');
    expect([...firstCells(rows)].sort()).toEqual(Object.values(connectTags).sort());
  });

  it('have every reason for which somebody is not let in', () => {
    const rows = table('docs/connect-handler.md', '## Why somebody was not let in');
    expect(firstCells(rows)).toEqual([...denialReasons]);
  });
});

describe('the tables of the architecture', () => {
  it('have every reason', () => {
    expect(reasons.length).toBeGreaterThan(10);
    const rows = table('docs/architecture.md', '### Reasons');
    expect([...firstCells(rows)].sort()).toEqual([...reasons].sort());
  });

  it('have the import rules as they are enforced', () => {
    expect(table('docs/architecture.md', '<!-- import rules -->')).toEqual(
      areas.map(({ except = [], files, may, name }) => [
        name,
        files.join(' '),
        may.join(' '),
        except.join(' '),
      ]),
    );
  });
});

describe('the headings of the runbook', () => {
  const headings = [...read('docs/operator-runbook.md').matchAll(/^## (.+)$/gm)].map(
    ([, heading = '']) => heading,
  );

  it('are those of alarms first, in their order', () => {
    const topics = Object.values<string>(runbookHeadings);
    expect(headings.slice(0, topics.length)).toEqual(topics);
  });

  it('are of reasons that there are, or of what the runbook itself begins with', () => {
    const others = headings.slice(Object.keys(runbookHeadings).length);
    const [beginning = ''] = read('docs/operator-runbook.md').split(/^## /m);
    const unknown = others.filter((heading) =>
      heading.startsWith('`')
        ? !reasons.includes(heading.replaceAll('`', ''))
        : !beginning.includes(`[${heading}](#`),
    );
    expect(unknown).toEqual([]);
  });
});

describe('the table of metrics', () => {
  it('has every metric, with its unit and what it is told apart by', () => {
    const rows = table('docs/metrics.md', '## What is measured');
    expect(rows.map(([name, unit, by]) => [name, unit, by])).toEqual(
      Object.entries(metrics).map(([name, { dimension, unit }]) => [name, unit, dimension ?? '']),
    );
  });

  it('has every cause of a stop', () => {
    const [, causes = ''] =
      /stops that were begun: ([^|]+?) *\|/.exec(read('docs/metrics.md')) ?? [];
    expect(causes).toBe(stopCauses.map((cause) => `\`${cause}\``).join(', '));
  });
});

describe('the tables of dependencies', () => {
  const packagesUnder = (heading: string): readonly string[] =>
    firstCells(table('docs/dependencies.md', heading)).flatMap((cell) => cell.split(', '));

  it.each([
    ['## At run time', manifest.dependencies],
    ['## For development', manifest.devDependencies],
  ])('have every one of %s', (heading, dependencies) => {
    expect([...packagesUnder(heading)].sort()).toEqual(Object.keys(dependencies).sort());
  });
});
