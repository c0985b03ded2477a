import { z } from 'zod';

/*
 * What EventBridge does with a rule and an event, as far as the rules here need it. Sources: EventBridge
 * User Guide, "Amazon EventBridge event patterns" and "Amazon EventBridge input transformation". What is
 * not known here is refused, not passed over.
 */

const match = z.union([
  z.string(),
  z.number(),
  z.strictObject({ 'anything-but': z.array(z.string()) }),
  z.strictObject({ numeric: z.tuple([z.literal('>'), z.number()]) }),
]);
type Match = z.output<typeof match>;
const record = z.record(z.string(), z.unknown());

export function matchesPattern(pattern: unknown, event: unknown): boolean {
  const fields = record.safeParse(event).data ?? {};
  return Object.entries(record.parse(pattern)).every(([name, wanted]) =>
    Array.isArray(wanted)
      ? z
          .array(match)
          .parse(wanted)
          .some((each) => matches(each, fields[name]))
      : matchesPattern(wanted, fields[name]),
  );
}

function matches(wanted: Match, actual: unknown): boolean {
  if (typeof wanted !== 'object') return wanted === actual;
  if ('numeric' in wanted) return typeof actual === 'number' && actual > wanted.numeric[1];
  return typeof actual === 'string' && !wanted['anything-but'].includes(actual);
}

export const transformer = z.strictObject({
  InputPathsMap: z.record(z.string().regex(/^[A-Za-z0-9]+$/), z.string()),
  InputTemplate: z.string().min(1).max(8192),
});

/**
 * Fills in a template. Where a placeholder stands alone in JSON it becomes JSON; within a string, it is
 * put in as it is, and nothing in it is escaped.
 */
export function filledIn({
  event,
  InputPathsMap,
  InputTemplate,
}: z.output<typeof transformer> & { readonly event: unknown }): string {
  const isJson = InputTemplate.startsWith('{');
  let isInString = false;
  return InputTemplate.split(/(<[\w.]+>|\\.|")/)
    .map((part) => {
      if (part === '"') isInString = !isInString;
      const [, name] = /^<([\w.]+)>$/.exec(part) ?? [];
      if (name === undefined) return part;
      const value = name === 'aws.events.event.json' ? event : at(InputPathsMap[name], event);
      return isJson && !isInString ? JSON.stringify(value) : z.string().parse(value);
    })
    .join('');
}

/** @throws where there is nothing, for which EventBridge writes nothing, or does not deliver */
function at(path: string | undefined, event: unknown): unknown {
  if (path === undefined) throw new Error('a placeholder has no path');
  const names = path.replaceAll(/\[(\d+)\]/g, '.$1').split('.');
  const found = names.slice(1).reduce<unknown>((value, name) => {
    if (Array.isArray(value)) return (value as unknown[])[Number(name)];
    return record.safeParse(value).data?.[name];
  }, event);
  if (found === undefined || found === null) throw new Error(`there is nothing at ${path}`);
  return found;
}
