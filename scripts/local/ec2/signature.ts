import type { IncomingMessage } from 'node:http';

const authorization =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/\d{8}\/[a-z0-9-]+\/[a-z0-9-]+\/aws4_request,\s*SignedHeaders=[a-z0-9;-]+,\s*Signature=[0-9a-f]{64}$/;

/**
 * Whether a request is signed in the form of Signature Version 4, in its header or in its address.
 * The signature itself is not verified: any key will do here, but a client that does not sign at
 * all would fail in AWS, and so it fails here.
 */
export function isSigned(request: IncomingMessage, query: URLSearchParams): boolean {
  const header = request.headers.authorization;
  if (header !== undefined) return authorization.test(header);
  return query.has('X-Amz-Signature') && query.has('X-Amz-Credential');
}

/** The access key id that a request is signed with, which tells who asks; `null` where it is not. */
export function accessKeyIdOf(request: IncomingMessage, query: URLSearchParams): string | null {
  const header = request.headers.authorization;
  if (header !== undefined) return authorization.exec(header)?.[1] ?? null;
  return query.get('X-Amz-Credential')?.split('/')[0] ?? null;
}
