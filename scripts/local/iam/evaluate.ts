import type { Context } from './condition.ts';
import { matchesAction, matchesArn } from './pattern.ts';
import type { Statement } from './policy-document.ts';

/** One action on one resource, as it is asked for. */
export interface Access {
  /** Such as `ec2:DescribeSubnets`. */
  readonly action: string;
  /** An ARN, or `*` where the action knows no resources. */
  readonly resource: string;
  readonly context: Context;
}

export type Verdict =
  | { readonly outcome: 'allowed' }
  /** No statement allows it. */
  | { readonly outcome: 'not-allowed' }
  /** A statement denies it, whatever the others allow. */
  | { readonly outcome: 'denied'; readonly sid: string };

/**
 * What the policies of one role say. Source: IAM User Guide, "Policy evaluation logic": nothing is
 * allowed unless a statement allows it, and one that denies has the last word.
 */
export function evaluate(statements: readonly Statement[], access: Access): Verdict {
  const concerned = statements.filter((statement) => concerns(statement, access));
  const denial = concerned.find(({ effect }) => effect === 'Deny');
  if (denial !== undefined) return { outcome: 'denied', sid: denial.sid };
  return { outcome: concerned.length > 0 ? 'allowed' : 'not-allowed' };
}

function concerns({ actions, conditions, resources }: Statement, access: Access): boolean {
  return (
    actions.some((action) => matchesAction(action, access.action)) &&
    resources.some((resource) => matchesResource(resource, access.resource)) &&
    conditions.every((condition) => condition.isMet(access.context))
  );
}

/** An action without resources is a matter of `*` alone, and of no ARN, however wide. */
function matchesResource(pattern: string, resource: string): boolean {
  return resource === '*' ? pattern === '*' : matchesArn(pattern, resource);
}
