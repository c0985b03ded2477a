import { z } from 'zod';

/** One setting: where it stands, and what it is where nobody says it. */
export interface Setting {
  /** `network.cidr`; of settings with several kinds, those of one: `network (own).cidr`. */
  readonly place: string;
  /** `required` where it has to be said. */
  readonly standard: string;
}

/** Every setting that a schema has, in its order. */
export function settingsIn(schema: z.core.$ZodType, place = ''): readonly Setting[] {
  const { group, standard } = unwrapped(schema);
  if (group instanceof z.ZodObject) {
    const inside = place === '' ? '' : `${place}.`;
    const shape: Readonly<Record<string, z.core.$ZodType>> = group.shape;
    return Object.entries(shape).flatMap(([name, each]) => settingsIn(each, `${inside}${name}`));
  }
  if (group instanceof z.ZodDiscriminatedUnion) {
    const ofKinds = group.options
      .flatMap((option) => settingsIn(option, `${place} (${kindOf(option)})`))
      // Which of them it is, is said in the brackets.
      .filter(({ place: each }) => !/\)\.(?:kind|enabled)$/.test(each));
    return [{ place, standard }, ...ofKinds];
  }
  return [{ place, standard }];
}

/** What is inside of defaults, and the outermost of these, as it would be written. */
function unwrapped(schema: z.core.$ZodType): { group: z.core.$ZodType; standard: string } {
  let standard = 'required';
  let group = schema;
  for (;;) {
    if (group instanceof z.ZodDefault || group instanceof z.ZodPrefault) {
      if (standard === 'required') standard = JSON.stringify(group.def.defaultValue);
    } else if (group instanceof z.ZodOptional) {
      if (standard === 'required') standard = 'none';
    } else if (!(group instanceof z.ZodNullable)) {
      return { group, standard };
    }
    group = group.def.innerType;
  }
}

function kindOf(option: z.core.$ZodType): string {
  if (!(option instanceof z.ZodObject)) throw new Error('a kind of settings is no object');
  const literal = Object.values(option.shape).find((each) => each instanceof z.ZodLiteral);
  return String(literal?.value);
}
