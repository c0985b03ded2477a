import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { listen, stopListening } from '../../scripts/local/listen.ts';

const root = path.join(import.meta.dirname, '..', '..');

interface Instruction {
  readonly name: string;
  readonly text: string;
}

const instructions: readonly Instruction[] = readFileSync(path.join(root, 'Dockerfile'), 'utf8')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => {
    const [name = '', ...rest] = line.trim().split(/\s+/);
    return { name, text: rest.join(' ') };
  });

const stages = instructions.filter(({ name }) => name === 'FROM').map(({ text }) => text);
const lastStage = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));

function textsOf(name: string, among: readonly Instruction[] = lastStage): readonly string[] {
  return among.filter((instruction) => instruction.name === name).map(({ text }) => text);
}

/** `NAME=value NAME=value`, none of them with a space in it: that would be another form. */
function pairsIn(text: string): readonly (readonly [string, string])[] {
  return text.split(/\s+/).map((pair) => {
    const [, name, value] = /^([A-Z_]+)=([^\s"'\\]+)$/.exec(pair) ?? [];
    if (name === undefined || value === undefined) throw new Error(`"${pair}" is no variable`);
    return [name, value] as const;
  });
}

/** What the image itself sets. */
const imageEnvironment = Object.fromEntries(textsOf('ENV').flatMap(pairsIn));

/** The JSON form of CMD, which is run without a shell: signals arrive at Node itself. */
function commandIn(text: string): readonly string[] {
  return z.array(z.string()).parse(JSON.parse(text.slice(text.indexOf('['))));
}

/** What the last stage copies from the repository. */
const copied = textsOf('COPY')
  .filter((text) => !text.startsWith('--from'))
  .flatMap((text) => text.split(' ').slice(0, -1));

const command = commandIn(textsOf('CMD')[0] ?? '');
const healthCheck = commandIn(textsOf('HEALTHCHECK')[0] ?? '');

const environment = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'nobody',
  AWS_SECRET_ACCESS_KEY: 'nothing',
  TABLE_NAME: 'portal',
  ALB_ARN: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/portal/0a1b',
  COGNITO_CLIENT_ID: 'client',
  COGNITO_ISSUER: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_pool',
  COGNITO_DOMAIN: 'https://sign-in.example.com',
  PORTAL_URL: 'https://vpn.example.com',
};

describe('the Dockerfile', () => {
  it('installs in one stage and runs in another, both on one exact version of Node', () => {
    const [, version] =
      /^NODE_IMAGE=node:(24\.\d+\.\d+)-slim(?:@sha256:[0-9a-f]{64})?$/.exec(
        textsOf('ARG', instructions)[0] ?? '',
      ) ?? [];
    const { devDependencies } = z
      .object({ devDependencies: z.object({ node: z.string() }) })
      .parse(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')));
    expect(version).toBe(devDependencies.node);
    expect(stages).toEqual(['${NODE_IMAGE} AS dependencies', '${NODE_IMAGE} AS portal']);
  });

  it('installs exactly what is locked, without what only development needs', () => {
    expect(textsOf('RUN', instructions)).toEqual([
      expect.stringMatching(/^npm ci --omit=dev --ignore-scripts\b/),
    ]);
  });

  it('runs as somebody who is not root, by number', () => {
    expect(textsOf('USER')).toEqual([expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/)]);
  });

  it('holds no secret and nothing of one deployment', () => {
    const set = [...textsOf('ENV', instructions), ...textsOf('ARG', instructions)].flatMap(pairsIn);
    expect(set.map(([name]) => name)).toEqual(['NODE_ENV', 'NODE_OPTIONS', 'NODE_IMAGE']);
    expect(copied).toEqual(['package.json', 'views', 'src']);
  });

  it('gets no more sent to the builder than it copies', () => {
    const lines = readFileSync(path.join(root, '.dockerignore'), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines[0]).toBe('*');
    expect(
      lines
        .slice(1)
        .map((line) => line.replace(/^!/, ''))
        .sort(),
    ).toEqual([...new Set([...copied, 'package-lock.json', '.npmrc'])].sort());
  });
});

describe('the container’s command', () => {
  let folder = '';
  let running: ChildProcess;
  let url = '';
  let port = 0;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'image-'));
    for (const entry of copied) {
      cpSync(path.join(root, entry), path.join(folder, entry), { recursive: true });
    }
    copyProductionDependencies(folder);
    port = await freePort();
    url = `http://127.0.0.1:${port}`;
    running = start(folder, port);
    while (!(await answers(url))) {
      if (running.exitCode !== null) throw new Error('it ended before it listened');
      await delay(50);
    }
  });

  afterAll(() => {
    running.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  it('starts the portal from what is copied and the dependencies of production alone, and writes nothing', async () => {
    const answer = await fetch(`${url}/healthz`);
    expect(answer.status).toBe(200);
    expect(existsSync(path.join(folder, 'node_modules/typescript'))).toBe(false);
  });

  it('asks who is there before it shows a page', async () => {
    const answer = await fetch(url);
    expect(answer.status).toBe(401);
    expect(await answer.text()).toContain('</html>');
  });

  it('serves the one script that comes from a dependency', async () => {
    const page = await (await fetch(`${url}/signed-out`)).text();
    const [, assets = ''] = /src="(\/assets\/[^/]+\/)/.exec(page) ?? [];
    expect((await fetch(`${url}${assets}idiomorph.js`)).status).toBe(200);
  });

  it('is healthy by its own health check, which fails where nothing listens', async () => {
    expect(await exitCodeOf(healthCheck, { PORT: String(port) })).toBe(0);
    expect(await exitCodeOf(healthCheck, { PORT: String(await freePort()) })).toBe(1);
  });

  it('ends with exit code 0 when it is told to stop', async () => {
    const ended = once(running, 'exit');
    running.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });
});

function start(folder: string, port: number): ChildProcess {
  const [program = '', ...rest] = command;
  expect(program).toBe('node');
  // A read-only file system, for whoever runs the tests: root may write whatever the modes say.
  const readOnly = ['--permission', '--allow-fs-read=*'];
  return spawn(process.execPath, [...readOnly, ...rest], {
    cwd: folder,
    env: { ...environment, ...imageEnvironment, HOST: '127.0.0.1', PORT: String(port) },
    stdio: 'ignore',
  });
}

async function exitCodeOf(
  [, ...rest]: readonly string[],
  variables: Record<string, string>,
): Promise<number | null> {
  const child = spawn(process.execPath, rest, { env: variables, stdio: 'ignore' });
  await once(child, 'exit');
  return child.exitCode;
}

/** What `npm ci --omit=dev` installs, as the lock file says, from what is installed here. */
function copyProductionDependencies(folder: string): void {
  const { packages } = z
    .object({ packages: z.record(z.string(), z.object({ dev: z.boolean().optional() })) })
    .parse(JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')));
  for (const [place, { dev = false }] of Object.entries(packages)) {
    if (place === '' || dev || !existsSync(path.join(root, place))) continue;
    cpSync(path.join(root, place), path.join(folder, place), {
      recursive: true,
      // Packages inside a package have entries of their own.
      filter: (source) => !source.slice(path.join(root, place).length).includes('/node_modules'),
    });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server, 0, 'PORT');
  await stopListening(server);
  return port;
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/healthz`).then(
    ({ ok }) => ok,
    () => false,
  );
}
