import { describe, expect, it } from '@jest/globals';
import conditionParser from 'dynalite/db/conditionParser.js';
import type { ExpressionContext, ExpressionParser } from 'dynalite/db/conditionParser.js';
import updateParser from 'dynalite/db/updateParser.js';

import { rememberingParse } from '../../scripts/local/dynamodb/remembered-expressions.ts';

type Given = Pick<ExpressionContext, 'attrNames' | 'attrVals' | 'isKeyCondition'>;

/** As dynalite calls it, with nothing used yet and with two functions that it has at hand. */
function contextOf({ attrNames = {}, attrVals = {}, ...more }: Given): ExpressionContext {
  const unused = (named: object) =>
    Object.fromEntries(Object.keys(named).map((name) => [name, true]));
  const own = {
    isReserved: () => false,
    compare: (_: string, one: { N: string }, other: { N: string }) => Number(one.N) > +other.N,
  };
  return {
    ...more,
    ...own,
    attrNames,
    attrVals,
    unusedAttrNames: unused(attrNames),
    unusedAttrVals: unused(attrVals),
  };
}

function answer(
  parse: ExpressionParser['parse'],
  expression: string,
  given: Given,
): Readonly<Record<string, unknown>> {
  const context = contextOf(given);
  try {
    return { result: parse(expression, { context }), context: withoutFunctions(context) };
  } catch (error) {
    return { threw: String(error) };
  }
}

const withoutFunctions = ({ unusedAttrNames, unusedAttrVals }: ExpressionContext) => ({
  unusedAttrNames,
  unusedAttrVals,
});

/** The real parser, which counts, and the one that remembers what it has said. */
function both(parser: ExpressionParser) {
  let parsed = 0;
  const parse: ExpressionParser['parse'] = (...call) => parser.parse(...call);
  const remembering = rememberingParse((...call) => {
    parsed += 1;
    return parse(...call);
  });
  return { parse, remembering, parsed: () => parsed };
}

describe('an expression that comes again', () => {
  it.each<[string, ExpressionParser, string, Given, Given]>([
    [
      'a condition',
      conditionParser,
      '(attribute_not_exists(at) OR at <= :now) AND (#a.#b[0] <> :x OR size(list) = :n)',
      {
        attrNames: { '#a': 'intent', '#b': 'kind' },
        attrVals: { ':now': { S: 'one' }, ':x': { S: 'stop' }, ':n': { N: '1' } },
      },
      {
        attrNames: { '#a': 'intent', '#b': 'kind' },
        attrVals: { ':now': { S: 'two' }, ':x': { S: 'none' }, ':n': { N: '2' } },
      },
    ],
    [
      'a condition of a key',
      conditionParser,
      'pk = :pk AND begins_with(sk, :sk)',
      { attrVals: { ':pk': { S: 'a' }, ':sk': { S: 'b' } }, isKeyCondition: true },
      { attrVals: { ':pk': { S: 'c' }, ':sk': { S: 'd' } }, isKeyCondition: true },
    ],
    [
      'an update',
      updateParser,
      'SET a = if_not_exists(a, :a), #l = list_append(if_not_exists(#l, :none), :l), m.#k = :m ADD r :one REMOVE q',
      {
        attrNames: { '#l': 'list', '#k': 'key' },
        attrVals: {
          ':a': { N: '1' },
          ':l': { L: [{ S: 'a' }] },
          ':none': { L: [] },
          ':m': { M: { x: { NULL: true } } },
          ':one': { N: '1' },
        },
      },
      {
        attrNames: { '#l': 'list', '#k': 'key' },
        attrVals: {
          ':a': { N: '2' },
          ':l': { L: [{ S: 'b' }, { S: 'c' }] },
          ':none': { L: [] },
          ':m': { M: {} },
          ':one': { N: '5' },
        },
      },
    ],
  ])('is parsed once, and has its new values: %s', (_what, parser, expression, first, second) => {
    const { parse, parsed, remembering } = both(parser);
    for (const given of [first, second, first]) {
      const expected = answer(parse, expression, given);
      expect(expected['result']).toBeInstanceOf(Object);
      expect(answer(remembering, expression, given)).toEqual(expected);
    }
    expect(parsed()).toBe(1);
  });

  it('is parsed once, whatever else the call names', () => {
    const { parsed, remembering } = both(conditionParser);
    answer(remembering, 'a = :x', { attrVals: { ':x': { N: '1' }, ':y': { N: '1' } } });
    answer(remembering, 'a = :x', { attrVals: { ':z': { N: '1' }, ':x': { N: '2' } } });
    expect(parsed()).toBe(1);
  });

  it('has nothing of what was done with its last answer', () => {
    const { parse, remembering } = both(conditionParser);
    const given = { attrVals: { ':x': { S: 'x' } } };
    const { result } = answer(remembering, 'a = :x', given);
    Reflect.deleteProperty(result as object, 'expression');
    expect(answer(remembering, 'a = :x', given)).toEqual(answer(parse, 'a = :x', given));
  });

  it.each<[string, string, Given, Given]>([
    [
      'with other names',
      '#a = :x',
      { attrNames: { '#a': 'one' }, attrVals: { ':x': { S: 'x' } } },
      { attrNames: { '#a': 'two' }, attrVals: { ':x': { S: 'x' } } },
    ],
    [
      'with a value of a type that it does not allow',
      'begins_with(a, :x)',
      { attrVals: { ':x': { S: 'x' } } },
      { attrVals: { ':x': { N: '1' } } },
    ],
    [
      'with bounds that are the wrong way round',
      'a BETWEEN :x AND :y',
      { attrVals: { ':x': { N: '1' }, ':y': { N: '2' } } },
      { attrVals: { ':x': { N: '2' }, ':y': { N: '1' } } },
    ],
    [
      'with a type that there is not',
      'attribute_type(a, :x)',
      { attrVals: { ':x': { S: 'S' } } },
      { attrVals: { ':x': { S: 'X' } } },
    ],
    [
      'without one of its values',
      'a = :x AND b = :y',
      { attrVals: { ':x': { N: '1' }, ':y': { N: '2' } } },
      { attrVals: { ':x': { N: '1' } } },
    ],
    [
      'with a value that it does not know',
      'a = :x AND b = :y',
      { attrVals: { ':x': { N: '1' }, ':y': { N: '2' } } },
      { attrVals: { ':x': { N: '1' }, ':z': { N: '2' } } },
    ],
    [
      'with a value too many',
      'a = :x',
      { attrVals: { ':x': { N: '1' } } },
      { attrVals: { ':x': { N: '1' }, ':y': { N: '1' } } },
    ],
  ])('is not mistaken for another: %s', (_what, expression, first, second) => {
    const { parse, remembering } = both(conditionParser);
    for (const given of [first, second, first]) {
      expect(answer(remembering, expression, given)).toEqual(answer(parse, expression, given));
    }
    expect(answer(parse, expression, first)).not.toEqual(answer(parse, expression, second));
  });

  it('that cannot be read is refused each time', () => {
    const { parse, remembering } = both(conditionParser);
    const given = { attrVals: { ':x': { N: '1' } } };
    const refused = answer(parse, 'a = = :x', given);
    expect(refused['threw']).toContain('SyntaxError');
    for (let time = 0; time < 2; time += 1) {
      expect(answer(remembering, 'a = = :x', given)).toEqual(refused);
    }
  });
});
