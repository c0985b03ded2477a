import type { AssociationState, ConnectionState, World } from './world.ts';

/** AWS keeps an ended connection in its listing this long. */
const endedConnectionListedMs = 60 * 60_000;
const never = Infinity;

/**
 * Lets everything that has come to its end by `now` end, at the instant it was due: a world that
 * nobody looked at for hours shows and bills the same as one that was watched every second.
 */
export function settle(world: World, now: number): void {
  if (settlesNextAt(world) > now) return;
  for (const association of world.associations) settleAssociating(world, association, now);
  world.associations = world.associations.filter((association) => {
    if (association.state.status !== 'disassociating' || association.state.settlesAt > now) {
      return true;
    }
    endAssociationPeriod(world, association.id, association.state.settlesAt);
    return false;
  });
  for (const route of world.routes) {
    if (route.state.status === 'creating' && route.state.settlesAt <= now) {
      route.state = { status: 'active' };
    }
  }
  world.routes = world.routes.filter(
    (route) => route.state.status !== 'deleting' || route.state.settlesAt > now,
  );
  for (const connection of world.connections) {
    if (connection.state.status === 'terminating' && connection.state.settlesAt <= now) {
      endConnection(world, connection.id, connection.state.settlesAt);
    }
  }
  world.connections = world.connections.filter(
    (connection) =>
      connection.state.status !== 'terminated' ||
      connection.state.endedAt + endedConnectionListedMs > now,
  );
}

/**
 * When something next comes to its end by itself, in epoch milliseconds; `Infinity` where nothing is
 * on its way. Until then, and unless somebody changes it, a world stays as it is.
 */
export function settlesNextAt(world: World): number {
  let next = never;
  for (const { state } of world.associations) {
    if ('settlesAt' in state && state.settlesAt < next) next = state.settlesAt;
  }
  for (const { state } of world.routes) {
    if ('settlesAt' in state && state.settlesAt < next) next = state.settlesAt;
  }
  for (const { state } of world.connections) {
    const endsAt = connectionSettlesAt(state);
    if (endsAt < next) next = endsAt;
  }
  return next;
}

function connectionSettlesAt(state: ConnectionState['state']): number {
  switch (state.status) {
    case 'active':
      return never;
    case 'terminating':
      return state.settlesAt;
    case 'terminated':
      return state.endedAt + endedConnectionListedMs;
  }
}

function settleAssociating(world: World, association: AssociationState, now: number): void {
  if (association.state.status !== 'associating' || association.state.settlesAt > now) return;
  if (association.state.failure !== null) {
    association.state = { status: 'association-failed', message: association.state.failure };
    return;
  }
  association.state = { status: 'associated' };
  const vpc = world.vpcs.find((candidate) => candidate.id === association.vpcId);
  if (association.subnetId === null || vpc === undefined) return;
  world.routes.push({
    endpointId: association.endpointId,
    destinationCidr: vpc.cidr,
    subnetId: association.subnetId,
    origin: 'associate',
    description: 'Default Route',
    state: { status: 'active' },
  });
}

function endAssociationPeriod(world: World, associationId: string, at: number): void {
  const period = world.bill.associations.find(
    (candidate) => candidate.associationId === associationId,
  );
  if (period !== undefined) period.to = at;
}

/** Ends a connection, in the listing and on the bill. One that has ended stays as it is. */
export function endConnection(world: World, connectionId: string, at: number): void {
  const connection = world.connections.find((candidate) => candidate.id === connectionId);
  if (connection === undefined || connection.state.status === 'terminated') return;
  connection.state = { status: 'terminated', endedAt: at };
  const period = world.bill.connections.find(
    (candidate) => candidate.connectionId === connectionId,
  );
  if (period !== undefined) period.to = at;
}
