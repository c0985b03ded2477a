import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { z } from 'zod';

/** A process of the benchmark: answers a question with what it has to say. */
export interface Child {
  /** @param about what the question is about, where it needs to be said */
  ask<Schema extends z.ZodType>(
    question: string,
    schema: Schema,
    about?: unknown,
  ): Promise<z.output<Schema>>;
  stop(): Promise<void>;
}

const asked = z.object({ question: z.string(), about: z.unknown() });
const message = z.object({ question: z.string(), answer: z.unknown() });

/** Starts a script of this folder, in production's mode, and waits for its answer to `ready`. */
export async function startChild(
  script: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Child> {
  const child = fork(path.join(import.meta.dirname, script), {
    // The second as in the Dockerfile.
    execArgv: ['--expose-gc', '--max-semi-space-size=16'],
    env: { NODE_ENV: 'production', ...environment },
    // What the portal logs is written as it is in production, only to nowhere.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const started: Child = {
    ask(question, schema, about = null) {
      const answer = answerOf(child, question, schema);
      child.send({ question, about });
      return answer;
    },
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
  await answerOf(child, 'ready', z.unknown());
  return started;
}

async function answerOf<Schema extends z.ZodType>(
  child: ChildProcess,
  question: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => {
      reject(new Error(`the process ended before it answered ${question}`));
    };
    const onMessage = (received: unknown): void => {
      const parsed = message.parse(received);
      if (parsed.question !== question) return;
      child.off('message', onMessage);
      child.off('exit', onExit);
      resolve(schema.parse(parsed.answer));
    };
    child.on('message', onMessage);
    child.once('exit', onExit);
  });
}

/** The other side: in the process itself. */
export function answerQuestions(
  answers: Readonly<Record<string, (about: unknown) => unknown>>,
): void {
  process.on('message', (received) => {
    const { about, question } = asked.parse(received);
    void Promise.resolve(answers[question]?.(about)).then((answer) => {
      process.send?.({ question, answer });
    });
  });
  process.once('disconnect', () => process.exit(0));
  process.send?.({ question: 'ready', answer: null });
}

export const memory = z.object({ rss: z.number(), heapUsed: z.number() });

/** What is left when everything that can be collected has been, and given back to the system. */
export async function readMemory(): Promise<z.output<typeof memory>> {
  for (let round = 0; round < 10; round += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const { heapUsed, rss } = process.memoryUsage();
  return { heapUsed, rss };
}

export const cpu = z.number();

/** The processor time that this process has used so far, in milliseconds. */
export function readCpu(): z.output<typeof cpu> {
  const { system, user } = process.cpuUsage();
  return (system + user) / 1000;
}
