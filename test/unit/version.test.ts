import { describe, expect, it } from '@jest/globals';

import { isOlder, parseVersion, versionIn } from '../../src/vpn/version.ts';

describe('a version', () => {
  it('is its numbers', () => {
    expect(parseVersion('10.0.19045')).toEqual([10, 0, 19045]);
    expect(parseVersion('5')).toEqual([5]);
  });

  it.each([
    '',
    'v5',
    '5.',
    '.5',
    '5..1',
    '5.2 ',
    '-1',
    '1e3',
    '5,2',
    '1.2.3.4.5.6.7',
    '1234567890',
  ])('is not %j', (text) => {
    expect(parseVersion(text)).toBeNull();
  });

  it('is taken from the beginning of what a device says', () => {
    expect(versionIn(' 10.0.19045 (x64)')).toEqual([10, 0, 19045]);
    expect(versionIn('14.4-arm')).toEqual([14, 4]);
  });

  it.each(['', 'Windows 10', '10.0rc1', '5x', 'unknown'])('is not guessed from %j', (text) => {
    expect(versionIn(text)).toBeNull();
  });

  it.each([
    ['5.1', '5.2', true],
    ['5.2', '5.1', false],
    ['5.9', '5.10', true],
    ['5.10', '5.9', false],
    ['10', '10.0', false],
    ['10', '10.0.1', true],
    ['10.0.1', '10', false],
    ['5.2', '5.2', false],
  ])('%s is older than %s: %s', (one, other, expected) => {
    expect(isOlder(parseVersion(one) ?? [], parseVersion(other) ?? [])).toBe(expected);
  });
});
