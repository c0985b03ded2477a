import {
  AssociateClientVpnTargetNetworkCommand,
  CreateClientVpnRouteCommand,
  DisassociateClientVpnTargetNetworkCommand,
  ExportClientVpnClientConfigurationCommand,
  TerminateClientVpnConnectionsCommand,
  paginateDescribeClientVpnEndpoints,
} from '@aws-sdk/client-ec2';
import type { ClientVpnEndpoint, EC2Client } from '@aws-sdk/client-ec2';

import { readEndpoint } from '../../../src/aws/ec2-answers.ts';
import { createEc2ClientVpn } from '../../../src/aws/ec2-client-vpn.ts';
import { CallError } from '../call-error.ts';
import type { Allowance, TriedAction } from '../permissions.ts';
import type { DoctorPorts } from '../ports.ts';
import type { VpnEndpoint } from '../vpn-endpoint.ts';
import { calling, codesOf } from './calling.ts';

/** No association and no connection has such an id. Nothing is done anyway: the run is dry. */
const noAssociation = 'cvpn-assoc-00000000000000000';
const noConnection = 'cvpn-connection-00000000000000000';
/** Reserved for examples: nobody routes it. */
const noNetwork = '192.0.2.0/24';

/** Refusals of what a request names, not of who makes it. */
const refusedForWhatItNames =
  /^(?:IncorrectState$|InsufficientFreeAddressesInSubnet$|ClientVpnEndpointAssociationExists$|InvalidClientVpn(?:DuplicateAssociation|DuplicateRoute|AssociationIdNotFound|ActiveAssociationNotFound|Connection\.|SubnetId\.))/;

export function createDoctorsClientVpn(
  client: EC2Client,
): Pick<
  DoctorPorts,
  'listEndpoints' | 'findSubnets' | 'countAuthorizationRules' | 'listAssociations' | 'tryAction'
> {
  const clientVpn = createEc2ClientVpn(client);

  async function send(
    action: TriedAction,
    ClientVpnEndpointId: string,
    subnetId: string,
  ): Promise<unknown> {
    const common = { ClientVpnEndpointId, DryRun: true };
    switch (action) {
      case 'AssociateClientVpnTargetNetwork':
        return client.send(
          new AssociateClientVpnTargetNetworkCommand({ ...common, SubnetId: subnetId }),
        );
      case 'CreateClientVpnRoute':
        return client.send(
          new CreateClientVpnRouteCommand({
            ...common,
            DestinationCidrBlock: noNetwork,
            TargetVpcSubnetId: subnetId,
          }),
        );
      case 'ExportClientVpnClientConfiguration':
        return client.send(new ExportClientVpnClientConfigurationCommand(common));
      case 'DisassociateClientVpnTargetNetwork':
        return client.send(
          new DisassociateClientVpnTargetNetworkCommand({
            ...common,
            AssociationId: noAssociation,
          }),
        );
      case 'TerminateClientVpnConnections':
        return client.send(
          new TerminateClientVpnConnectionsCommand({ ...common, ConnectionId: noConnection }),
        );
    }
  }

  return {
    listEndpoints: () =>
      calling('ec2:DescribeClientVpnEndpoints', async () => {
        const found: VpnEndpoint[] = [];
        const pages = paginateDescribeClientVpnEndpoints({ client, pageSize: 1000 }, {});
        for await (const page of pages) {
          found.push(...(page.ClientVpnEndpoints ?? []).map(readVpnEndpoint));
        }
        return found;
      }),
    findSubnets: (ids) => calling('ec2:DescribeSubnets', () => clientVpn.findSubnets(ids)),
    countAuthorizationRules: (endpointId) =>
      calling('ec2:DescribeClientVpnAuthorizationRules', () =>
        clientVpn.countAuthorizationRules(endpointId),
      ),
    listAssociations: (endpointId) =>
      calling('ec2:DescribeClientVpnTargetNetworks', async () =>
        (await clientVpn.listAssociations(endpointId)).map(({ id }) => id),
      ),
    async tryAction(action, { endpointId, subnetId }) {
      try {
        await send(action, endpointId, subnetId);
      } catch (error) {
        return allowanceOf(action, error);
      }
      // AWS answers a dry run with an error, always.
      return { kind: 'unclear', code: 'a success' };
    },
  };
}

function allowanceOf(action: TriedAction, error: unknown): Allowance {
  const code = codesOf(error)[0] ?? '';
  if (code === 'UnauthorizedOperation') return { kind: 'refused' };
  if (code === 'DryRunOperation') return { kind: 'allowed', despite: null };
  if (refusedForWhatItNames.test(code)) return { kind: 'allowed', despite: code };
  const hasAnswered = error instanceof Error && '$metadata' in error;
  if (hasAnswered) return { kind: 'unclear', code };
  throw new CallError(`ec2:${action}`, { isRefused: false, cause: error });
}

function readVpnEndpoint(answer: ClientVpnEndpoint): VpnEndpoint {
  return {
    endpoint: readEndpoint(answer),
    serverCertificateArn: answer.ServerCertificateArn ?? null,
    samlProviderArns: (answer.AuthenticationOptions ?? [])
      .map(({ FederatedAuthentication }) => FederatedAuthentication?.SamlProviderArn)
      .filter((arn) => arn !== undefined),
    hasSelfServicePortal: (answer.SelfServicePortalUrl ?? '') !== '',
  };
}
