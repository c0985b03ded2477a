import conditionParser from 'dynalite/db/conditionParser.js';
import projectionParser from 'dynalite/db/projectionParser.js';
import updateParser from 'dynalite/db/updateParser.js';
import type { ExpressionContext, ExpressionParser } from 'dynalite/db/conditionParser.js';

/** More than the portal has; a client that writes its values into its expressions would have no end. */
const mostRemembered = 1000;

/** What is judged by a value itself, where everything else is by its type. */
const looksAtValues = /between|attribute_type/i;

/** Stands for a value in what is remembered of an expression. */
class Slot {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * Lets dynalite parse an expression once, and not at each call: its parsers try every way of reading
 * a parenthesis again and again, which for the conditions of the portal's table takes longer than all
 * the rest of a call.
 */
export function rememberExpressions(): void {
  for (const parser of [conditionParser, projectionParser, updateParser]) {
    if (!remembering.has(parser)) parser.parse = rememberingParse(parser.parse.bind(parser));
    remembering.add(parser);
  }
}

const remembering = new WeakSet<ExpressionParser>();

/** Parses what has been parsed before, with other values of the same types, from memory. */
export function rememberingParse(parse: ExpressionParser['parse']): ExpressionParser['parse'] {
  const remembered = new Map<string, unknown>();
  return (expression, { context }) => {
    if (looksAtValues.test(expression)) return parse(expression, { context });
    const named = [...new Set(expression.match(/[#:]\w+/g))];
    const key = keyOf(expression, named, context);
    let form = remembered.get(key);
    if (form === undefined) {
      const result = parse(expression, { context });
      // What is wrong with it is a text, and may quote the values.
      if (typeof result !== 'object' || result === null) return result;
      form = withSlots(result, context.attrVals ?? {});
      if (remembered.size >= mostRemembered) remembered.clear();
      remembered.set(key, form);
    }
    for (const name of named) {
      Reflect.deleteProperty(context.unusedAttrNames, name);
      Reflect.deleteProperty(context.unusedAttrVals, name);
    }
    return withValues(form, context.attrVals ?? {});
  };
}

/** @param named the names and values in it: what the call has for its other expressions is all the same */
function keyOf(
  expression: string,
  named: readonly string[],
  { attrNames = {}, attrVals = {}, isKeyCondition = false }: ExpressionContext,
): string {
  const meant = named.map((name) => attrNames[name] ?? Object.keys(attrVals[name] ?? {}));
  return JSON.stringify([expression, isKeyCondition, meant]);
}

function withSlots(result: unknown, values: NonNullable<ExpressionContext['attrVals']>): unknown {
  const names = new Map<unknown, string>(
    Object.entries(values).map(([name, value]) => [value, name]),
  );
  return copyOf(result, (part) => {
    const name = names.get(part);
    return name === undefined ? undefined : new Slot(name);
  });
}

function withValues(form: unknown, values: NonNullable<ExpressionContext['attrVals']>): unknown {
  return copyOf(form, (part) => (part instanceof Slot ? values[part.name] : undefined));
}

/** A copy all the way down, but for the parts in whose place something else is put. */
function copyOf(part: unknown, inPlaceOf: (part: object) => object | undefined): unknown {
  if (typeof part !== 'object' || part === null) return part;
  const other = inPlaceOf(part);
  if (other !== undefined) return other;
  if (Array.isArray(part)) return part.map((each) => copyOf(each, inPlaceOf));
  const copy = Object.create(Object.getPrototypeOf(part) as object | null) as object;
  for (const [name, each] of Object.entries(part)) {
    Reflect.set(copy, name, copyOf(each, inPlaceOf));
  }
  return copy;
}
