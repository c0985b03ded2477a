import { readFileSync } from 'node:fs';
import path from 'node:path';

import type { App } from 'aws-cdk-lib';
import { z } from 'zod';

const report = z.object({
  pluginReports: z.array(
    z.object({
      pluginName: z.string(),
      violations: z.array(
        z.object({
          ruleName: z.string(),
          description: z.string(),
          violatingConstructs: z.array(z.object({ constructPath: z.string().optional() })),
        }),
      ),
    }),
  ),
});

/** What a validation has found and nobody has acknowledged, warnings too. */
export class UnacknowledgedError extends Error {
  override readonly name = 'UnacknowledgedError';
}

/**
 * Writes the templates, and holds them against the rules of the app's validations.
 *
 * @returns the folder of the assembly
 * @throws the CDK's `ValidationFailed`, after it has printed what it has found
 * @throws {UnacknowledgedError} for a warning, which the CDK by itself would only print
 */
export function synthesise(app: App): string {
  const { directory } = app.synth();
  const written = readFileSync(path.join(directory, 'validation-report.json'), 'utf8');
  const found = report.parse(JSON.parse(written)).pluginReports.flatMap(({ violations }) =>
    violations.map(({ description, ruleName, violatingConstructs }) => {
      const where = violatingConstructs.map(({ constructPath = '?' }) => constructPath).join(', ');
      return `  - ${ruleName}: ${description} (${where})`;
    }),
  );
  if (found.length === 0) return directory;
  throw new UnacknowledgedError(
    [
      'The templates are not as they should be:',
      ...found,
      'Mend them, or acknowledge each with its reason.',
    ].join('\n'),
  );
}
