import { parseCondition } from '../../scripts/local/iam/condition.ts';
import type { Statement } from '../../scripts/local/iam/policy-document.ts';

export interface ThinnerStatements {
  /** What was taken away, such as `ec2:CreateClientVpnRoute on arn:…`. */
  readonly without: string;
  readonly statements: readonly Statement[];
}

/**
 * The statements without one thing that they allow, for each such thing: an action on a resource, and
 * a value that a condition lets through.
 */
export function thinnerThan(statements: readonly Statement[]): readonly ThinnerStatements[] {
  return statements.flatMap((statement, index) => {
    if (statement.effect === 'Deny') return [];
    const instead = (others: readonly Statement[]): readonly Statement[] =>
      statements.toSpliced(index, 1, ...others);
    return [...withoutPairs(statement), ...withoutValues(statement)].map(({ left, without }) => ({
      without,
      statements: instead(left),
    }));
  });
}

interface Part {
  readonly without: string;
  readonly left: readonly Statement[];
}

function withoutPairs(statement: Statement): readonly Part[] {
  const pairs = statement.actions.flatMap((action) =>
    statement.resources.map((resource) => ({ action, resource })),
  );
  return pairs.map((taken) => ({
    without: `${taken.action} on ${taken.resource}`,
    left: pairs
      .filter((pair) => pair !== taken)
      .map(({ action, resource }) => ({ ...statement, actions: [action], resources: [resource] })),
  }));
}

function withoutValues(statement: Statement): readonly Part[] {
  return statement.conditions.flatMap((condition, index) => {
    const { key, operator, values } = condition;
    // Of what must not be, less allows more.
    if (values.length === 1 || operator.includes('Not')) return [];
    return values.map((taken) => {
      const left = values.filter((value) => value !== taken);
      const conditions = statement.conditions.with(index, parseCondition(operator, key, left));
      return {
        without: `${statement.actions.join(' ')} on ${key} ${taken}`,
        left: [{ ...statement, conditions }],
      };
    });
  });
}
