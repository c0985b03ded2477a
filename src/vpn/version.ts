/** A version as its numbers, the most significant first: `10.0.19045` is 10, 0 and 19045. */
export type Version = readonly number[];

const longestVersion = 6;

/** `null` for text that is not numbers with points between them. */
export function parseVersion(text: string): Version | null {
  if (!/^\d{1,9}(?:\.\d{1,9})*$/.test(text)) return null;
  const numbers = text.split('.').map(Number);
  return numbers.length <= longestVersion ? numbers : null;
}

/**
 * The version at the beginning of what a device says of itself, such as `10.0.19045 (x64)`; `null`
 * where it says none.
 */
export function versionIn(text: string): Version | null {
  return parseVersion(/^[\d.]*\d(?![\w.])/.exec(text.trim())?.[0] ?? '');
}

/** What one leaves out is 0: `10` is as new as `10.0`. */
export function isOlder(one: Version, other: Version): boolean {
  const places = Math.max(one.length, other.length);
  for (let place = 0; place < places; place += 1) {
    const difference = (one[place] ?? 0) - (other[place] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
