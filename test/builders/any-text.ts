import fc from 'fast-check';

const codePoint = fc.oneof(
  fc.integer({ min: 0, max: 0xd7_ff }),
  fc.integer({ min: 0xe0_00, max: 0x10_ff_ff }),
);

/**
 * Text of whatever characters there are, most of them of no language. As `fc.string` with the unit
 * `binary`, which makes a table of all of Unicode first, in every suite.
 */
export function anyText(
  length: { readonly minLength?: number; readonly maxLength?: number } = {},
): fc.Arbitrary<string> {
  return fc.array(codePoint, length).map((characters) => String.fromCodePoint(...characters));
}
