import { DescribeCertificateCommand } from '@aws-sdk/client-acm';
import type { ACMClient } from '@aws-sdk/client-acm';
import { GetSAMLProviderCommand } from '@aws-sdk/client-iam';
import type { IAMClient } from '@aws-sdk/client-iam';

import type { DoctorPorts } from '../ports.ts';
import { finding } from './calling.ts';

/** Certificates and SAML providers. */
export function createTrust(clients: {
  readonly acm: ACMClient;
  readonly iam: IAMClient;
}): Pick<DoctorPorts, 'findCertificate' | 'findSamlProvider'> {
  return {
    async findCertificate(arn) {
      const answer = await finding('acm:DescribeCertificate', /^ResourceNotFoundException$/, () =>
        clients.acm.send(new DescribeCertificateCommand({ CertificateArn: arn })),
      );
      const found = answer?.Certificate;
      if (found === undefined) return null;
      const { DomainName, NotAfter, Status, SubjectAlternativeNames, Type } = found;
      const names = [
        ...(DomainName === undefined ? [] : [DomainName]),
        ...(SubjectAlternativeNames ?? []),
      ];
      return {
        arn,
        status: Status ?? 'of an unknown status',
        isImported: Type === 'IMPORTED',
        expiresAt: NotAfter ?? null,
        domainNames: [...new Set(names)],
      };
    },

    async findSamlProvider(arn) {
      const answer = await finding('iam:GetSAMLProvider', /^NoSuchEntity(?:Exception)?$/, () =>
        clients.iam.send(new GetSAMLProviderCommand({ SAMLProviderArn: arn })),
      );
      return answer === null ? null : { validUntil: answer.ValidUntil ?? null };
    },
  };
}
