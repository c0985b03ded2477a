import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import { bundleLambda } from './lambda-bundle.ts';
import type { BundledCode } from './lambda-bundle.ts';

const root = path.join(import.meta.dirname, '..', '..');

const functions = [
  { name: 'portal', warmUpPaths: ['/healthz', '/', '/signed-out'] },
  { name: 'reconciler', warmUpPaths: [] },
  { name: 'connect', warmUpPaths: [] },
] as const;

export interface BundledFunction extends BundledCode {
  readonly name: (typeof functions)[number]['name'];
  readonly folder: string;
}

/**
 * Bundles the three Lambda functions, each into a folder of its name that is deployed as it is. The
 * handler of each is `index.handler`, for the Node.js 24 runtime.
 */
export async function bundleFunctions(destination: string): Promise<readonly BundledFunction[]> {
  const bundled: BundledFunction[] = [];
  for (const { name, warmUpPaths } of functions) {
    const folder = path.join(destination, name);
    await rm(folder, { recursive: true, force: true });
    if (name === 'portal') await copyWhatPagesAreMadeOf(folder);
    const entry = path.join(root, `src/${name}.lambda.ts`);
    bundled.push({ name, folder, ...(await bundleLambda({ entry, folder, warmUpPaths })) });
  }
  return bundled;
}

/** Read at run time, from beside the code; type declarations are for editors. */
async function copyWhatPagesAreMadeOf(folder: string): Promise<void> {
  await cp(path.join(root, 'views/assets'), path.join(folder, 'views/assets'), {
    recursive: true,
    filter: (source) => !/(?:\.d\.ts|tsconfig\.json)$/.test(source),
  });
  await cp(
    path.join(root, 'node_modules/idiomorph/dist/idiomorph.esm.js'),
    path.join(folder, 'idiomorph.js'),
  );
}
