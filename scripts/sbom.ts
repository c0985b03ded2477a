import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { z } from 'zod';

/*
 * Prints the bill of materials of what runs in production, as CycloneDX. npm makes it of everything
 * that is installed; asked to leave out what development needs, it leaves out as well what both need.
 */

const root = path.join(import.meta.dirname, '..');
const lock = z
  .object({
    name: z.string(),
    packages: z.record(
      z.string(),
      z.looseObject({ version: z.string(), dev: z.boolean().default(false) }),
    ),
  })
  .parse(JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')));

const inProduction = new Set(
  Object.entries(lock.packages)
    .filter(([, { dev }]) => !dev)
    .map(([place, { version }]) => {
      const name = place === '' ? lock.name : place.split('node_modules/').at(-1);
      return `${name ?? ''}@${version}`;
    }),
);

const printed = execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const property = z.object({ name: z.string(), value: z.string() });
const bill = z
  .looseObject({
    metadata: z.looseObject({ component: z.looseObject({ name: z.string() }) }),
    components: z.array(
      z.looseObject({ 'bom-ref': z.string(), properties: z.array(property).default([]) }),
    ),
    dependencies: z.array(z.looseObject({ ref: z.string(), dependsOn: z.array(z.string()) })),
  })
  .parse(JSON.parse(printed));

const { component } = bill.metadata;
const produced = {
  ...bill,
  // npm takes the folder's name for the project's.
  metadata: { ...bill.metadata, component: { ...component, name: lock.name } },
  components: bill.components
    .filter((each) => inProduction.has(each['bom-ref']))
    .map((each) => ({
      ...each,
      // Of two copies of one version npm tells of the first, which may be the one for development.
      scope: 'required',
      properties: each.properties.filter(({ name }) => name !== 'cdx:npm:package:development'),
    })),
  dependencies: bill.dependencies
    .filter(({ ref }) => inProduction.has(ref))
    .map((each) => ({ ...each, dependsOn: each.dependsOn.filter((ref) => inProduction.has(ref)) })),
};
process.stdout.write(`${JSON.stringify(produced, null, 2)}\n`);
