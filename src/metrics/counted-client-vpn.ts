import { awsErrorCodes, otherErrorCode } from '../config/metric-names.ts';
import type { ClientVpn } from '../vpn/client-vpn.ts';
import { ClientVpnError } from '../vpn/client-vpn.ts';
import type { Metrics } from './metrics.ts';

/**
 * The same Client VPN, of which every call that fails is counted by AWS's code. Here and not in the
 * passes: what one of them passes over in silence, to try it again, is counted too.
 */
export function createCountedClientVpn(clientVpn: ClientVpn, metrics: Metrics): ClientVpn {
  async function counted<Answer>(answer: Promise<Answer>): Promise<Answer> {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof ClientVpnError) {
        const { code, operation, requestId } = error;
        const of = awsErrorCodes.find((known) => known === code) ?? otherErrorCode;
        metrics.record([{ name: 'AwsErrors', value: 1, of }], { operation, code, requestId });
      }
      throw error;
    }
  }

  return {
    listEndpoints: () => counted(clientVpn.listEndpoints()),
    findEndpoint: (endpointId) => counted(clientVpn.findEndpoint(endpointId)),
    listAssociations: (endpointId) => counted(clientVpn.listAssociations(endpointId)),
    listRoutes: (endpointId) => counted(clientVpn.listRoutes(endpointId)),
    listConnections: (endpointId) => counted(clientVpn.listConnections(endpointId)),
    findSubnets: (subnetIds) => counted(clientVpn.findSubnets(subnetIds)),
    associate: (request) => counted(clientVpn.associate(request)),
    disassociate: (request) => counted(clientVpn.disassociate(request)),
    createRoute: (request) => counted(clientVpn.createRoute(request)),
    terminateConnection: (request) => counted(clientVpn.terminateConnection(request)),
    countAuthorizationRules: (endpointId) => counted(clientVpn.countAuthorizationRules(endpointId)),
    exportClientConfiguration: (endpointId) =>
      counted(clientVpn.exportClientConfiguration(endpointId)),
  };
}
