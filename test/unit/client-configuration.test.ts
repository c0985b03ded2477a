import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { clientConfigurationFor } from '../../src/vpn/client-configuration.ts';
import { createClientConfigurations } from '../../src/vpn/client-configurations.ts';
import type { Authentication } from '../../src/vpn/endpoint.ts';
import { anyText } from '../builders/any-text.ts';
import { anEndpoint } from '../builders/endpoint-for-person.ts';
import { createScriptedClientVpn } from '../builders/scripted-client-vpn.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';

const federated = { authentication: ['federated'] as const };
const added = (exported: string) => clientConfigurationFor(federated, exported);
const plain = 'client\ndev tun\n<ca>\n-----BEGIN CERTIFICATE-----\n</ca>\nverb 3\n';
const both = 'auth-federate\nreneg-sec 0\n';

describe('the client configuration of a federated endpoint', () => {
  it('is the file of AWS with the two lines that it lacks at its end', () => {
    expect(added(plain)).toBe(plain + both);
  });

  it('begins a line of its own where the file does not end in one', () => {
    expect(added('client')).toBe(`client\n${both}`);
    expect(added('')).toBe(both);
  });

  it('ends its lines as the file does', () => {
    expect(added('client\r\nverb 3\r\n')).toBe(
      'client\r\nverb 3\r\nauth-federate\r\nreneg-sec 0\r\n',
    );
    expect(added('client\r\nverb 3')).toBe('client\r\nverb 3\r\nauth-federate\r\nreneg-sec 0\r\n');
  });

  it.each([
    ['auth-federate\n', 'reneg-sec 0\n'],
    ['reneg-sec 0\n', 'auth-federate\n'],
    ['  reneg-sec \t 0  \r\n', 'auth-federate\r\n'],
    [both, ''],
    ['reneg-sec 0\r\nauth-federate\r\n', ''],
  ])('with %j is given %j', (there, missing) => {
    expect(added(there)).toBe(there + missing);
  });

  it.each([
    '# auth-federate\n; reneg-sec 0\n',
    '#auth-federate\n#reneg-sec 0\n',
    '<ca>\nauth-federate\nreneg-sec 0\n</ca>\n',
    '<extra-certs>\r\nauth-federate\r\n</extra-certs>\r\n',
    'auth-federated\nreneg-sec 3600\n',
    'reneg-sec 00\nno-auth-federate\n',
  ])('is given both where %j does not say so', (exported) => {
    const given = added(exported).slice(exported.length).replaceAll('\r', '');
    expect(given).toBe(both);
  });

  it('finds a line after a block has ended, and inside no block that was never opened', () => {
    const exported = `<ca>\nx\n</key>\nauth-federate\n</ca>\n</cert>\n${both}`;
    expect(added(exported)).toBe(exported);
  });

  it('stays byte for byte, and is never given a line twice, whatever is in it', () => {
    const line = fc.oneof(
      anyText(),
      fc.constantFrom('auth-federate', 'reneg-sec 0', '<ca>', '</ca>', '# auth-federate', ''),
    );
    const file = fc
      .tuple(fc.array(line), fc.constantFrom('\n', '\r\n'), fc.boolean())
      .map(([lines, end, last]) => lines.join(end) + (last ? end : ''));
    fc.assert(
      fc.property(file, (exported) => {
        const given = added(exported);
        const isOpen = /<ca>(?![^]*<\/ca>)/.test(exported);
        return given.startsWith(exported) && (isOpen || added(given) === given);
      }),
    );
  });
});

describe('the client configuration of any other endpoint', () => {
  it.each<[Authentication[]]>([[[]], [['certificate']], [['directory-service', 'certificate']]])(
    'with %j is what AWS gave',
    (authentication) => {
      expect(clientConfigurationFor({ authentication }, 'client')).toBe('client');
    },
  );

  it('is that of a federated one where certificates are asked for besides', () => {
    const authentication = ['certificate', 'federated'] as const;
    expect(clientConfigurationFor({ authentication }, '')).toBe(both);
  });
});

describe('the client configurations', () => {
  it('are exported once for everybody who downloads in the same half minute', async () => {
    const clock = createStoppedClock();
    const clientVpn = createScriptedClientVpn();
    const configurations = createClientConfigurations({ clientVpn, clock });
    const certificate = anEndpoint({ authentication: ['certificate'] });
    expect(await configurations.get(anEndpoint())).toBe(`client\n${both}`);
    expect(await configurations.get(certificate)).toBe('client\n');
    expect(clientVpn.asked('exportClientConfiguration')).toEqual([certificate.id]);
    clock.advance(30);
    await configurations.get(certificate);
    expect(clientVpn.asked('exportClientConfiguration')).toHaveLength(2);
  });
});
