export interface ListenerRule {
  readonly conditions: readonly RuleCondition[];
  readonly actions: RuleActions;
}

export interface RuleCondition {
  /** `path-pattern`, `host-header`, or what is not evaluated here. */
  readonly field: string;
  /** One of them has to match. `null` where they are none that can be evaluated here. */
  readonly patterns: readonly string[] | null;
}

/** What a rule does, all its actions together. */
export interface RuleActions {
  readonly authentication: {
    readonly userPoolId: string;
    readonly clientId: string;
    readonly scopes: readonly string[];
    /** What happens without a session: `authenticate`, `deny` or `allow`. */
    readonly otherwise: string;
    readonly sessionSeconds: number;
  } | null;
  /** Empty where it redirects or answers by itself. */
  readonly targetGroupArns: readonly string[];
}

/** A request as far as rules look at it. */
export interface Probe {
  readonly host: string;
  readonly path: string;
}

/**
 * What may become of a request. Conditions on anything but path and host may match or not, so that
 * there can be more than one answer: those of every rule that may match, up to the first that does.
 */
export function possibleActions(
  rules: readonly ListenerRule[],
  probe: Probe,
): readonly RuleActions[] {
  const possible: RuleActions[] = [];
  for (const { actions, conditions } of rules) {
    const answers = conditions.map((condition) => matches(condition, probe));
    if (answers.includes(false)) continue;
    possible.push(actions);
    if (!answers.includes(null)) break;
  }
  return possible;
}

/** `null`: it may. */
function matches({ field, patterns }: RuleCondition, { host, path }: Probe): boolean | null {
  if (patterns === null) return null;
  switch (field) {
    case 'path-pattern':
      return patterns.some((pattern) => expressionOf(pattern, '').test(path));
    case 'host-header':
      return patterns.some((pattern) => expressionOf(pattern, 'i').test(host));
    default:
      return null;
  }
}

/** `*` is any number of characters, `?` is one; paths are case-sensitive and hosts are not. */
function expressionOf(pattern: string, flags: '' | 'i'): RegExp {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, flags);
}
