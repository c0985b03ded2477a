import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { listenerRules } from '../../infra/lib/constructs/listener-rules.ts';
import { samlAttributes } from '../../infra/lib/constructs/sign-in.ts';
import { settings as example } from '../../infra/settings.example.ts';
import { portalSettings } from '../../infra/settings.ts';
import { troubles } from '../../infra/lib/event-types.ts';
import { tableUnder } from '../builders/markdown-table.ts';
import { settingsIn } from './settings-tree.ts';
import { synthesizeAlarmedStack } from './alarmed-stack.ts';

const root = path.join(import.meta.dirname, '..', '..');
const page = readFileSync(path.join(root, 'docs', 'deploy.md'), 'utf8');
const portalStack = readFileSync(path.join(root, 'infra', 'lib', 'portal-stack.ts'), 'utf8');

/** The cells of the rows below a table's head, by the first cell of the head. */
function table(head: string): readonly (readonly string[])[] {
  const rows = page.split('\n').map((line) => line.trim().split('|').slice(1, -1));
  const start = rows.findIndex(([first]) => first?.trim() === head);
  const [, ...below] = rows.slice(start + 1);
  const end = below.findIndex(({ length }) => length === 0);
  if (start < 0 || end < 1) throw new Error(`there is no table "${head}"`);
  return below.slice(0, end).map((row) => row.map((cell) => cell.replaceAll(/\*\*|`/g, '').trim()));
}

/** The two figures of a row: of us-east-1, and of ap-northeast-1. */
function figures(rows: readonly (readonly string[])[], name: string): readonly [number, number] {
  const [, first = '', second = ''] = rows.find(([cell]) => cell === name) ?? [];
  const read = [first, second].map((text) => Number(text === '' ? Number.NaN : text));
  const [east = Number.NaN, tokyo = Number.NaN] = read;
  return [east, tokyo];
}

const sentence = (names: readonly string[]): string =>
  `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;

describe('the arithmetic of the deployment’s page', () => {
  const costs = table('each month');
  const settings = table('setting');
  const payback = table('');
  const portal = figures(costs, 'the portal');
  const container = figures(settings, "host: 'container'");
  const price = figures(payback, 'an association-hour');
  const both = [0, 1] as const;

  it.each(both)('adds up what the portal costs, in column %i', (at) => {
    const parts = costs.slice(0, -1).map(([name = '']) => figures(costs, name)[at]);
    expect(parts.length).toBeGreaterThan(5);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(portal[at], 6);
  });

  it.each(both)('says from how many hours on it pays, in column %i', (at) => {
    const asFunction = figures(payback, 'hours to be saved, portal as a function')[at];
    const asContainer = figures(payback, 'hours to be saved, portal as a container')[at];
    expect(asFunction).toBe(Math.ceil(portal[at] / price[at]));
    expect(asContainer).toBe(Math.ceil((portal[at] + container[at]) / price[at]));
  });

  it.each(both)('says what is left in office hours, in column %i', (at) => {
    const saved = (730 - 220) * price[at];
    const name = 'saved by one network that is on for 220 of the 730 hours';
    expect(figures(payback, 'one network, always on, in a month')[at]).toBeCloseTo(730 * price[at]);
    expect(figures(payback, name)[at]).toBeCloseTo(saved, 6);
    const left = figures(payback, 'that, less the portal as a function')[at];
    expect(left).toBeCloseTo(saved - portal[at], 6);
    const leftOfContainer = figures(payback, 'that, less the portal as a container')[at];
    expect(leftOfContainer).toBeCloseTo(saved - portal[at] - container[at], 6);
  });
});

describe('what the page and the deployment say alike', () => {
  it('is what the portal costs where the example is', () => {
    const [, tokyo] = figures(table('each month'), 'the portal');
    expect(example.prices.portalPerMonth).toBe(Math.round(tokyo));
  });

  it('is how many alarms there are', () => {
    const alarms = synthesizeAlarmedStack().findResources('AWS::CloudWatch::Alarm');
    const row = table('each month').find(([name]) => name === 'metrics and alarms');
    expect(row?.at(-1)).toContain(`, ${Object.keys(alarms).length} alarms at 0.10`);
  });

  it('is that the CDK, which reads the settings first, is called when they are there', () => {
    const settings = page.indexOf('### 1. Settings');
    expect(settings).toBeGreaterThan(0);
    expect(page.slice(0, settings)).not.toContain('npx cdk');
  });
});

describe('the table of settings', () => {
  it('has every setting, with its default, and no other', () => {
    const file = readFileSync(path.join(root, 'docs/settings.md'), 'utf8');
    const standardOf = (standard: string): string =>
      standard === JSON.stringify(troubles)
        ? 'the troubles'
        : standard.replace('{"enabled":false}', '{ enabled: false }').replaceAll('"', "'");
    expect(tableUnder(file, '# Settings of the deployment').map((row) => row.slice(0, 2))).toEqual(
      settingsIn(portalSettings).map(({ place, standard }) => [place, standardOf(standard)]),
    );
    expect(file.replaceAll('\n', ' ')).toContain(
      `_the troubles_ are ${sentence(troubles.map((type) => `\`${type}\``))}.`,
    );
  });
});

describe('what the deployment’s page names', () => {
  it('are outputs that there are', () => {
    const outputs = table('output').map(([name]) => name);
    expect(outputs).toEqual(['SamlAnswerUrl', 'SamlAudience']);
    for (const name of [...outputs, 'PortalUrl']) expect(portalStack).toContain(`      ${name}: `);
  });

  it('are the paths of the listener, with what becomes of strangers', () => {
    const words = {
      pass: 'are forwarded',
      deny: 'are answered with 401',
      authenticate: 'leads to the sign-in',
    } as const;
    expect(table('paths')).toEqual(
      listenerRules.map(({ action, paths }) => [
        paths.join(', ') === '/*' ? 'everything else' : paths.join(', '),
        words[action],
      ]),
    );
  });

  it('are the attributes that the user pool maps', () => {
    const named = table('application').map(([name]) => name);
    expect(named).toEqual(['Subject', ...Object.values(samlAttributes)]);
  });

  it('are settings that there are', () => {
    const top = Object.keys(portalSettings.shape);
    const named = table('yours to say').flatMap(([cell = '']) => cell.split(', '));
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !top.includes(name.split('.')[0] ?? ''))).toEqual([]);
  });
});
