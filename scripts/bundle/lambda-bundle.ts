import { execFile } from 'node:child_process';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { leanerDependencies } from './leaner-dependencies.ts';
import { loaderSource } from './loader.ts';

export interface LambdaBundle {
  readonly entry: string;
  /** Gets `index.cjs`, whose `handler` is the function, and what it loads. */
  readonly folder: string;
  /** Asked for once while bundling, so that what answers them is in the code cache. */
  readonly warmUpPaths: readonly string[];
}

/**
 * One file of code with everything in it, a code cache beside it, and a loader that uses both.
 *
 * CommonJS, because it starts faster: an ES module that imports `node:http` makes Node load its
 * whole fetch implementation for the sake of a few names, which costs 20 ms at every start.
 *
 * @returns the size of the code, in bytes
 * @throws when esbuild has a warning: at run time it would be a failure
 */
export async function bundleLambda({ entry, folder, warmUpPaths }: LambdaBundle): Promise<number> {
  await mkdir(folder, { recursive: true });
  const code = path.join(folder, 'code.cjs');
  const { warnings } = await build({
    entryPoints: [entry],
    outfile: code,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    // The SDK's ES modules: what is not used of them can be left out.
    mainFields: ['module', 'main'],
    define: { 'import.meta.dirname': '__dirname' },
    // Names stay, for stack traces that can be read.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'linked',
    plugins: [leanerDependencies],
    logLevel: 'silent',
  });
  if (warnings.length > 0) {
    throw new Error(`bundling ${entry}: ${warnings.map(({ text }) => text).join('; ')}`);
  }
  await writeFile(path.join(folder, 'index.cjs'), loaderSource);
  await promisify(execFile)(process.execPath, [
    path.join(import.meta.dirname, 'make-code-cache.ts'),
    path.join(folder, 'index.cjs'),
    ...warmUpPaths,
  ]);
  return (await stat(code)).size;
}
