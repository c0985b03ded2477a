import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerMethodNotAllowed, answerSentence, redirect } from '../answer.ts';

export const signOutPath = '/local/logout';

/**
 * In place of Cognito's `GET /logout`: leads on to an address that the app client allows, and to
 * no other. It does not end the load balancer's session; expiring its cookies is up to the portal.
 */
export function handleSignOut(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  allowed: { readonly clientId: string; readonly logoutUri: string },
): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    answerMethodNotAllowed(response, 'GET, HEAD');
    return;
  }
  const wrong =
    url.searchParams.get('client_id') !== allowed.clientId
      ? 'client_id'
      : url.searchParams.get('logout_uri') !== allowed.logoutUri
        ? 'logout_uri'
        : null;
  if (wrong === null) {
    redirect(response, 302, allowed.logoutUri);
    return;
  }
  const sentence = `The parameter ${wrong} is missing or not one that the app client allows.`;
  answerSentence(response, 400, sentence, { href: '/', label: 'To the portal · ポータルへ' });
}
