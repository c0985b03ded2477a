import type { Endpoint } from './endpoint.ts';

/**
 * The client configuration as a person should import it: AWS's file, plus the two lines that a
 * federated endpoint needs where AWS's file lacks them. `auth-federate` makes the AWS client open
 * the sign-in page; `reneg-sec 0` keeps the session from being renegotiated, which a SAML assertion
 * that is used once cannot survive. Everything else stays byte for byte.
 *
 * Source: AWS Client VPN Administrator Guide, "Single sign-on (SAML 2.0-based federated
 * authentication)" and "Client configuration file export".
 */
export function clientConfigurationFor(
  endpoint: Pick<Endpoint, 'authentication'>,
  exported: string,
): string {
  if (!endpoint.authentication.includes('federated')) return exported;
  const missing = [
    hasDirective(exported, /^auth-federate$/) ? null : 'auth-federate',
    hasDirective(exported, /^reneg-sec\s+0$/) ? null : 'reneg-sec 0',
  ].filter((line) => line !== null);
  if (missing.length === 0) return exported;
  const lineEnd = exported.includes('\r\n') ? '\r\n' : '\n';
  const separator = exported === '' || exported.endsWith('\n') ? '' : lineEnd;
  return exported + separator + missing.map((line) => line + lineEnd).join('');
}

/** Looks at directives only: not at comments, and not inside blocks such as `<ca>`. */
function hasDirective(configuration: string, directive: RegExp): boolean {
  let block: string | null = null;
  for (const rawLine of configuration.split('\n')) {
    const line = rawLine.trim();
    if (block !== null) {
      if (line === `</${block}>`) block = null;
      continue;
    }
    const opening = /^<([a-z0-9-]+)>$/.exec(line)?.[1];
    if (opening !== undefined) block = opening;
    else if (directive.test(line)) return true;
  }
  return false;
}
