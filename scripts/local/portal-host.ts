import { createServer } from 'node:http';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createAwsClients } from '../../src/aws/clients.ts';
import { createDynamoEndpointStore } from '../../src/aws/dynamo-endpoint-store.ts';
import { dynamoTable } from '../../src/aws/dynamo-table.ts';
import { secondsAfter, systemClock } from '../../src/clock.ts';
import { readEnvironment, serverEnvironment } from '../../src/config/environment.ts';
import { newEndpointRecord } from '../../src/lease/endpoint-record.ts';
import type { Log } from '../../src/log.ts';
import { createPortalServices, createScheduleServices } from '../../src/services.ts';
import { parseEndpointId, parseSubnetId } from '../../src/vpn/ids.ts';
import type { ManualRoute } from '../../src/vpn/route.ts';
import { createApp } from '../../src/web/app.ts';
import { sourceFiles } from '../../src/web/files.ts';
import { reconcilerAccessKeyId } from './access-keys.ts';
import { listen, stopListening } from './listen.ts';
import { sampleEndpoints, sampleRoutes } from './sample-world.ts';
import type { PortalHost } from './stack.ts';

/**
 * The real portal and the real reconciler, composed as in production. Three things are put in from
 * outside: the clock, which can be moved; the log; and where the load balancer's public keys come
 * from. Everything else is the environment's, addresses included.
 */
export function createPortalHost(log: Log): PortalHost {
  return async (variables, { clock, fetchAlbPublicKey }) => {
    const environment = readEnvironment(serverEnvironment, variables);
    const aws = createAwsClients(connectionOf(variables));
    // Two roles, two keys, as in the deployment: by them the stand-ins tell who may do what.
    const reconcilerVariables = { ...variables, AWS_ACCESS_KEY_ID: reconcilerAccessKeyId };
    const reconcilerAws = createAwsClients(connectionOf(reconcilerVariables));
    const services = createPortalServices(environment, {
      aws,
      clock,
      log,
      fetchKey: fetchAlbPublicKey,
    });
    const { scheduled } = createScheduleServices(environment, { aws: reconcilerAws, clock, log });
    const server = createServer(createApp(services, environment, sourceFiles()));
    const port = await listen(server, Number(variables['PORT'] ?? 0), 'PORT');
    return {
      url: new URL(`http://127.0.0.1:${port}`),
      reconcile: () => scheduled.run(),
      stop: async () => {
        await stopListening(server);
        await services.background.idle();
        for (const clients of [aws, reconcilerAws]) {
          clients.ec2.destroy();
          clients.dynamo.destroy();
          clients.eventBridge.destroy();
        }
      },
    };
  };
}

/** What the SDK would read from the process's own environment, of which there is only one. */
function connectionOf(variables: Readonly<Record<string, string>>) {
  const common = {
    region: variables['AWS_REGION'] ?? '',
    credentials: {
      accessKeyId: variables['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: variables['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
  };
  return {
    ec2: { ...common, endpoint: variables['AWS_ENDPOINT_URL_EC2'] ?? '' },
    dynamo: { ...common, endpoint: variables['AWS_ENDPOINT_URL_DYNAMODB'] ?? '' },
    eventBridge: { ...common, endpoint: variables['AWS_ENDPOINT_URL_EVENTBRIDGE'] ?? '' },
  };
}

/**
 * Lets the portal remember manual routes from an earlier *On*, so that the first start in a new
 * world has some to put back.
 */
export async function rememberSampleRoutes(client: DynamoDBClient, table: string): Promise<void> {
  const endpoints = createDynamoEndpointStore(dynamoTable(client, table));
  const now = systemClock.now();
  for (const id of Object.values(sampleEndpoints)) {
    const rememberedRoutes = sampleRoutes
      .filter(({ endpointId }) => endpointId === id)
      .map(manualRoute);
    const endpointId = parseEndpointId(id);
    if (endpointId === null || rememberedRoutes.length === 0) continue;
    const pass = { endpointId, passId: 'sample-world' };
    const claim = { at: now, claimedUntil: secondsAfter(now, 1), notIfPassedSince: now };
    await endpoints.claimPass({ ...pass, ...claim });
    const blank = newEndpointRecord(endpointId);
    await endpoints.recordPass(pass, { ...blank, rememberedRoutes, nextPassAt: now });
  }
}

function manualRoute(sample: (typeof sampleRoutes)[number]): ManualRoute {
  const subnetId = parseSubnetId(sample.subnetId);
  if (subnetId === null) throw new Error(`${sample.subnetId} is no subnet id`);
  const { description, destinationCidr } = sample;
  return { destinationCidr, subnetId, description };
}
