import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { connectEnvironment, readEnvironment } from '../../src/config/environment.ts';
import { connectRole, resourceOf, statementsOf, synthesisePortal } from './synthesised-portal.ts';
import type { Resource, SynthesisedPortal } from './synthesised-portal.ts';

let ready: SynthesisedPortal;
let plain: SynthesisedPortal;
let without: SynthesisedPortal;

beforeAll(() => {
  ready = synthesisePortal({
    name: 'vpn-office',
    connect: { enabled: true, onFailure: 'allow', provisionedConcurrency: 2 },
    notifications: { language: 'ja' },
  });
  plain = synthesisePortal({ host: 'container', connect: { enabled: true, onFailure: 'deny' } });
  without = synthesisePortal({ connect: { enabled: false } });
});

afterAll(() => {
  for (const each of [ready, plain, without]) each.remove();
});

const functionOf = ({ portal }: SynthesisedPortal): Resource['Properties'] =>
  resourceOf(portal, 'AWS::Lambda::Function', { Description: connectRole }).Properties;

const variablesIn = (from: SynthesisedPortal) =>
  z.object({ Variables: z.record(z.string(), z.unknown()) }).parse(functionOf(from)['Environment'])
    .Variables;

const namespaceIn = (from: SynthesisedPortal) => variablesIn(from)['METRIC_NAMESPACE'];

describe('the client connect handler', () => {
  it('has a name that the Client VPN service calls, of the deployment', () => {
    expect(functionOf(ready)).toMatchObject({
      FunctionName: 'AWSClientVPN-vpn-office',
      Runtime: `nodejs${process.versions.node.split('.')[0] ?? ''}.x`,
      Architectures: ['arm64'],
      Handler: 'index.handler',
    });
  });

  it('has longer than its own deadline, and less long than the service waits', () => {
    const { Timeout } = functionOf(ready);
    expect(Timeout).toBeGreaterThan(5);
    expect(Timeout).toBeLessThan(30);
  });

  it('is attached by an alias, which stays when versions come', () => {
    const [alias] = Object.keys(ready.portal.findResources('AWS::Lambda::Alias'));
    const [version] = Object.keys(ready.portal.findResources('AWS::Lambda::Version'));
    expect(resourceOf(ready.portal, 'AWS::Lambda::Alias').Properties).toMatchObject({
      Name: 'live',
      FunctionVersion: { 'Fn::GetAtt': [version, 'Version'] },
    });
    const outputs = ready.portal.findOutputs('ConnectHandlerArn');
    expect(outputs).toMatchObject({ ConnectHandlerArn: { Value: { Ref: alias } } });
  });

  it('is kept ready where the settings say so, and only there', () => {
    const provisioned = (from: SynthesisedPortal) =>
      resourceOf(from.portal, 'AWS::Lambda::Alias').Properties['ProvisionedConcurrencyConfig'];
    expect(provisioned(ready)).toEqual({ ProvisionedConcurrentExecutions: 2 });
    expect(provisioned(plain)).toBeUndefined();
  });

  it('needs no policy of its own: the service has a role that may invoke it', () => {
    const permissions = Object.values(plain.portal.findResources('AWS::Lambda::Permission'));
    expect(JSON.stringify(permissions)).not.toContain('Connect');
  });

  it('is told by its environment what the settings say', () => {
    expect(variablesIn(ready)).toMatchObject({
      PORTAL_URL: 'https://vpn.example.com',
      CONNECT_ON_FAILURE: 'allow',
      CONNECT_LANGUAGE: 'ja',
      AUDIT_RETENTION_DAYS: '400',
      TABLE_NAME: { 'Fn::ImportValue': expect.stringContaining('-data:') },
    });
    expect(variablesIn(plain)).toMatchObject({
      CONNECT_ON_FAILURE: 'deny',
      CONNECT_LANGUAGE: 'en',
    });
    const asDeployed = { ...variablesIn(ready), TABLE_NAME: 'portal' };
    const texts = z.record(z.string(), z.string()).parse(asDeployed);
    expect(readEnvironment(connectEnvironment, texts).CONNECT_ON_FAILURE).toBe('allow');
  });

  it('keeps its log as long as the others', () => {
    const [id] = Object.keys(ready.portal.findResources('AWS::Logs::LogGroup')).filter((each) =>
      each.startsWith('Connect'),
    );
    expect(functionOf(ready)['LoggingConfig']).toEqual({ LogGroup: { Ref: id } });
  });

  it('is not there unless it is asked for, nor is anything of it', () => {
    const template = JSON.stringify(without.portal.toJSON());
    expect(template).not.toContain('AWSClientVPN-');
    expect(template).not.toContain('connect-handler');
    expect(without.portal.findOutputs('ConnectHandlerArn')).toEqual({});
  });
});

describe('its role', () => {
  const statements = () => statementsOf(plain.portal, connectRole);
  const ofTheTable = () =>
    statements().filter(({ Action }) => Action.some((action) => action.startsWith('dynamodb:')));

  it('reads and writes the items that it needs, by their keys, and no others', () => {
    const allowed = ofTheTable().filter(({ Effect }) => Effect === 'Allow');
    expect(allowed.map(({ Action, Condition }) => [Action, Condition])).toEqual(
      [
        ['GetItem', ['CATALOGUE', 'ENDPOINT#*']],
        ['Query', ['ENDPOINT#*']],
        ['UpdateItem', ['ENDPOINT#*']],
        ['PartiQLInsert', ['AUDIT#*']],
        ['PutItem', ['DENIALS']],
      ].map(([action, keys]) => [
        [`dynamodb:${String(action)}`],
        { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } },
      ]),
    );
    expect(JSON.stringify(allowed)).not.toContain('/index/');
  });

  it('may nothing of EC2 or EventBridge, and nothing on *', () => {
    const services = statements().flatMap(({ Action }) =>
      Action.map((action) => action.split(':')[0]),
    );
    expect(new Set(services)).toEqual(new Set(['dynamodb', 'logs']));
    expect(statements().map(({ Resource }) => Resource)).not.toContain('*');
  });
});

describe('its alarms', () => {
  const alarmOf = (from: SynthesisedPortal, name: string) =>
    Object.values(
      from.portal.findResources('AWS::CloudWatch::Alarm', {
        Properties: { AlarmName: `vpn-office-${name}` },
      }),
    );

  it.each([
    ['connect-handler-failures', 'Errors', 'Sum', 1],
    ['connect-handler-throttled', 'Throttles', 'Sum', 1],
    ['connect-handler-slow', 'Duration', 'Maximum', 4_000],
  ])('%s: %s, %s, at %d', (name, MetricName, Statistic, Threshold) => {
    const [handler] = Object.keys(
      ready.portal.findResources('AWS::Lambda::Function', {
        Properties: { FunctionName: 'AWSClientVPN-vpn-office' },
      }),
    );
    expect(alarmOf(ready, name)).toEqual([
      expect.objectContaining({
        Properties: expect.objectContaining({
          MetricName,
          Statistic,
          Threshold,
          Namespace: 'AWS/Lambda',
          Dimensions: [{ Name: 'FunctionName', Value: { Ref: handler } }],
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
          TreatMissingData: 'notBreaching',
          AlarmActions: [expect.anything()],
          AlarmDescription: expect.stringContaining(`docs/operator-runbook.md#${name}`),
        }),
      }),
    ]);
  });

  it('clients-not-judged: whatever the reason, and whether let in or kept out', () => {
    expect(alarmOf(ready, 'clients-not-judged')).toEqual([
      expect.objectContaining({
        Properties: expect.objectContaining({
          MetricName: 'ClientsUnjudged',
          Statistic: 'Sum',
          Threshold: 1,
          Namespace: namespaceIn(ready),
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
          TreatMissingData: 'notBreaching',
          AlarmActions: [expect.anything()],
          AlarmDescription: expect.stringContaining('docs/operator-runbook.md#clients-not-judged'),
        }),
      }),
    ]);
    const [alarm] = alarmOf(ready, 'clients-not-judged');
    expect(alarm?.['Properties']).not.toHaveProperty('Dimensions');
  });

  it('stand on the dashboard', () => {
    const dashboard = JSON.stringify(ready.portal.findResources('AWS::CloudWatch::Dashboard'));
    expect(dashboard).toContain('ConnectAlarms');
    expect(
      JSON.stringify(without.portal.findResources('AWS::CloudWatch::Dashboard')),
    ).not.toContain('ConnectAlarms');
  });
});
