import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** Answers the requests of one service. */
export interface ServiceStandIn {
  handle(request: IncomingMessage, response: ServerResponse): void;
}

/**
 * EC2 and EventBridge on one port, told apart by their protocols: a request that names its
 * operation in `x-amz-target` speaks JSON and is EventBridge's, any other is EC2's. Not listening
 * yet.
 */
export function createAwsServer(services: {
  readonly ec2: ServiceStandIn;
  readonly eventBridge: ServiceStandIn;
}): Server {
  return createServer((request, response) => {
    const isJson =
      request.headers['x-amz-target'] !== undefined ||
      (request.headers['content-type'] ?? '').startsWith('application/x-amz-json');
    (isJson ? services.eventBridge : services.ec2).handle(request, response);
  });
}
