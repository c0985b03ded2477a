import { z } from 'zod';
import type { AccessControl, Resource } from '../iam/access-control.ts';

/** The attribute that is the partition key: of the table, and of each index by its name. */
export interface PartitionKeys {
  readonly table: string;
  readonly indexes: Readonly<Record<string, string>>;
}

/** An attribute as the wire has it. */
const attribute = z.record(z.string(), z.unknown());
const item = z.record(z.string(), attribute);
const itemsInput = z.object({
  TableName: z.string().optional(),
  IndexName: z.string().optional(),
  Key: item.optional(),
  Item: item.optional(),
  KeyConditionExpression: z.string().optional(),
  ExpressionAttributeNames: z.record(z.string(), z.string()).default({}),
  ExpressionAttributeValues: item.default({}),
});
type Input = z.output<typeof itemsInput>;

/**
 * What DynamoDB answers to somebody who may not do this; `null` where they may. An action on items
 * is asked for with their partition keys as `dynamodb:LeadingKeys`. Source: DynamoDB Developer
 * Guide, "Using IAM policy conditions for fine-grained access control".
 */
export function accessRefusalOf(call: {
  readonly access: AccessControl;
  readonly accessKeyId: string | null;
  readonly action: string;
  /** What the call was sent, parsed. */
  readonly input: unknown;
  readonly partitionKeys: PartitionKeys;
}): { readonly code: string; readonly message: string } | null {
  const { access, accessKeyId, action } = call;
  const resource = resourceOf(call);
  if (resource === null) {
    return {
      code: 'AccessDeniedException',
      message: `The local stack cannot tell which items the ${action} is about, and so not whether it is allowed.`,
    };
  }
  const refusal = access.refusalOf(accessKeyId, `dynamodb:${action}`, [resource]);
  switch (refusal?.kind) {
    case undefined:
      return null;
    case 'unknown-key':
      return {
        code: 'UnrecognizedClientException',
        message: 'The security token included in the request is invalid.',
      };
    case 'not-authorized':
      return { code: 'AccessDeniedException', message: refusal.sentence };
  }
}

/** `null` where the partition keys cannot be told. */
function resourceOf(call: {
  readonly access: AccessControl;
  readonly action: string;
  readonly input: unknown;
  readonly partitionKeys: PartitionKeys;
}): Resource | null {
  const read = itemsInput.safeParse(call.input).data;
  if (read === undefined) return null;
  const { IndexName: index, TableName: table } = read;
  if (table === undefined) return call.action === 'ListTables' ? { arn: '*' } : null;
  const arn = call.access.arn(
    'dynamodb',
    index === undefined ? `table/${table}` : `table/${table}/index/${index}`,
  );
  const { indexes, table: ofTable } = call.partitionKeys;
  const key = index === undefined ? ofTable : indexes[index];
  if (key === undefined) return null;
  switch (call.action) {
    case 'GetItem':
    case 'DeleteItem':
    case 'UpdateItem':
      return withKey(arn, read.Key?.[key]);
    case 'PutItem':
    case 'PartiQLInsert':
      return withKey(arn, read.Item?.[key]);
    case 'Query':
      return withKey(arn, queriedKey(read, key));
    case 'CreateTable':
    case 'DescribeTable':
    case 'Scan':
      return { arn };
    default:
      // Several items at once, which may be of several tables: nothing here asks for that yet.
      return null;
  }
}

function withKey(arn: string, value: z.output<typeof attribute> | undefined): Resource | null {
  const [text] = Object.values(value ?? {});
  return typeof text === 'string' ? { arn, context: { 'dynamodb:LeadingKeys': [text] } } : null;
}

/** What a query compares the partition key with; no query goes without. */
function queriedKey(read: Input, key: string): z.output<typeof attribute> | undefined {
  const equalities = (read.KeyConditionExpression ?? '').matchAll(/(#?[\w.-]+)\s*=\s*(:\w+)/g);
  for (const [, name = '', placeholder = ''] of equalities) {
    if ((read.ExpressionAttributeNames[name] ?? name) === key) {
      return read.ExpressionAttributeValues[placeholder];
    }
  }
  return undefined;
}
