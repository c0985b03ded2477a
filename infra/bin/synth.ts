/**
 * Writes the templates of both hosts, from infra/settings.local.ts, or from the example where there is
 * none, without asking AWS for anything:
 *
 *   npm run synth [FOLDER]      (cdk.out)
 */
import path from 'node:path';

import { createPortalApp } from '../app.ts';
import { makeBundles } from '../bundles.ts';
import { endWith } from './end-with.ts';
import { readSettings } from '../read-settings.ts';
import { findSettings } from '../settings-file.ts';
import { synthesise } from '../synthesise.ts';

const root = path.join(import.meta.dirname, '../..');
const destination = path.resolve(process.argv[2] ?? path.join(root, 'cdk.out'));

try {
  const { file, written } = await findSettings();
  const settings = readSettings(written);
  const bundles = await makeBundles(path.join(destination, 'bundles'));
  for (const host of ['lambda', 'container'] as const) {
    const folder = path.join(destination, host);
    synthesise(createPortalApp({ ...settings, host }, { bundles, folder }).app);
    console.log(`${path.relative(process.cwd(), folder)}  from ${path.relative(root, file)}`);
  }
} catch (error) {
  endWith(error);
}
