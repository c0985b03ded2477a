import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { z } from 'zod';

import { readSettings, SettingsError } from './read-settings.ts';
import type { PortalSettings } from './settings.ts';

const localFile = path.join(import.meta.dirname, 'settings.local.ts');
const exampleFile = path.join(import.meta.dirname, 'settings.example.ts');

export interface SettingsFile {
  readonly file: string;
  readonly isExample: boolean;
  /** As they are written there, whatever that is. */
  readonly written: unknown;
}

/** The deployment's own file, or the example where there is none. */
export async function findSettings(): Promise<SettingsFile> {
  const isExample = !existsSync(localFile);
  const file = isExample ? exampleFile : localFile;
  const { settings } = z
    .object({ settings: z.unknown() })
    .parse(await import(pathToFileURL(file).href));
  return { file, isExample, written: settings };
}

/** @throws {SettingsError} also where there is nothing but the example, which is nobody's */
export async function settingsToDeploy(): Promise<PortalSettings> {
  const { isExample, written } = await findSettings();
  if (isExample) {
    throw new SettingsError([
      'infra/settings.local.ts is not there: copy infra/settings.example.ts to it, and say in it what is yours.',
    ]);
  }
  return readSettings(written);
}
