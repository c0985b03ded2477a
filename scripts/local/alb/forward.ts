import { request as httpRequest } from 'node:http';
import type { Agent, IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import type { RawHeaders } from './proxied-headers.ts';
import { responseHeaders } from './proxied-headers.ts';
import { answerAsLoadBalancer } from './status-page.ts';

export interface ForwardOptions {
  readonly agent: Agent;
  /** How long the target may say nothing before the answer is 504. */
  readonly idleTimeoutSeconds: number;
}

/** Sends a request to the target and its answer back, both as they flow. */
export function forward(
  request: IncomingMessage,
  response: ServerResponse,
  target: URL,
  path: string,
  headers: RawHeaders,
  options: ForwardOptions,
): void {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined ||
    (request.headers['content-length'] ?? '0') !== '0';

  const attempt = (isRetry: boolean): void => {
    const upstream = httpRequest({
      agent: options.agent,
      host: target.hostname,
      port: target.port,
      method: request.method,
      path,
      headers,
      timeout: options.idleTimeoutSeconds * 1000,
    });
    let isLate = false;
    upstream.on('timeout', () => {
      isLate = true;
      upstream.destroy(new Error('the target said nothing for too long'));
    });
    upstream.on('error', (error: NodeJS.ErrnoException) => {
      // Once the answer has begun, how it ends is the pipeline's business: a target may well answer
      // and close before it has taken the whole body.
      if (response.destroyed || response.headersSent) return;
      // The target may close an idle connection in the moment in which it is used again. A request
      // with no body can simply be sent once more.
      if (!isRetry && !hasBody && upstream.reusedSocket && error.code === 'ECONNRESET') {
        attempt(true);
        return;
      }
      request.unpipe(upstream);
      answerAsLoadBalancer(response, isLate ? 504 : 502);
    });
    upstream.on('response', (answer) => {
      response.writeHead(
        answer.statusCode ?? 502,
        answer.statusMessage ?? '',
        responseHeaders(answer),
      );
      // Both ends are closed when one of them breaks: a cut answer must not look complete.
      pipeline(answer, response, () => undefined);
    });
    response.once('close', () => {
      if (!response.writableFinished) upstream.destroy();
    });
    if (hasBody) request.pipe(upstream);
    else upstream.end();
  };
  attempt(false);
}
