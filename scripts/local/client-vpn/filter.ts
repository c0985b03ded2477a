import { ClientVpnFault } from './fault.ts';

/** A filter of a Describe operation: any of the values, each of which may hold `*` and `?`. */
export interface Filter {
  readonly name: string;
  readonly values: readonly string[];
}

/** What a row shows under each name it can be filtered by; several values match if one does. */
export type FilterFields<Row> = (row: Row) => ReadonlyMap<string, string | readonly string[]>;

/**
 * The rows that match every filter. Names and values are case-sensitive, as in AWS.
 *
 * @throws ClientVpnFault `InvalidParameterValue` for a filter that the operation does not know.
 */
export function filtered<Row>(
  rows: readonly Row[],
  filters: readonly Filter[] | undefined,
  allowed: readonly string[],
  fieldsOf: FilterFields<Row>,
): readonly Row[] {
  if (filters === undefined || filters.length === 0) return rows;
  const tests = filters.map((filter) => {
    if (!allowed.includes(filter.name) && !isTagFilter(filter.name, allowed)) {
      throw new ClientVpnFault('InvalidParameterValue', `The filter '${filter.name}' is invalid`);
    }
    return { name: filter.name, patterns: filter.values.map(patternOf) };
  });
  return rows.filter((row) => {
    const fields = fieldsOf(row);
    return tests.every(({ name, patterns }) =>
      [fields.get(name) ?? []]
        .flat()
        .some((value) => patterns.some((pattern) => pattern.test(value))),
    );
  });
}

function isTagFilter(name: string, allowed: readonly string[]): boolean {
  return name.startsWith('tag:') && allowed.includes('tag:*');
}

/** AWS's wildcards: `*` for any characters, `?` for one, a backslash to mean them literally. */
function patternOf(value: string): RegExp {
  const source = value.replaceAll(/\\[*?\\]|[*?]|[.+^${}()|[\]\\]/g, (part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    return part.length === 2 ? part : `\\${part}`;
  });
  return new RegExp(`^${source}$`, 'su');
}
