import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';

import { BundledFunction } from '../../infra/lib/constructs/bundled-function.ts';
import { resourceOf } from './synthesised-portal.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bundled-function-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Under which name a bundle with these files is deployed. */
function assetOf(files: Readonly<Record<string, string>>): unknown {
  const bundle = path.join(folder, 'bundle');
  rmSync(bundle, { recursive: true, force: true });
  mkdirSync(bundle);
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(bundle, name), text);
  const outdir = mkdtempSync(path.join(folder, 'out-'));
  const stack = new Stack(new App({ outdir, builtinCloudFormationValidation: false }), 'Stack');
  new BundledFunction(stack, 'Function', {
    description: 'A function',
    folder: bundle,
    environment: {},
    memoryMegabytes: 256,
    timeout: Duration.seconds(1),
    reservedConcurrency: null,
    logDays: RetentionDays.ONE_DAY,
  });
  return resourceOf(Template.fromStack(stack), 'AWS::Lambda::Function').Properties['Code'];
}

describe('a bundled function', () => {
  const before = { 'index.cjs': 'the loader', 'code.cjs': 'the code', 'code.x64-1.cache': 'one' };

  it('is not deployed again where only the byte code is other', () => {
    const again = { ...before, 'code.x64-1.cache': 'another' };
    expect(assetOf(again)).toEqual(assetOf(before));
  });

  it('is deployed again where the code is other', () => {
    expect(assetOf({ ...before, 'code.cjs': 'other code' })).not.toEqual(assetOf(before));
  });
});
