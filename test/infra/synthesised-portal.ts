import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { Template } from 'aws-cdk-lib/assertions';
import { z } from 'zod';

import { createPortalApp } from '../../infra/app.ts';
import type { Bundles } from '../../infra/bundles.ts';
import { readSettings } from '../../infra/read-settings.ts';
import { settings as example } from '../../infra/settings.example.ts';
import type { SettingsInput } from '../../infra/settings.ts';

export interface SynthesisedPortal {
  readonly data: Template;
  readonly portal: Template;
  /** The folder of what was synthesised: templates and assets. */
  readonly folder: string;
  /** What the CDK would have to ask an account for. */
  readonly lookups: readonly unknown[];
  remove(): void;
}

/**
 * The whole app as the example has it, but for what is changed. Nothing is validated, which takes longer
 * than all the rest; that every setting passes is held by `validations.test.ts`.
 *
 * @param bundles those that matter; for each of the others a stand-in, which synthesises sooner
 */
export function synthesisePortal(
  changed: Partial<SettingsInput> = {},
  bundles: Partial<Bundles> = {},
): SynthesisedPortal {
  const folder = mkdtempSync(path.join(tmpdir(), 'synthesised-portal-'));
  const { app, data, portal } = createPortalApp(readSettings({ ...example, ...changed }), {
    bundles: { ...emptyBundles(path.join(folder, 'bundles')), ...bundles },
    folder: path.join(folder, 'cdk.out'),
    validations: false,
  });
  const { manifest } = app.synth();
  return {
    data: Template.fromStack(data),
    portal: Template.fromStack(portal),
    folder: path.join(folder, 'cdk.out'),
    lookups: manifest.missing ?? [],
    remove() {
      rmSync(folder, { recursive: true });
    },
  };
}

function emptyBundles(folder: string): Bundles {
  const bundles = {
    portal: path.join(folder, 'portal'),
    reconciler: path.join(folder, 'reconciler'),
    connect: path.join(folder, 'connect'),
  };
  for (const [name, bundle] of Object.entries(bundles)) {
    mkdirSync(bundle, { recursive: true });
    writeFileSync(path.join(bundle, 'index.cjs'), `// ${name}\n`);
  }
  return bundles;
}

const statementForm = z.object({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: z.union([z.string().transform((action) => [action]), z.array(z.string())]),
  Resource: z.unknown(),
  Condition: z.record(z.string(), z.unknown()).optional(),
});
const policyForm = z.object({
  Properties: z.object({
    PolicyDocument: z.object({ Statement: z.array(statementForm) }),
    Roles: z.array(z.object({ Ref: z.string() })),
  }),
});

export type PolicyStatement = z.output<typeof statementForm>;

/** What the template's own policies say of the role that is described so. */
export function statementsOf(template: Template, description: string): readonly PolicyStatement[] {
  const roles = Object.keys(
    template.findResources('AWS::IAM::Role', { Properties: { Description: description } }),
  );
  if (roles.length !== 1) throw new Error(`${roles.length} roles are described as ${description}`);
  return Object.values(template.findResources('AWS::IAM::Policy'))
    .map((policy) => policyForm.parse(policy).Properties)
    .filter(({ Roles }) => Roles.some(({ Ref }) => Ref === roles[0]))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

export const portalRole = 'Client VPN portal: pages and wishes';
export const reconcilerRole = 'Client VPN reconciler: makes endpoints what the leases say';
export const connectRole = 'Client VPN connect handler: lets clients in, or says why not';

const resourceForm = z.looseObject({ Properties: z.record(z.string(), z.unknown()) });

export type Resource = z.output<typeof resourceForm>;

/** The one resource of this type, with at least these properties; throws where there is none, or another. */
export function resourceOf(
  template: Template,
  type: string,
  properties: Readonly<Record<string, unknown>> = {},
): Resource {
  const found = Object.values(template.findResources(type, { Properties: properties }));
  if (found.length !== 1) throw new Error(`there are ${found.length} resources ${type}`);
  return resourceForm.parse(found[0]);
}
