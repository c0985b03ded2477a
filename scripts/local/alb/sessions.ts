import { randomBytes } from 'node:crypto';
import type { SamplePerson } from './people.ts';

/** The first shard of the load balancer's cookie; ours fits in one. */
export const sessionCookieName = 'AWSELBAuthSessionCookie-0';

export interface Session {
  readonly person: SamplePerson;
  /** Got from the user pool at the sign-in and renewed when it has expired. */
  accessToken: { readonly token: string; readonly expiresAt: Date };
}

/** Who is signed in. Kept in memory only: after a restart one signs in again. */
export interface Sessions {
  /** @returns the value of the session cookie */
  open(session: Session): string;
  /** The session that a `Cookie` header belongs to, or `null`. */
  find(cookieHeader: string | undefined): Session | null;
  expireAll(): void;
}

export function createSessions(): Sessions {
  const sessions = new Map<string, Session>();
  return {
    open(session) {
      const id = randomBytes(32).toString('base64url');
      sessions.set(id, session);
      return id;
    },
    find(cookieHeader) {
      // A browser may hold cookies of two paths under one name; any that is known will do.
      for (const pair of (cookieHeader ?? '').split(';')) {
        const [name, value] = pair.trim().split('=', 2);
        const session = name === sessionCookieName ? sessions.get(value ?? '') : undefined;
        if (session !== undefined) return session;
      }
      return null;
    },
    expireAll() {
      sessions.clear();
    },
  };
}
