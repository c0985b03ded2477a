import { parseCidr } from './cidr.ts';
import { fault } from './fault.ts';
import { after } from './moment.ts';
import type { Moment } from './moment.ts';
import type { CreateRouteInput, DeleteRouteInput, RouteAnswer } from './operations.ts';
import { once } from './replay.ts';
import {
  associatedOf,
  requireEndpoint,
  requireFreeOperation,
  requireRoomForRoute,
} from './rules.ts';
import type { RouteState, World } from './world.ts';

export function createRoute(moment: Moment, input: CreateRouteInput): RouteAnswer {
  const { world, timings } = moment;
  const endpoint = requireEndpoint(world, input.clientVpnEndpointId);
  const { destinationCidrBlock: destinationCidr, targetVpcSubnetId: subnetId } = input;
  once(
    world,
    {
      operation: 'CreateClientVpnRoute',
      clientToken: input.clientToken,
      parameters: {
        endpointId: endpoint.id,
        destinationCidr,
        subnetId,
        description: input.description,
      },
    },
    () => {
      requireBlock(destinationCidr);
      if (subnetId === undefined) throw fault.missingParameter('TargetVpcSubnetId');
      requireNewRoute(world, endpoint.id, destinationCidr, subnetId);
      requireFreeOperation(world, endpoint.id);
      world.routes.push({
        endpointId: endpoint.id,
        destinationCidr,
        subnetId,
        origin: 'add-route',
        description: input.description ?? '',
        state: { status: 'creating', settlesAt: after(moment, timings.routeSeconds) },
      });
      return { associationId: null, status: 'creating' };
    },
  );
  return { status: { code: 'creating' } };
}

function requireBlock(destinationCidr: string): void {
  if (parseCidr(destinationCidr) === null) {
    throw fault.invalidValue(
      'destinationCidrBlock',
      destinationCidr,
      'This is not a valid CIDR block.',
    );
  }
}

function requireNewRoute(
  world: World,
  endpointId: string,
  destinationCidr: string,
  subnetId: string,
): void {
  const networks = associatedOf(world, endpointId).map((association) => association.subnetId);
  if (!networks.includes(subnetId)) throw fault.noActiveAssociation(subnetId);
  const existing = findRoute(world, endpointId, destinationCidr, subnetId);
  if (existing?.state.status === 'deleting') {
    throw fault.incorrectState(`The route to ${destinationCidr}`, existing.state.status);
  }
  if (existing !== undefined) throw fault.duplicateRoute(destinationCidr, subnetId);
  requireRoomForRoute(world, endpointId, subnetId);
}

function findRoute(
  world: World,
  endpointId: string,
  destinationCidr: string,
  subnetId: string,
): RouteState | undefined {
  return world.routes.find(
    (route) =>
      route.endpointId === endpointId &&
      route.destinationCidr === destinationCidr &&
      route.subnetId === subnetId,
  );
}

export function deleteRoute(moment: Moment, input: DeleteRouteInput): RouteAnswer {
  const { world, timings } = moment;
  const endpoint = requireEndpoint(world, input.clientVpnEndpointId);
  const { destinationCidrBlock: destinationCidr, targetVpcSubnetId: subnetId } = input;
  if (subnetId === undefined) throw fault.missingParameter('TargetVpcSubnetId');
  const route = findRoute(world, endpoint.id, destinationCidr, subnetId);
  if (route === undefined) throw fault.routeNotFound(destinationCidr, subnetId);
  if (route.state.status !== 'active') {
    throw fault.incorrectState(`The route to ${destinationCidr}`, route.state.status);
  }
  if (route.origin === 'associate') throw fault.automaticRoute(destinationCidr);
  requireFreeOperation(world, endpoint.id);
  route.state = {
    status: 'deleting',
    settlesAt: after(moment, timings.routeSeconds),
    isOperation: true,
  };
  return { status: { code: 'deleting' } };
}
