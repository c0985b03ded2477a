import { judgeExpiry } from './expiry.ts';
import { verdict } from './finding.ts';
import type { Verdict } from './finding.ts';

export interface SamlProvider {
  /** `null` where IAM does not say. */
  readonly validUntil: Date | null;
}

/** @param found `null` where IAM does not know it */
export function judgeSamlProvider(
  arn: string,
  found: SamlProvider | null,
  now: Date,
): readonly Verdict[] {
  const update = `Download the metadata from the identity provider, then: aws iam update-saml-provider --saml-provider-arn ${arn} --saml-metadata-document file://metadata.xml`;
  if (found === null) {
    return [
      verdict.problem(
        `The SAML provider ${arn} does not exist, so nobody can sign in to the VPN.`,
        `IAM › Identity providers › Add provider › SAML, by the name that is in ${arn}.`,
      ),
    ];
  }
  if (found.validUntil === null) {
    return [verdict.notChecked(`IAM does not say until when ${arn} is valid.`, update)];
  }
  return [judgeExpiry(`The SAML provider ${arn}`, found.validUntil, now, update)];
}
