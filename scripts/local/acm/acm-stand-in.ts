import { z } from 'zod';
import type { ServiceStandIn } from '../aws-server.ts';
import type { SimulatedClientVpn } from '../client-vpn/simulated-client-vpn.ts';
import { listenerCertificateArn } from '../deployment.ts';
import type { LocalDeployment } from '../deployment.ts';
import { createJsonService } from '../described-service.ts';
import type { Faults } from '../faults.ts';
import { ServiceFault } from '../service-fault.ts';

const request = z.object({ CertificateArn: z.string() });

/**
 * ACM, as far as DescribeCertificate goes: the listener's certificate, which AWS has issued, and the
 * endpoints' server certificates, which were imported. Source of the form: ACM API Reference.
 */
export function createAcmStandIn(dependencies: {
  readonly deployment: LocalDeployment;
  readonly clientVpn: SimulatedClientVpn;
  readonly faults: Faults;
}): ServiceStandIn {
  const { clientVpn, deployment, faults } = dependencies;

  function domainNames(arn: string): { readonly names: string[]; readonly imported: boolean } {
    const state = deployment.state();
    if (arn === listenerCertificateArn(state)) {
      return { names: [new URL(state.portalUrl).hostname], imported: false };
    }
    const isServers = clientVpn
      .describeClientVpnEndpoints()
      .some(({ serverCertificateArn }) => serverCertificateArn === arn);
    if (isServers) return { names: ['vpn.example.com'], imported: true };
    throw new ServiceFault(
      'ResourceNotFoundException',
      `Could not find certificate ${arn} in account ${state.accountId}.`,
    );
  }

  return createJsonService({
    name: 'acm',
    target: 'CertificateManager',
    faults,
    actions: {
      DescribeCertificate(input) {
        const { CertificateArn } = request.parse(input);
        const { imported, names } = domainNames(CertificateArn);
        const { expiries, expiry } = deployment.state();
        const notAfter = expiries.get(CertificateArn) ?? expiry;
        const isOver = notAfter <= clientVpn.now();
        return {
          Certificate: {
            CertificateArn,
            DomainName: names[0],
            SubjectAlternativeNames: names,
            Status: isOver ? 'EXPIRED' : 'ISSUED',
            Type: imported ? 'IMPORTED' : 'AMAZON_ISSUED',
            RenewalEligibility: imported ? 'INELIGIBLE' : 'ELIGIBLE',
            // JSON 1.1 writes a time in epoch seconds.
            NotAfter: notAfter.getTime() / 1000,
          },
        };
      },
    },
  });
}
