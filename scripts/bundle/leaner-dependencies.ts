import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { OnLoadResult, Plugin } from 'esbuild';
import { z } from 'zod';

/**
 * Helps esbuild to leave out what the functions do not use of their dependencies. What a function
 * does stays the same, as the tests of the bundles show; where a new version of a dependency looks
 * different, a rewrite does nothing and the bundle is larger.
 */
export const leanerDependencies: Plugin = {
  name: 'leaner-dependencies',
  setup(build) {
    // The EC2 API in full, over a megabyte of tables. Their keys are constants in brackets,
    // `{ [_aN]: … }`, which might run code for all that esbuild knows, so it keeps every table.
    build.onLoad(
      { filter: /@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]/ },
      async ({ path: file }) => script(withLiteralKeys(await readFile(file, 'utf8'))),
    );
    // To esbuild all of zod hangs on its export `z`, and nothing on the module's own name.
    build.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path: file }) => {
      const source = await readFile(file, 'utf8');
      const contents = source.replace(
        /^import \{ z \} from 'zod';$/m,
        () => "import * as z from 'zod';",
      );
      return { contents, loader: 'ts' };
    });
    // zod's messages in 50 languages; ours are in src/web/locales.
    build.onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () =>
      script("export { default as en } from './en.js';"),
    );
    // Each start makes an index of all types of files that there are.
    build.onLoad({ filter: /[\\/]mime-db[\\/]db\.json$/ }, async ({ path: file }) => ({
      contents: typesOfPages(await readFile(file, 'utf8')),
      loader: 'json',
    }));
    // The tables of Chinese, Japanese and Korean character sets. Express refuses a form in any but
    // UTF-8 and ISO-8859-1 before it looks for a table.
    build.onLoad({ filter: /iconv-lite[\\/]encodings[\\/]dbcs-data\.js$/ }, () =>
      script('module.exports = {};'),
    );
    // What Express tells its developers, where they ask for it with a variable of the environment.
    build.onLoad({ filter: /[\\/]debug[\\/]src[\\/]index\.js$/ }, () =>
      script('module.exports = () => Object.assign(() => {}, { enabled: false });'),
    );
    // Where the SDK looks for credentials on a developer's machine. Lambda puts them into the
    // environment, which stays, as does the address that it may name there instead.
    build.onLoad(
      { filter: /@aws-sdk[\\/]credential-provider-[^\\/]+[\\/]dist-es[\\/]index\.js$/ },
      ({ path: file }) => {
        const name = path.basename(path.dirname(path.dirname(file)));
        const provider = foreignCredentials.get(name.replace('credential-provider-', ''));
        return provider === undefined ? undefined : script(leftOut(provider));
      },
    );
    // The files in which a developer's machine has settings of the SDK: it would look for them at each
    // start, and Node load for that what it has to watch files.
    build.onLoad(
      { filter: /[\\/]shared-ini-file-loader[\\/](?:readFile|getSSOTokenFromFile)\.js$/ },
      ({ path: file }) => script(readsNoFile(path.basename(file, '.js'))),
    );
  },
};

/** By the name of the package: what it exports for the SDK's default chain. */
const foreignCredentials: ReadonlyMap<string, string> = new Map([
  ['sso', 'fromSSO'],
  ['ini', 'fromIni'],
  ['process', 'fromProcess'],
  ['web-identity', 'fromTokenFile'],
]);

/** As one that has found nothing, so that the chain goes on to the next. */
function leftOut(provider: string): string {
  return `
    import { CredentialsProviderError } from '@smithy/core/config';
    export const ${provider} = () => () =>
      Promise.reject(new CredentialsProviderError('${provider} is not in this bundle'));`;
}

/** As where there is no such file, so that the SDK goes by the environment. */
function readsNoFile(name: string): string {
  return `
    export const filePromises = {};
    export const fileIntercept = {};
    export const tokenIntercept = {};
    export const ${name} = () => Promise.reject(new Error('no file of settings is read'));`;
}

function script(contents: string): OnLoadResult {
  return { contents, loader: 'js' };
}

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

/** Of the database of types, what a page may be made of: most of it are the formats of programs. */
function typesOfPages(json: string): string {
  const types = z.record(z.string(), z.unknown()).parse(JSON.parse(json));
  const isOfPages = ([type]: [string, unknown]): boolean =>
    /^(?:text|image|font)\/(?!vnd\.|prs\.)|^application\/(?!vnd\.|prs\.|x-)/.test(type);
  return JSON.stringify(Object.fromEntries(Object.entries(types).filter(isOfPages)));
}
