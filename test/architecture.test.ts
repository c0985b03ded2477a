import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { areaOf, areas, covered, covers, violations } from './import-rules.ts';
import type { Import } from './import-rules.ts';

const root = path.join(import.meta.dirname, '..');

const files = covered.flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => path.posix.join(folder, name.split(path.sep).join('/'))),
);

/** Every module that a file names: imported, re-exported, for types alone, or when it runs. */
function importsOf(file: string, source: string): readonly Import[] {
  return ts.preProcessFile(source, true, true).importedFiles.map(({ fileName }) => ({
    from: file,
    to: fileName.startsWith('.') ? path.posix.join(path.posix.dirname(file), fileName) : fileName,
  }));
}

const imports = files.flatMap((file) =>
  importsOf(file, readFileSync(path.join(root, file), 'utf8')),
);

describe('the import rules', () => {
  it('are kept by every file of the source, of the local stack and of the infrastructure', () => {
    expect(violations(imports)).toEqual([]);
  });

  it('know every file', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter((file) => areaOf(file) === null)).toEqual([]);
  });

  it('name nothing that is not there', () => {
    const named = areas.flatMap(({ except = [], files: own, may }) => [...own, ...may, ...except]);
    const paths = named.filter((entry) => /^(?:src|scripts|infra)\//.test(entry));
    expect(paths.filter((entry) => !existsSync(path.join(root, entry)))).toEqual([]);
  });

  it('allow no package that is not used', () => {
    const unused = areas.flatMap((area) =>
      area.may
        .filter((entry) => !/^(?:src|scripts|infra)\//.test(entry))
        .filter(
          (entry) => !imports.some(({ from, to }) => areaOf(from) === area && covers(entry, to)),
        )
        .map((entry) => `${area.name}: ${entry}`),
    );
    expect(unused).toEqual([]);
  });

  it('keep the AWS SDK and the token verifier in one folder of the source', () => {
    const folders = imports
      .filter(({ to }) => to.startsWith('@aws-sdk/') || covers('aws-jwt-verify', to))
      .map(({ from }) => from)
      .filter((file) => file.startsWith('src/') && !file.startsWith('src/aws/'));
    expect(folders).toEqual([]);
  });

  it('keep the domain from the process it runs in', () => {
    const areasWithout = ['foundation', 'domain', 'reconcile'];
    const offenders = files
      .filter((file) => areasWithout.includes(areaOf(file)?.name ?? ''))
      .filter((file) =>
        /\bprocess\.|\brequire\(|\bglobalThis\b/.test(readFileSync(path.join(root, file), 'utf8')),
      );
    expect(offenders).toEqual([]);
  });
});

describe('the check of the import rules', () => {
  it.each([
    ['the SDK in the domain', 'src/lease/lease.ts', '@aws-sdk/client-ec2'],
    ['express in the domain', 'src/vpn/policy.ts', 'express'],
    ['a Node module in the domain', 'src/identity/principal.ts', 'node:fs'],
    ['an adapter in the domain', 'src/lease/lease.ts', 'src/aws/clients.ts'],
    ['the reconciler in the domain', 'src/vpn/route.ts', 'src/reconcile/decide.ts'],
    ['the SDK in the reconciler', 'src/reconcile/act.ts', '@aws-sdk/client-ec2'],
    ['an adapter in a page', 'src/web/pages.ts', 'src/aws/ec2-client-vpn.ts'],
    ['the SDK in a page', 'src/web/routes/endpoints.ts', '@aws-sdk/lib-dynamodb'],
    ['a store in a page', 'src/web/routes/endpoints.ts', 'src/lease/endpoint-store.ts'],
    ['a page in an adapter', 'src/aws/clients.ts', 'src/web/app.ts'],
    ['the reconciler in an adapter', 'src/aws/clients.ts', 'src/reconcile/decide.ts'],
    ['a use case in an adapter', 'src/aws/clients.ts', 'src/lease/lease-service.ts'],
    ['an act of people in the reconciler', 'src/reconcile/act.ts', 'src/lease/administration.ts'],
    ['the reading of the history in a pass', 'src/reconcile/act.ts', 'src/usage/usage-store.ts'],
    ['the writing of the history in a page', 'src/web/app.ts', 'src/usage/usage-recorder.ts'],
    ['the making of totals in a page', 'src/web/routes/usage.ts', 'src/usage/totals-service.ts'],
    ['the making of totals in an adapter', 'src/aws/clients.ts', 'src/usage/totals-service.ts'],
    ['the polyfill of times in a page', 'src/web/pages.ts', 'temporal-polyfill'],
    ['EC2 in the sample history', 'scripts/local/history/plan.ts', 'src/aws/ec2-client-vpn.ts'],
    ['a page in the composition root', 'src/services.ts', 'src/web/app.ts'],
    ['the SDK in an entry', 'src/server.ts', '@aws-sdk/client-ec2'],
    ['an adapter in an entry', 'src/reconciler.lambda.ts', 'src/aws/clients.ts'],
    ['the domain in the configuration', 'src/config/environment.ts', 'src/vpn/ids.ts'],
    ['a script in the source', 'src/server.ts', 'scripts/local/clock.ts'],
    ['a test in the source', 'src/vpn/policy.ts', 'test/import-rules.ts'],
    ['a test in the local stack', 'scripts/local/stack.ts', 'test/import-rules.ts'],
    ['the domain in a stand-in', 'scripts/local/ec2/actions.ts', 'src/vpn/ids.ts'],
    ['the domain in the infrastructure', 'infra/settings.ts', 'src/vpn/endpoint.ts'],
    ['a handler in the infrastructure', 'infra/app.ts', 'src/portal.lambda.ts'],
    ['the SDK in the infrastructure', 'infra/app.ts', '@aws-sdk/client-ec2'],
    ['the infrastructure in the source', 'src/server.ts', 'infra/settings.ts'],
    ['a package whose name only begins alike', 'src/web/app.ts', 'express-session'],
    ['a file whose folder only begins alike', 'src/vpn/policy.ts', 'src/vpn-secrets/key.ts'],
  ])('refuses %s', (_what, from, to) => {
    expect(violations([{ from, to }])).toHaveLength(1);
  });

  it('refuses a file in a folder that no area names', () => {
    expect(violations([{ from: 'src/billing/price.ts', to: 'src/clock.ts' }])).toEqual([
      'src/billing/price.ts is in no area',
    ]);
  });

  it('sees every way to name a module', () => {
    const source = `
      import { a } from './a.ts';
      import type { B } from './b.ts';
      import './c.ts';
      export { d } from './d.ts';
      export type { E } from './e.ts';
      const f = await import('./f.ts');
      type G = import('./g.ts').G;
      import h from 'package/deep';
      import { type I } from '../i.ts';`;
    const found = importsOf('src/x/y.ts', source).map(({ to }) => to);
    expect(found).toEqual([
      ...['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `src/x/${name}.ts`),
      'package/deep',
      'src/i.ts',
    ]);
  });
});
