/**
 * What the listener does with a request, by its path.
 *
 * - `pass`: forwards it without asking who it is
 * - `deny`: forwards it with the identity; without a session answers 401, so that a script that
 *   refreshes a part of a page sees the end of the session instead of a sign-in page
 * - `authenticate`: forwards it with the identity; without a session sends the person to sign in
 */
export type ListenerAction = 'pass' | 'deny' | 'authenticate';

export interface ListenerRule {
  readonly id: string;
  readonly priority: number;
  /** As a load balancer reads them: `*` is any text, slashes included; capitals count. At most 3. */
  readonly paths: readonly string[];
  readonly action: ListenerAction;
}

/** The first that fits is taken. The gaps leave room for a rule of yours between two of them. */
export const listenerRules: readonly ListenerRule[] = [
  { id: 'Open', priority: 10, paths: ['/healthz', '/signed-out', '/assets/*'], action: 'pass' },
  { id: 'Fragments', priority: 20, paths: ['/fragments/*'], action: 'deny' },
  { id: 'Pages', priority: 30, paths: ['/*'], action: 'authenticate' },
];
