import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { compileCache } from '../compile-cache.ts';

/** `src/server.ts` in a process of its own, as the container starts it. */
export interface ServerProcess {
  /** What it has written to its standard output. */
  written(): string;
  isRunning(): boolean;
  /** Waits until there is one; rejects when the process ends before. */
  find<Value>(look: () => Value | undefined): Promise<Value>;
  /** The port it listens on, once it does. */
  port(): Promise<number>;
  /** SIGTERM. Resolves when it has ended. */
  terminate(): Promise<{ readonly code: number | null; readonly seconds: number }>;
  readonly ended: Promise<number | null>;
  kill(): Promise<void>;
}

const root = path.join(import.meta.dirname, '..', '..');

/** @param environment all that it knows, but for where it listens */
export function startServer(environment: Readonly<Record<string, string>>): ServerProcess {
  const child = spawn(process.execPath, ['src/server.ts'], {
    cwd: root,
    env: { ...compileCache, HOST: '127.0.0.1', PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let written = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (written += text));
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  const ended = once(child, 'close').then(([code]: (number | null)[]) => code ?? null);

  async function find<Value>(look: () => Value | undefined): Promise<Value> {
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      if (!isRunning()) throw new Error(`the portal has ended: ${written}`);
      await delay(10);
    }
  }

  return {
    written: () => written,
    isRunning,
    find,
    ended,
    port: async () => Number(await find(() => /"port":(\d+)/.exec(written)?.[1])),
    async terminate() {
      const begun = performance.now();
      child.kill('SIGTERM');
      return { code: await ended, seconds: (performance.now() - begun) / 1000 };
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
