/**
 * Bundles the three Lambda functions:
 *
 *   npm run bundle [FOLDER]      (dist)
 */
import path from 'node:path';
import { bundleFunctions } from './bundle/lambda-functions.ts';

const destination = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, '..', 'dist'));
for (const { bytes, folder } of await bundleFunctions(destination)) {
  console.log(`${path.relative(process.cwd(), folder)}  ${Math.round(bytes / 1024)} KB of code`);
}
