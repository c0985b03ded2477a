import { createHash } from 'node:crypto';
import type { World } from './world.ts';

/**
 * A new id in AWS's form, a prefix and 17 hexadecimal digits. It follows from the seed and the
 * number of ids before it: the same history always gives the same ids.
 */
export function newId(world: World, prefix: string): string {
  world.serial += 1;
  return `${prefix}-0${digest(`${String(world.seed)} ${String(world.serial)}`).slice(0, 16)}`;
}

/** A few for each endpoint, which every listing shows again. */
const uuids = new Map<string, string>();

/** A UUID that always belongs to the same name, for the ARNs that only decorate an answer. */
export function uuidFor(name: string): string {
  const known = uuids.get(name);
  if (known !== undefined) return known;
  const hex = digest(name);
  const uuid = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
  uuids.set(name, uuid);
  return uuid;
}

/** 17 hexadecimal digits that always belong to the same name. */
export function digitsFor(name: string): string {
  return `0${digest(name).slice(0, 16)}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
