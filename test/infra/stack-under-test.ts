import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { AwsSolutionsChecks } from 'cdk-nag';
import { z } from 'zod';

const template = z.object({
  Resources: z
    .record(
      z.string(),
      z.looseObject({
        Type: z.string(),
        Properties: z.record(z.string(), z.unknown()).default({}),
        DeletionPolicy: z.string().optional(),
      }),
    )
    .default({}),
});

const report = z.object({
  pluginReports: z.array(
    z.object({
      violations: z.array(
        z.object({
          ruleName: z.string(),
          violatingConstructs: z.array(z.object({ constructPath: z.string() })),
        }),
      ),
    }),
  ),
});

export type Resource = z.output<typeof template>['Resources'][string];

/** What one stack synthesises to, offline, with some of the constructs in it. */
export interface SynthesisedStack {
  readonly resources: Readonly<Record<string, Resource>>;
  readonly ofType: (type: string) => readonly Resource[];
  /** The properties of the one resource of this type; throws where there is none, or another. */
  readonly one: (type: string) => Resource['Properties'];
  /** What cdk-nag and the CDK's own validator find and nobody has acknowledged: `rule at/path`. */
  readonly findings: () => readonly string[];
  /** What the CDK would have to ask an account for. */
  readonly lookups: readonly unknown[];
}

/** @param build puts the constructs into the stack; called again for the findings */
export function synthesise(build: (stack: Stack) => void): SynthesisedStack {
  const { lookups, resources } = inOwnFolder((outdir) => {
    const assembly = appWith(build, outdir).synth();
    return {
      lookups: assembly.manifest.missing ?? [],
      resources: template.parse(assembly.getStackByName('Portal').template).Resources,
    };
  });
  const ofType = (type: string) =>
    Object.values(resources).filter((resource) => resource.Type === type);
  return {
    resources,
    ofType,
    one: (type) => {
      const [resource, ...others] = ofType(type);
      if (resource === undefined || others.length > 0) {
        throw new Error(`there is not exactly one resource ${type}`);
      }
      return resource.Properties;
    },
    findings: () => inOwnFolder((outdir) => findingsOf(build, outdir)),
    lookups,
  };
}

function inOwnFolder<Result>(run: (outdir: string) => Result): Result {
  const outdir = mkdtempSync(path.join(tmpdir(), 'synthesised-'));
  try {
    return run(outdir);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function appWith(build: (stack: Stack) => void, outdir: string, context = {}) {
  const app = new App({ outdir, context, analyticsReporting: false });
  const env = { account: '111122223333', region: 'ap-northeast-1' };
  const stack = new Stack(app, 'Portal', { env });
  build(stack);
  return app;
}

function findingsOf(build: (stack: Stack) => void, outdir: string): readonly string[] {
  const context = { '@aws-cdk/core:validateAgainstDefaultRules': true };
  const app = appWith(build, outdir, context);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  try {
    app.synth();
  } catch (error) {
    if (!String(error).includes('Validation failed')) throw error;
  }
  const written = readFileSync(path.join(outdir, 'validation-report.json'), 'utf8');
  return report
    .parse(JSON.parse(written))
    .pluginReports.flatMap(({ violations }) => violations)
    .flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => `${ruleName} ${constructPath}`),
    );
}

export function hostedZoneIn(stack: Stack): IHostedZone {
  return HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
    hostedZoneId: 'Z0123456789ABCDEFGHIJ',
    zoneName: 'example.com',
  });
}
