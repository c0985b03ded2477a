import { z } from 'zod';
import { parseCondition } from './condition.ts';
import type { Condition } from './condition.ts';
import { isArnPattern } from './pattern.ts';
import { PolicyError } from './policy-error.ts';

/** A statement of a policy that is attached to a role. */
export interface Statement {
  /** Empty where the policy gives it none. */
  readonly sid: string;
  readonly effect: 'Allow' | 'Deny';
  /** Patterns, such as `ec2:Describe*`. */
  readonly actions: readonly string[];
  /** Patterns of ARNs, or `*`. */
  readonly resources: readonly string[];
  /** All of them have to be met. */
  readonly conditions: readonly Condition[];
}

const oneOrMore = z
  .union([z.string(), z.array(z.string()).min(1)])
  .transform((value): readonly string[] => (typeof value === 'string' ? [value] : value));
const conditionValue = z
  .union([z.string(), z.boolean(), z.array(z.union([z.string(), z.boolean()])).min(1)])
  .transform((value) => (Array.isArray(value) ? value : [value]).map(String));

/* Strict: NotAction, NotResource and Principal say something that is not understood here. */
const statement = z.strictObject({
  Sid: z.string().default(''),
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMore,
  Resource: oneOrMore,
  Condition: z.record(z.string(), z.record(z.string(), conditionValue)).default({}),
});

const policyDocument = z.strictObject({
  Version: z.literal('2012-10-17'),
  Id: z.string().optional(),
  // A union of both forms would not say what is wrong with either.
  Statement: z.preprocess(
    (given) => (Array.isArray(given) ? (given as unknown) : [given]),
    z.array(statement).min(1),
  ),
});

/**
 * Reads a policy of a role, without intrinsic functions.
 *
 * @throws {PolicyError} for everything in it that cannot be judged here
 */
export function parsePolicyDocument(document: unknown): readonly Statement[] {
  const parsed = policyDocument.safeParse(document);
  if (!parsed.success) {
    throw new PolicyError(`The policy cannot be judged here: ${z.prettifyError(parsed.error)}`);
  }
  return parsed.data.Statement.map((read) => {
    for (const action of read.Action) {
      if (!/^(?:\*|[a-z0-9-]+:[A-Za-z0-9*?]+)$/.test(action)) {
        throw new PolicyError(`${action} is no action.`);
      }
    }
    for (const resource of read.Resource) {
      if (resource !== '*' && (!isArnPattern(resource) || resource.includes('${'))) {
        throw new PolicyError(`The resource ${resource} is neither an ARN nor "*".`);
      }
    }
    return {
      sid: read.Sid,
      effect: read.Effect,
      actions: read.Action,
      resources: read.Resource,
      conditions: Object.entries(read.Condition).flatMap(([operator, keys]) =>
        Object.entries(keys).map(([key, values]) => parseCondition(operator, key, values)),
      ),
    };
  });
}
