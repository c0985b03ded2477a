/** An IPv4 block: the numbers of its first and last address. */
export interface Ipv4Block {
  readonly first: number;
  readonly last: number;
  readonly prefixLength: number;
}

/** `null` for anything but an IPv4 block in canonical form (no bits beyond the prefix). */
export function parseCidr(text: string): Ipv4Block | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (match === null) return null;
  const [octet1, octet2, octet3, octet4, prefixLength] = match.slice(1).map(Number);
  if (
    octet1 === undefined ||
    octet2 === undefined ||
    octet3 === undefined ||
    octet4 === undefined ||
    prefixLength === undefined ||
    prefixLength > 32 ||
    Math.max(octet1, octet2, octet3, octet4) > 255
  ) {
    return null;
  }
  const first = ((octet1 * 256 + octet2) * 256 + octet3) * 256 + octet4;
  const size = 2 ** (32 - prefixLength);
  if (first % size !== 0) return null;
  return { first, last: first + size - 1, prefixLength };
}

/** False also where one of the two is no IPv4 block: such blocks cannot be compared. */
export function overlap(one: string, other: string): boolean {
  const a = parseCidr(one);
  const b = parseCidr(other);
  return a !== null && b !== null && a.first <= b.last && b.first <= a.last;
}

/** The address `index` places into the block; begins again at its start when it runs out. */
export function addressIn(block: Ipv4Block, index: number): string {
  // The first two and the last address are never dealt: network, gateway and broadcast.
  const usable = Math.max(1, block.last - block.first - 2);
  const address = block.first + 2 + (index % usable);
  return [24, 16, 8, 0].map((shift) => String(Math.floor(address / 2 ** shift) % 256)).join('.');
}
