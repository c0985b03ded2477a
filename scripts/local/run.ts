import { LocalStackError } from './listen.ts';
import { readSettings } from './settings.ts';
import { startLocalStack } from './stack.ts';
import type { LocalStackOptions } from './stack.ts';

/** `npm run` and the terminal both pass Ctrl-C on: two signals this close together are one. */
const oneSignalMs = 500;

/**
 * Runs the local stack as a program: until SIGINT or SIGTERM, which save the world and end with
 * exit code 0. A second signal ends it at once. Standard output gets one line, `ready URL`;
 * everything else goes to standard error. What somebody can put right ends it with one sentence
 * and exit code 1.
 */
export async function runLocalStack(
  host: Pick<LocalStackOptions, 'portal' | 'seedTable'>,
): Promise<void> {
  const log = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  try {
    const stack = await startLocalStack({ ...readSettings(process.env), ...host, log });
    let signalledAt: number | null = null;
    const stop = (): void => {
      const now = performance.now();
      if (signalledAt !== null) {
        if (now - signalledAt > oneSignalMs) process.exit(130);
        return;
      }
      signalledAt = now;
      stack.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          log(`The local stack did not stop cleanly: ${String(error)}`);
          process.exit(1);
        },
      );
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    process.stdout.write(`ready ${stack.url}\n`);
  } catch (error) {
    if (!(error instanceof LocalStackError)) throw error;
    log(error.message);
    process.exit(1);
  }
}
