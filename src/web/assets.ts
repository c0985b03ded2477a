import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import express from 'express';
import type { RequestHandler } from 'express';

/** Stylesheet, scripts and icons. They hold nothing secret, and need no sign-in. */
export interface Assets {
  /** The address of an asset, which changes when any of them does. */
  readonly url: (name: string) => string;
  readonly handler: RequestHandler;
}

/** @param files each asset's name, as in its address, and where it is. Nothing else is served. */
export function createAssets(files: ReadonlyMap<string, string>): Assets {
  const version = versionOf(files);
  const router = express.Router({ caseSensitive: true, strict: true });
  router.get('/:version/:name', (request, response, next) => {
    const file = files.get(request.params.name);
    if (file === undefined) {
      next();
      return;
    }
    // Who has a file under this version's address need never ask again; under another's, soon.
    const current = request.params.version === version;
    const options = current ? { immutable: true, maxAge: '1y' } : { maxAge: 0 };
    // Without a callback: it would be called at the end of a good answer, too, and go on from there.
    response.sendFile(file, { ...options, dotfiles: 'allow' });
  });
  return { url: (name) => `/assets/${version}/${name}`, handler: router };
}

function versionOf(files: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256');
  for (const [name, file] of files) hash.update(name).update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}
