import { overlap, parseCidr } from './cidr.ts';
import { fault } from './fault.ts';
import type { AssociationState, EndpointState, SubnetState, World } from './world.ts';

/*
 * What AWS allows. Sources: AWS Client VPN Administrator Guide, "Rules and best practices", "Target
 * networks" and "Quotas".
 */
const smallestSubnetPrefix = 27;
const fewestFreeAddresses = 20;
const mostConcurrentOperations = 10;
const mostRoutesPerAssociation = 100;
/** By the number of associated networks, from one to five. */
const mostConnections = [7_000, 36_500, 66_500, 96_500, 126_000] as const;

export function requireEndpoint(world: World, endpointId: string): EndpointState {
  const endpoint = world.endpoints.find((candidate) => candidate.id === endpointId);
  if (endpoint === undefined) throw fault.endpointNotFound(endpointId);
  return endpoint;
}

export function associationsOf(world: World, endpointId: string): readonly AssociationState[] {
  return world.associations.filter((association) => association.endpointId === endpointId);
}

export function associatedOf(world: World, endpointId: string): readonly AssociationState[] {
  return associationsOf(world, endpointId).filter(
    (association) => association.state.status === 'associated',
  );
}

/** The VPC an endpoint is bound to: by its own setting, or by the networks it has. */
export function vpcOf(world: World, endpoint: EndpointState): string | null {
  return endpoint.vpcId ?? associationsOf(world, endpoint.id)[0]?.vpcId ?? null;
}

/** Throws the fault for which AWS refuses to associate this subnet with this endpoint. */
export function requireAssociable(
  world: World,
  endpoint: EndpointState,
  subnetId: string,
): SubnetState {
  const subnet = world.subnets.find((candidate) => candidate.id === subnetId);
  if (subnet === undefined) throw fault.subnetNotFound(subnetId);
  if (subnet.ownerId !== world.accountId) throw fault.subnetOfAnotherAccount(subnetId);
  const others = associationsOf(world, endpoint.id);
  const same = others.find((association) => association.subnetId === subnetId);
  if (same?.state.status === 'disassociating') {
    throw fault.incorrectState(`Association ${same.id}`, same.state.status);
  }
  if (same !== undefined) throw fault.duplicateAssociation(subnetId);
  const vpcId = vpcOf(world, endpoint);
  if (vpcId !== null && vpcId !== subnet.vpcId) throw fault.subnetOutsideVpc(subnetId, vpcId);
  if (others.some((association) => association.availabilityZone === subnet.availabilityZone)) {
    throw fault.zoneTaken(subnet.availabilityZone);
  }
  requireFittingAddresses(world, endpoint, subnet);
  return subnet;
}

function requireFittingAddresses(world: World, endpoint: EndpointState, subnet: SubnetState): void {
  const vpcCidr = world.vpcs.find((vpc) => vpc.id === subnet.vpcId)?.cidr ?? subnet.cidr;
  if (
    endpoint.clientCidr !== null &&
    (overlap(subnet.cidr, endpoint.clientCidr) || overlap(vpcCidr, endpoint.clientCidr))
  ) {
    throw fault.overlappingCidr(subnet.id, endpoint.clientCidr);
  }
  if ((parseCidr(subnet.cidr)?.prefixLength ?? 32) > smallestSubnetPrefix) {
    throw fault.invalidValue(
      'subnetId',
      subnet.id,
      `A target network must be a block of at least /${String(smallestSubnetPrefix)}.`,
    );
  }
  if (subnet.availableAddresses < fewestFreeAddresses) {
    throw fault.tooFewAddresses(subnet.id, subnet.availableAddresses);
  }
  if (subnet.tenancy === 'dedicated') {
    throw fault.invalidValue(
      'subnetId',
      subnet.id,
      'A subnet of dedicated tenancy cannot be a target network.',
    );
  }
}

/** An operation is concurrent for as long as what it began is still on its way. */
export function requireFreeOperation(world: World, endpointId: string): void {
  const associations = associationsOf(world, endpointId).filter(
    ({ state }) => state.status === 'associating' || state.status === 'disassociating',
  );
  const routes = world.routes.filter(
    ({ endpointId: owner, state }) =>
      owner === endpointId &&
      (state.status === 'creating' || (state.status === 'deleting' && state.isOperation)),
  );
  if (associations.length + routes.length >= mostConcurrentOperations) {
    throw fault.tooManyOperations();
  }
}

export function requireRoomForRoute(world: World, endpointId: string, subnetId: string): void {
  const routes = world.routes.filter(
    (route) => route.endpointId === endpointId && route.subnetId === subnetId,
  );
  if (routes.length >= mostRoutesPerAssociation) throw fault.routeLimit(subnetId);
}

/** How many connections an endpoint takes at once with its networks of now. */
export function connectionLimit(world: World, endpointId: string): number {
  const networks = associatedOf(world, endpointId).length;
  if (networks === 0) return 0;
  return mostConnections[Math.min(networks, mostConnections.length) - 1] ?? 0;
}
