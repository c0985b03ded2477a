import { z } from 'zod';

/** An attribute as the wire has it. */
const attribute = z.record(z.string(), z.unknown());
const statementInput = z.strictObject({ Statement: z.string(), Parameters: z.array(attribute) });

/** What an INSERT adds, and to which table. */
export interface Insert {
  readonly table: string;
  /** In the order of the statement. */
  readonly item: Readonly<Record<string, z.output<typeof attribute>>>;
}

const member = String.raw`'\w+': \?`;
const form = new RegExp(
  String.raw`^INSERT INTO "([\w.-]+)" VALUE \{(${member}(?:, ${member})*)\}$`,
);

/**
 * Reads the one statement of PartiQL that the stand-in knows: `INSERT INTO "table" VALUE {'name': ?}`,
 * with as many names as one likes and a parameter for each. `null` for every other input of
 * `ExecuteStatement`. Source: DynamoDB Developer Guide, "PartiQL insert statements for DynamoDB".
 */
export function parseInsert(input: unknown): Insert | null {
  const read = statementInput.safeParse(input).data;
  const [, table, members = ''] = form.exec(read?.Statement ?? '') ?? [];
  if (read === undefined || table === undefined) return null;
  const names = members.split(', ').map((each) => each.slice(1, each.lastIndexOf("'")));
  if (names.length !== read.Parameters.length || new Set(names).size !== names.length) return null;
  return {
    table,
    item: Object.fromEntries(names.map((name, index) => [name, read.Parameters[index] ?? {}])),
  };
}

/**
 * The put that does the same. Which attributes are the key it need not know: the new item has them, and
 * so has an old one in its place. So where none of the new item's attributes is found there is none.
 */
export function putOf({ item, table }: Insert): object {
  const names = Object.keys(item);
  return {
    TableName: table,
    Item: item,
    ConditionExpression: names.map((_, index) => `attribute_not_exists(#${index})`).join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(names.map((name, index) => [`#${index}`, name])),
  };
}
