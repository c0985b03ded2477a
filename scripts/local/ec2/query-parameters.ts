import { ClientVpnFault, fault } from '../client-vpn/fault.ts';
import type { Filter } from '../client-vpn/filter.ts';

/** The parameters of a Query request. Every reader throws the fault that AWS answers. */
export interface QueryParameters {
  text(name: string): string | undefined;
  required(name: string): string;
  flag(name: string): boolean | undefined;
  wholeNumber(name: string): number | undefined;
  /** `Name.1`, `Name.2`, … in the order of their numbers. */
  list(name: string): readonly string[];
  filters(): readonly Filter[];
  /** The names, without the numbers and fields behind the first dot. */
  names(): ReadonlySet<string>;
  all(): Readonly<Record<string, string>>;
}

export function queryParameters(values: URLSearchParams): QueryParameters {
  const text = (name: string): string | undefined => {
    const value = values.get(name);
    return value === null || value === '' ? undefined : value;
  };

  /** What stands behind `prefix.<number>`, by that number. */
  function numbered(prefix: string): ReadonlyMap<number, string> {
    const found = [...values.entries()].flatMap(([name, value]) => {
      const rest = name.startsWith(`${prefix}.`) ? name.slice(prefix.length + 1) : '';
      return /^[1-9]\d{0,3}$/.test(rest) ? [[Number(rest), value] as const] : [];
    });
    return new Map(found.sort(([one], [other]) => one - other));
  }

  const list = (name: string): readonly string[] => [...numbered(name).values()];

  return {
    text,
    required(name) {
      const value = text(name);
      if (value === undefined) throw fault.missingParameter(name);
      return value;
    },
    flag(name) {
      const value = text(name);
      if (value === undefined) return undefined;
      if (value !== 'true' && value !== 'false') {
        throw fault.invalidValue(name, value, 'It must be true or false.');
      }
      return value === 'true';
    },
    wholeNumber(name) {
      const value = text(name);
      if (value === undefined) return undefined;
      if (!/^-?\d{1,9}$/.test(value)) {
        throw fault.invalidValue(name, value, 'It must be a whole number.');
      }
      return Number(value);
    },
    list,
    filters() {
      const numbers = new Set(
        [...values.keys()].flatMap((name) => {
          const number = /^Filter\.([1-9]\d{0,3})\./.exec(name)?.[1];
          return number === undefined ? [] : [Number(number)];
        }),
      );
      return [...numbers]
        .sort((one, other) => one - other)
        .map((number) => {
          const prefix = `Filter.${String(number)}`;
          const name = text(`${prefix}.Name`);
          if (name === undefined) throw fault.missingParameter(`${prefix}.Name`);
          const filterValues = list(`${prefix}.Value`);
          if (filterValues.length === 0) {
            throw new ClientVpnFault('InvalidParameterValue', `The filter '${name}' has no value`);
          }
          return { name, values: filterValues };
        });
    },
    names: () => new Set([...values.keys()].map((name) => name.split('.')[0] ?? name)),
    all: () => Object.fromEntries(values),
  };
}
