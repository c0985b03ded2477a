import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import {
  bitString,
  explicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  time,
  utf8String,
  yes,
} from './der.ts';

const ecdsaWithSha256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));
const version3 = explicit(0, integer(Buffer.from([2])));

/**
 * A self-signed certificate of an authority (RFC 5280), in PEM: what a client checks a VPN server
 * against. Its key is thrown away, since nothing here is ever signed with it.
 */
export function authorityCertificate(request: {
  readonly commonName: string;
  readonly validFrom: Date;
  readonly validTo: Date;
}): string {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicKeyInfo = publicKey.export({ type: 'spki', format: 'der' });
  const name = sequence(set(sequence(objectIdentifier('2.5.4.3'), utf8String(request.commonName))));
  const content = sequence(
    version3,
    integer(digest('sha256', Buffer.from(request.commonName)).subarray(0, 16)),
    ecdsaWithSha256,
    name,
    sequence(time(request.validFrom), time(request.validTo)),
    name,
    publicKeyInfo,
    explicit(3, sequence(basicConstraints(), keyUsage(), keyIdentifier(publicKeyInfo))),
  );
  const signature = sign('sha256', content, privateKey);
  return pem(sequence(content, ecdsaWithSha256, bitString(signature)));
}

function basicConstraints(): Buffer {
  return sequence(objectIdentifier('2.5.29.19'), yes(), octetString(sequence(yes())));
}

/** Signs certificates and revocation lists: the bits 5 and 6. */
function keyUsage(): Buffer {
  return sequence(
    objectIdentifier('2.5.29.15'),
    yes(),
    octetString(bitString(Buffer.from([0b0000_0110]), 1)),
  );
}

function keyIdentifier(publicKeyInfo: Buffer): Buffer {
  return sequence(
    objectIdentifier('2.5.29.14'),
    octetString(octetString(digest('sha1', publicKeyInfo))),
  );
}

function digest(algorithm: 'sha1' | 'sha256', content: Buffer): Buffer {
  return createHash(algorithm).update(content).digest();
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----'].join('\n');
}
