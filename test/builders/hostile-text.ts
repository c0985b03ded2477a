import fc from 'fast-check';

import { anyText } from './any-text.ts';

/** Put into a page as it is, each of these would be an element or a handler of it. */
const markup = [
  '<hostile-1>',
  '"><hostile-2>',
  "'><hostile-3 onload=a>",
  '</script><hostile-4>',
  '--><hostile-5>',
  'x" onload="a',
  "x' onload='a",
];

/** What of a page shows that some of it was. */
export const reflectedMarkup = /<hostile-\d|\sonload=["']/;

/** What has been somebody's undoing: names of prototypes, formulas, templates, numbers that are none. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...markup) },
  { weight: 2, arbitrary: anyText({ maxLength: 60 }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '',
      ' ',
      '-',
      '0',
      '-1',
      '1e309',
      '99999999999999999999',
      'NaN',
      'null',
      'undefined',
      '__proto__',
      'constructor',
      'toString',
      '../../../../etc/passwd',
      '\u0000',
      '\r\nset-cookie: a=b',
      '//evil.example',
      'javascript:alert(1)',
      '=1+1',
      '${7*7}',
      '<%= 7*7 %>',
      '$&',
      '%s%n',
      '2026-02-30T00:00:00Z',
      '2026-03-04T02:02:00Z',
      '24:00 Asia/Tokyo',
      '02:30 Europe/Berlin',
      '\ud800',
      '\u202etxt.exe',
      'cvpn-endpoint-0123456789abcdef0',
      'subnet-0123456789abcdef0',
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('a', '(', ' ', '-', '0', 'あ', '[', '<', ',')
      .map((character) => character.repeat(4000)),
  },
);

/** A value of any kind but the one that is expected, and sometimes of that one. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: hostileText },
  {
    weight: 4,
    arbitrary: fc.constantFrom<unknown>(
      ...[null, undefined, true, false, 0, -1, 0.5, 1e300, -0],
      ...[Number.MAX_SAFE_INTEGER, [], {}, [null], [[]], ['x'], { x: 1 }],
    ),
  },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
);
