import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

import { compileCache } from '../compile-cache.ts';

/** The schedule's function in a process of its own, as Lambda keeps one. */
export interface ReconcilerProcess {
  /** One delivery of the schedule's event; rejects when the invocation has failed. */
  invoke(): Promise<void>;
  /** What it has logged, each line parsed. */
  logged(): readonly Readonly<Record<string, unknown>>[];
  stop(): Promise<void>;
}

const runtime = path.join(import.meta.dirname, '../infra/bundled-lambda.ts');
const entry = path.join(import.meta.dirname, '../../src/reconciler.lambda.ts');

export function startReconciler(environment: Readonly<Record<string, string>>): ReconcilerProcess {
  const child = fork(runtime, [entry], {
    env: { ...compileCache, ...environment },
    execArgv: ['--no-warnings'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  let written = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (written += text));
  const ended = once(child, 'close');

  return {
    async invoke() {
      const answered = once(child, 'message');
      child.send({});
      const [{ error }] = (await Promise.race([
        answered,
        ended.then(() => [{ error: 'the function has ended' }]),
      ])) as [{ readonly error?: string }];
      if (error !== undefined) throw new Error(error);
    },
    logged: () =>
      written
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>),
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
