import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
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

export type Resource = z.output<typeof template>['Resources'][string];

/** What one stack synthesises to, offline, with some of the constructs in it. */
export interface SynthesisedStack {
  readonly resources: Readonly<Record<string, Resource>>;
  readonly ofType: (type: string) => readonly Resource[];
  /** The properties of the one resource of this type; throws where there is none, or another. */
  readonly one: (type: string) => Resource['Properties'];
  /** What the CDK would have to ask an account for. */
  readonly lookups: readonly unknown[];
}

/**
 * Nothing is validated: what these constructs are in the whole app, `validations.test.ts` does.
 *
 * @param build puts the constructs into the stack
 */
export function synthesise(build: (stack: Stack) => void): SynthesisedStack {
  const { lookups, resources } = synthesised(build);
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
    lookups,
  };
}

function synthesised(
  build: (stack: Stack) => void,
): Pick<SynthesisedStack, 'lookups' | 'resources'> {
  const outdir = mkdtempSync(path.join(tmpdir(), 'synthesised-'));
  try {
    const app = new App({
      outdir,
      builtinCloudFormationValidation: false,
      analyticsReporting: false,
    });
    const env = { account: '111122223333', region: 'ap-northeast-1' };
    build(new Stack(app, 'Portal', { env }));
    const assembly = app.synth();
    return {
      lookups: assembly.manifest.missing ?? [],
      resources: template.parse(assembly.getStackByName('Portal').template).Resources,
    };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

export function hostedZoneIn(stack: Stack): IHostedZone {
  return HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
    hostedZoneId: 'Z0123456789ABCDEFGHIJ',
    zoneName: 'example.com',
  });
}
