import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';

import { DataStack } from './lib/data-stack.ts';
import { PortalStack } from './lib/portal-stack.ts';
import type { Bundles } from './bundles.ts';
import type { PortalSettings } from './settings.ts';

/**
 * What the CDK is told to do, here rather than in cdk.json: so it is the same for `npm run synth`, for
 * the CDK's own program and for the tests.
 */
const context = {
  // What the CDK's own validator of templates finds is an error.
  '@aws-cdk/core:validateAgainstDefaultRules': true,
  // Warnings of constructs stand in the report that `synthesise` reads.
  '@aws-cdk/core:annotationsInValidationReport': true,
  // ARNs can be read, and held against what is acknowledged.
  '@aws-cdk/core:enablePartitionLiterals': true,
  // The data's stack cannot be removed while the portal's uses it.
  '@aws-cdk/core:defaultCrossStackReferences': 'strong',
  '@aws-cdk/core:checkSecretUsage': true,
  '@aws-cdk/aws-s3:createDefaultLoggingPolicy': true,
  '@aws-cdk/aws-s3:publicAccessBlockedByDefault': true,
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
};

export interface PortalApp {
  readonly app: App;
  readonly data: DataStack;
  readonly portal: PortalStack;
}

/**
 * The two stacks. Nothing here asks AWS for anything.
 *
 * @param options.folder where the synthesised assembly goes; the CDK says it unless given
 * @param options.validations whether the templates are held against the rules; true unless given
 */
export function createPortalApp(
  settings: PortalSettings,
  options: {
    readonly bundles: Bundles;
    readonly folder?: string;
    readonly validations?: boolean;
  },
): PortalApp {
  const { bundles, folder, validations = true } = options;
  const app = new App({
    context,
    builtinCloudFormationValidation: validations,
    ...(folder === undefined ? {} : { outdir: folder }),
  });
  if (validations) Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const env = { account: settings.account, region: settings.region };
  const data = new DataStack(app, 'Data', {
    env,
    stackName: `${settings.name}-data`,
    description: 'Client VPN On Demand: what lasts',
  });
  const portal = new PortalStack(app, 'Portal', {
    env,
    stackName: settings.name,
    description: 'Client VPN On Demand: the portal',
    settings,
    table: data.table,
    bundles,
  });
  return { app, data, portal };
}
