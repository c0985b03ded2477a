import {
  AssociateClientVpnTargetNetworkCommand,
  CreateClientVpnRouteCommand,
  DescribeSubnetsCommand,
  DisassociateClientVpnTargetNetworkCommand,
  ExportClientVpnClientConfigurationCommand,
  TerminateClientVpnConnectionsCommand,
  paginateDescribeClientVpnAuthorizationRules,
  paginateDescribeClientVpnConnections,
  paginateDescribeClientVpnEndpoints,
  paginateDescribeClientVpnRoutes,
  paginateDescribeClientVpnTargetNetworks,
} from '@aws-sdk/client-ec2';
import type { EC2Client } from '@aws-sdk/client-ec2';

import type { Accepted, ClientVpn } from '../vpn/client-vpn.ts';
import {
  isAlreadySo,
  isNoSuchEndpoint,
  isNoSuchSubnet,
  requestIdOf,
  toClientVpnError,
} from './client-vpn-errors.ts';
import {
  readAssociation,
  readConnection,
  readEndpoint,
  readRoute,
  readSubnet,
} from './ec2-answers.ts';

/**
 * A change that AWS has not answered by then is given up, the SDK's retries included: a pass begins
 * none after 20 seconds, and after 30 another pass may decide otherwise. In a Lambda that was frozen
 * in the middle, it is what keeps an old wish from being repeated when it is woken up.
 */
const longestActMilliseconds = 9_000;

/** AWS takes 5 to 1000. */
const pageSize = 1000;

/** The Client VPN service, through the EC2 API. Listings are read to their last page. */
export function createEc2ClientVpn(client: EC2Client): ClientVpn {
  const pages = { client, pageSize };

  return {
    listEndpoints: () =>
      calling('DescribeClientVpnEndpoints', async () =>
        (await everyPage(paginateDescribeClientVpnEndpoints(pages, {})))
          .flatMap((page) => page.ClientVpnEndpoints ?? [])
          .map(readEndpoint),
      ),

    findEndpoint: (endpointId) =>
      calling('DescribeClientVpnEndpoints', async () => {
        try {
          const input = { ClientVpnEndpointIds: [endpointId] };
          const found = await everyPage(paginateDescribeClientVpnEndpoints(pages, input));
          return (
            found
              .flatMap((page) => page.ClientVpnEndpoints ?? [])
              .map(readEndpoint)
              .find(({ id }) => id === endpointId) ?? null
          );
        } catch (error) {
          if (isNoSuchEndpoint(error)) return null;
          throw error;
        }
      }),

    listAssociations: (endpointId) =>
      calling('DescribeClientVpnTargetNetworks', async () => {
        const input = { ClientVpnEndpointId: endpointId };
        return (await everyPage(paginateDescribeClientVpnTargetNetworks(pages, input)))
          .flatMap((page) => page.ClientVpnTargetNetworks ?? [])
          .map(readAssociation);
      }),

    listRoutes: (endpointId) =>
      calling('DescribeClientVpnRoutes', async () => {
        const input = { ClientVpnEndpointId: endpointId };
        return (await everyPage(paginateDescribeClientVpnRoutes(pages, input)))
          .flatMap((page) => page.Routes ?? [])
          .map(readRoute)
          .filter((route) => route !== null);
      }),

    listConnections: (endpointId) =>
      calling('DescribeClientVpnConnections', async () => {
        const input = { ClientVpnEndpointId: endpointId };
        return (await everyPage(paginateDescribeClientVpnConnections(pages, input)))
          .flatMap((page) => page.Connections ?? [])
          .map(readConnection);
      }),

    findSubnets: (subnetIds) =>
      calling('DescribeSubnets', async () => {
        // One by filter rather than by id: asked by id, AWS refuses all for the sake of one.
        const filter = { Name: 'subnet-id', Values: [...subnetIds] };
        try {
          const answer = await client.send(new DescribeSubnetsCommand({ Filters: [filter] }));
          return (answer.Subnets ?? []).map(readSubnet);
        } catch (error) {
          if (isNoSuchSubnet(error)) return [];
          throw error;
        }
      }),

    associate: ({ clientToken, endpointId, subnetId }) =>
      acting('AssociateClientVpnTargetNetwork', 'associate', (inTime) =>
        client.send(
          new AssociateClientVpnTargetNetworkCommand({
            ClientVpnEndpointId: endpointId,
            SubnetId: subnetId,
            ClientToken: clientToken,
          }),
          inTime,
        ),
      ),

    disassociate: ({ associationId, endpointId }) =>
      acting('DisassociateClientVpnTargetNetwork', 'disassociate', (inTime) =>
        client.send(
          new DisassociateClientVpnTargetNetworkCommand({
            ClientVpnEndpointId: endpointId,
            AssociationId: associationId,
          }),
          inTime,
        ),
      ),

    createRoute: ({ clientToken, endpointId, route }) =>
      acting('CreateClientVpnRoute', 'createRoute', (inTime) =>
        client.send(
          new CreateClientVpnRouteCommand({
            ClientVpnEndpointId: endpointId,
            DestinationCidrBlock: route.destinationCidr,
            TargetVpcSubnetId: route.subnetId,
            ...(route.description === '' ? {} : { Description: route.description }),
            ClientToken: clientToken,
          }),
          inTime,
        ),
      ),

    terminateConnection: ({ connectionId, endpointId }) =>
      acting('TerminateClientVpnConnections', 'terminateConnection', (inTime) =>
        client.send(
          new TerminateClientVpnConnectionsCommand({
            ClientVpnEndpointId: endpointId,
            ConnectionId: connectionId,
          }),
          inTime,
        ),
      ),

    countAuthorizationRules: (endpointId) =>
      calling('DescribeClientVpnAuthorizationRules', async () => {
        const input = { ClientVpnEndpointId: endpointId };
        const found = await everyPage(paginateDescribeClientVpnAuthorizationRules(pages, input));
        return found
          .flatMap((page) => page.AuthorizationRules ?? [])
          .filter(({ Status }) => Status?.Code !== 'failed' && Status?.Code !== 'revoking').length;
      }),

    exportClientConfiguration: (endpointId) =>
      calling('ExportClientVpnClientConfiguration', async () => {
        const answer = await client.send(
          new ExportClientVpnClientConfigurationCommand({ ClientVpnEndpointId: endpointId }),
        );
        const configuration = answer.ClientConfiguration ?? '';
        if (configuration === '') throw new Error('AWS answered an empty client configuration');
        return configuration;
      }),
  };
}

async function everyPage<Page>(pages: AsyncIterable<Page>): Promise<Page[]> {
  const all: Page[] = [];
  for await (const page of pages) all.push(page);
  return all;
}

async function calling<Answer>(operation: string, call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    throw toClientVpnError(operation, error);
  }
}

function acting(
  operation: string,
  act: Parameters<typeof isAlreadySo>[0],
  call: (inTime: {
    readonly abortSignal: AbortSignal;
  }) => Promise<{ readonly $metadata: { readonly requestId?: string | undefined } }>,
): Promise<Accepted> {
  return calling(operation, async () => {
    try {
      const abortSignal = AbortSignal.timeout(longestActMilliseconds);
      const { $metadata } = await call({ abortSignal });
      return { outcome: 'accepted', requestId: $metadata.requestId ?? '' };
    } catch (error) {
      if (!isAlreadySo(act, error)) throw error;
      return { outcome: 'already-so', requestId: requestIdOf(error) };
    }
  });
}
