import { readEnvironment, serverEnvironment } from '../../src/config/environment.ts';
import { createAwsClients } from '../../src/aws/clients.ts';
import { systemClock } from '../../src/clock.ts';
import { startContainer } from '../../src/container.ts';
import { createLog } from '../../src/services.ts';
import { createPublicKeyFetcher } from '../local/alb/public-keys.ts';
import { sampleRegion } from '../local/sample-world.ts';
import { answerQuestions, readCpu, readMemory } from './child-process.ts';

/*
 * The portal as in production, its log included. One thing comes from outside: where the load
 * balancer's public keys are.
 */

const keysUrl = new URL(process.env['KEYS_URL'] ?? '');
const { port } = await startContainer(readEnvironment(serverEnvironment), {
  surroundings: {
    aws: createAwsClients(),
    clock: systemClock,
    log: createLog(),
    fetchKey: createPublicKeyFetcher(() => keysUrl, sampleRegion),
  },
});

answerQuestions({ url: () => `http://127.0.0.1:${port}/`, memory: readMemory, cpu: readCpu });
