import { readdirSync } from 'node:fs';
import path from 'node:path';

/** Where the templates and the assets are: in another place once they are bundled. */
export interface AppFiles {
  readonly views: string;
  /** What `/assets` serves, by name. */
  readonly assets: ReadonlyMap<string, string>;
}

const servedTypes: ReadonlySet<string> = new Set(['.css', '.js', '.svg']);

/** @param idiomorph the one script that is not ours; the others import it by its name */
export function filesIn(views: string, idiomorph: string): AppFiles {
  const folder = path.join(views, 'assets');
  const own = readdirSync(folder)
    .filter((name) => servedTypes.has(path.extname(name)))
    .map((name): [string, string] => [name, path.join(folder, name)]);
  return { views, assets: new Map([...own, ['idiomorph.js', idiomorph]]) };
}

/** As they lie in a checkout and in the container. */
export function sourceFiles(): AppFiles {
  const root = path.join(import.meta.dirname, '..', '..');
  return filesIn(
    path.join(root, 'views'),
    path.join(root, 'node_modules', 'idiomorph', 'dist', 'idiomorph.esm.js'),
  );
}
