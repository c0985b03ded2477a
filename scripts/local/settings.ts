import { z } from 'zod';
import { LocalStackError } from './listen.ts';

export interface LocalSettings {
  readonly albPort: number;
  readonly awsPort: number;
  readonly dynamodbPort: number;
  /** A folder, or `memory`. */
  readonly dataFolder: string;
  readonly secondsToAssociate: number;
  readonly secondsToRoute: number;
  readonly secondsToDisassociate: number;
  /** The schedule says what it would do, and does nothing; false unless given. */
  readonly dryRun?: boolean;
}

const portRule = 'a whole number from 0 (any free port) to 65535';
const secondsRule = 'a number of seconds from 0 to 86400';

function port(fallback: number) {
  return z
    .string()
    .regex(/^\d{1,5}$/, portRule)
    .transform(Number)
    .pipe(z.number().max(65_535, portRule))
    .default(fallback);
}

function seconds(fallback: number) {
  return z
    .string()
    .regex(/^\d{1,5}(?:\.\d+)?$/, secondsRule)
    .transform(Number)
    .pipe(z.number().max(86_400, secondsRule))
    .default(fallback);
}

function flag(fallback: 'true' | 'false') {
  return z
    .enum(['true', 'false'], 'true or false')
    .default(fallback)
    .transform((text) => text === 'true');
}

const environment = z.object({
  LOCAL_PORT: port(8080),
  LOCAL_AWS_PORT: port(4566),
  LOCAL_DYNAMODB_PORT: port(8000),
  LOCAL_DATA: z.string().default('.local'),
  LOCAL_SECONDS_TO_ASSOCIATE: seconds(20),
  LOCAL_SECONDS_TO_ROUTE: seconds(5),
  LOCAL_SECONDS_TO_DISASSOCIATE: seconds(10),
  LOCAL_DRY_RUN: flag('false'),
});

/**
 * Reads the environment; an empty variable counts as not set.
 *
 * @throws {LocalStackError} with one sentence for each value that cannot be used
 */
export function readSettings(variables: Readonly<NodeJS.ProcessEnv>): LocalSettings {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(set);
  if (!parsed.success) {
    const sentences = parsed.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      return `${name} must be ${issue.message}, not "${variables[name] ?? ''}".`;
    });
    throw new LocalStackError(sentences.join('\n'));
  }
  return {
    albPort: parsed.data.LOCAL_PORT,
    awsPort: parsed.data.LOCAL_AWS_PORT,
    dynamodbPort: parsed.data.LOCAL_DYNAMODB_PORT,
    dataFolder: parsed.data.LOCAL_DATA,
    secondsToAssociate: parsed.data.LOCAL_SECONDS_TO_ASSOCIATE,
    secondsToRoute: parsed.data.LOCAL_SECONDS_TO_ROUTE,
    secondsToDisassociate: parsed.data.LOCAL_SECONDS_TO_DISASSOCIATE,
    dryRun: parsed.data.LOCAL_DRY_RUN,
  };
}
