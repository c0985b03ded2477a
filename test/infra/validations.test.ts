import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Annotations, CfnResource, Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { z } from 'zod';

import { createPortalApp } from '../../infra/app.ts';
import type { PortalApp } from '../../infra/app.ts';
import { eventTypes } from '../../infra/lib/event-types.ts';
import { readSettings } from '../../infra/read-settings.ts';
import { settings } from '../../infra/settings.example.ts';
import type { SettingsInput } from '../../infra/settings.ts';
import { synthesise, UnacknowledgedError } from '../../infra/synthesise.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'validations-'));
  // The CDK prints what it finds.
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function portalApp(changed: Partial<SettingsInput> = {}): PortalApp {
  const bundle = path.join(folder, 'bundle');
  mkdirSync(bundle);
  writeFileSync(path.join(bundle, 'index.cjs'), '');
  return createPortalApp(readSettings({ ...settings, ...changed }), {
    bundles: { portal: bundle, reconciler: bundle, connect: bundle },
    folder: path.join(folder, 'cdk.out'),
  });
}

const longest = 120_000;

describe('the validations', () => {
  it(
    'refuse what cdk-nag finds and nobody has acknowledged',
    () => {
      const { app, portal } = portalApp();
      new Queue(portal, 'WithoutDeadLetters', { enforceSSL: true });
      expect(() => synthesise(app)).toThrow(/AwsSolutions-SQS3/);
    },
    longest,
  );

  it(
    'refuse what CloudFormation would refuse',
    () => {
      const { app, portal } = portalApp();
      new CfnResource(portal, 'Wrong', {
        type: 'AWS::SNS::Topic',
        properties: { TopicNames: 'no such property' },
      });
      expect(() => synthesise(app)).toThrow(/'TopicNames' was unexpected/);
    },
    longest,
  );

  it(
    'refuse what the CDK only warns of, and say where it is',
    () => {
      const { app, portal } = portalApp();
      Annotations.of(portal).addWarningV2('careful', 'This may be wrong.');
      expect(() => synthesise(app)).toThrow(UnacknowledgedError);
      expect(() => synthesise(app)).toThrow(/careful: This may be wrong\. \(Portal\)/);
    },
    longest,
  );
});

const everything = { email: eventTypes, webhook: eventTypes };
const onlyArns = [
  'arn:aws:ec2:ap-northeast-1:111122223333:client-vpn-endpoint/cvpn-endpoint-0123456789abcdef0',
];
const onlySubnetIds = ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'];
const ownDomain = (
  hostName: string,
  account: string = settings.account,
): SettingsInput['signIn'] => ({
  ...settings.signIn,
  identityProvider: { kind: 'okta', metadataUrl: 'https://example.okta.com/metadata' },
  domain: {
    kind: 'own',
    hostName,
    certificateArn: `arn:aws:acm:us-east-1:${account}:certificate/00000000-0000-0000-0000-000000000000`,
  },
});

/**
 * What the other suites synthesise, they do without the validations. So each choice that the settings
 * leave, and that makes other resources or other properties of them, is here in one variant or more.
 */
const variants: Readonly<Record<string, Partial<SettingsInput>>> = {
  'as the example has it': {},
  'in a container': {
    host: 'container',
    container: { tasks: 3, architecture: 'x86_64' },
    accessLogs: true,
    firewall: true,
    notifications: { language: 'en', events: { email: [], webhook: [] } },
  },
  'with named endpoints, a handler that is kept warm, and Slack': {
    name: 'vpn-office',
    endpoints: { onlyArns, onlySubnetIds },
    lambda: { reservedConcurrency: 20, memoryMegabytes: 512 },
    schedule: { dryRun: true, reservedConcurrency: 2 },
    connect: { enabled: true, onFailure: 'allow', provisionedConcurrency: 2 },
    notifications: {
      language: 'en',
      events: everything,
      webhook: { kind: 'slack', channel: 'C0123456789', secret: 'vpn-portal/slack' },
    },
    signIn: ownDomain('sign-in.vpn.example.com'),
    accessLogs: true,
    firewall: true,
  },
  'in a network that is there, with endpoints without tags, and Teams': {
    host: 'container',
    network: {
      kind: 'existing',
      vpcId: 'vpc-0123456789abcdef0',
      publicSubnetIds: onlySubnetIds,
      taskSubnetIds: ['subnet-0123456789abcdef2'],
    },
    endpoints: { onlyArns, onlySubnetIds, requireTag: false },
    prices: { byRegion: { 'ap-northeast-1': null }, portalPerMonth: 27 },
    deletionProtection: false,
    alarms: { ...settings.alarms, monthlyBudgetUsd: null },
    connect: { enabled: true, onFailure: 'deny' },
    notifications: {
      language: 'ja',
      events: everything,
      webhook: {
        kind: 'teams',
        url: 'https://prod-01.japaneast.logic.azure.com:443/workflows/0a1b',
        secret: 'arn:aws:secretsmanager:ap-northeast-1:111122223333:secret:teams-AbCdEf',
      },
    },
  },
  'in another account and Region, with a name of Cognito’s beside the portal’s, and a webhook': {
    account: '444455556666',
    region: 'us-east-1',
    connect: { enabled: true, onFailure: 'deny' },
    notifications: {
      events: { email: [], webhook: eventTypes },
      webhook: { kind: 'other', url: 'https://hooks.example.com/vpn', secret: 'hook' },
    },
    alarms: {
      ...settings.alarms,
      emails: ['operators@example.com', 'on-call@example.com'],
      runbookUrl: 'https://wiki.example.com/vpn/operator-runbook',
    },
    signIn: ownDomain('sign-in.example.com', '444455556666'),
  },
};

describe('the templates', () => {
  it.each(Object.entries(variants))(
    'have nothing that is found and not acknowledged: %s',
    (_variant, changed) => {
      const { app } = portalApp(changed);
      expect(() => synthesise(app)).not.toThrow();
    },
    longest,
  );
});

const reasons = z.record(z.string(), z.string());

/** Every acknowledgement of ours under a construct, with where it stands. */
function acknowledgements(root: IConstruct) {
  return root.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(reasons.parse(data)))
      .map(([id, reason]) => ({ id, reason, path: node.path }))
      // The CDK acknowledges some of what its own validator finds in its own constructs.
      .filter(({ id }) => !id.startsWith('CloudFormation-Validate::')),
  );
}

describe.each(['lambda', 'container'] as const)('the acknowledgements beside a %s', (host) => {
  it('give a reason each, of which a reviewer can say whether it is one', () => {
    const all = acknowledgements(portalApp({ host }).app);
    expect(all.length).toBeGreaterThan(3);
    for (const { reason } of all) expect(reason).toMatch(/^.{60,}\.$/s);
  });

  it('stand at what they are about, and at no stack', () => {
    const all = acknowledgements(portalApp({ host }).app);
    expect(all.filter((each) => !each.path.includes('/'))).toEqual([]);
  });
});
