import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/**
 * Helps esbuild to leave out what the portal does not use of its largest dependencies. Each rewrite
 * keeps the meaning; where a new version looks different, it does nothing and the bundle is larger.
 */
export const leanerDependencies: Plugin = {
  name: 'leaner-dependencies',
  setup(build) {
    // The EC2 API in full, over a megabyte of tables. Their keys are constants in brackets,
    // `{ [_aN]: … }`, which might run code for all that esbuild knows, so it keeps every table.
    build.onLoad(
      { filter: /@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]/ },
      async ({ path }) => ({
        contents: withLiteralKeys(await readFile(path, 'utf8')),
        loader: 'js',
      }),
    );
    // zod's messages in 50 languages; ours are in src/web/locales.
    build.onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
      loader: 'js',
    }));
  },
};

function withLiteralKeys(source: string): string {
  const constants = new Map<string, string>();
  for (const [, name = '', text = ''] of source.matchAll(/^const (_\w+) = ("[^"\\]*");$/gm)) {
    constants.set(name, text);
  }
  return source.replaceAll(/\[(_\w+)\]:/g, (key, name: string) => {
    const text = constants.get(name);
    return text === undefined ? key : `${text}:`;
  });
}
