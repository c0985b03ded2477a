import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { z } from 'zod';

/*
 * Prints the bill of materials of what runs in production, as CycloneDX 1.6, from the lockfile alone.
 * `npm sbom` writes 1.5, and asked to leave out what development needs, it leaves out as well what both
 * need. Source: https://cyclonedx.org/docs/1.6/json/
 */

const names = z.record(z.string(), z.string()).default({});
const lock = z
  .object({
    name: z.string(),
    version: z.string(),
    packages: z.record(
      z.string(),
      z.object({
        version: z.string(),
        dev: z.boolean().default(false),
        license: z.string().optional(),
        integrity: z.string().optional(),
        dependencies: names,
        optionalDependencies: names,
        peerDependencies: names,
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(path.join(import.meta.dirname, '../package-lock.json'), 'utf8')));

type Locked = (typeof lock.packages)[string];
const inProduction = new Map(Object.entries(lock.packages).filter(([, { dev }]) => !dev));

function nameOf(place: string): string {
  return place === '' ? lock.name : (place.split('node_modules/').at(-1) ?? '');
}

function refOf(place: string): string {
  return `${nameOf(place)}@${inProduction.get(place)?.version ?? ''}`;
}

function purlOf(place: string): string {
  return `pkg:npm/${refOf(place).replace(/^@/, '%40')}`;
}

/** Where a package finds another: beside it, else beside what it lies in, as Node looks for it. */
function placeFor(name: string, from: string): string | null {
  const beside = `${from === '' ? '' : `${from}/`}node_modules/${name}`;
  if (inProduction.has(beside)) return beside;
  if (from === '') return null;
  const outside = from.slice(0, Math.max(0, from.lastIndexOf('node_modules/') - 1));
  return placeFor(name, outside);
}

function dependenciesOf(place: string, locked: Locked): readonly string[] {
  const wanted = {
    ...locked.dependencies,
    ...locked.optionalDependencies,
    ...locked.peerDependencies,
  };
  return Object.keys(wanted).flatMap((name) => {
    const found = placeFor(name, place);
    return found === null ? [] : [refOf(found)];
  });
}

function componentOf(place: string, { integrity, license, version }: Locked) {
  const [algorithm, digest] = integrity?.split('-') ?? [];
  return {
    type: 'library',
    'bom-ref': refOf(place),
    name: nameOf(place),
    version,
    scope: 'required',
    ...(digest === undefined || algorithm !== 'sha512'
      ? {}
      : { hashes: [{ alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }] }),
    ...(license === undefined ? {} : { licenses: [{ license: { id: license } }] }),
    purl: purlOf(place),
  };
}

const components = new Map<string, ReturnType<typeof componentOf>>();
// A version that is installed twice may find other versions in each of its places.
const dependencies = new Map<string, Set<string>>();
for (const [place, locked] of inProduction) {
  const ref = refOf(place);
  if (place !== '') components.set(ref, componentOf(place, locked));
  const known = dependencies.get(ref) ?? new Set();
  for (const each of dependenciesOf(place, locked)) known.add(each);
  dependencies.set(ref, known);
}

const bill = {
  $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  serialNumber: `urn:uuid:${randomUUID()}`,
  version: 1,
  metadata: {
    timestamp: new Date().toISOString(),
    lifecycles: [{ phase: 'pre-build' }],
    component: {
      type: 'application',
      'bom-ref': refOf(''),
      name: lock.name,
      version: lock.version,
      purl: purlOf(''),
    },
  },
  components: [...components.values()],
  dependencies: [...dependencies].map(([ref, on]) => ({ ref, dependsOn: [...on].sort() })),
};
process.stdout.write(`${JSON.stringify(bill, null, 2)}\n`);
