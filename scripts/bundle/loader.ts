/**
 * The first file that the runtime loads. It gives V8 the code together with the byte code of an
 * earlier run, which halves the time to the first answer. Byte code belongs to one version of V8 on
 * one architecture, hence the file's name; where there is none that fits, V8 compiles as usual.
 *
 * The script that makes the cache sets the global, in a process of its own.
 */
export const loaderSource = `'use strict';
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');
const vm = require('node:vm');

const file = path.join(__dirname, 'code.cjs');
const cacheFile = path.join(__dirname, \`code.\${process.arch}-\${process.versions.v8}.cache\`);

const script = new vm.Script(
  \`(function (exports, require, module, __filename, __dirname) {\${readFileSync(file, 'utf8')}\\n})\`,
  { filename: file, cachedData: cacheIfThere() },
);
script.runInThisContext()(exports, createRequire(file), module, file, __dirname);
globalThis.codeCacheRequested?.(script, cacheFile);

function cacheIfThere() {
  try {
    return readFileSync(cacheFile);
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
`;
