import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';

/** A request that is answered with a status and one sentence that says what is wrong with it. */
export class RefusedRequest extends Error {
  override readonly name = 'RefusedRequest';
  readonly status: number;

  constructor(status: number, sentence: string) {
    super(sentence);
    this.status = status;
  }
}

const mostBodyBytes = 64 * 1024;

/** Whether the body was sent by an HTML form, which wants a page as its answer. */
export function isForm(request: IncomingMessage): boolean {
  return mediaType(request) === 'application/x-www-form-urlencoded';
}

/**
 * The fields of a form or of a JSON object, by the content type.
 *
 * @throws {RefusedRequest} 400 for what does not fit the schema, 413 over 64 KB, 415 for another
 *   content type
 */
export async function readFields<Schema extends z.ZodType>(
  request: IncomingMessage,
  schema: Schema,
): Promise<z.output<Schema>> {
  const parsed = schema.safeParse(fieldsOf(request, await readBody(request)));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.join('.') ?? '';
  throw new RefusedRequest(
    400,
    `${place === '' ? 'The body' : `The field "${place}"`} is not right: ${issue?.message ?? 'unknown'}.`,
  );
}

function fieldsOf(request: IncomingMessage, body: string): unknown {
  const type = mediaType(request);
  if (type === 'application/x-www-form-urlencoded') {
    return Object.fromEntries(new URLSearchParams(body));
  }
  if (type !== 'application/json') {
    throw new RefusedRequest(
      415,
      'Send the body as application/json or as application/x-www-form-urlencoded.',
    );
  }
  try {
    return JSON.parse(body) as unknown;
  } catch {
    throw new RefusedRequest(400, 'The body is not JSON.');
  }
}

function mediaType(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > mostBodyBytes) throw new RefusedRequest(413, 'The body is larger than 64 KB.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * Refuses what another site sent with the visitor's browser: everything here listens on the
 * loopback, which any web page can reach.
 *
 * @throws {RefusedRequest} 403
 */
export function refuseCrossSite(request: IncomingMessage): void {
  const site = request.headers['sec-fetch-site'];
  const origin = request.headers.origin;
  const isOwn =
    site !== undefined
      ? site === 'same-origin' || site === 'none'
      : origin === undefined || origin === `http://${request.headers.host ?? ''}`;
  if (!isOwn) {
    throw new RefusedRequest(403, 'Requests from other sites are refused. Use the page itself.');
  }
}
