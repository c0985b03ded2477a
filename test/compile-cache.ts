import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * For the environment of processes that tests start, again and again: what they load is compiled, and its
 * types are stripped, by the first alone. Where Node keeps it by itself; what it keeps goes by the source.
 */
export const compileCache = {
  NODE_COMPILE_CACHE: path.join(tmpdir(), 'node-compile-cache'),
} as const;
