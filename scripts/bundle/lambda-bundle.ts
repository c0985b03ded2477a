import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { compiledTemplates } from './compiled-templates.ts';
import { leanerDependencies } from './leaner-dependencies.ts';
import { loaderSource } from './loader.ts';

const views = path.join(import.meta.dirname, '..', '..', 'views');

export interface LambdaBundle {
  readonly entry: string;
  /** Gets `index.cjs`, whose `handler` is the function, and what it loads. */
  readonly folder: string;
  /** Answered once while bundling, so that what answers them is in the code cache. */
  readonly warmUps: readonly object[];
  /** `complete` bundles all that the dependencies refer to; `lean` unless given. */
  readonly dependencies?: 'lean' | 'complete';
}

export interface BundledCode {
  /** Of the code, without its byte code. */
  readonly bytes: number;
  /** Of each package in it, by name; of our own code under `''`. */
  readonly bytesByPackage: ReadonlyMap<string, number>;
}

/**
 * One file of code with everything in it, a code cache beside it, and a loader that uses both.
 *
 * CommonJS, because it starts faster: an ES module that imports `node:http` makes Node load its
 * whole fetch implementation for the sake of a few names, which costs 20 ms at every start.
 *
 * @throws when esbuild has a warning: at run time it would be a failure
 */
export async function bundleLambda(bundle: LambdaBundle): Promise<BundledCode> {
  const { dependencies = 'lean', entry, folder, warmUps } = bundle;
  await mkdir(folder, { recursive: true });
  const { metafile, warnings } = await build({
    entryPoints: [entry],
    outfile: path.join(folder, 'code.cjs'),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    // As `require`: to import `node:http` costs 20 ms at the first call of AWS, for the reason above.
    supported: { 'dynamic-import': false },
    // The SDK's ES modules: what is not used of them can be left out.
    mainFields: ['module', 'main'],
    define: { 'import.meta.dirname': '__dirname' },
    // Names stay, for stack traces that can be read.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'linked',
    plugins: [compiledTemplates(views), ...(dependencies === 'lean' ? [leanerDependencies] : [])],
    metafile: true,
    logLevel: 'silent',
  });
  if (warnings.length > 0) {
    throw new Error(`bundling ${entry}: ${warnings.map(({ text }) => text).join('; ')}`);
  }
  await writeFile(path.join(folder, 'index.cjs'), loaderSource);
  await promisify(execFile)(process.execPath, [
    path.join(import.meta.dirname, 'make-code-cache.ts'),
    path.join(folder, 'index.cjs'),
    ...warmUps.map((event) => JSON.stringify(event)),
  ]);
  const code = Object.values(metafile.outputs).find(({ entryPoint }) => entryPoint !== undefined);
  if (code === undefined) throw new Error(`bundling ${entry}: there is no code`);
  const bytesByPackage = new Map<string, number>();
  for (const [file, { bytesInOutput }] of Object.entries(code.inputs)) {
    const name = packageOf(file);
    bytesByPackage.set(name, (bytesByPackage.get(name) ?? 0) + bytesInOutput);
  }
  return { bytes: code.bytes, bytesByPackage };
}

/** The innermost one, where one has its own version of another; `''` for our own files. */
function packageOf(file: string): string {
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? '';
}
