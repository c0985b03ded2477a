import { describe, expect, it } from '@jest/globals';

import { judgeCertificate } from '../../scripts/doctor/certificate.ts';
import type { Certificate } from '../../scripts/doctor/certificate.ts';
import { judgeSamlProvider } from '../../scripts/doctor/saml-provider.ts';
import { daysAfter, secondsAfter } from '../../src/clock.ts';
import { now, onlyOf, outcomesOf } from './doctor-samples.ts';

const arn = 'arn:aws:acm:ap-northeast-1:111122223333:certificate/one';
const providerArn = 'arn:aws:iam::111122223333:saml-provider/vpn';
const host = 'vpn.example.com';

function certificate(changed: Partial<Certificate> = {}): Certificate {
  return {
    arn,
    status: 'ISSUED',
    isImported: false,
    expiresAt: daysAfter(now, 200),
    domainNames: [host],
    ...changed,
  };
}

const days = [
  [30, 'ok'],
  [29, 'warning'],
  [7, 'warning'],
  [6, 'problem'],
  [1, 'problem'],
  [0, 'problem'],
  [-5, 'problem'],
] as const;

describe('a certificate', () => {
  it.each(days)('with %i days left is: %s', (left, outcome) => {
    const found = certificate({ expiresAt: daysAfter(now, left) });
    expect(onlyOf(judgeCertificate(arn, found, host, now)).outcome).toBe(outcome);
  });

  it('says when it expires, and in how many days', () => {
    const say = (expiresAt: Date) =>
      onlyOf(judgeCertificate(arn, certificate({ expiresAt }), host, now)).sentence;
    expect(say(daysAfter(now, 200))).toContain('2027-04-23, in 200 days.');
    expect(say(secondsAfter(now, 25 * 3600))).toContain('in 1 day.');
    expect(say(now)).toContain('expired on 2026-10-05.');
  });

  it('is renewed by whoever imported it, and else by AWS', () => {
    const soon = { expiresAt: daysAfter(now, 10) };
    const fixOf = (isImported: boolean) =>
      onlyOf(judgeCertificate(arn, certificate({ ...soon, isImported }), host, now)).fix;
    expect(fixOf(true)).toContain(`import-certificate --certificate-arn ${arn}`);
    expect(fixOf(false)).toContain('by itself');
  });

  it.each([
    ['is missing', null, 'not in Certificate Manager'],
    [
      'waits for its validation',
      { status: 'PENDING_VALIDATION', expiresAt: null },
      'PENDING_VALID',
    ],
    ['is revoked', { status: 'REVOKED' }, 'REVOKED'],
    ['is for another name', { domainNames: ['www.example.com'] }, 'not for vpn.example.com'],
    ['is for a deeper name', { domainNames: ['*.vpn.example.com'] }, 'not for vpn.example.com'],
    ['is for the name above', { domainNames: ['*.com'] }, 'not for vpn.example.com'],
  ])('is a problem when it %s', (_what, changed, words) => {
    const found = changed === null ? null : certificate(changed);
    const wrong = onlyOf(judgeCertificate(arn, found, host, now));
    expect(wrong.outcome).toBe('problem');
    expect(wrong.sentence).toContain(words);
    expect(wrong.fix).not.toBeNull();
  });

  it.each([['*.example.com'], ['VPN.example.com']])('may be for %s', (name) => {
    const found = certificate({ domainNames: ['www.example.com', name] });
    expect(outcomesOf(judgeCertificate(arn, found, host, now))).toEqual(['ok']);
  });

  it('may be for any name where clients compare none', () => {
    const found = certificate({ domainNames: ['server'] });
    expect(outcomesOf(judgeCertificate(arn, found, null, now))).toEqual(['ok']);
  });

  it('for another name that expires soon is two things', () => {
    const found = certificate({ domainNames: ['x'], expiresAt: daysAfter(now, 10) });
    expect(outcomesOf(judgeCertificate(arn, found, host, now))).toEqual(['problem', 'warning']);
  });
});

describe('a SAML provider', () => {
  it.each(days)('with %i days left is: %s', (left, outcome) => {
    const found = { validUntil: daysAfter(now, left) };
    expect(onlyOf(judgeSamlProvider(providerArn, found, now)).outcome).toBe(outcome);
  });

  it('is a problem when it is missing', () => {
    const { outcome, sentence } = onlyOf(judgeSamlProvider(providerArn, null, now));
    expect(outcome).toBe('problem');
    expect(sentence).toContain('does not exist');
  });

  it('is not checked when IAM does not say how long it is valid', () => {
    const found = onlyOf(judgeSamlProvider(providerArn, { validUntil: null }, now));
    expect(found.outcome).toBe('not-checked');
  });
});
