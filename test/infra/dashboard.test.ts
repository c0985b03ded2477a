import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { metrics, stopCauses } from '../../src/config/metric-names.ts';
import { balancer, name, reconcilerName, synthesizeAlarmedStack } from './alarmed-stack.ts';

const widget = z.object({
  type: z.string(),
  properties: z.looseObject({
    title: z.string().optional(),
    markdown: z.string().optional(),
    metrics: z.array(z.array(z.unknown())).optional(),
    alarms: z.array(z.string()).optional(),
  }),
});
const reference = z.union([
  z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }),
  z.object({ Ref: z.string() }),
]);
type Widget = z.output<typeof widget>;

/** The body with every reference replaced by the name of what it refers to. */
function bodyOf(template: ReturnType<typeof synthesizeAlarmedStack>): readonly Widget[] {
  const [resource] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  const { Properties } = z
    .object({ Properties: z.object({ DashboardName: z.string(), DashboardBody: z.unknown() }) })
    .parse(resource);
  expect(Properties.DashboardName).toBe(name);
  const { 'Fn::Join': joined } = z
    .object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) })
    .parse(Properties.DashboardBody);
  const text = joined[1]
    .map((part) => {
      if (typeof part === 'string') return part;
      const parsed = reference.parse(part);
      return 'Ref' in parsed ? parsed.Ref : parsed['Fn::GetAtt'].join('.');
    })
    .join('');
  return z.object({ widgets: z.array(widget) }).parse(JSON.parse(text)).widgets;
}

let template: ReturnType<typeof synthesizeAlarmedStack>;
let widgets: readonly Widget[];
let rows: readonly (readonly unknown[])[];
let searches: readonly string[];

beforeAll(() => {
  template = synthesizeAlarmedStack();
  widgets = bodyOf(template);
  rows = widgets.flatMap(({ properties }) => properties.metrics ?? []);
  searches = rows.flatMap((row) => {
    const { expression } = z.looseObject({ expression: z.string().optional() }).parse(row.at(-1));
    return expression === undefined ? [] : [expression];
  });
});

/** The metrics of a namespace that are on it, with their dimensions. */
const shown = (namespace: string): readonly (readonly string[])[] =>
  rows
    .filter(([first]) => first === namespace)
    .map((row) => row.slice(1).filter((part) => typeof part === 'string'));

describe('the dashboard', () => {
  it('shows every metric that the portal writes', () => {
    const named = [
      ...shown(name).map(([metric]) => metric),
      ...searches.map((search) => /MetricName="(\w+)"/.exec(search)?.[1]),
    ];
    expect([...new Set(named)].sort()).toEqual(Object.keys(metrics).sort());
  });

  it('looks by dimension only for what is written by it', () => {
    expect(searches.length).toBeGreaterThan(2);
    for (const search of searches) {
      const [, namespace, dimension, metric = ''] =
        /^SEARCH\('\{"([^"]+)",(\w+)\} MetricName="(\w+)"', '(?:Sum|Maximum)', \d+\)$/.exec(
          search,
        ) ?? [];
      expect(namespace).toBe(name);
      expect(metrics[metric as keyof typeof metrics].dimension).toBe(dimension);
    }
  });

  it('shows stops by every cause', () => {
    expect(shown(name).filter(([metric]) => metric === 'Stops')).toEqual(
      stopCauses.map((cause) => ['Stops', 'Cause', cause]),
    );
  });

  it('shows the runs of the reconciler, and the load balancer', () => {
    expect(shown('AWS/Lambda')).toEqual(
      expect.arrayContaining([
        ['Invocations', 'FunctionName', reconcilerName],
        ['Errors', 'FunctionName', reconcilerName],
      ]),
    );
    expect(shown('AWS/ApplicationELB').map(([metric]) => metric)).toEqual(
      expect.arrayContaining([
        'RequestCount',
        'HTTPCode_Target_5XX_Count',
        'HTTPCode_ELB_5XX_Count',
        'ELBAuthUserClaimsSizeExceeded',
      ]),
    );
    for (const [, , loadBalancer] of shown('AWS/ApplicationELB')) {
      expect(loadBalancer).toBe(balancer);
    }
  });

  it('shows every alarm there is', () => {
    const alarms = Object.keys(template.findResources('AWS::CloudWatch::Alarm'));
    const on = widgets.flatMap(({ properties }) => properties.alarms ?? []);
    expect([...on].sort()).toEqual(alarms.map((id) => `${id}.Arn`).sort());
  });

  it('leads to the portal and to the runbook', () => {
    const text = (each: readonly Widget[]): string =>
      each.map(({ properties }) => properties.markdown ?? '').join('');
    expect(text(widgets)).toContain('(https://vpn.example.com)');
    expect(text(widgets)).toContain('`docs/operator-runbook.md`');
    const runbookUrl = 'https://wiki.example.com/runbook';
    const linked = text(bodyOf(synthesizeAlarmedStack({ runbookUrl })));
    expect(linked).toContain(`(${runbookUrl})`);
    expect(linked).not.toContain('operator-runbook.md');
  });
});
