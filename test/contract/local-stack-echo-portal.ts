import { createServer } from 'node:http';
import { listen, stopListening } from '../../scripts/local/listen.ts';
import type { PortalHost } from '../../scripts/local/stack.ts';

/** What a request looked like when it arrived behind the load balancer. */
export interface Echo {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

/** A server in the portal's place that answers every request with what arrived. */
export const startEchoPortal: PortalHost = async () => {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const echo: Echo = {
        method: request.method ?? '',
        url: request.url ?? '',
        rawHeaders: request.rawHeaders,
        body: Buffer.concat(chunks).toString(),
      };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(echo));
    });
  });
  const port = await listen(server, 0, 'PORT');
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    reconcile: () => Promise.resolve(),
    stop: () => stopListening(server),
  };
};
