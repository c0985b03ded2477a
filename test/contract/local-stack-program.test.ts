import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { compileCache } from '../compile-cache.ts';
import { listen, stopListening } from '../../scripts/local/listen.ts';
import { sampleEndpoints, sampleSubnets } from '../../scripts/local/sample-world.ts';

const program = fileURLToPath(new URL('local-stack-program.ts', import.meta.url));
const freePorts = { LOCAL_PORT: '0', LOCAL_AWS_PORT: '0', LOCAL_DYNAMODB_PORT: '0' };

interface Run {
  output(): string;
  errors(): string;
  /** Resolves with the address when the stack says that it is ready. */
  ready(): Promise<string>;
  signal(name: NodeJS.Signals): void;
  /** Resolves with the exit code. */
  ended: Promise<number | null>;
}

let runs: Run[] = [];

afterEach(async () => {
  for (const run of runs) {
    run.signal('SIGKILL');
    await run.ended;
  }
  runs = [];
});

function run(environment: Record<string, string>): Run {
  const child = spawn(process.execPath, [program], {
    env: {
      ...compileCache,
      PATH: process.env['PATH'] ?? '',
      LOCAL_DATA: 'memory',
      ...freePorts,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = once(child, 'close').then(() => child.exitCode);
  const started: Run = {
    output: () => output,
    errors: () => errors,
    async ready() {
      while (!/^ready (.*)$/m.test(output)) {
        if (child.exitCode !== null) throw new Error(`ended before it was ready: ${errors}`);
        await delay(20);
      }
      return /^ready (.*)$/m.exec(output)?.[1] ?? '';
    },
    signal: (name) => child.kill(name),
    ended,
  };
  runs.push(started);
  return started;
}

describe('the local stack as a program', () => {
  it.each<NodeJS.Signals>(['SIGINT', 'SIGTERM'])(
    'says when it is ready, and ends cleanly on %s',
    async (signal) => {
      const stack = run({});
      const url = await stack.ready();
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect(stack.output()).toBe(`ready ${url}\n`);
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      stack.signal(signal);
      expect(await stack.ended).toBe(0);
      expect(stack.errors()).toBe('');
    },
  );

  it('ends cleanly on a signal that comes twice at once, as from a terminal through npm', async () => {
    const stack = run({});
    await stack.ready();
    stack.signal('SIGINT');
    stack.signal('SIGINT');
    expect(await stack.ended).toBe(0);
  });

  it('ends at once on a second signal, however long the first takes', async () => {
    const stack = run({ LOCAL_TEST_STUCK: 'yes' });
    await stack.ready();
    stack.signal('SIGTERM');
    await delay(700);
    stack.signal('SIGTERM');
    expect(await stack.ended).toBe(130);
  });

  it.each(['LOCAL_PORT', 'LOCAL_AWS_PORT', 'LOCAL_DYNAMODB_PORT'])(
    'says in one sentence that the port of %s is taken',
    async (setting) => {
      const other = createServer();
      const port = await listen(other, 0, '');
      const stack = run({ [setting]: String(port) });
      expect(await stack.ended).toBe(1);
      expect(stack.errors()).toBe(`Port ${port} is in use; set ${setting} to a free one.\n`);
      expect(stack.output()).toBe('');
      await stopListening(other);
    },
  );

  it('says in one sentence what is wrong with a setting', async () => {
    const stack = run({ LOCAL_SECONDS_TO_ROUTE: 'fast' });
    expect(await stack.ended).toBe(1);
    expect(stack.errors()).toBe(
      'LOCAL_SECONDS_TO_ROUTE must be a number of seconds from 0 to 86400, not "fast".\n',
    );
  });

  it('does not guess whether a run is meant to be dry', async () => {
    const stack = run({ LOCAL_DRY_RUN: 'yes' });
    expect(await stack.ended).toBe(1);
    expect(stack.errors()).toBe('LOCAL_DRY_RUN must be true or false, not "yes".\n');
  });

  it('goes on after a kill with the world of a few seconds before', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'local-stack-'));
    const worldFile = join(folder, 'world.json');
    const isSaved = (): boolean =>
      existsSync(worldFile) && readFileSync(worldFile, 'utf8').includes('"associating"');
    try {
      const killed = run({ LOCAL_DATA: folder });
      const associated = await fetch(`${await killed.ready()}/local/associations`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          endpointId: sampleEndpoints.osakaLab,
          subnetId: sampleSubnets.osakaA,
        }),
      });
      const answer = await associated.text();
      expect(associated.status).toBe(201);
      while (!isSaved()) await delay(100);
      killed.signal('SIGKILL');
      await killed.ended;

      const next = run({ LOCAL_DATA: folder });
      const state = await fetch(`${await next.ready()}/local/state`);
      expect(await state.text()).toContain(/cvpn-assoc-[0-9a-f]+/.exec(answer)?.[0]);
      next.signal('SIGTERM');
      expect(await next.ended).toBe(0);
      expect(existsSync(join(folder, 'in-use-by'))).toBe(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('does not share its folder with a second one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'local-stack-'));
    try {
      const first = run({ LOCAL_DATA: folder });
      await first.ready();
      const second = run({ LOCAL_DATA: folder });
      expect(await second.ended).toBe(1);
      expect(second.errors()).toMatch(/^The folder .+ is in use by process \d+; .+\.\n$/);
      first.signal('SIGTERM');
      expect(await first.ended).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
