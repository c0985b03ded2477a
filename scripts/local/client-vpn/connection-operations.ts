import { addressIn, parseCidr } from './cidr.ts';
import { fault } from './fault.ts';
import { newId } from './identifiers.ts';
import { after } from './moment.ts';
import type { Moment } from './moment.ts';
import type { TerminateInput, TerminationAnswer, TerminationRow } from './operations.ts';
import { connectionLimit, requireEndpoint } from './rules.ts';
import type { ConnectionState } from './world.ts';

/** A connection that an administrator ends is `terminating` for a moment first. */
const terminatingSeconds = 3;

/** A client connects. Refused, as its client would see it, while no target network is associated. */
export function connect(
  moment: Moment,
  request: { readonly endpointId: string; readonly username: string; readonly silent: boolean },
): string {
  const { world, now } = moment;
  const endpoint = requireEndpoint(world, request.endpointId);
  const limit = connectionLimit(world, endpoint.id);
  if (limit === 0) {
    throw fault.incorrectState(`Client VPN endpoint ${endpoint.id}`, 'pending-associate');
  }
  const live = world.connections.filter(
    ({ endpointId, state }) => endpointId === endpoint.id && state.status !== 'terminated',
  );
  if (live.length >= limit) {
    throw fault.tooManyConnections(limit);
  }
  const id = newId(world, 'cvpn-connection');
  const block = parseCidr(endpoint.clientCidr ?? '10.255.0.0/22');
  world.connections.push({
    id,
    endpointId: endpoint.id,
    username: request.username,
    clientIp: block === null ? '' : addressIn(block, endpoint.connectionsEver),
    silentSince: request.silent ? now : null,
    silentMs: 0,
    establishedAt: now,
    state: { status: 'active' },
  });
  endpoint.connectionsEver += 1;
  world.bill.connections.push({
    endpointId: endpoint.id,
    connectionId: id,
    username: request.username,
    from: now,
    to: null,
  });
  return id;
}

/**
 * Lets the byte counters of a live connection stand still, or move again from where they stood.
 *
 * @returns false where there is no such live connection
 */
export function setSilent({ now, world }: Moment, connectionId: string, silent: boolean): boolean {
  const connection = world.connections.find(
    ({ id, state }) => id === connectionId && state.status !== 'terminated',
  );
  if (connection === undefined) return false;
  const { silentSince } = connection;
  if (silent) {
    connection.silentSince = silentSince ?? now;
  } else if (silentSince !== null) {
    connection.silentMs += now - silentSince;
    connection.silentSince = null;
  }
  return true;
}

export function terminate(moment: Moment, input: TerminateInput): TerminationAnswer {
  const { connectionId, username } = input;
  const endpoint = requireEndpoint(moment.world, input.clientVpnEndpointId);
  if (connectionId !== undefined && username !== undefined) {
    throw fault.invalidCombination('Give either ConnectionId or Username, not both.');
  }
  const live = moment.world.connections.filter(
    ({ endpointId, state }) => endpointId === endpoint.id && state.status !== 'terminated',
  );
  return {
    clientVpnEndpointId: endpoint.id,
    username: username ?? null,
    connectionStatuses: chosen(live, connectionId, username).map((connection) =>
      beginTermination(moment, connection),
    ),
  };
}

function chosen(
  live: readonly ConnectionState[],
  connectionId: string | undefined,
  username: string | undefined,
): readonly ConnectionState[] {
  if (connectionId !== undefined) {
    const one = live.filter((connection) => connection.id === connectionId);
    if (one.length === 0) throw fault.connectionNotFound(connectionId);
    return one;
  }
  if (username === undefined) throw fault.missingParameter('ConnectionId');
  const all = live.filter((connection) => connection.username === username);
  if (all.length === 0) throw fault.userNotConnected(username);
  return all;
}

function beginTermination(moment: Moment, connection: ConnectionState): TerminationRow {
  const previous = connection.state.status;
  if (previous === 'active') {
    connection.state = { status: 'terminating', settlesAt: after(moment, terminatingSeconds) };
  }
  return {
    connectionId: connection.id,
    previousStatus: { code: previous },
    currentStatus: { code: 'terminating' },
  };
}
