import type { IncomingMessage } from 'node:http';

/** More than any request of the services here may have. */
const mostBytes = 8 * 1024 * 1024;

/** Reads a request to its end; `null` where it is larger than anything AWS takes. */
export async function readBody(request: IncomingMessage): Promise<string | null> {
  let chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Read on without keeping it: who still writes would not see an answer.
    if (bytes > mostBytes) chunks = [];
    else chunks.push(chunk);
  }
  return bytes > mostBytes ? null : Buffer.concat(chunks).toString('utf8');
}
