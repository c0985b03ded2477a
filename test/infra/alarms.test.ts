import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { z } from 'zod';

import { PortalBudget } from '../../infra/lib/constructs/budget.ts';
import { anchorOf, runbookFile, runbookHeadings } from '../../infra/lib/runbook.ts';
import { metrics } from '../../src/config/metric-names.ts';
import {
  account,
  arn,
  balancer,
  createStack,
  name,
  reconcilerName,
  synthesizeAlarmedStack,
} from './alarmed-stack.ts';

const runbookUrl = 'https://wiki.example.com/vpn/operator-runbook';

const alarmResource = z.object({
  Properties: z.object({
    AlarmName: z.string(),
    AlarmDescription: z.string(),
    MetricName: z.string(),
    Namespace: z.string(),
    // A percentile stands in the other of the two.
    Statistic: z.string().optional(),
    ExtendedStatistic: z.string().optional(),
    Period: z.number(),
    Threshold: z.number(),
    ComparisonOperator: z.string(),
    DatapointsToAlarm: z.number(),
    EvaluationPeriods: z.number(),
    TreatMissingData: z.string(),
    Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
    AlarmActions: z.array(z.object({ Ref: z.string() })),
  }),
});

type AlarmProperties = z.output<typeof alarmResource>['Properties'];

function alarmsOf(template: Template): readonly AlarmProperties[] {
  return Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
    (resource) => alarmResource.parse(resource).Properties,
  );
}

let template: Template;
let alarms: readonly AlarmProperties[];

beforeAll(() => {
  template = synthesizeAlarmedStack();
  alarms = alarmsOf(template);
});

function expectResource(type: string, properties: object): void {
  template.hasResourceProperties(type, properties);
}

const alarm = (metric: string): AlarmProperties => {
  const found = alarms.filter(({ MetricName }) => MetricName === metric);
  expect(found).toHaveLength(1);
  const [only] = found;
  if (only === undefined) throw new Error(`there is no alarm on ${metric}`);
  return only;
};

const ofReconciler = [{ Name: 'FunctionName', Value: reconcilerName }];
const ofBalancer = [{ Name: 'LoadBalancer', Value: balancer }];

describe('the alarms', () => {
  it.each<[string, string, string, number, [number, number, number], string, object[]]>([
    ['Errors', 'AWS/Lambda', 'Sum', 1, [60, 2, 5], 'notBreaching', ofReconciler],
    ['HoursOn', name, 'Maximum', 14, [300, 1, 1], 'ignore', []],
    ['NeedsAttention', name, 'Maximum', 1, [300, 2, 2], 'ignore', []],
    ['StartFailures', name, 'Sum', 1, [300, 1, 1], 'notBreaching', []],
    [
      'NumberOfMessagesSent',
      'AWS/SQS',
      'Sum',
      3,
      [900, 1, 1],
      'notBreaching',
      [{ Name: 'QueueName', Value: 'dead-letters' }],
    ],
    ...(
      [
        ['HTTPCode_Target_5XX_Count', 3, 300],
        ['HTTPCode_ELB_5XX_Count', 3, 300],
        ['ELBAuthUserClaimsSizeExceeded', 1, 300],
        ['ELBAuthError', 3, 900],
        ['ELBAuthFailure', 10, 900],
      ] as const
    ).map(
      ([metric, threshold, period]): [
        string,
        string,
        string,
        number,
        [number, number, number],
        string,
        object[],
      ] => [
        metric,
        'AWS/ApplicationELB',
        'Sum',
        threshold,
        [period, 1, 1],
        'notBreaching',
        ofBalancer,
      ],
    ),
  ])(
    'have one on %s of %s, which goes off at %s %d',
    (metric, namespace, statistic, threshold, [period, bad, periods], missing, dimensions) => {
      expect(alarm(metric)).toMatchObject({
        Namespace: namespace,
        Statistic: statistic,
        Threshold: threshold,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        Period: period,
        DatapointsToAlarm: bad,
        EvaluationPeriods: periods,
        TreatMissingData: missing,
        Dimensions: dimensions,
      });
    },
  );

  it('take no data for a reconciler that does not run', () => {
    expect(alarm('Invocations')).toMatchObject({
      Namespace: 'AWS/Lambda',
      Statistic: 'Sum',
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      Period: 60,
      DatapointsToAlarm: 5,
      EvaluationPeriods: 5,
      TreatMissingData: 'breaching',
      Dimensions: ofReconciler,
    });
  });

  it('tell the topic, each of them', () => {
    const [topic] = Object.keys(template.findResources('AWS::SNS::Topic'));
    expect(alarms.map(({ AlarmActions }) => AlarmActions)).toEqual(
      alarms.map(() => [{ Ref: topic }]),
    );
  });

  it('look at nothing under their own namespace that nobody writes', () => {
    const own = alarms.filter(({ Namespace }) => Namespace === name);
    expect(own.length).toBeGreaterThan(2);
    for (const { MetricName } of own) expect(Object.keys(metrics)).toContain(MetricName);
  });

  it('have names that differ, and that begin with the deployment', () => {
    const names = alarms.map(({ AlarmName }) => AlarmName);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((each) => !each.startsWith(`${name}-`))).toEqual([]);
  });

  it('say in one line what is wrong, and where to read on', () => {
    for (const { AlarmDescription } of alarms) {
      expect(AlarmDescription).toMatch(/^[A-Z][^\n]*\. docs\/operator-runbook\.md#[a-z0-9-]+$/);
    }
  });

  it('link to the runbook where its address is set', () => {
    const descriptions = alarmsOf(synthesizeAlarmedStack({ runbookUrl })).map(
      ({ AlarmDescription }) => AlarmDescription,
    );
    expect(descriptions).toHaveLength(alarms.length);
    for (const description of descriptions) {
      expect(description).toContain(` ${runbookUrl}#`);
      expect(description).not.toContain(runbookFile);
    }
  });
});

describe('the runbook', () => {
  const runbook = readFileSync(path.join(import.meta.dirname, '../..', runbookFile), 'utf8');
  const sections = runbook
    .split(/^(?=## )/m)
    .slice(1)
    .map((section) => ({ heading: /^## (.*)$/m.exec(section)?.[1] ?? '', section }));
  const parts = (section: string) => section.match(/^### .*$/gm);

  it('has the heading that every alarm links to', () => {
    const anchors = new Set(sections.map(({ heading }) => anchorOf(heading)));
    const linked = alarms.map(({ AlarmDescription }) => AlarmDescription.split('#')[1] ?? '');
    expect(linked.filter((anchor) => !anchors.has(anchor))).toEqual([]);
    expect(new Set(linked).size).toBe(alarms.length);
  });

  it('has the heading of every topic, that of the budget too', () => {
    const headings = sections.map(({ heading }) => heading);
    expect(headings).toEqual(expect.arrayContaining(Object.values(runbookHeadings)));
  });

  it('has a heading for every reason that somebody has to do something about', () => {
    const architecture = readFileSync(
      path.join(import.meta.dirname, '../../docs/architecture.md'),
      'utf8',
    );
    const troubles = [...architecture.matchAll(/^\| `([a-z-]+)` +\| Needs attention/gm)].map(
      ([, code = '']) => code,
    );
    const others = ['trying-again', 'reading-incomplete', 'dry-run'];
    expect(troubles.length).toBeGreaterThan(5);
    const headings = sections.map(({ heading }) => heading);
    expect(headings).toEqual(
      expect.arrayContaining([...troubles, ...others].map((code) => `\`${code}\``)),
    );
  });

  it('knows no reason that there is not', () => {
    const reasons = readFileSync(
      path.join(import.meta.dirname, '../../src/lease/reason.ts'),
      'utf8',
    );
    const named = sections.flatMap(({ heading }) => /^`([a-z-]+)`$/.exec(heading)?.[1] ?? []);
    expect(named.filter((code) => !reasons.includes(`code: '${code}'`))).toEqual([]);
  });

  it('says under each what it is, how to look into it, and how to mend it', () => {
    expect(sections.length).toBeGreaterThan(15);
    for (const { section } of sections) {
      expect(parts(section)).toEqual(['### Description', '### Investigation', '### Resolution']);
    }
  });

  it('makes anchors as they are made of headings', () => {
    expect(anchorOf('`gave-up`')).toBe('gave-up');
    expect(anchorOf('Claims too large (431)')).toBe('claims-too-large-431');
  });
});

describe('the topic of the alarms', () => {
  it('tells every address', () => {
    const subscriptions = Object.values(template.findResources('AWS::SNS::Subscription')).map(
      ({ Properties }: Record<string, unknown>) => Properties,
    );
    expect(subscriptions).toEqual(
      ['operators@example.com', 'on-call@example.com'].map((email): unknown =>
        expect.objectContaining({ Protocol: 'email', Endpoint: email }),
      ),
    );
  });

  it('is encrypted with a key that the account’s alarms may use, and that is renewed', () => {
    const [key] = Object.keys(template.findResources('AWS::KMS::Key'));
    expectResource('AWS::SNS::Topic', {
      KmsMasterKeyId: { 'Fn::GetAtt': [key, 'Arn'] },
    });
    expectResource('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            Condition: { StringEquals: { 'aws:SourceAccount': account } },
          }),
        ]),
      },
    });
  });

  it('lets in the alarms of this account, and nobody without TLS', () => {
    const statements = Object.values(template.findResources('AWS::SNS::TopicPolicy')).flatMap(
      (resource) =>
        z
          .object({
            Properties: z.object({
              PolicyDocument: z.object({
                Statement: z.array(
                  z.object({
                    Effect: z.string(),
                    Action: z.string(),
                    Principal: z.unknown(),
                    Condition: z.unknown(),
                  }),
                ),
              }),
            }),
          })
          .parse(resource).Properties.PolicyDocument.Statement,
    );
    expect(statements.filter(({ Effect }) => Effect === 'Allow')).toEqual([
      {
        Effect: 'Allow',
        Action: 'sns:Publish',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': arn('cloudwatch', 'alarm:*') },
        },
      },
    ]);
    expect(statements.filter(({ Effect }) => Effect === 'Deny')).toEqual([
      expect.objectContaining({
        Action: 'sns:Publish',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    ]);
  });
});

describe('the budget', () => {
  it('tells of 80 and 100 per cent, and of a forecast beyond it, by e-mail', () => {
    const emails = ['operators@example.com', 'on-call@example.com'];
    const told = (type: string, threshold: number) => ({
      Notification: {
        NotificationType: type,
        ComparisonOperator: 'GREATER_THAN',
        Threshold: threshold,
        ThresholdType: 'PERCENTAGE',
      },
      Subscribers: emails.map((email) => ({ SubscriptionType: 'EMAIL', Address: email })),
    });
    expectResource('AWS::Budgets::Budget', {
      Budget: {
        BudgetType: 'COST',
        TimeUnit: 'MONTHLY',
        BudgetLimit: { Amount: 100, Unit: 'USD' },
        CostFilters: { Service: ['Amazon Virtual Private Cloud'] },
      },
      NotificationsWithSubscribers: [
        told('ACTUAL', 80),
        told('ACTUAL', 100),
        told('FORECASTED', 100),
      ],
    });
  });

  it('has another name where others are told, since AWS makes another one then', () => {
    const nameFor = (emails: readonly string[], monthlyUsd = 100): unknown => {
      const stack = createStack();
      new PortalBudget(stack, 'Budget', { name, monthlyUsd, emails });
      const [budget] = Object.values(
        Template.fromStack(stack).findResources('AWS::Budgets::Budget'),
      );
      return z
        .object({ Properties: z.object({ Budget: z.object({ BudgetName: z.string() }) }) })
        .parse(budget).Properties.Budget.BudgetName;
    };
    const before = nameFor(['operators@example.com']);
    expect(before).toMatch(/^vpn-test-monthly-budget-[0-9a-f]{6}$/);
    expect(nameFor(['operators@example.com', 'on-call@example.com'])).not.toBe(before);
    // What AWS changes in place keeps its name.
    expect(nameFor(['operators@example.com'], 200)).toBe(before);
  });

  it('refuses more addresses than AWS tells', () => {
    const stack = createStack();
    const emails = Array.from({ length: 11 }, (_, at) => `person-${at}@example.com`);
    expect(() => new PortalBudget(stack, 'Budget', { name, monthlyUsd: 1, emails })).toThrow(
      'A budget tells at most 10 e-mail addresses, and 11 are named',
    );
  });
});

describe('the event bus', () => {
  it('is named as the deployment, and has no rule', () => {
    expectResource('AWS::Events::EventBus', { Name: name });
    expect(template.findResources('AWS::Events::Rule')).toEqual({});
  });
});
