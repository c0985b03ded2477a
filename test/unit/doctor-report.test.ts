import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { defaultStack, readArguments } from '../../scripts/doctor/arguments.ts';
import { CallError } from '../../scripts/doctor/call-error.ts';
import { judgeDeployment, outputOf, readDeployment } from '../../scripts/doctor/deployment.ts';
import type { Stack } from '../../scripts/doctor/deployment.ts';
import { NotKnown, examine } from '../../scripts/doctor/examination.ts';
import type { Check } from '../../scripts/doctor/examination.ts';
import { checkNames, outcomes, verdict } from '../../scripts/doctor/finding.ts';
import type { Finding, Outcome } from '../../scripts/doctor/finding.ts';
import { exitCodeOf, jsonOf, textOf } from '../../scripts/doctor/report.ts';
import { portalSettings } from '../../infra/settings.ts';
import { tableUnder } from '../builders/markdown-table.ts';
import { endpointId, now, onlyOf, outcomesOf } from './doctor-samples.ts';

function finding(outcome: Outcome): Finding {
  const fix = outcome === 'ok' ? null : 'Do this.';
  return { check: 'prices', subject: 'portal', outcome, sentence: `It is ${outcome}.`, fix };
}

function report(...found: readonly Outcome[]) {
  const findings = found.map(finding);
  return { checkedAt: now, region: 'eu-west-1', stack: 'vpn', credentials: 'AKIA…WXYZ', findings };
}

describe('the examination', () => {
  const check = (look: Check['look']): Check => ({ name: 'prices', subject: 'portal', look });
  const fine = check(() => Promise.resolve([verdict.ok('Fine.')]));

  it('keeps the order of the checks, however long each takes', async () => {
    const slow = check(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return [verdict.ok('Slow.'), verdict.ok('Very.')];
    });
    const found = await examine([slow, fine]);
    expect(found.map(({ sentence }) => sentence)).toEqual(['Slow.', 'Very.', 'Fine.']);
  });

  it.each([
    [
      'a refused call',
      new CallError('acm:DescribeCertificate', { isRefused: true, cause: new Error('no') }),
      'The credentials may not call acm:DescribeCertificate.',
    ],
    [
      'a failed call',
      new CallError('acm:DescribeCertificate', {
        isRefused: false,
        cause: Object.assign(new Error('too slow'), { name: 'TimeoutError' }),
      }),
      'acm:DescribeCertificate gave no usable answer: TimeoutError: too slow',
    ],
    ['something that is not known', new NotKnown('ALB_ARN'), 'ALB_ARN is not known'],
    ['a fault of its own', new TypeError('undefined is not'), 'The check itself failed'],
  ])('takes %s for not checked, and goes on', async (_what, error, words) => {
    const found = await examine([check(() => Promise.reject(error)), fine]);
    expect(found.map(({ outcome }) => outcome)).toEqual(['not-checked', 'ok']);
    expect(found[0]?.sentence).toContain(words);
    expect(found[0]?.fix).not.toBeNull();
  });

  it('goes on after a check that throws at once', async () => {
    const throws = check(() => {
      throw new Error('at once');
    });
    const found = await examine([throws, fine]);
    expect(found.map(({ outcome }) => outcome)).toEqual(['not-checked', 'ok']);
  });
});

describe('the report', () => {
  it('has a line for each finding, and what to do under it', () => {
    expect(textOf(report('ok', 'problem')).split('\n')).toEqual([
      'ok           portal: It is ok.',
      'problem      portal: It is problem.',
      '             To fix: Do this.',
      '',
      'eu-west-1, AKIA…WXYZ: 1 ok, 0 warning, 1 problem, 0 not checked.',
    ]);
  });

  it('is one JSON document with a version', () => {
    expect(JSON.parse(jsonOf(report('ok', 'not-checked')))).toEqual({
      version: 1,
      checkedAt: '2026-10-05T09:00:00.000Z',
      region: 'eu-west-1',
      stack: 'vpn',
      credentials: 'AKIA…WXYZ',
      result: 'not-checked',
      counts: { ok: 1, warning: 0, problem: 0, 'not-checked': 1 },
      findings: [
        { check: 'prices', subject: 'portal', outcome: 'ok', sentence: 'It is ok.', fix: null },
        {
          check: 'prices',
          subject: 'portal',
          outcome: 'not-checked',
          sentence: 'It is not-checked.',
          fix: 'Do this.',
        },
      ],
    });
  });

  it.each<[readonly Outcome[], string, 0 | 1, 0 | 1]>([
    [[], 'ok', 0, 0],
    [['ok'], 'ok', 0, 0],
    [['ok', 'warning'], 'warning', 0, 0],
    [['warning', 'not-checked'], 'not-checked', 1, 0],
    [['not-checked', 'problem'], 'problem', 1, 1],
    [[...outcomes], 'problem', 1, 1],
  ])('of %j is: %s', (found, result, code, accepting) => {
    const { findings } = report(...found);
    expect(JSON.parse(jsonOf(report(...found)))).toMatchObject({ result });
    expect(exitCodeOf(findings, false)).toBe(code);
    expect(exitCodeOf(findings, true)).toBe(accepting);
  });
});

describe('the arguments', () => {
  const readOf = (...given: readonly string[]) => {
    const parsed = readArguments(given);
    if (!parsed.ok) throw new Error(parsed.sentence);
    return parsed.read;
  };

  it('may all be left out', () => {
    expect(readOf()).toEqual({
      json: false,
      help: false,
      local: false,
      acceptNotChecked: false,
      stack: 'vpn-portal',
      region: null,
      role: null,
      endpoints: [],
    });
  });

  it('look for the stack by the name that the settings give it', () => {
    expect(defaultStack).toBe(portalSettings.shape.name.parse(undefined));
  });

  it('may all be given', () => {
    const other = 'cvpn-endpoint-0bbbbbbbbbbbbbbbb';
    const ids = [endpointId, other, endpointId].flatMap((id) => ['--endpoint', id]);
    const flags = ['--json', '--local', '--accept-not-checked', '--help'];
    const values = ['--stack', 'vpn', '--region', 'us-gov-west-1', '--role', 'reconciler'];
    expect(readOf(...ids, ...flags, ...values)).toEqual({
      json: true,
      help: true,
      local: true,
      acceptNotChecked: true,
      stack: 'vpn',
      region: 'us-gov-west-1',
      role: 'reconciler',
      endpoints: [endpointId, other],
    });
  });

  it.each([
    [['--jsn'], "Unknown option '--jsn'"],
    [['vpn-portal'], 'Unexpected argument'],
    [['--endpoint', 'office'], 'not "office"'],
    [['--endpoint'], 'argument missing'],
    [['--stack', '1st'], 'not "1st"'],
    [['--region', 'Tokyo'], 'not "Tokyo"'],
    [['--role', 'admin'], 'portal or reconciler, not "admin"'],
  ])('are refused: %j', (given, words) => {
    const parsed = readArguments(given);
    expect(parsed).toMatchObject({ ok: false });
    expect(parsed.ok ? '' : parsed.sentence).toContain(words);
  });
});

describe('where everything is', () => {
  const albArn =
    'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/vpn/0123456789abcdef';
  const outputs: readonly (readonly [string, string])[] = [
    ['TableName', 'table'],
    ['LoadBalancerArn', albArn],
    ['UserPoolClientId', 'client'],
    ['UserPoolId', 'eu-west-1_Pool'],
    ['PortalUrl', 'https://vpn.example.com'],
  ];
  const stack = (changed: Partial<Stack> = {}): Stack => ({
    name: 'vpn',
    status: 'UPDATE_COMPLETE',
    outputs: new Map(outputs),
    ...changed,
  });

  it("is in the stack's outputs", () => {
    expect(readDeployment(stack(), {})).toEqual({
      deployment: {
        tableName: 'table',
        albArn,
        clientId: 'client',
        userPoolId: 'eu-west-1_Pool',
        portalUrl: 'https://vpn.example.com',
        groupsClaim: 'custom:groups',
        ruleName: null,
        roleArns: { portal: null, reconciler: null },
        associationHour: null,
        connectionHour: null,
      },
      wrong: [],
    });
  });

  it('is in the environment first, where it is not empty', () => {
    const { deployment, wrong } = readDeployment(stack(), {
      TABLE_NAME: 'other',
      PORTAL_URL: '',
      COGNITO_ISSUER: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Other',
      GROUPS_CLAIM: 'custom:teams',
      RECONCILER_RULE_NAME: 'rule',
      PRICE_ASSOCIATION_HOUR: '0.1',
      PRICE_CONNECTION_HOUR: '0.05',
    });
    expect(wrong).toEqual([]);
    expect(deployment).toMatchObject({
      tableName: 'other',
      portalUrl: 'https://vpn.example.com',
      userPoolId: 'eu-west-1_Other',
      groupsClaim: 'custom:teams',
      ruleName: 'rule',
      associationHour: 0.1,
      connectionHour: 0.05,
    });
  });

  it.each(outputs.map(([name]) => name))('is not checked without the output %s', (name) => {
    const fewer = stack({ outputs: new Map(outputs.filter(([other]) => other !== name)) });
    const { wrong } = readDeployment(fewer, {});
    expect(onlyOf(wrong).outcome).toBe('not-checked');
    expect(onlyOf(wrong).sentence).toContain(name);
  });

  it.each([
    [{ ALB_ARN: 'arn:aws:ec2' }, 'must be the ARN of an Application Load Balancer'],
    [{ PORTAL_URL: 'vpn.example.com' }, 'must be an http or https URL'],
    [{ PRICE_ASSOCIATION_HOUR: 'cheap' }, 'must be a price'],
    [{ COGNITO_ISSUER: 'https://login.example.com/' }, 'no id of a user pool'],
  ])('is a problem with %j', (variables, words) => {
    const { wrong } = readDeployment(stack(), variables);
    expect(onlyOf(wrong).outcome).toBe('problem');
    expect(onlyOf(wrong).sentence).toContain(words);
  });

  it.each([
    ['CREATE_COMPLETE', 'ok'],
    ['UPDATE_COMPLETE', 'ok'],
    ['UPDATE_IN_PROGRESS', 'warning'],
    ['UPDATE_ROLLBACK_COMPLETE', 'problem'],
    ['ROLLBACK_FAILED', 'problem'],
  ])('is in a stack that is %s: %s', (status, outcome) => {
    expect(outcomesOf(judgeDeployment('vpn', stack({ status }), []))).toEqual([outcome]);
  });

  it('may be in the environment alone', () => {
    expect(outcomesOf(judgeDeployment('vpn', null, []))).toEqual(['ok']);
  });
});

describe('the document of the doctor', () => {
  const root = path.join(import.meta.dirname, '../..');
  const text = readFileSync(path.join(root, 'docs/doctor.md'), 'utf8');
  const columns = (line: string) => tableUnder(text, line).map(([cell]) => cell);

  it('has every check, every outcome, and every member of the JSON document, and no other', () => {
    expect([...columns('Of the deployment:'), ...columns('Of each endpoint:')]).toEqual([
      ...checkNames,
    ]);
    const said = columns('A line for each finding, and under it what to do:');
    expect(said).toEqual([...outcomes]);
    const members = Object.keys(JSON.parse(jsonOf(report())) as object);
    expect(columns('## The JSON document')).toEqual(members);
  });

  it('has every argument, and no other', () => {
    const taken = [
      ...readFileSync(path.join(root, 'scripts/doctor/arguments.ts'), 'utf8').matchAll(
        /^ {4,8}'?([a-z-]+)'?: \{ type: /gm,
      ),
    ].map(([, name = '']) => name);
    const documented = columns('## Arguments').map((cell = '') => cell.split(' ')[0]);
    expect(taken.length).toBeGreaterThan(5);
    expect([...new Set(documented)].sort()).toEqual(taken.map((name) => `--${name}`).sort());
  });

  it('has every output that is read', () => {
    const outputs = [...text.matchAll(/^\| `(\w+)` +\| `([A-Z_]+)` +\|$/gm)].map(
      ([, output, variable]) => [variable, output],
    );
    expect(outputs).toHaveLength(Object.keys(outputOf).length + 1);
    expect(outputs).toEqual(expect.arrayContaining(Object.entries(outputOf)));
  });

  it('has every action that is called to look, and no other', () => {
    const folder = path.join(root, 'scripts/doctor/aws');
    const called = readdirSync(folder).flatMap((file) =>
      [...readFileSync(path.join(folder, file), 'utf8').matchAll(/'([a-z0-9-]+:[A-Z]\w+)'/g)].map(
        ([, action]) => action,
      ),
    );
    const documented = [...text.matchAll(/^ {4}([a-z0-9-]+:[A-Z]\w+)$/gm)].map(([, one]) => one);
    expect(documented).toEqual([...new Set(called)].sort());
  });
});
