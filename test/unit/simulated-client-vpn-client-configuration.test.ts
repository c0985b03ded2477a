import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { authorityCertificate } from '../../scripts/local/client-vpn/certificate-authority.ts';
import { endpointId, simulation } from './simulated-client-vpn-world.ts';

const request = { clientVpnEndpointId: endpointId };

function certificateIn(configuration: string): X509Certificate {
  const pem = /<ca>\n([\s\S]*)\n<\/ca>/.exec(configuration)?.[1];
  if (pem === undefined) throw new Error('There is no <ca> block.');
  return new X509Certificate(pem);
}

describe('the exported client configuration', () => {
  test('leads to the endpoint, under a random label of its name', () => {
    const { clientVpn } = simulation();
    const lines = clientVpn.exportClientVpnClientConfiguration(request).split('\n');
    expect(lines).toContain(`remote ${endpointId}.prod.clientvpn.ap-northeast-1.amazonaws.com 443`);
    expect(lines).toEqual(
      expect.arrayContaining([
        'client',
        'dev tun',
        'proto udp',
        'remote-random-hostname',
        'verb 3',
      ]),
    );
    expect(lines.at(-1)).toBe('');
  });

  test('holds the certificate of an authority, valid now', () => {
    const { clock, clientVpn } = simulation();
    const certificate = certificateIn(clientVpn.exportClientVpnClientConfiguration(request));
    expect(certificate.ca).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkIssued(certificate)).toBe(true);
    expect(certificate.subject).toBe(`CN=Client VPN server authority of ${endpointId}`);
    expect(certificate.validFromDate <= clock.now()).toBe(true);
    expect(certificate.validToDate > clock.now()).toBe(true);
  });

  test('is the same file each time', () => {
    const { clientVpn } = simulation();
    const first = clientVpn.exportClientVpnClientConfiguration(request);
    expect(clientVpn.exportClientVpnClientConfiguration(request)).toBe(first);
  });

  test.each([
    [['federated'], undefined, { federate: false, renegotiate: false }],
    [['federated'], true, { federate: true, renegotiate: true }],
    [['certificate'], undefined, { federate: false, renegotiate: true }],
    [['certificate'], true, { federate: false, renegotiate: true }],
    [['certificate', 'federated'], undefined, { federate: false, renegotiate: false }],
  ] as const)(
    'of an endpoint with %j and federation lines %j has %j',
    (authentication, exportsFederationLines, expected) => {
      const { clientVpn } = simulation();
      const other = 'cvpn-endpoint-0bbbbbbbbbbbbbbbb';
      clientVpn.addEndpoint({
        id: other,
        authentication,
        ...(exportsFederationLines === undefined ? {} : { exportsFederationLines }),
      });
      const lines = clientVpn
        .exportClientVpnClientConfiguration({ clientVpnEndpointId: other })
        .split('\n');
      expect({
        federate: lines.includes('auth-federate'),
        renegotiate: lines.includes('reneg-sec 0'),
      }).toEqual(expected);
    },
  );
});

describe('the certificate of an authority', () => {
  test.each([
    ['2026-03-01T09:00:00Z', '2036-03-01T09:00:00Z'],
    ['2049-12-31T23:59:59Z', '2050-01-01T00:00:00Z'],
  ])('is valid from %s to %s', (from, to) => {
    const certificate = new X509Certificate(
      authorityCertificate({
        commonName: 'somebody & company, 東京',
        validFrom: new Date(from),
        validTo: new Date(to),
      }),
    );
    expect(certificate.validFromDate).toEqual(new Date(from));
    expect(certificate.validToDate).toEqual(new Date(to));
    expect(certificate.verify(certificate.publicKey)).toBe(true);
  });

  test('has a positive serial number whatever the name', () => {
    for (let number = 0; number < 40; number += 1) {
      const certificate = new X509Certificate(
        authorityCertificate({
          commonName: `authority ${String(number)}`,
          validFrom: new Date('2026-03-01T00:00:00Z'),
          validTo: new Date('2027-03-01T00:00:00Z'),
        }),
      );
      expect(certificate.serialNumber).toMatch(/^[0-9A-F]{2,32}$/);
    }
  });
});
