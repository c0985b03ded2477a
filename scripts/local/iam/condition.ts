import { matchesArn, matchesPattern } from './pattern.ts';
import { PolicyError } from './policy-error.ts';

/** What a request says of a key; keys are written in small letters. */
export type Context = ReadonlyMap<string, readonly string[]>;

export interface Condition {
  /** As the policy has it, such as `ForAnyValue:StringLike`. */
  readonly operator: string;
  readonly key: string;
  /** Any of which has to be so. */
  readonly values: readonly string[];
  isMet(context: Context): boolean;
}

/**
 * The keys that the stand-ins speak of, and whether a request may have several values of one. A
 * policy that asks for any other cannot be judged here.
 */
const keys: ReadonlyMap<string, 'one' | 'several'> = new Map([
  ['aws:requestedregion', 'one'],
  ['aws:securetransport', 'one'],
  ['dynamodb:leadingkeys', 'several'],
  ['events:source', 'several'],
]);
/** Followed by the name of a tag. */
const tagKeys = ['aws:resourcetag/', 'ec2:resourcetag/'];

interface Comparison {
  readonly matches: (wanted: string, actual: string) => boolean;
  readonly isNegated: boolean;
}

const equals = (wanted: string, actual: string): boolean => wanted === actual;
const equalsIgnoringCase = (wanted: string, actual: string): boolean =>
  wanted.toLowerCase() === actual.toLowerCase();

/** Source: IAM User Guide, "IAM JSON policy elements: Condition operators". */
const comparisons: ReadonlyMap<string, Comparison> = new Map([
  ['StringEquals', { matches: equals, isNegated: false }],
  ['StringNotEquals', { matches: equals, isNegated: true }],
  ['StringEqualsIgnoreCase', { matches: equalsIgnoringCase, isNegated: false }],
  ['StringNotEqualsIgnoreCase', { matches: equalsIgnoringCase, isNegated: true }],
  ['StringLike', { matches: matchesPattern, isNegated: false }],
  ['StringNotLike', { matches: matchesPattern, isNegated: true }],
  // With ARNs there is no difference between the two.
  ['ArnEquals', { matches: matchesArn, isNegated: false }],
  ['ArnLike', { matches: matchesArn, isNegated: false }],
  ['ArnNotEquals', { matches: matchesArn, isNegated: true }],
  ['ArnNotLike', { matches: matchesArn, isNegated: true }],
  ['Bool', { matches: equalsIgnoringCase, isNegated: false }],
]);

/** @throws {PolicyError} for an operator, a key or a value that is not known here */
export function parseCondition(
  operator: string,
  key: string,
  values: readonly string[],
): Condition {
  const name = key.toLowerCase();
  const kind = kindOf(name);
  if (kind === undefined) throw new PolicyError(`The condition key ${key} is not known here.`);
  const variable = values.find((value) => value.includes('${'));
  if (variable !== undefined) {
    throw new PolicyError(`The policy variable in ${variable} is not known here.`);
  }
  const { base, ifExists, quantifier } = partsOf(operator);
  if (base === 'Null' && quantifier === null && !ifExists) return nullCondition(name, values);
  const comparison = comparisons.get(base);
  // AWS says of IfExists with a set operator that it is ignored, or that it is not: better without.
  if (comparison === undefined || (quantifier !== null && ifExists)) {
    throw new PolicyError(`The condition operator ${operator} is not known here.`);
  }
  if (kind === 'several' && quantifier === null) {
    throw new PolicyError(
      `The condition key ${key} has several values: ${operator} needs ForAnyValue or ForAllValues.`,
    );
  }
  const isSo = (actual: string): boolean =>
    values.some((wanted) => comparison.matches(wanted, actual)) !== comparison.isNegated;
  return {
    operator,
    key: name,
    values,
    isMet(context) {
      const actual = context.get(name);
      if (quantifier === 'ForAllValues') return (actual ?? []).every(isSo);
      if (quantifier === 'ForAnyValue') return (actual ?? []).some(isSo);
      // What is not there is equal to nothing.
      if (actual === undefined) return ifExists || comparison.isNegated;
      return actual.every(isSo);
    },
  };
}

function kindOf(name: string): 'one' | 'several' | undefined {
  const isTag = tagKeys.some((prefix) => name.startsWith(prefix) && name.length > prefix.length);
  return isTag ? 'one' : keys.get(name);
}

function partsOf(operator: string): {
  readonly base: string;
  readonly ifExists: boolean;
  readonly quantifier: 'ForAllValues' | 'ForAnyValue' | null;
} {
  const [first = '', second] = operator.split(':');
  const quantifier = first === 'ForAllValues' || first === 'ForAnyValue' ? first : null;
  const rest = quantifier === null ? operator : (second ?? '');
  const ifExists = rest.endsWith('IfExists');
  return { base: ifExists ? rest.slice(0, -'IfExists'.length) : rest, ifExists, quantifier };
}

/** `true` asks that the key be absent. */
function nullCondition(name: string, values: readonly string[]): Condition {
  const [wanted = ''] = values;
  if (values.length !== 1 || !['true', 'false'].includes(wanted)) {
    throw new PolicyError(`The condition Null takes true or false, not ${values.join(' ')}.`);
  }
  return {
    operator: 'Null',
    key: name,
    values,
    isMet: (context) => String(!context.has(name)) === wanted,
  };
}
