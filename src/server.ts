import { createServer } from 'node:http';

import { EnvironmentError, readEnvironment, serverEnvironment } from './config/environment.ts';
import type { ServerEnvironment } from './config/environment.ts';
import { createLog, createPortalServices } from './services.ts';
import { createApp } from './web/app.ts';
import { sourceFiles } from './web/files.ts';

/*
 * The portal as a container: it listens until it is told to stop, then finishes what has been
 * begun, requests and passes both.
 */

/** Longer than the load balancer keeps an idle connection (60 s), so that it is the one to close. */
const keepAliveMilliseconds = 65_000;
const sweepMilliseconds = 100;
const longestAnswerMilliseconds = 15_000;
const log = createLog();

function listen(environment: ServerEnvironment): void {
  const services = createPortalServices(environment);
  const server = createServer(createApp(services, environment, sourceFiles()));
  server.keepAliveTimeout = keepAliveMilliseconds;
  server.on('error', (error) => {
    log.error({ error }, 'not listening');
    process.exitCode = 1;
  });
  server.listen(environment.PORT, environment.HOST, () => {
    log.info({ address: server.address() }, 'listening');
  });

  const stop = (signal: NodeJS.Signals): void => {
    log.info({ signal }, 'stopping');
    // A load balancer keeps its connections: each is closed when it has its answer, and what has
    // none in time is cut, before the orchestrator kills the passes that are under way, too.
    const sweep = setInterval(() => {
      server.closeIdleConnections();
    }, sweepMilliseconds);
    const cut = setTimeout(() => {
      server.closeAllConnections();
    }, longestAnswerMilliseconds);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(cut);
      void services.background.idle().then(() => {
        log.info({}, 'stopped');
      });
    });
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

try {
  listen(readEnvironment(serverEnvironment));
} catch (error) {
  if (!(error instanceof EnvironmentError)) throw error;
  log.error({ problem: error.message }, 'not started');
  process.exitCode = 1;
}
