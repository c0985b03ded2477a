import type { ClientVpnOperations } from '../client-vpn/operations.ts';
import { ClientVpnFault } from '../client-vpn/fault.ts';
import {
  authorizationRuleElements,
  connectionElements,
  endpointElements,
  routeElements,
  statusElements,
  subnetElements,
  targetNetworkElements,
  terminationElements,
} from './elements.ts';
import { page } from './paging.ts';
import type { QueryParameters } from './query-parameters.ts';
import type { XmlElements } from './xml.ts';

/** An action of the Query protocol: the parameters it knows, and what it does with them. */
interface Action {
  readonly parameters: readonly string[];
  readonly perform: (parameters: QueryParameters, clientVpn: ClientVpnOperations) => XmlElements;
}

const endpointId = 'ClientVpnEndpointId';
const listing = ['Filter', 'MaxResults', 'NextToken', 'DryRun'] as const;

/** A Describe action: its rows, their order, and their element with the pages of it. */
function describe<Row>(description: {
  readonly element: string;
  readonly parameters: readonly string[];
  readonly rows: (parameters: QueryParameters, clientVpn: ClientVpnOperations) => readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly elementsOf: (row: Row) => XmlElements;
}): Action {
  const { element, keyOf, elementsOf } = description;
  return {
    parameters: [...description.parameters, ...listing],
    perform(parameters, clientVpn) {
      const scope = `${element} ${parameters.text(endpointId) ?? ''}`;
      const rows = description.rows(parameters, clientVpn);
      const shown = page(rows, keyOf, scope, parameters);
      return { [element]: shown.rows.map(elementsOf), nextToken: shown.nextToken };
    },
  };
}

function common(parameters: QueryParameters): { readonly dryRun: boolean | undefined } {
  return { dryRun: parameters.flag('DryRun') };
}

function ofEndpoint(parameters: QueryParameters): {
  readonly clientVpnEndpointId: string;
  readonly dryRun: boolean | undefined;
} {
  return { clientVpnEndpointId: parameters.required(endpointId), ...common(parameters) };
}

const actions: ReadonlyMap<string, Action> = new Map(
  Object.entries<Action>({
    DescribeClientVpnEndpoints: describe({
      element: 'clientVpnEndpoint',
      parameters: [endpointId],
      rows: (parameters, clientVpn) =>
        clientVpn.describeClientVpnEndpoints({
          clientVpnEndpointIds: parameters.list(endpointId),
          filters: parameters.filters(),
          ...common(parameters),
        }),
      keyOf: (row) => row.clientVpnEndpointId,
      elementsOf: endpointElements,
    }),
    DescribeClientVpnTargetNetworks: describe({
      element: 'clientVpnTargetNetworks',
      parameters: [endpointId, 'AssociationIds'],
      rows: (parameters, clientVpn) =>
        clientVpn.describeClientVpnTargetNetworks({
          ...ofEndpoint(parameters),
          associationIds: parameters.list('AssociationIds'),
          filters: parameters.filters(),
        }),
      keyOf: (row) => row.associationId,
      elementsOf: targetNetworkElements,
    }),
    AssociateClientVpnTargetNetwork: {
      parameters: [
        endpointId,
        'SubnetId',
        'AvailabilityZone',
        'AvailabilityZoneId',
        'ClientToken',
        'DryRun',
      ],
      perform(parameters, clientVpn) {
        const answer = clientVpn.associateClientVpnTargetNetwork({
          ...ofEndpoint(parameters),
          subnetId: parameters.text('SubnetId'),
          availabilityZone: parameters.text('AvailabilityZone'),
          availabilityZoneId: parameters.text('AvailabilityZoneId'),
          clientToken: parameters.text('ClientToken'),
        });
        return { associationId: answer.associationId, status: statusElements(answer.status) };
      },
    },
    DisassociateClientVpnTargetNetwork: {
      parameters: [endpointId, 'AssociationId', 'DryRun'],
      perform(parameters, clientVpn) {
        const answer = clientVpn.disassociateClientVpnTargetNetwork({
          ...ofEndpoint(parameters),
          associationId: parameters.required('AssociationId'),
        });
        return { associationId: answer.associationId, status: statusElements(answer.status) };
      },
    },
    DescribeClientVpnConnections: describe({
      element: 'connections',
      parameters: [endpointId],
      rows: (parameters, clientVpn) =>
        clientVpn.describeClientVpnConnections({
          ...ofEndpoint(parameters),
          filters: parameters.filters(),
        }),
      keyOf: (row) => `${row.connectionEstablishedTime} ${row.connectionId}`,
      elementsOf: connectionElements,
    }),
    TerminateClientVpnConnections: {
      parameters: [endpointId, 'ConnectionId', 'Username', 'DryRun'],
      perform: (parameters, clientVpn) =>
        terminationElements(
          clientVpn.terminateClientVpnConnections({
            ...ofEndpoint(parameters),
            connectionId: parameters.text('ConnectionId'),
            username: parameters.text('Username'),
          }),
        ),
    },
    ExportClientVpnClientConfiguration: {
      parameters: [endpointId, 'DryRun'],
      perform: (parameters, clientVpn) => ({
        clientConfiguration: clientVpn.exportClientVpnClientConfiguration(ofEndpoint(parameters)),
      }),
    },
    DescribeClientVpnRoutes: describe({
      element: 'routes',
      parameters: [endpointId],
      rows: (parameters, clientVpn) =>
        clientVpn.describeClientVpnRoutes({
          ...ofEndpoint(parameters),
          filters: parameters.filters(),
        }),
      keyOf: (row) => `${row.destinationCidr} ${row.targetSubnet}`,
      elementsOf: routeElements,
    }),
    CreateClientVpnRoute: {
      parameters: [
        endpointId,
        'DestinationCidrBlock',
        'TargetVpcSubnetId',
        'Description',
        'ClientToken',
        'DryRun',
      ],
      perform(parameters, clientVpn) {
        const answer = clientVpn.createClientVpnRoute({
          ...ofEndpoint(parameters),
          destinationCidrBlock: parameters.required('DestinationCidrBlock'),
          targetVpcSubnetId: parameters.text('TargetVpcSubnetId'),
          description: parameters.text('Description'),
          clientToken: parameters.text('ClientToken'),
        });
        return { status: statusElements(answer.status) };
      },
    },
    DeleteClientVpnRoute: {
      parameters: [endpointId, 'DestinationCidrBlock', 'TargetVpcSubnetId', 'DryRun'],
      perform(parameters, clientVpn) {
        const answer = clientVpn.deleteClientVpnRoute({
          ...ofEndpoint(parameters),
          destinationCidrBlock: parameters.required('DestinationCidrBlock'),
          targetVpcSubnetId: parameters.text('TargetVpcSubnetId'),
        });
        return { status: statusElements(answer.status) };
      },
    },
    DescribeClientVpnAuthorizationRules: describe({
      element: 'authorizationRule',
      parameters: [endpointId],
      rows: (parameters, clientVpn) =>
        clientVpn.describeClientVpnAuthorizationRules({
          ...ofEndpoint(parameters),
          filters: parameters.filters(),
        }),
      keyOf: (row) => `${row.destinationCidr} ${row.groupId}`,
      elementsOf: authorizationRuleElements,
    }),
    DescribeSubnets: describe({
      element: 'subnetSet',
      parameters: ['SubnetId'],
      rows: (parameters, clientVpn) =>
        clientVpn.describeSubnets({
          subnetIds: parameters.list('SubnetId'),
          filters: parameters.filters(),
          ...common(parameters),
        }),
      keyOf: (row) => row.subnetId,
      elementsOf: subnetElements,
    }),
  }),
);

/** In every request, whatever its action. */
const everywhere = ['Action', 'Version'];

/**
 * Does what an action asks for, and answers the elements of its response.
 *
 * @throws ClientVpnFault `InvalidAction`, `UnknownParameter`, or whatever the action itself throws.
 */
export function performAction(
  name: string,
  parameters: QueryParameters,
  clientVpn: ClientVpnOperations,
): XmlElements {
  const action = actions.get(name);
  if (action === undefined) {
    throw new ClientVpnFault(
      'InvalidAction',
      `The action ${name} is not valid for this web service.`,
    );
  }
  for (const parameter of parameters.names()) {
    const isKnown =
      action.parameters.includes(parameter) ||
      everywhere.includes(parameter) ||
      parameter.startsWith('X-Amz-');
    if (!isKnown) {
      throw new ClientVpnFault('UnknownParameter', `The parameter ${parameter} is not recognized`);
    }
  }
  return action.perform(parameters, clientVpn);
}
