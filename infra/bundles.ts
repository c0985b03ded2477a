import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.join(import.meta.dirname, '..');

/** The folders of the functions, as they are deployed. */
export interface Bundles {
  readonly portal: string;
  readonly reconciler: string;
  readonly connect: string;
}

/** Makes them anew, as `npm run bundle` does. */
export async function makeBundles(folder = path.join(root, 'dist')): Promise<Bundles> {
  const bundle = path.join(root, 'scripts/bundle.ts');
  await promisify(execFile)(process.execPath, [bundle, folder], { cwd: root });
  return {
    portal: path.join(folder, 'portal'),
    reconciler: path.join(folder, 'reconciler'),
    connect: path.join(folder, 'connect'),
  };
}
