import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type {
  DynamoDBDocumentClient,
  PutCommandInput,
  QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';

import type { DynamoTable } from '../../../src/aws/dynamo-table.ts';
import { personIndex } from '../../../src/aws/dynamo-table.ts';

type Item = Readonly<Record<string, unknown>>;

/** A table in this process, which counts what is read of it. */
export interface TableInProcess {
  readonly table: DynamoTable;
  /** Items that DynamoDB would have read, and charged, since the last time this was asked. */
  readonly takeItemsRead: () => number;
}

/** As much as one answer of DynamoDB holds. */
const mostBytes = 2 ** 20;

/**
 * What DynamoDB does for the usage store, as far as the store uses it: sorted partitions, an index,
 * pages of at most 1 MB, limits, conditions. dynalite takes milliseconds for a write, which is an
 * hour for a million of them; this one takes microseconds. It passes the store's contract tests.
 * Items are kept as JSON, and parsed each time that they are read.
 */
export function createTableInProcess(): TableInProcess {
  const partitions = new Map<string, SortedItems>();
  const people = new Map<string, SortedItems>();
  let itemsRead = 0;

  function put({ ConditionExpression, ExpressionAttributeValues, Item }: PutCommandInput): void {
    const item: Item = Item ?? {};
    const [pk, sk] = [text(item, 'pk'), text(item, 'sk')];
    const partition = at(partitions, pk);
    const before = partition.get(sk);
    const old = before === undefined ? null : parsed(before);
    if (old !== null && !allows(ConditionExpression, old, ExpressionAttributeValues ?? {})) {
      throw Object.assign(new Error('The conditional request failed'), {
        name: 'ConditionalCheckFailedException',
      });
    }
    const json = JSON.stringify(item);
    partition.set(sk, json);
    if (old !== null && 'personKey' in old) {
      people.get(text(old, 'personKey'))?.remove(indexKey(old));
    }
    if ('personKey' in item) at(people, text(item, 'personKey')).set(indexKey(item), json);
  }

  function query(input: QueryCommandInput) {
    const values = input.ExpressionAttributeValues ?? {};
    const isIndex = input.IndexName === personIndex;
    const items = isIndex
      ? people.get(text(values, ':person'))
      : partitions.get(text(values, ':pk'));
    const [low, high] = boundsOf(String(input.KeyConditionExpression), values);
    const isForward = input.ScanIndexForward !== false;
    const start = input.ExclusiveStartKey;
    const after = start === undefined ? null : isIndex ? indexKey(start) : text(start, 'sk');
    const found: Item[] = [];
    let bytes = 0;
    let read = 0;
    let last: Item | null = null;
    for (const json of items?.between(low, high, isForward, after) ?? []) {
      const item = parsed(json);
      read += 1;
      bytes += json.length;
      if (passes(input.FilterExpression, item, values)) found.push(item);
      if (read === input.Limit || bytes >= mostBytes) {
        last = item;
        break;
      }
    }
    itemsRead += read;
    const key = last === null ? undefined : keyOf(last, isIndex);
    return { Items: found, ScannedCount: read, LastEvaluatedKey: key };
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- a fault in it is a rejection
  async function send(command: unknown): Promise<unknown> {
    if (command instanceof QueryCommand) return query(command.input);
    if (command instanceof PutCommand) {
      put(command.input);
      return {};
    }
    if (command instanceof GetCommand) {
      const { pk, sk } = command.input.Key ?? {};
      itemsRead += 1;
      const json = partitions.get(String(pk))?.get(String(sk));
      return json === undefined ? {} : { Item: parsed(json) };
    }
    throw new Error('the table in this process does not know that command');
  }

  // The store sends commands and nothing else: the rest of the client is not there.
  const client = { send } as unknown as DynamoDBDocumentClient;
  return {
    table: { client, name: 'in-process' },
    takeItemsRead() {
      const read = itemsRead;
      itemsRead = 0;
      return read;
    },
  };
}

/** Items in the order of their keys, which mostly arrive in that order. */
interface SortedItems {
  get(key: string): string | undefined;
  set(key: string, json: string): void;
  remove(key: string): void;
  /** Both ends included. */
  between(low: string, high: string, isForward: boolean, after: string | null): Iterable<string>;
}

function createSortedItems(): SortedItems {
  const keys: string[] = [];
  const items: string[] = [];

  /** Of the first key that is not less. */
  function indexOf(key: string): number {
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((keys[middle] ?? '') < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    get(key) {
      const index = indexOf(key);
      return keys[index] === key ? items[index] : undefined;
    },
    set(key, json) {
      const index = indexOf(key);
      const isThere = keys[index] === key;
      if (!isThere) keys.splice(index, 0, key);
      items.splice(index, isThere ? 1 : 0, json);
    },
    remove(key) {
      const index = indexOf(key);
      if (keys[index] !== key) return;
      keys.splice(index, 1);
      items.splice(index, 1);
    },
    *between(low, high, isForward, after) {
      let first = indexOf(low);
      let last = indexOf(high);
      if (keys[last] !== high) last -= 1;
      if (after !== null) {
        const index = indexOf(after);
        if (isForward) first = keys[index] === after ? index + 1 : index;
        else last = index - 1;
      }
      const step = isForward ? 1 : -1;
      for (let at = isForward ? first : last; first <= at && at <= last; at += step) {
        const item = items[at];
        if (item !== undefined) yield item;
      }
    },
  };
}

function at(all: Map<string, SortedItems>, key: string): SortedItems {
  const found = all.get(key) ?? createSortedItems();
  all.set(key, found);
  return found;
}

function parsed(json: string): Item {
  // What stands in the table has been written by `put`.
  return JSON.parse(json) as Item;
}

function text(item: Item, name: string): string {
  const value = item[name];
  if (typeof value !== 'string') throw new Error(`${name} is no text`);
  return value;
}

function indexKey(item: Item): string {
  return `${text(item, 'personSort')}\u0000${text(item, 'pk')}`;
}

function keyOf(item: Item, isIndex: boolean): Item {
  const { personKey, personSort, pk, sk } = item;
  return isIndex ? { pk, sk, personKey, personSort } : { pk, sk };
}

/** Of the key's second part, both included; the index's keys go on after it. */
function boundsOf(condition: string, values: Item): readonly [string, string] {
  if (condition.includes('begins_with(sk, :prefix)')) {
    const prefix = text(values, ':prefix');
    return [prefix, `${prefix}\uffff`];
  }
  if (!condition.includes('BETWEEN :low AND :high')) throw new Error(`unknown: ${condition}`);
  const high = text(values, ':high');
  return [text(values, ':low'), condition.includes('personSort') ? `${high}\u0001` : high];
}

function allows(condition: string | undefined, old: Item, values: Item): boolean {
  switch (condition) {
    case undefined:
      return true;
    case 'attribute_not_exists(pk) OR (seenAt <= :seenAt AND attribute_type(#to, :null))':
      return text(old, 'seenAt') <= text(values, ':seenAt') && old['to'] === null;
    case 'attribute_not_exists(pk) OR #to <= :to':
      return text(old, 'to') <= text(values, ':to');
    default:
      throw new Error(`unknown: ${condition}`);
  }
}

function passes(filter: string | undefined, item: Item, values: Item): boolean {
  if (filter === undefined) return true;
  if (filter !== 'endpointId = :endpointId') throw new Error(`unknown: ${filter}`);
  return item['endpointId'] === values[':endpointId'];
}
