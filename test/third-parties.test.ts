import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

/* What comes from others: under which licence, from where, and what of it may run when it is installed. */

const root = path.join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

const manifest = z
  .object({
    scripts: z.record(z.string(), z.string()),
    dependencies: z.record(z.string(), z.string()),
    devDependencies: z.record(z.string(), z.string()),
    allowScripts: z.record(z.string(), z.boolean()),
  })
  .parse(JSON.parse(read('package.json')));

const locked = z
  .object({
    version: z.string(),
    resolved: z.string().optional(),
    integrity: z.string().default(''),
    /** Comes inside another package, whose checksum is its own. */
    inBundle: z.boolean().default(false),
    license: z.string().optional(),
    dev: z.boolean().default(false),
    hasInstallScript: z.boolean().default(false),
  })
  .array();
const lock = z
  .object({ packages: z.record(z.string(), z.unknown()) })
  .parse(JSON.parse(read('package-lock.json')));
const places = Object.keys(lock.packages).filter((place) => place !== '');
const packages = locked
  .parse(places.map((place) => lock.packages[place]))
  .map((each, at) => ({ ...each, name: places[at]?.split('node_modules/').at(-1) ?? '' }));
const inProduction = packages.filter(({ dev }) => !dev);

/** Each asks for no more than that its notice is kept. */
const acceptable = ['0BSD', 'Apache-2.0', 'BSD-3-Clause', 'ISC', 'MIT'] as const;
/** Of what is never part of what runs for people; some of these ask for more. */
const acceptableForDevelopment: readonly string[] = [
  ...acceptable,
  '(MIT AND Zlib)',
  '(MIT OR CC0-1.0)',
  '(MIT OR GPL-3.0-or-later)',
  'BSD-2-Clause',
  'BlueOak-1.0.0',
  'CC-BY-4.0',
  'MPL-2.0',
];

/** Told in a form that npm has given up, which the lockfile leaves out; by the licence's own text. */
const toldInAnOldForm: Readonly<Record<string, string>> = { 'parse-cache-control': 'BSD-3-Clause' };

const sbomCommand = 'node scripts/sbom.ts';

const purl = z.string().regex(/^pkg:npm\/(?:%40[\w.-]+\/)?[\w.-]+@\d+\.\d+\.\d+[\w.+-]*$/);
const component = z.strictObject({
  type: z.literal('library'),
  'bom-ref': z.string().min(1),
  name: z.string(),
  version: z.string(),
  scope: z.enum(['required', 'optional', 'excluded']),
  hashes: z
    .array(
      z.strictObject({ alg: z.literal('SHA-512'), content: z.string().regex(/^[a-f0-9]{128}$/) }),
    )
    .min(1),
  licenses: z.array(z.strictObject({ license: z.strictObject({ id: z.enum(acceptable) }) })).min(1),
  purl,
});
/**
 * What the specification asks of a document, as far as this one goes: it knows no other members, and
 * ids of licences are those of SPDX. Source: the JSON schema of CycloneDX 1.6.
 */
const billOfMaterials = z.strictObject({
  $schema: z.literal('http://cyclonedx.org/schema/bom-1.6.schema.json'),
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.literal('1.6'),
  serialNumber: z
    .string()
    .regex(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
  version: z.literal(1),
  metadata: z.strictObject({
    timestamp: z.iso.datetime(),
    lifecycles: z.array(z.strictObject({ phase: z.literal('pre-build') })),
    component: component
      .pick({ 'bom-ref': true, name: true, version: true, purl: true })
      .extend({ type: z.literal('application') }),
  }),
  components: z.array(component),
  dependencies: z.array(z.strictObject({ ref: z.string(), dependsOn: z.array(z.string()) })),
});

/** Where Node, and npm, look for what a package names: beside it, else beside what it lies in. */
function placesFor(name: string, from: string): readonly string[] {
  const beside = `${from === '' ? '' : `${from}/`}node_modules/${name}`;
  if (from === '') return [beside];
  const outside = from.slice(0, Math.max(0, from.lastIndexOf('node_modules/') - 1));
  return [beside, ...placesFor(name, outside)];
}

describe('the lockfile', () => {
  it('is whole: each package that another names is in it, those of other platforms too', () => {
    const names = z.record(z.string(), z.string()).default({});
    const naming = z.object({
      dependencies: names,
      devDependencies: names,
      optionalDependencies: names,
      peerDependencies: names,
      peerDependenciesMeta: z
        .record(z.string(), z.object({ optional: z.boolean().default(false) }))
        .default({}),
    });
    const versions = new Map(packages.map(({ version }, at) => [places[at], version]));
    const missing = Object.entries(lock.packages).flatMap(([from, each]) => {
      const named = naming.parse(each);
      const peers = Object.entries(named.peerDependencies).filter(
        ([name]) => named.peerDependenciesMeta[name]?.optional !== true,
      );
      return Object.entries({
        ...named.dependencies,
        // Of what is installed, npm takes no heed of what it was developed with.
        ...(from === '' ? named.devDependencies : {}),
        ...named.optionalDependencies,
        ...Object.fromEntries(peers),
      }).flatMap(([name, wanted]) => {
        const found = placesFor(name, from).find((place) => versions.has(place));
        const version = found === undefined ? undefined : versions.get(found);
        const isOther = /^\d+\.\d+\.\d+$/.test(wanted) && version !== wanted;
        return version === undefined || isOther ? [`${from || 'the project'}: ${name}`] : [];
      });
    });
    expect(places.length).toBeGreaterThan(500);
    expect(missing).toEqual([]);
  });

  it('has the checksum of every package, and sends for none to a place of its own', () => {
    const others = packages.filter(
      ({ inBundle, integrity, resolved }) =>
        (!inBundle && !integrity.startsWith('sha512-')) ||
        (resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/')),
    );
    expect(others.map(({ name }) => name)).toEqual([]);
  });

  it('has exactly the versions that the manifest asks for, none of them a range', () => {
    const asked = { ...manifest.dependencies, ...manifest.devDependencies };
    for (const [name, version] of Object.entries(asked)) {
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
      expect(packages.some((each) => each.name === name && each.version === version)).toBe(true);
    }
  });
});

describe('the licence', () => {
  it('of everything that runs in production is one from the list', () => {
    const allowed: readonly string[] = acceptable;
    const others = inProduction.filter(({ license }) => !allowed.includes(license ?? 'none'));
    expect(others.map(({ license, name }) => `${name}: ${license ?? 'none'}`)).toEqual([]);
  });

  it('of everything else is one from a list, too', () => {
    const others = packages.filter(
      ({ license, name }) =>
        !acceptableForDevelopment.includes(license ?? toldInAnOldForm[name] ?? 'none'),
    );
    expect(others.map(({ license, name }) => `${name}: ${license ?? 'none'}`)).toEqual([]);
  });

  it('in the lockfile is what the installed package says of itself', () => {
    const form = z.object({ license: z.string().optional() });
    const installed = places.filter((_place, at) => packages[at]?.dev === false);
    for (const place of installed) {
      const { license } = form.parse(JSON.parse(read(`${place}/package.json`)));
      const inLock = packages[places.indexOf(place)]?.license;
      expect({ place, license: inLock }).toEqual({ place, license });
    }
  });

  it('of every package in production is in docs/licences.md', () => {
    const lines = acceptable.map((licence) => {
      const names = inProduction.filter(({ license }) => license === licence);
      const sorted = [...new Set(names.map(({ name }) => `\`${name}\``))].sort();
      return `- **${licence}**: ${sorted.join(', ')}`;
    });
    const listed = read('docs/licences.md')
      .split('\n')
      .filter((line) => line.startsWith('- **'));
    expect(listed).toEqual(lines);
  });
});

/** What the npm that runs the tests was told, to be silent for one thing, is not told to another. */
function ofNoNpm(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.startsWith('npm_')),
  );
}

function npmVersion(): string {
  return execFileSync('npm', ['--version'], { encoding: 'utf8' });
}

describe('a script that runs when a package is installed', () => {
  it('is allowed by name, of two packages, or denied by name', () => {
    const withScripts = new Set(
      packages.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name),
    );
    expect([...withScripts].sort()).toEqual(Object.keys(manifest.allowScripts).sort());
    const allowed = Object.entries(manifest.allowScripts).filter(([, isAllowed]) => isAllowed);
    expect(allowed.map(([name]) => name).sort()).toEqual(['esbuild', 'node']);
  });

  // npm knows the setting since its eleventh version; an older one ignores it, and runs the scripts.
  const since = npmVersion().startsWith('10.') ? it.skip : it;
  since('stops the installation where it is not named', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'install-scripts-'));
    const dependency = path.join(folder, 'dependency');
    mkdirSync(dependency);
    const write = (where: string, content: object): void => {
      writeFileSync(path.join(where, 'package.json'), JSON.stringify(content));
    };
    const dependencies = { dependency: 'file:dependency' };
    write(folder, { name: 'project', version: '1.0.0', dependencies });
    cpSync(path.join(root, '.npmrc'), path.join(folder, '.npmrc'));
    const installWith = (scripts: object) => {
      write(dependency, { name: 'dependency', version: '1.0.0', scripts });
      const options = ['--offline', '--install-links', '--no-audit', '--no-fund'];
      return spawnSync('npm', ['install', ...options], {
        cwd: folder,
        encoding: 'utf8',
        env: ofNoNpm(process.env),
      });
    };
    const stopped = installWith({ postinstall: 'exit 0' });
    const installed = installWith({ start: 'exit 0' });
    rmSync(folder, { recursive: true });
    expect(stopped.stderr).toContain('ESTRICTALLOWSCRIPTS');
    expect([stopped.status, installed.status]).toEqual([1, 0]);
  });

  it('is of no package that runs in production', () => {
    expect(inProduction.filter(({ hasInstallScript }) => hasInstallScript)).toEqual([]);
  });
});

describe('the bill of materials', () => {
  it('is a command', () => {
    expect(manifest.scripts['sbom']).toBe(sbomCommand);
  });

  it('is CycloneDX 1.6, and names everything that runs in production and nothing else', () => {
    const [, ...parameters] = sbomCommand.split(' ');
    const printed = execFileSync(process.execPath, parameters, {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 16 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const bill = billOfMaterials.parse(JSON.parse(printed));
    expect(bill.metadata.component.purl).toMatch(/^pkg:npm\/client-vpn-on-demand@/);
    expect(bill.metadata.component.name).toBe('client-vpn-on-demand');
    const named = new Set(bill.components.map(({ name, version }) => `${name}@${version}`));
    expect([...named].sort()).toEqual(
      [...new Set(inProduction.map(({ name, version }) => `${name}@${version}`))].sort(),
    );
    // What brings what along is told for each of them, and leads to nothing that is not there.
    const refs = bill.dependencies.map(({ ref }) => ref);
    expect(refs).toHaveLength(named.size + 1);
    expect(new Set(refs).size).toBe(refs.length);
    expect(new Set(bill.components.map((each) => each['bom-ref']))).toEqual(named);
    for (const ref of bill.dependencies.flatMap(({ dependsOn }) => dependsOn)) {
      expect(named).toContain(ref);
    }
  });
});
