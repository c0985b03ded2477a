import { z } from 'zod';
import { ClientVpnFault, fault } from '../client-vpn/fault.ts';
import type { QueryParameters } from './query-parameters.ts';

const fewest = 5;
const most = 1_000;

const tokenContent = z.object({ scope: z.string(), after: z.string() });

/**
 * One page of a listing. Rows are in the order of their keys, and a token remembers the last key
 * it showed, not a number of rows: whatever comes and goes between two pages, no row that is there
 * all the time is left out.
 *
 * @throws ClientVpnFault `InvalidParameterValue` for a `MaxResults` outside 5 to 1000,
 *   `InvalidNextToken` for a token that no page of this listing gave.
 */
export function page<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  scope: string,
  parameters: QueryParameters,
): { readonly rows: readonly Row[]; readonly nextToken: string | null } {
  const size = pageSize(parameters);
  const token = parameters.text('NextToken');
  const after = token === undefined ? null : keyIn(token, scope);
  const sorted = rows
    .map((row) => ({ key: keyOf(row), row }))
    .filter(({ key }) => after === null || key > after)
    .sort((one, other) => (one.key < other.key ? -1 : 1));
  const shown = sorted.slice(0, size);
  const last = shown.at(-1);
  return {
    rows: shown.map(({ row }) => row),
    nextToken:
      last === undefined || sorted.length === shown.length
        ? null
        : Buffer.from(JSON.stringify({ scope, after: last.key })).toString('base64url'),
  };
}

function pageSize(parameters: QueryParameters): number {
  const size = parameters.wholeNumber('MaxResults');
  if (size === undefined) return most;
  if (size < fewest || size > most) {
    throw fault.invalidValue(
      'MaxResults',
      String(size),
      `Expecting a value between ${String(fewest)} and ${String(most)}.`,
    );
  }
  return size;
}

function keyIn(token: string, scope: string): string {
  const content = tokenContent.safeParse(jsonOrNull(Buffer.from(token, 'base64url').toString()));
  if (!content.success || content.data.scope !== scope) {
    throw new ClientVpnFault('InvalidNextToken', 'The specified NextToken is not valid.');
  }
  return content.data.after;
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
