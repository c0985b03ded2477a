import { fault } from './fault.ts';
import { newId } from './identifiers.ts';
import { after } from './moment.ts';
import type { Moment } from './moment.ts';
import type {
  AssociateInput,
  AssociationAnswer,
  AssociationStatusCode,
  DisassociateInput,
} from './operations.ts';
import { once } from './replay.ts';
import {
  associatedOf,
  associationsOf,
  requireAssociable,
  requireEndpoint,
  requireFreeOperation,
} from './rules.ts';
import { endConnection } from './settle.ts';
import type { AssociationState, EndpointState, World } from './world.ts';
import { zoneId } from './zone.ts';

export function associate(moment: Moment, input: AssociateInput): AssociationAnswer {
  const endpoint = requireEndpoint(moment.world, input.clientVpnEndpointId);
  const { subnetId, availabilityZone, availabilityZoneId } = input;
  const answer = once(
    moment.world,
    {
      operation: 'AssociateClientVpnTargetNetwork',
      clientToken: input.clientToken,
      parameters: { endpointId: endpoint.id, subnetId, availabilityZone, availabilityZoneId },
    },
    () => {
      const target =
        endpoint.transitGateway === null
          ? subnetTarget(moment.world, endpoint, input)
          : zoneTarget(moment.world, endpoint, input);
      requireFreeOperation(moment.world, endpoint.id);
      return { associationId: begin(moment, endpoint, target), status: 'associating' };
    },
  );
  return {
    associationId: answer.associationId ?? '',
    status: { code: 'associating' satisfies AssociationStatusCode },
  };
}

type Target = Pick<
  AssociationState,
  'subnetId' | 'vpcId' | 'availabilityZone' | 'availabilityZoneId' | 'securityGroupIds'
>;

function subnetTarget(world: World, endpoint: EndpointState, input: AssociateInput): Target {
  if (input.subnetId === undefined) throw fault.missingParameter('SubnetId');
  const subnet = requireAssociable(world, endpoint, input.subnetId);
  const vpc = world.vpcs.find((candidate) => candidate.id === subnet.vpcId);
  const ownGroups = endpoint.securityGroupIds;
  return {
    subnetId: subnet.id,
    vpcId: subnet.vpcId,
    availabilityZone: subnet.availabilityZone,
    availabilityZoneId: subnet.availabilityZoneId,
    securityGroupIds:
      ownGroups.length > 0 || vpc === undefined ? ownGroups : [vpc.defaultSecurityGroupId],
  };
}

function zoneTarget(world: World, endpoint: EndpointState, input: AssociateInput): Target {
  if (input.subnetId !== undefined) {
    throw fault.invalidCombination(
      'A Client VPN endpoint of a Transit Gateway is associated with Availability Zones, not with subnets.',
    );
  }
  const zones = endpoint.transitGateway?.availabilityZones ?? [];
  const zone =
    input.availabilityZone ??
    zones.find((candidate) => zoneId(world.region, candidate) === input.availabilityZoneId);
  if (zone === undefined) throw fault.missingParameter('AvailabilityZone');
  if (!zones.includes(zone)) {
    throw fault.invalidValue('availabilityZone', zone, 'The Transit Gateway is not in this zone.');
  }
  const taken = associationsOf(world, endpoint.id).some(
    (association) => association.availabilityZone === zone,
  );
  if (taken) throw fault.duplicateAssociation(zone);
  return {
    subnetId: null,
    vpcId: null,
    availabilityZone: zone,
    availabilityZoneId: zoneId(world.region, zone),
    securityGroupIds: [],
  };
}

function begin(moment: Moment, endpoint: EndpointState, target: Target): string {
  const { world, now, timings } = moment;
  const id = newId(world, 'cvpn-assoc');
  const subnetId = target.subnetId;
  const delaySeconds = subnetId === null ? 0 : takeDelay(world, subnetId);
  world.associations.push({
    id,
    endpointId: endpoint.id,
    ...target,
    state: {
      status: 'associating',
      settlesAt: after(moment, timings.associateSeconds + delaySeconds),
      failure: subnetId === null ? null : takeFailure(world, subnetId),
    },
  });
  world.bill.associations.push({
    endpointId: endpoint.id,
    subnetId,
    associationId: id,
    from: now,
    to: null,
  });
  return id;
}

function takeFailure(world: World, subnetId: string): string | null {
  const planned = world.plannedFailures.find((failure) => failure.subnetId === subnetId);
  if (planned === undefined) return null;
  planned.times -= 1;
  world.plannedFailures = world.plannedFailures.filter((failure) => failure.times > 0);
  return planned.message;
}

function takeDelay(world: World, subnetId: string): number {
  const planned = world.plannedDelays.find((delay) => delay.subnetId === subnetId);
  if (planned === undefined) return 0;
  world.plannedDelays = world.plannedDelays.filter((delay) => delay !== planned);
  return planned.seconds;
}

export function disassociate(moment: Moment, input: DisassociateInput): AssociationAnswer {
  const { world, timings } = moment;
  const endpoint = requireEndpoint(world, input.clientVpnEndpointId);
  const association = associationsOf(world, endpoint.id).find(
    (candidate) => candidate.id === input.associationId,
  );
  if (association === undefined) throw fault.associationNotFound(input.associationId);
  const { status } = association.state;
  if (status === 'associating' || status === 'disassociating') {
    throw fault.incorrectState(`Association ${association.id}`, status);
  }
  requireFreeOperation(world, endpoint.id);
  association.state = {
    status: 'disassociating',
    settlesAt: after(moment, timings.disassociateSeconds),
  };
  loseRoutes(moment, association);
  if (associatedOf(world, endpoint.id).length === 0) loseConnections(moment, endpoint.id);
  return { associationId: association.id, status: { code: 'disassociating' } };
}

/** The automatic route and every manual one: a disassociation takes them all. */
function loseRoutes(moment: Moment, association: AssociationState): void {
  const { world, timings } = moment;
  const seconds = Math.min(timings.routeSeconds, timings.disassociateSeconds);
  for (const route of world.routes) {
    if (
      route.endpointId === association.endpointId &&
      route.subnetId === association.subnetId &&
      route.state.status !== 'deleting'
    ) {
      route.state = { status: 'deleting', settlesAt: after(moment, seconds), isOperation: false };
    }
  }
}

function loseConnections(moment: Moment, endpointId: string): void {
  for (const connection of moment.world.connections) {
    if (connection.endpointId === endpointId) {
      endConnection(moment.world, connection.id, moment.now);
    }
  }
}
