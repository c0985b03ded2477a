import { createServer } from 'node:http';
import { z } from 'zod';
import { createAwsClients } from '../../src/aws/clients.ts';
import { secondsAfter, systemClock } from '../../src/clock.ts';
import { serverEnvironment, readEnvironment } from '../../src/config/environment.ts';
import { createLog, createPortalServices, createScheduleServices } from '../../src/services.ts';
import { createApp } from '../../src/web/app.ts';
import { sourceFiles } from '../../src/web/files.ts';
import { createPublicKeyFetcher } from './alb/public-keys.ts';
import { interruptCalls } from './interrupted-calls.ts';
import { listen } from './listen.ts';

/*
 * The portal and its reconciler in a process of their own, composed as `portal-host.ts` does it in
 * the stack's: to see what several do together, and what is left when one is killed. It is told what
 * to do by its parent, and ends with it.
 */

const settings = z.object({
  AWS_REGION: z.string(),
  /** Where the load balancer's stand-in serves its public keys. */
  PORTAL_KEYS_URL: z.url(),
  /** How far the time of the simulated world is ahead of the wall clock. */
  PORTAL_CLOCK_OFFSET_SECONDS: z.coerce.number().min(0).default(0),
  /** The call to AWS at which the process kills itself; none without it. */
  PORTAL_DIES_AT_CALL: z.coerce.number().int().min(1).optional(),
  /** Counts the calls of this operation only. */
  PORTAL_DIES_AT_OPERATION: z.string().optional(),
  PORTAL_DIES: z.enum(['before', 'after']).default('before'),
});

const order = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('clock'), offsetSeconds: z.number() }),
  /** One run of the schedule. */
  z.object({ kind: z.literal('reconcile') }),
]);

/** What the parent sends. */
export type PortalProcessOrder = z.infer<typeof order>;

/** What the parent hears. */
export type PortalProcessReport =
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'reconciled'; readonly error: string | null };

function report(what: PortalProcessReport): void {
  process.send?.(what);
}

const chosen = readEnvironment(settings);
let offsetSeconds = chosen.PORTAL_CLOCK_OFFSET_SECONDS;
const clock = { now: () => secondsAfter(systemClock.now(), offsetSeconds) };
const environment = readEnvironment(serverEnvironment);
/*
 * Here AWS is one process on a machine that it shares with the portals: it answers when it gets to,
 * and that it is slow then says nothing about them.
 */
const patience = {
  requestHandler: {
    connectionTimeout: 15_000,
    requestTimeout: 15_000,
    throwOnRequestTimeout: true,
  },
};
const aws = createAwsClients({ ec2: patience, dynamo: patience });
const {
  PORTAL_DIES: side,
  PORTAL_DIES_AT_CALL: call,
  PORTAL_DIES_AT_OPERATION: operation,
} = chosen;
interruptCalls(aws, call === undefined ? null : { operation, call, side }, () => {
  process.kill(process.pid, 'SIGKILL');
  return new Promise<never>(() => undefined);
});
const surroundings = {
  aws,
  clock,
  log: createLog({ level: 'warn', destination: process.stderr.fd }),
  fetchKey: createPublicKeyFetcher(() => new URL(chosen.PORTAL_KEYS_URL), chosen.AWS_REGION),
};
const services = createPortalServices(environment, surroundings);
const { scheduled } = createScheduleServices(environment, surroundings);
const server = createServer(createApp(services, environment, sourceFiles()));

process.on('message', (message) => {
  const wanted = order.parse(message);
  if (wanted.kind === 'clock') {
    ({ offsetSeconds } = wanted);
    return;
  }
  scheduled.run().then(
    () => {
      report({ kind: 'reconciled', error: null });
    },
    (error: unknown) => {
      report({ kind: 'reconciled', error: String(error) });
    },
  );
});
process.once('disconnect', () => process.exit(0));

const port = await listen(server, 0, 'PORT');
report({ kind: 'listening', url: `http://127.0.0.1:${port}` });
