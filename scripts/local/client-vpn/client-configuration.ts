import { authorityCertificate } from './certificate-authority.ts';
import type { Moment } from './moment.ts';
import { endpointHost } from './rows.ts';
import { requireEndpoint } from './rules.ts';
import type { EndpointState } from './world.ts';

const certificateYears = 10;

/**
 * The `.ovpn` as AWS hands it out for an endpoint. Source: AWS Client VPN Administrator Guide,
 * "Client VPN endpoint configuration file export". For a federated endpoint AWS's file has been
 * seen with and without the lines that such a sign-in needs: it is a setting of the endpoint.
 */
export function exportClientConfiguration(moment: Moment, endpointId: string): string {
  const endpoint = requireEndpoint(moment.world, endpointId);
  const isFederated = endpoint.authentication.includes('federated');
  const asksForPassword = endpoint.authentication.includes('directory-service');
  return [
    'client',
    'dev tun',
    `proto ${endpoint.transportProtocol}`,
    `remote ${endpointHost(moment.world.region, endpoint.id)} ${String(endpoint.vpnPort)}`,
    'remote-random-hostname',
    'resolv-retry infinite',
    'nobind',
    'remote-cert-tls server',
    'cipher AES-256-GCM',
    'verb 3',
    '<ca>',
    certificateOf(endpoint),
    '</ca>',
    ...(asksForPassword ? ['auth-user-pass'] : []),
    ...(isFederated && endpoint.exportsFederationLines
      ? ['auth-user-pass', 'auth-federate', 'auth-retry interact', 'auth-nocache']
      : []),
    // Without renegotiation a session can outlive a one-time SAML assertion.
    ...(isFederated && !endpoint.exportsFederationLines ? [] : ['reneg-sec 0']),
    '',
  ].join('\n');
}

function certificateOf(endpoint: EndpointState): string {
  endpoint.certificatePem ??= authorityCertificate({
    commonName: `Client VPN server authority of ${endpoint.id}`,
    validFrom: new Date(endpoint.createdAt),
    validTo: yearsAfter(endpoint.createdAt, certificateYears),
  });
  return endpoint.certificatePem;
}

function yearsAfter(epochMilliseconds: number, years: number): Date {
  const instant = new Date(epochMilliseconds);
  instant.setUTCFullYear(instant.getUTCFullYear() + years);
  return instant;
}
