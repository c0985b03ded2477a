import { judgeExpiry } from './expiry.ts';
import { orOk, verdict } from './finding.ts';
import type { Verdict } from './finding.ts';

export interface Certificate {
  readonly arn: string;
  /** As ACM spells it, such as `ISSUED`. */
  readonly status: string;
  /** `IMPORTED` is never renewed by AWS. */
  readonly isImported: boolean;
  /** `null` while it has none, such as before it is issued. */
  readonly expiresAt: Date | null;
  readonly domainNames: readonly string[];
}

/**
 * @param arn the one that is configured
 * @param found `null` where ACM does not know it
 * @param host which it has to be made out to; `null` where clients do not compare it
 */
export function judgeCertificate(
  arn: string,
  found: Certificate | null,
  host: string | null,
  now: Date,
): readonly Verdict[] {
  if (found === null) {
    return [
      verdict.problem(
        `The certificate ${arn} is not in Certificate Manager.`,
        `Certificate Manager › Import a certificate or request one, in the same Region; then choose it in place of ${arn}.`,
      ),
    ];
  }
  const wrong: Verdict[] = [];
  if (host !== null && !found.domainNames.some((name) => covers(name, host))) {
    wrong.push(
      verdict.problem(
        `The certificate ${arn} is for ${found.domainNames.join(', ')}, and not for ${host}: browsers refuse it.`,
        `Certificate Manager › Request a certificate for ${host}; then name it in the settings and deploy.`,
      ),
    );
  }
  if (found.expiresAt === null || !['ISSUED', 'EXPIRED'].includes(found.status)) {
    wrong.push(
      verdict.problem(
        `The certificate ${arn} cannot be used: it is ${found.status}.`,
        `Certificate Manager › Certificates › ${arn.slice(arn.lastIndexOf('/') + 1)}: see what its status says.`,
      ),
    );
    return wrong;
  }
  const fix = found.isImported
    ? `AWS does not renew what was imported. Make a new one and put it in its place: aws acm import-certificate --certificate-arn ${arn} --certificate fileb://certificate.pem --private-key fileb://key.pem --certificate-chain fileb://chain.pem`
    : 'AWS renews it by itself while its record for validation is in DNS. Certificate Manager › Certificates › Domains shows the record that is missing.';
  const expiry = judgeExpiry(`The certificate ${arn}`, found.expiresAt, now, fix);
  if (expiry.outcome !== 'ok') wrong.push(expiry);
  return orOk(wrong, expiry.sentence);
}

/** A wildcard stands for one label. Source: RFC 6125, section 6.4.3. */
function covers(name: string, host: string): boolean {
  const wanted = host.toLowerCase();
  const given = name.toLowerCase();
  if (!given.startsWith('*.')) return given === wanted;
  const dot = wanted.indexOf('.');
  return dot > 0 && wanted.slice(dot) === given.slice(1);
}
