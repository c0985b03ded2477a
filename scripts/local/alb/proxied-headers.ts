import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Node's flat form: name, value, name, value. Keeps letter case, order and duplicates. */
export type RawHeaders = readonly string[];

/** Belong to one connection, not to the message (RFC 9110, section 7.6.1). */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Said by the load balancer alone; what a client says of them is dropped or appended to. */
const rewritten = new Set([
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-amzn-trace-id',
]);

const identityPrefix = 'x-amzn-oidc-';

/**
 * The headers of the request to the target. Whatever a client says of its identity is removed,
 * whichever rule the request falls under: only what is added here can have been signed.
 *
 * @param identity the `x-amzn-oidc-*` headers to add
 */
export function requestHeaders(
  request: IncomingMessage,
  listenerPort: number,
  identity: RawHeaders,
  now: Date,
): string[] {
  const perConnection = connectionHeaders(request.headers.connection);
  const headers = withoutHeaders(
    request.rawHeaders,
    (name) => perConnection.has(name) || rewritten.has(name) || name.startsWith(identityPrefix),
  );
  const client = request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '127.0.0.1';
  const forwardedFor = valuesOf(request.rawHeaders, 'x-forwarded-for');
  headers.push(
    'X-Forwarded-For',
    [...forwardedFor, client].join(', '),
    'X-Forwarded-Proto',
    'http',
    'X-Forwarded-Port',
    String(listenerPort),
    'X-Amzn-Trace-Id',
    traceId(valuesOf(request.rawHeaders, 'x-amzn-trace-id')[0], now),
    ...identity,
  );
  // Without its framing, a chunked body would be read by the target as the next request.
  if (request.headers['transfer-encoding'] !== undefined) {
    headers.push('Transfer-Encoding', 'chunked');
  }
  return headers;
}

/** The headers of the answer to the client. */
export function responseHeaders(answer: IncomingMessage): string[] {
  const perConnection = connectionHeaders(answer.headers.connection);
  const headers = withoutHeaders(answer.rawHeaders, (name) => perConnection.has(name));
  return headers.map((value, index) =>
    headers[index - 1]?.toLowerCase() === 'set-cookie' && index % 2 === 1
      ? withoutSecure(value)
      : value,
  );
}

/**
 * The portal speaks for a listener with TLS. This one has none, and on plain HTTP many clients
 * neither keep nor send back a cookie marked `Secure`.
 */
function withoutSecure(cookie: string): string {
  return cookie.replaceAll(/;\s*secure(?=\s*(?:;|$))/gi, '');
}

function connectionHeaders(connection: string | undefined): ReadonlySet<string> {
  const nominated = (connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  return new Set([...hopByHop, ...nominated]);
}

function withoutHeaders(raw: RawHeaders, isDropped: (name: string) => boolean): string[] {
  const kept: string[] = [];
  for (const [name, value] of pairs(raw)) {
    if (!isDropped(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}

function valuesOf(raw: RawHeaders, wanted: string): string[] {
  return pairs(raw)
    .filter(([name]) => name.toLowerCase() === wanted)
    .map(([, value]) => value);
}

function pairs(raw: RawHeaders): [name: string, value: string][] {
  return raw.flatMap((name, index): [string, string][] =>
    index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : [],
  );
}

/** A trace that began before us keeps its root, and gets our part in front of it. */
function traceId(incoming: string | undefined, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000)
    .toString(16)
    .padStart(8, '0');
  const own = `1-${seconds}-${randomBytes(12).toString('hex')}`;
  return incoming?.includes('Root=') === true ? `Self=${own};${incoming}` : `Root=${own}`;
}
