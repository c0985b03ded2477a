import { administratorAccessKeyId, localSecretAccessKey } from '../../scripts/local/access-keys.ts';
import { createPortalHost } from '../../scripts/local/portal-host.ts';
import { sampleEndpoints } from '../../scripts/local/sample-world.ts';
import { startLocalStack } from '../../scripts/local/stack.ts';
import type { LocalStack } from '../../scripts/local/stack.ts';
import { createLog } from '../../src/services.ts';
import { parseEndpointId } from '../../src/vpn/ids.ts';
import type { EndpointId } from '../../src/vpn/ids.ts';
import { atOnce, quickStack } from '../web/portal-under-test.ts';

/** The endpoint that the doctor is asked about. */
export const tokyo = parseEndpointId(sampleEndpoints.tokyoOffice) as EndpointId;

/** The local stack with the portal in this process, in which AWS takes no time. */
export async function startExaminedStack(): Promise<LocalStack> {
  const started = await startLocalStack({
    ...quickStack,
    ...atOnce,
    seedTable: () => Promise.resolve(),
    portal: createPortalHost(createLog({ level: 'silent' })),
  });
  await started.eventBridge.fireDue();
  return started;
}

export function connectionTo({ environment }: LocalStack) {
  return {
    region: environment['AWS_REGION'] ?? '',
    credentials: { accessKeyId: administratorAccessKeyId, secretAccessKey: localSecretAccessKey },
    endpoint: environment['AWS_ENDPOINT_URL_EC2'] ?? '',
    dynamoEndpoint: environment['AWS_ENDPOINT_URL_DYNAMODB'] ?? '',
  };
}
