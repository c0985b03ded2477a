import { X509Certificate } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { NewEndpoint } from '../../scripts/local/client-vpn/set-up.ts';
import { sampleEndpoints, sampleSubnets } from '../../scripts/local/sample-world.ts';
import { startPortal } from './portal-under-test.ts';
import type { PortalUnderTest } from './portal-under-test.ts';

let portal: PortalUnderTest;
let added = 0;

beforeAll(async () => {
  portal = await startPortal();
  await portal.schedule();
});

afterAll(() => portal.stop());

/** A managed endpoint that everyone may use. @returns its id */
async function addEndpoint(name: string, more: Partial<NewEndpoint> = {}): Promise<string> {
  added += 1;
  const id = `cvpn-endpoint-0a1b2c3d4e5f7${added.toString(16).padStart(4, '0')}`;
  portal.stack.clientVpn.addEndpoint({
    id,
    ...more,
    tags: {
      'vpn-portal:managed': 'true',
      'vpn-portal:name': name,
      'vpn-portal:subnets': sampleSubnets.tokyoA,
    },
  });
  await portal.schedule();
  portal.later(2);
  return id;
}

async function download(id: string) {
  const answer = await portal
    .as('alice')
    .get(`/endpoints/${id}/client-configuration`)
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        done(null, Buffer.concat(chunks));
      });
    });
  const body: unknown = answer.body;
  return { headers: answer.headers, text: Buffer.isBuffer(body) ? body.toString('utf8') : '' };
}

const { tokyoOffice } = sampleEndpoints;

describe('the client configuration', () => {
  it('may be downloaded while the endpoint is off', async () => {
    const answer = await download(tokyoOffice);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/x-openvpn-profile',
      'content-disposition': 'attachment; filename=Tokyo-office.ovpn',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    expect(answer.text).toContain(`remote ${tokyoOffice}.prod.clientvpn.ap-northeast-1`);
    const [certificate = ''] =
      /-----BEGIN CERTIFICATE-----[^]+-----END CERTIFICATE-----/.exec(answer.text) ?? [];
    expect(new X509Certificate(certificate).subject).toContain(tokyoOffice);
  });

  it("is AWS's own file, byte for byte, with the two lines of a federated sign-in after it", async () => {
    const own = portal.stack.clientVpn.exportClientVpnClientConfiguration({
      clientVpnEndpointId: tokyoOffice,
    });
    expect(own).not.toContain('auth-federate');
    expect((await download(tokyoOffice)).text).toBe(`${own}auth-federate\nreneg-sec 0\n`);
  });

  it('has these lines once where AWS has put them there', async () => {
    const id = await addEndpoint('Complete', { exportsFederationLines: true });
    const { text } = await download(id);
    expect(text.match(/^auth-federate$/gm)).toHaveLength(1);
    expect(text.match(/^reneg-sec 0$/gm)).toHaveLength(1);
    expect(text).toBe(
      portal.stack.clientVpn.exportClientVpnClientConfiguration({ clientVpnEndpointId: id }),
    );
  });

  it('is untouched where the sign-in is not federated', async () => {
    const id = await addEndpoint('Certificates', { authentication: ['certificate'] });
    const { text } = await download(id);
    expect(text).not.toContain('auth-federate');
    expect(text).toBe(
      portal.stack.clientVpn.exportClientVpnClientConfiguration({ clientVpnEndpointId: id }),
    );
  });

  it('is asked of AWS once however many download it', async () => {
    portal.later(60);
    portal.stack.ec2.resetCalls();
    await Promise.all(Array.from({ length: 30 }, () => download(tokyoOffice)));
    const exports = portal.stack.ec2
      .calls()
      .filter(({ action }) => action === 'ExportClientVpnClientConfiguration');
    expect(exports).toHaveLength(1);
  });
});

describe('the name of the file', () => {
  it.each([
    [
      'quotes and a semicolon',
      'a"; filename="evil.exe',
      'attachment; filename="a-;-filename=-evil.exe.ovpn"',
    ],
    ['a line break', 'a\r\nset-cookie: x=1', 'attachment; filename="a-set-cookie-x=1.ovpn"'],
    ['slashes', '../../etc/passwd', 'attachment; filename=etc-passwd.ovpn'],
    ['backslashes', 'C:\\Windows\\system32', 'attachment; filename=C-Windows-system32.ovpn'],
    ['control characters', 'a\u0085b\u007fc\u202ed', 'attachment; filename=a-b-c-d.ovpn'],
  ])('is harmless with %s', async (_what, name, expected) => {
    const { headers } = await download(await addEndpoint(name));
    expect(headers['content-disposition']).toBe(expected);
    expect(headers).not.toHaveProperty('set-cookie');
  });

  it('keeps Japanese, in the form that browsers read', async () => {
    const { headers } = await download(await addEndpoint('東京 本社'));
    expect(String(headers['content-disposition'])).toMatch(
      /^attachment; filename="[?-]+\.ovpn"; filename\*=UTF-8''/,
    );
    const encoded = String(headers['content-disposition']).split("UTF-8''")[1] ?? '';
    expect(decodeURIComponent(encoded)).toBe('東京-本社.ovpn');
  });

  it.each([
    ['empty', ''],
    ['only blanks', '   '],
    ['only slashes', '///'],
    ['only dots', '...'],
  ])('is the id where the name is %s', async (_what, name) => {
    const id = await addEndpoint(name);
    const { headers } = await download(id);
    expect(headers['content-disposition']).toBe(`attachment; filename=${id}.ovpn`);
  });
});
