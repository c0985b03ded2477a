const segments = 6;

/** Whether a text is what a pattern says: `*` stands for any characters, `?` for one. */
export function matchesPattern(pattern: string, text: string): boolean {
  const expression = pattern
    .replaceAll(/[\\^$.|+()[\]{}]/g, String.raw`\$&`)
    .replaceAll('*', '[^]*')
    .replaceAll('?', '[^]');
  return new RegExp(`^${expression}$`).test(text);
}

/** Action names are compared without regard to case. */
export function matchesAction(pattern: string, action: string): boolean {
  return matchesPattern(pattern.toLowerCase(), action.toLowerCase());
}

/**
 * Whether an ARN is what a pattern says, segment by segment: only in the last one a wildcard goes
 * over colons, because there the colons are the resource's own. Alone, `*` is every resource.
 * Source: IAM User Guide, "Using wildcards in resource ARNs", whose advice is the rule here.
 */
export function matchesArn(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  const wanted = segmentsOf(pattern);
  const actual = segmentsOf(arn);
  return (
    actual.length === segments &&
    wanted.every((segment, index) => matchesPattern(segment, actual[index] ?? ''))
  );
}

export function isArnPattern(text: string): boolean {
  return text.startsWith('arn:') && segmentsOf(text).length === segments;
}

function segmentsOf(arn: string): readonly string[] {
  const parts = arn.split(':');
  const resource = parts.slice(segments - 1).join(':');
  return [...parts.slice(0, segments - 1), ...(resource === '' ? [] : [resource])];
}
