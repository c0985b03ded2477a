import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import type { Background } from './background.ts';
import type { ServerEnvironment } from './config/environment.ts';
import { startSchedule } from './schedule.ts';
import type { Schedule } from './schedule.ts';
import { createPortalServices, createScheduleServices } from './services.ts';
import type { Surroundings } from './service-parts.ts';
import { createApp } from './web/app.ts';
import { sourceFiles } from './web/files.ts';

/** Longer than the load balancer keeps an idle connection (60 s), so that it is the one to close. */
const keepAliveMilliseconds = 65_000;
/**
 * The load balancer sends up to 11 KB of claims and tokens along with up to 16 KB of its cookies; Node
 * takes 16 KB of headers unless told otherwise, and answers 431 to more.
 */
const maxHeaderSize = 64 * 1024;
const sweepMilliseconds = 100;
/** Whoever has connected to say something has said it by then. */
const firstByteMilliseconds = 500;
/**
 * Connections that wait to be accepted: as many as Linux has room for. With Node's own 511 those of a
 * crowd are reset while the process is busy.
 */
const longestQueue = 4_096;
const longestAnswerMilliseconds = 15_000;
const minuteMilliseconds = 60_000;

/** The portal in a process of its own, with the schedule where the environment says so. */
export interface Container {
  readonly port: number;
  /** Takes nothing new, and resolves when what has been begun is finished, requests and passes both. */
  stop(): Promise<void>;
}

/**
 * @param options.surroundings the world itself unless given
 * @param options.scheduleMilliseconds between two runs of the schedule; a minute, as the rule has it
 *   elsewhere, unless given
 * @throws what the system says of an address that it cannot listen on; nothing is left running then
 */
export async function startContainer(
  environment: ServerEnvironment,
  options: {
    readonly surroundings?: Surroundings;
    readonly scheduleMilliseconds?: number;
  } = {},
): Promise<Container> {
  const { scheduleMilliseconds = minuteMilliseconds, surroundings } = options;
  const services = createPortalServices(environment, surroundings);
  const app = createApp(services, environment, sourceFiles(), {
    longestAnswerBytes: null,
    activity: activityOfTheEventLoop(),
  });
  const server = createServer({ maxHeaderSize }, app);
  server.keepAliveTimeout = keepAliveMilliseconds;
  const sockets = socketsOf(server);
  server.listen(environment.PORT, environment.HOST, longestQueue);
  await once(server, 'listening');
  server.on('error', (error) => {
    services.log.error({ error }, 'not accepting connections');
  });
  // Not before: a process that cannot listen ends, and would leave a pass half done.
  const schedule = environment.RECONCILE_IN_PROCESS
    ? runSchedule(environment, surroundings, scheduleMilliseconds, services.background)
    : null;
  const { port } = server.address() as AddressInfo;

  return {
    port,
    async stop() {
      schedule?.stop();
      await finish(server, sockets);
      await services.background.idle();
    },
  };
}

function runSchedule(
  environment: ServerEnvironment,
  surroundings: Surroundings | undefined,
  milliseconds: number,
  background: Background,
): Schedule {
  const { scheduled } = createScheduleServices(environment, surroundings);
  return startSchedule(() => scheduled.run(), milliseconds, background);
}

/** From one call to the next: the part of the time in which the event loop did not wait. */
function activityOfTheEventLoop(): () => number {
  let before = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    return utilization;
  };
}

function socketsOf(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

/**
 * A load balancer keeps its connections: each is closed when it has its answer, and what has none in
 * time is cut, before the orchestrator kills the passes that are under way, too. A connection that
 * never carried a request counts as busy for Node, which is waiting for the first one; nobody else is.
 */
async function finish(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const begun = performance.now();
  const sweep = setInterval(() => {
    server.closeIdleConnections();
    if (performance.now() - begun < firstByteMilliseconds) return;
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  }, sweepMilliseconds);
  const cut = setTimeout(() => {
    server.closeAllConnections();
  }, longestAnswerMilliseconds);
  const closed = once(server, 'close');
  server.close();
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}
