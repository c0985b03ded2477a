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
