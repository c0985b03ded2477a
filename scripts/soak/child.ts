import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

import type { SoakOrder } from './process.ts';

/** A line of a process's log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** A process of the product, as the soak sees it from outside. */
export interface Child {
  readonly name: string;
  /** Where it listens, once it does; `null` for one that does not. */
  url(): string | null;
  isAlive(): boolean;
  /** Resolves when it has loaded all it needs; rejects when it ends before. */
  readonly ready: Promise<void>;
  /** Resolves when it has ended, its last lines included. */
  readonly ended: Promise<void>;
  /** Rejects with what the process says of it, and when it ends before it has answered. */
  ask(order: SoakOrder): Promise<unknown>;
  /** SIGKILL: whatever it was doing, it does no more. */
  kill(): void;
}

export interface ChildWatch {
  /** What it has logged. */
  log(name: string, line: LogLine): void;
  /** What should never happen: a line on standard error, a line that is no log, an end of its own. */
  trouble(name: string, what: string): void;
}

const message = z.object({
  id: z.number(),
  answer: z.unknown().optional(),
  error: z.string().optional(),
});
const script = path.join(import.meta.dirname, 'process.ts');

export function startChild(
  name: string,
  entry: string,
  environment: Readonly<Record<string, string>>,
  watch: ChildWatch,
): Child {
  const child = fork(script, [entry], {
    env: environment,
    // The second as in the Dockerfile.
    execArgv: ['--expose-gc', '--max-semi-space-size=16'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const answers = new Map<number, (answered: z.infer<typeof message>) => void>();
  let asked = 0;
  let url: string | null = null;
  let killed = false;

  const isAlive = (): boolean => !killed && child.exitCode === null && child.signalCode === null;

  function answerTo(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      answers.set(id, ({ answer, error }) => {
        if (error === undefined) resolve(answer);
        else reject(new Error(error));
      });
    });
  }

  const ready = answerTo(0).then(() => undefined);
  // Whoever waits for it hears of it; a process that is killed while it starts may have nobody.
  ready.catch(() => undefined);
  child.on('message', (received) => {
    const answered = message.parse(received);
    answers.get(answered.id)?.(answered);
    answers.delete(answered.id);
  });
  // A message to a process that has just been killed.
  child.on('error', () => undefined);
  child.on('exit', (code, signal) => {
    if (!killed) watch.trouble(name, `ended by itself, with ${String(signal ?? code)}`);
    for (const [id, tell] of answers) tell({ id, answer: null, error: `${name} has ended` });
    answers.clear();
  });
  const ended = once(child, 'close').then(() => undefined);
  if (child.stdout === null || child.stderr === null) throw new Error('the process has no output');
  createInterface(child.stdout).on('line', (text) => {
    const line = parsed(text);
    if (line === null) {
      // The last line of a process that was killed may be cut.
      if (!killed) watch.trouble(name, text);
      return;
    }
    if (line['msg'] === 'listening') url = `http://127.0.0.1:${String(line['port'])}`;
    watch.log(name, line);
  });
  createInterface(child.stderr).on('line', (text) => {
    watch.trouble(name, text);
  });

  return {
    name,
    url: () => url,
    isAlive,
    ready,
    ended,
    ask(order) {
      if (!isAlive()) return Promise.reject(new Error(`${name} has ended`));
      asked += 1;
      const answer = answerTo(asked);
      child.send({ id: asked, order });
      return answer;
    },
    kill() {
      killed = true;
      child.kill('SIGKILL');
    },
  };
}

function parsed(text: string): LogLine | null {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    return null;
  }
}
