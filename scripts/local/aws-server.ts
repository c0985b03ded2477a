import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** Answers the requests of one service. */
export interface ServiceStandIn {
  handle(request: IncomingMessage, response: ServerResponse): void;
}

/**
 * The services on one port. A request is for the service that it is signed for. EC2 and EventBridge
 * are also told apart by their protocols: a request that names its operation in `x-amz-target`
 * speaks JSON and is EventBridge's, any other is EC2's. Not listening yet.
 *
 * @param services.others by the name under which requests to them are signed
 */
export function createAwsServer(services: {
  readonly ec2: ServiceStandIn;
  readonly eventBridge: ServiceStandIn;
  readonly others?: ReadonlyMap<string, ServiceStandIn>;
}): Server {
  return createServer((request, response) => {
    const other = services.others?.get(signedFor(request));
    if (other !== undefined) {
      other.handle(request, response);
      return;
    }
    const isJson =
      request.headers['x-amz-target'] !== undefined ||
      (request.headers['content-type'] ?? '').startsWith('application/x-amz-json');
    (isJson ? services.eventBridge : services.ec2).handle(request, response);
  });
}

/** The service in the scope of the credentials; empty where there is none. */
function signedFor(request: IncomingMessage): string {
  const scope = /Credential=[^/,\s]+\/\d{8}\/[a-z0-9-]+\/([a-z0-9-]+)\/aws4_request/;
  return scope.exec(request.headers.authorization ?? '')?.[1] ?? '';
}
