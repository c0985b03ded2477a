import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compileCache } from '../compile-cache.ts';

const root = path.join(import.meta.dirname, '../..');

/** As it is after `git clone` and `npm ci`: what is made here, and the settings that are kept here, are not in it. */
let clone = '';

beforeAll(() => {
  clone = mkdtempSync(path.join(tmpdir(), 'clone-'));
  const cloned = [
    'package.json',
    'package-lock.json',
    '.npmrc',
    '.dockerignore',
    'Dockerfile',
    'cdk.json',
    'infra',
    'scripts',
    'src',
    'views',
  ];
  for (const name of cloned) {
    cpSync(path.join(root, name), path.join(clone, name), {
      recursive: true,
      filter: (source) => !source.endsWith('settings.local.ts'),
    });
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(clone, 'node_modules'));
});

afterAll(() => {
  rmSync(clone, { recursive: true });
});

/** Without a network, without credentials, and without anything in the home folder. */
async function run(
  program: string,
  more: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
) {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: clone,
    env: {
      ...compileCache,
      PATH: process.env['PATH'],
      HOME: clone,
      ...more,
      AWS_EC2_METADATA_DISABLED: 'true',
      NODE_OPTIONS: `--import=${path.join(root, 'test/block-the-network.ts')}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let written = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (written += text));
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, written };
}

function writeSettings(text: string): void {
  writeFileSync(
    path.join(clone, 'infra/settings.local.ts'),
    `import { settings as example } from './settings.example.ts';\nexport const settings = { ...example, ${text} };\n`,
  );
}

describe('npm run synth', () => {
  it('writes the templates of both hosts from a fresh clone, without a network or credentials', async () => {
    const { code, written } = await run('infra/bin/synth.ts');
    expect({ code, written }).toEqual({
      code: 0,
      written: [
        'cdk.out/lambda  from infra/settings.example.ts\n',
        'cdk.out/container  from infra/settings.example.ts\n',
      ].join(''),
    });
    const template = (host: string) =>
      readFileSync(path.join(clone, 'cdk.out', host, 'Portal.template.json'), 'utf8');
    expect(template('lambda')).not.toContain('AWS::ECS::Service');
    expect(template('container')).toContain('AWS::ECS::Service');
    expect(existsSync(path.join(clone, 'cdk.out/lambda/Data.template.json'))).toBe(true);
  });

  it('is what package.json says', () => {
    expect(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))).toMatchObject({
      scripts: { synth: 'node infra/bin/synth.ts' },
    });
  });
});

describe('npx cdk deploy', () => {
  it('runs the app of cdk.json', () => {
    expect(JSON.parse(readFileSync(path.join(root, 'cdk.json'), 'utf8'))).toEqual({
      app: 'node infra/bin/portal.ts',
    });
  });

  it('has the deployment’s own settings synthesised, and can read what the library writes, as their versions have to agree', async () => {
    writeSettings("name: 'tokyo-vpn', host: 'container'");
    const folder = path.join(clone, 'deployed');
    const { code, written } = await run(
      'node_modules/aws-cdk/bin/cdk',
      // The validator takes longer than all the rest, and has its say in the run above.
      { CDK_DISABLE_CLI_TELEMETRY: 'true', CDK_VALIDATION: 'false' },
      ['list', '--no-notices', '--output', folder],
    );
    rmSync(path.join(clone, 'infra/settings.local.ts'));
    rmSync(path.join(clone, 'dist'), { recursive: true, force: true });
    expect(written).toContain('Portal (tokyo-vpn)');
    expect(code).toBe(0);
    // Where the CDK's own program says.
    const manifest = readFileSync(path.join(folder, 'manifest.json'), 'utf8');
    expect(manifest).toContain('"tokyo-vpn-data"');
    const template = readFileSync(path.join(folder, 'Portal.template.json'), 'utf8');
    expect(template).toContain('AWS::ECS::Service');
  });

  it('does not take the example for a deployment', async () => {
    const { code, written } = await run('infra/bin/portal.ts');
    expect(code).toBe(1);
    expect(written).toContain('copy infra/settings.example.ts');
    expect(written).not.toContain('    at ');
  });

  it('tells all that is wrong with the settings, and synthesises nothing', async () => {
    writeSettings("account: '1', region: 'tokyo', hots: 'lambda'");
    const { code, written } = await run('infra/bin/portal.ts');
    rmSync(path.join(clone, 'infra/settings.local.ts'));
    expect(code).toBe(1);
    expect(written).toMatch(/^The settings have 3 problems\. Nothing was synthesised\.\n {2}- /);
    expect(existsSync(path.join(clone, 'dist'))).toBe(false);
  });
});
