import { EnvironmentError, readEnvironment, serverEnvironment } from './config/environment.ts';
import { startContainer } from './container.ts';
import type { Container } from './container.ts';
import { createLog } from './services.ts';

/* The portal as a container: it listens until it is told to stop, and finishes what it has begun. */

const log = createLog();

function stopWhenTold(container: Container): void {
  let told = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'stopping');
      if (told) return;
      told = true;
      void container.stop().then(() => {
        log.info({}, 'stopped');
      });
    });
  }
}

try {
  const environment = readEnvironment(serverEnvironment);
  const container = await startContainer(environment);
  log.info({ host: environment.HOST, port: container.port }, 'listening');
  stopWhenTold(container);
} catch (error) {
  process.exitCode = 1;
  const told = error instanceof EnvironmentError ? { problem: error.message } : { error };
  log.error(told, 'not started');
}
