/**
 * What the listener does with a request.
 *
 * - `pass`: forwards it without asking who it is
 * - `authenticate`: forwards it with the identity; without a session sends the person to sign in
 * - `deny`: forwards it with the identity; without a session answers 401, so that a script that
 *   refreshes a part of a page sees the end of the session instead of a sign-in page
 * - `stand-in`: answered here; nothing of the kind exists in AWS
 */
export type ListenerAction = 'pass' | 'authenticate' | 'deny' | 'stand-in';

/** As a load balancer does, looks at the path as it came, without decoding or normalising it. */
export function listenerActionFor(path: string): ListenerAction {
  if (path === '/local' || path.startsWith('/local/')) return 'stand-in';
  if (path === '/healthz' || path === '/signed-out' || path.startsWith('/assets/')) return 'pass';
  return path.startsWith('/fragments/') ? 'deny' : 'authenticate';
}
