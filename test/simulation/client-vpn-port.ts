import { isAlreadySo, toClientVpnError } from '../../src/aws/client-vpn-errors.ts';
import type { Accepted, ClientVpn } from '../../src/vpn/client-vpn.ts';
import type { EndpointId } from '../../src/vpn/ids.ts';
import type { SimulatedAws } from './aws.ts';
import type { Ec2Request, SimulatedProcess } from './call.ts';
import type { Gate } from './gate.ts';

/** AWS as one process reaches it. Errors are classified by the code that classifies the real ones. */
export function createSimulatedPort(
  aws: SimulatedAws,
  gate: Gate,
  process: SimulatedProcess,
): ClientVpn {
  const { vpn } = aws;

  async function read<Answer>(
    name: string,
    request: Ec2Request,
    effect: (staleMs: number) => { readonly answer: Answer; readonly asOf: number },
  ): Promise<Answer> {
    try {
      return await gate.ec2(process, request, effect);
    } catch (error) {
      throw toClientVpnError(name, error);
    }
  }

  async function change(
    name: string,
    act: Parameters<typeof isAlreadySo>[0],
    request: Ec2Request,
    effect: () => unknown,
  ): Promise<Accepted> {
    try {
      await gate.ec2(process, request, () => {
        const answer = aws.change(effect);
        return { answer, asOf: vpn.now().getTime() };
      });
      return { outcome: 'accepted', requestId: 'simulated' };
    } catch (error) {
      if (isAlreadySo(act, error)) return { outcome: 'already-so', requestId: 'simulated' };
      throw toClientVpnError(name, error);
    }
  }

  const of = (endpointId: EndpointId) => ({ clientVpnEndpointId: endpointId });

  return {
    listEndpoints: () =>
      read('DescribeClientVpnEndpoints', { operation: 'list-endpoints' }, (staleMs) =>
        aws.endpoints.answer(staleMs),
      ),
    findEndpoint: async (endpointId) => {
      const request = { operation: 'find-endpoint' } as const;
      const found = await read('DescribeClientVpnEndpoints', request, (staleMs) =>
        aws.endpoints.answer(staleMs),
      );
      return found.find(({ id }) => id === endpointId) ?? null;
    },
    listAssociations: () =>
      read('DescribeClientVpnTargetNetworks', { operation: 'list-associations' }, (staleMs) =>
        aws.associations.answer(staleMs),
      ),
    listRoutes: () =>
      read('DescribeClientVpnRoutes', { operation: 'list-routes' }, (staleMs) =>
        aws.routes.answer(staleMs),
      ),
    listConnections: () =>
      read('DescribeClientVpnConnections', { operation: 'list-connections' }, (staleMs) =>
        aws.connections.answer(staleMs),
      ),
    findSubnets: () =>
      read('DescribeSubnets', { operation: 'find-subnets' }, () => ({
        answer: aws.subnets(),
        asOf: vpn.now().getTime(),
      })),
    associate: ({ clientToken, endpointId, subnetId }) =>
      change(
        'AssociateClientVpnTargetNetwork',
        'associate',
        { operation: 'associate', subnetId, clientToken },
        () => vpn.associateClientVpnTargetNetwork({ ...of(endpointId), subnetId, clientToken }),
      ),
    disassociate: ({ associationId, endpointId }) =>
      change(
        'DisassociateClientVpnTargetNetwork',
        'disassociate',
        { operation: 'disassociate', associationId },
        () => vpn.disassociateClientVpnTargetNetwork({ ...of(endpointId), associationId }),
      ),
    createRoute: ({ clientToken, endpointId, route }) => {
      const { description, destinationCidr, subnetId } = route;
      return change(
        'CreateClientVpnRoute',
        'createRoute',
        { operation: 'create-route', subnetId, destinationCidr, clientToken },
        () =>
          vpn.createClientVpnRoute({
            ...of(endpointId),
            destinationCidrBlock: destinationCidr,
            targetVpcSubnetId: subnetId,
            ...(description === '' ? {} : { description }),
            clientToken,
          }),
      );
    },
    terminateConnection: ({ connectionId, endpointId }) =>
      change(
        'TerminateClientVpnConnections',
        'terminateConnection',
        { operation: 'terminate-connection', connectionId },
        () => vpn.terminateClientVpnConnections({ ...of(endpointId), connectionId }),
      ),
    countAuthorizationRules: (endpointId) =>
      read('DescribeClientVpnAuthorizationRules', { operation: 'count-rules' }, () => ({
        answer: vpn.describeClientVpnAuthorizationRules(of(endpointId)).length,
        asOf: vpn.now().getTime(),
      })),
    exportClientConfiguration: () =>
      Promise.reject(new Error('the simulation exports no client configuration')),
  };
}
