import { createServer } from 'node:http';
import { createAwsClients } from '../../src/aws/clients.ts';
import { systemClock } from '../../src/clock.ts';
import { portalEnvironment, readEnvironment } from '../../src/config/environment.ts';
import { createLog, createPortalServices } from '../../src/services.ts';
import { createApp } from '../../src/web/app.ts';
import { sourceFiles } from '../../src/web/files.ts';
import { createPublicKeyFetcher } from '../local/alb/public-keys.ts';
import { listen } from '../local/listen.ts';
import { sampleRegion } from '../local/sample-world.ts';
import { answerQuestions, readCpu, readMemory } from './child-process.ts';

/*
 * The portal as in production, its log included. One thing comes from outside: where the load
 * balancer's public keys are.
 */

const environment = readEnvironment(portalEnvironment);
const keysUrl = new URL(process.env['KEYS_URL'] ?? '');
const services = createPortalServices(environment, {
  aws: createAwsClients(),
  clock: systemClock,
  log: createLog(),
  fetchKey: createPublicKeyFetcher(() => keysUrl, sampleRegion),
});
const server = createServer(createApp(services, environment, sourceFiles()));
const port = await listen(server, 0, 'PORT');

answerQuestions({ url: () => `http://127.0.0.1:${port}/`, memory: readMemory, cpu: readCpu });
