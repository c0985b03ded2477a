/** An IPv4 block: the numbers of its first and its last address. */
interface AddressBlock {
  readonly first: number;
  readonly last: number;
}

/** `null` where one of the two is no IPv4 block, and nobody can say. */
export function blocksOverlap(one: string, other: string): boolean | null {
  const [a, b] = [parseBlock(one), parseBlock(other)];
  return a === null || b === null ? null : a.first <= b.last && b.first <= a.last;
}

function parseBlock(text: string): AddressBlock | null {
  const [address = '', prefix = ''] = text.split('/');
  const octets = address.split('.');
  const length = Number(prefix);
  const isBlock =
    octets.length === 4 &&
    octets.every((octet) => /^\d{1,3}$/.test(octet) && Number(octet) <= 255) &&
    /^\d{1,2}$/.test(prefix) &&
    length <= 32;
  if (!isBlock) return null;
  const size = 2 ** (32 - length);
  const number = octets.reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const first = number - (number % size);
  return { first, last: first + size - 1 };
}
