import { once } from 'node:events';
import { createServer } from 'node:http';
import { z } from 'zod';
import { createAwsClients } from '../../src/aws/clients.ts';
import { readEnvironment, reconcilerEnvironment } from '../../src/config/environment.ts';
import { createLog, createScheduleServices } from '../../src/services.ts';
import { listen, stopListening } from '../local/listen.ts';
import { sampleEndpoints } from '../local/sample-world.ts';
import { startLocalStack } from '../local/stack.ts';
import type { PortalHost } from '../local/stack.ts';
import { answerQuestions, readCpu } from './child-process.ts';

/*
 * AWS and the load balancer for the portal that is measured, with the schedule's reconciler. In the
 * portal's place behind this load balancer stands a server that hands out the signed tokens.
 */

const { SECONDS_TO_ASSOCIATE: secondsToAssociate, WITH_SCHEDULE: withSchedule } = readEnvironment(
  z.object({
    SECONDS_TO_ASSOCIATE: z.coerce.number().default(1),
    /** Without it, the schedule runs when it is told to: what is counted is the portal's own. */
    WITH_SCHEDULE: z.stringbool().default(true),
  }),
);
let run = (): Promise<void> => Promise.resolve();

const tokens: PortalHost = async (environment, { clock }) => {
  Object.assign(process.env, environment);
  const server = createServer((request, response) => {
    response.end(request.headers['x-amzn-oidc-data'] ?? '');
  });
  const port = await listen(server, 0, 'PORT');
  const { scheduled } = createScheduleServices(
    readEnvironment(reconcilerEnvironment, environment),
    {
      aws: createAwsClients(),
      clock,
      log: createLog({ level: 'warn', destination: 2 }),
    },
  );
  run = () => scheduled.run();
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    reconcile: () => (withSchedule ? run() : Promise.resolve()),
    stop: () => stopListening(server),
  };
};

const stack = await startLocalStack({
  albPort: 0,
  awsPort: 0,
  dynamodbPort: 0,
  dataFolder: 'memory',
  secondsToAssociate,
  secondsToRoute: 1,
  secondsToDisassociate: 1,
  portal: tokens,
  log: (line) => process.stderr.write(`${line}\n`),
});
// Three kinds of endpoint on the page: one on, one off, and the one that is mis-tagged.
stack.clientVpn.associateClientVpnTargetNetwork({
  clientVpnEndpointId: sampleEndpoints.osakaLab,
  subnetId: 'subnet-0a1b2c3d4e5f62001',
});

let cookie = '';

/** As many tokens as there are clients, each signed by itself, for somebody who sees them all. */
async function sign(): Promise<readonly string[]> {
  if (cookie === '') {
    const signIn = await fetch(`${stack.url}/local/sign-in`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ person: 'carol' }),
    });
    cookie = signIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  }
  const token = async (): Promise<string> =>
    (await fetch(`${stack.url}/`, { headers: { cookie } })).text();
  return Promise.all(Array.from({ length: 200 }, token));
}

answerQuestions({
  environment: () => stack.environment,
  tokens: sign,
  cpu: readCpu,
  schedule: () => run().then(() => null),
  calls: () => ({
    ec2: stack.ec2.calls().map(({ action, at }) => ({ action, atMs: at.getTime() })),
    dynamoDb: stack.dynamoDb.calls(),
  }),
});
await once(process, 'disconnect');
