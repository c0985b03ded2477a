import type { z } from 'zod';

/**
 * The environment that a function or a container is given: every variable that its schema reads, each
 * by name. One that is added to the schema and not here does not compile. `undefined` leaves it to the
 * schema's default, which is then a decision and not an oversight.
 */
export type EnvironmentOf<Schema extends z.ZodObject> = {
  readonly [Name in keyof z.input<Schema>]-?: string | undefined;
};

export function variablesOf<Schema extends z.ZodObject>(
  environment: EnvironmentOf<Schema>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries<string | undefined>(environment).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
}
