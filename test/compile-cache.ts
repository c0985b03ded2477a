import path from 'node:path';

/**
 * For the environment of processes that tests start, again and again: what they load is compiled, and its
 * types are stripped, by the first alone, which halves what a start takes. It goes with `node_modules`.
 */
export const compileCache = {
  NODE_COMPILE_CACHE: path.join(import.meta.dirname, '../node_modules/.cache/compiled'),
} as const;
