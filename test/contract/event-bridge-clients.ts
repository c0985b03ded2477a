import type { EventBridgeClient, EventBridgeClientConfig } from '@aws-sdk/client-eventbridge';

import { createAwsClients } from '../../src/aws/clients.ts';

/** Clients of EventBridge as the portal itself makes them, but for where AWS is. */
export interface EventBridgeClients {
  connect(url: string, connection?: EventBridgeClientConfig): EventBridgeClient;
  /** Destroys those that were made. */
  close(): void;
}

export function createEventBridgeClients(): EventBridgeClients {
  let clients: EventBridgeClient[] = [];
  return {
    connect(url, connection = {}) {
      const { dynamo, ec2, eventBridge } = createAwsClients({
        ec2: { region: 'ap-northeast-1' },
        dynamo: { region: 'ap-northeast-1' },
        eventBridge: {
          endpoint: url,
          region: 'ap-northeast-1',
          credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
          ...connection,
        },
      });
      ec2.destroy();
      dynamo.destroy();
      clients.push(eventBridge);
      return eventBridge;
    },
    close() {
      for (const client of clients) client.destroy();
      clients = [];
    },
  };
}
