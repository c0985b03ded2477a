import path from 'node:path';

import { z } from 'zod';

import { resourceOf } from './synthesised-portal.ts';
import type { SynthesisedPortal } from './synthesised-portal.ts';

const functionForm = z.object({
  Handler: z.string(),
  Code: z.object({ S3Key: z.string() }),
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
});

/** What is deployed of a function, taken out of what was synthesised. */
export function deployedFunction(synthesised: SynthesisedPortal, description: string) {
  const { Properties } = resourceOf(synthesised.portal, 'AWS::Lambda::Function', {
    Description: description,
  });
  const { Code, Environment, Handler } = functionForm.parse(Properties);
  const [file = '', exported = ''] = Handler.split('.');
  const asset = path.join(synthesised.folder, `asset.${path.parse(Code.S3Key).name}`);
  return {
    asset,
    file: path.join(asset, `${file}.cjs`),
    exported,
    variables: Environment.Variables,
  };
}

/**
 * The variables of the template, and no others but Lambda's own and where the stand-ins are. What the
 * template leaves to the deployment, such as the load balancer's ARN, is what the stand-in is called.
 *
 * @param surroundings what the stand-ins are called, by the names of variables, and the SDK's own
 */
export function deployedEnvironment(
  variables: Readonly<Record<string, unknown>>,
  surroundings: Readonly<Record<string, string>>,
): Record<string, string> {
  const ofTheTemplate = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : (surroundings[name] ?? `no ${name}`),
    ]),
  );
  const ofLambda = Object.fromEntries(
    Object.entries(surroundings).filter(([name]) => name.startsWith('AWS_')),
  );
  return { ...ofTheTemplate, ...ofLambda };
}
