import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { z } from 'zod';

/* What nobody uses is in everybody's way: exports, files and dependencies. */

const root = path.join(import.meta.dirname, '..');
const folders = ['src', 'scripts', 'infra', 'test', 'views/assets'].filter((folder) =>
  existsSync(path.join(root, folder)),
);
const files = [
  ...folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:ts|js|cjs)$/.test(name) && !name.endsWith('.d.ts'))
      .map((name) => path.join(folder, name)),
  ),
  'jest.config.ts',
  'eslint.config.js',
];
const manifest = z
  .object({
    scripts: z.record(z.string(), z.string()),
    dependencies: z.record(z.string(), z.string()),
    devDependencies: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')));

interface Module {
  readonly file: string;
  readonly exported: readonly string[];
  /** Those of them that are types: one that only says what a function takes or gives needs no other user. */
  readonly types: ReadonlySet<string>;
  /** Names by the file, or package, that they come from; `*` where all of it is taken. */
  readonly imported: readonly { readonly from: string; readonly names: readonly string[] }[];
  readonly text: string;
}

const isExported = (node: ts.Node): boolean =>
  ts.canHaveModifiers(node) &&
  (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

function moduleIn(file: string): Module {
  const text = readFileSync(path.join(root, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const exported: string[] = [];
  const types = new Set<string>();
  const imported: { from: string; names: readonly string[] }[] = [];
  const from = (specifier: ts.Expression | undefined): string => {
    const name = specifier !== undefined && ts.isStringLiteralLike(specifier) ? specifier.text : '';
    return name.startsWith('.') ? path.join(path.dirname(file), name) : name;
  };

  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const bindings = node.importClause?.namedBindings;
      const names =
        bindings !== undefined && ts.isNamedImports(bindings)
          ? bindings.elements.map(({ name, propertyName }) => (propertyName ?? name).text)
          : ['*'];
      imported.push({ from: from(node.moduleSpecifier), names });
    } else if (ts.isExportDeclaration(node)) {
      const { exportClause, moduleSpecifier } = node;
      const names =
        exportClause !== undefined && ts.isNamedExports(exportClause)
          ? exportClause.elements.map(({ name, propertyName }) => (propertyName ?? name).text)
          : ['*'];
      if (moduleSpecifier !== undefined) imported.push({ from: from(moduleSpecifier), names });
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      imported.push({ from: from(node.argument.literal), names: ['*'] });
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      imported.push({ from: from(node.arguments[0]), names: ['*'] });
    } else if (isExported(node)) {
      if (ts.isVariableStatement(node)) {
        for (const { name } of node.declarationList.declarations) exported.push(name.getText());
      } else if (
        (ts.isFunctionDeclaration(node) ||
          ts.isClassDeclaration(node) ||
          ts.isInterfaceDeclaration(node) ||
          ts.isTypeAliasDeclaration(node)) &&
        node.name !== undefined
      ) {
        exported.push(node.name.text);
        if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) {
          types.add(node.name.text);
        }
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { file, exported, types, imported, text };
}

const modules = files.map(moduleIn);

const timesIn = (text: string, name: string): number =>
  text.match(new RegExp(`\\b${name}\\b`, 'g'))?.length ?? 0;

/** Handlers are the Lambda runtime's to find; forms are checked by being assigned to each other. */
const foundOtherwise = new Set([
  'handler',
  'StoredFormsMatchTheDomain',
  'StoredUsageMatchesTheDomain',
]);

describe('what nobody uses', () => {
  it('is exported by no file', () => {
    const used = new Map<string, Set<string>>();
    for (const { imported } of modules) {
      for (const { from, names } of imported) {
        const known = used.get(from) ?? new Set<string>();
        for (const name of names) known.add(name);
        used.set(from, known);
      }
    }
    const unused = modules.flatMap(({ exported, file, text, types }) => {
      const known = used.get(file) ?? new Set<string>();
      if (known.has('*')) return [];
      return exported
        .filter((name) => !known.has(name) && !foundOtherwise.has(name))
        .filter((name) => !types.has(name) || timesIn(text, name) < 2)
        .map((name) => `${file}: ${name}`);
    });
    expect(unused).toEqual([]);
  });

  it('is exported by no file of the product for tests alone', () => {
    const users = modules.filter(({ file }) => !file.startsWith('test/'));
    const unused = users
      .filter(({ file }) => /^(?:src|infra)\//.test(file))
      .flatMap(({ exported, file, text, types }) =>
        exported
          .filter((name) => !types.has(name) && !foundOtherwise.has(name))
          .filter((name) => timesIn(text, name) < 2)
          .filter(
            (name) =>
              !users.some(({ imported }) =>
                imported.some(
                  ({ from, names }) =>
                    from === file && (names.includes(name) || names.includes('*')),
                ),
              ),
          )
          .map((name) => `${file}: ${name}`),
      );
    expect(unused).toEqual([]);
  });

  it('is no file', () => {
    const imported = new Set(modules.flatMap((each) => each.imported.map(({ from }) => from)));
    const elsewhere = ['package.json', 'cdk.json', 'Dockerfile', 'CONTRIBUTING.md'].map((file) =>
      readFileSync(path.join(root, file), 'utf8'),
    );
    const unused = files
      .filter((file) => !imported.has(file) && !/\.test\.ts$|^[^/]+$/.test(file))
      // Started by name, as a process of its own, or served.
      .filter((file) => {
        const others = modules.filter((other) => other.file !== file).map(({ text }) => text);
        return ![...elsewhere, ...others].some((text) => text.includes(path.basename(file)));
      });
    expect(unused).toEqual([]);
  });

  it('is no dependency', () => {
    const taken = new Set(
      modules.flatMap(({ imported }) =>
        imported.map(({ from }) =>
          from
            .split('/')
            .slice(0, from.startsWith('@') ? 2 : 1)
            .join('/'),
        ),
      ),
    );
    const commands = Object.values(manifest.scripts).join(' ');
    const everything = modules.map(({ text }) => text).join('\n');
    // `npx cdk deploy`.
    const calledByName = new Set(['aws-cdk']);
    const unused = [
      ...Object.keys(manifest.dependencies),
      ...Object.keys(manifest.devDependencies),
    ].filter(
      (name) =>
        !taken.has(name) &&
        !calledByName.has(name) &&
        !name.startsWith('@types/') &&
        !new RegExp(`\\b${name}\\b`).test(commands) &&
        ![`node_modules/${name}/`, `resolve('${name}/`].some((use) => everything.includes(use)),
    );
    expect(unused).toEqual([]);
  });
});
