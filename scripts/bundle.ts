/**
 * Bundles the three Lambda functions, each into a folder that is deployed as it is:
 *
 *   npm run bundle [FOLDER]      (dist)
 *
 * The handler of each is `index.handler`, for the Node.js 24 runtime.
 */
import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import { bundleLambda } from './bundle/lambda-bundle.ts';

const root = path.join(import.meta.dirname, '..');
const destination = path.resolve(process.argv[2] ?? path.join(root, 'dist'));
const portal = path.join(destination, 'portal');
const reconciler = path.join(destination, 'reconciler');
const connect = path.join(destination, 'connect');

await Promise.all(
  [portal, reconciler, connect].map((folder) => rm(folder, { recursive: true, force: true })),
);

// The templates are read at run time, from beside the code; type declarations are for editors.
await cp(path.join(root, 'views'), path.join(portal, 'views'), {
  recursive: true,
  filter: (source) => !/(?:\.d\.ts|tsconfig\.json)$/.test(source),
});
await cp(
  path.join(root, 'node_modules/idiomorph/dist/idiomorph.esm.js'),
  path.join(portal, 'idiomorph.js'),
);

const bundles = [
  { entry: 'src/portal.lambda.ts', folder: portal, warmUpPaths: ['/healthz', '/', '/signed-out'] },
  { entry: 'src/reconciler.lambda.ts', folder: reconciler, warmUpPaths: [] },
  { entry: 'src/connect.lambda.ts', folder: connect, warmUpPaths: [] },
];
for (const { entry, folder, warmUpPaths } of bundles) {
  const bytes = await bundleLambda({ entry: path.join(root, entry), folder, warmUpPaths });
  console.log(`${path.relative(process.cwd(), folder)}  ${Math.round(bytes / 1024)} KB of code`);
}
